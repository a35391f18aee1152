// A paper form that was begun goes on when its outlet, or what it is about, has left the phone.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { clickOf, textOf } from "./view_text.mjs";
import { databases } from "../../pwa/company.js";
import { loadDraft, saveDraft } from "../../pwa/db/capture.js";
import { newEdit, touched } from "../../pwa/forms/outlet_edit_draft.js";
import { newPaper } from "../../pwa/forms/paper_drafts.js";
import { uuid7 } from "../../pwa/ids.js";
import { placeOf } from "../../pwa/router.js";

Object.assign(globalThis, {
  location: { hash: "" },
  history: { replaceState: (_state, _title, address) => Object.assign(location, { hash: address }) },
  dispatchEvent: () => {},
  HashChangeEvent: Event,
  addEventListener: () => {},
  removeEventListener: () => {},
  scrollTo: () => {},
});
const { editFileScreen } = await import("../../pwa/screens/edit_file.js");
const { fileWay } = await import("../../pwa/screens/outlet_file_way.js");
const { deliveryScreen, materialRequestScreen } = await import("../../pwa/screens/materials.js");

const OUTLET = { id: "o1", name: "顺达", address: "人民路 1 号", signers: [{ name: "王秀兰", role: "owner" }], account_no: "6222" };
const NEEDED = { id: "o1", name: "顺达", signers: [{ name: "王秀兰", role: "owner" }] };
const REQUEST = { id: "r1", outlet_id: "o1", contents: "公示牌", requested_on: "2026-11-20", due_on: null, isOpen: true };

/** The app of a person with these outlets and requests on the phone. */
function appOf(personId, outlets, requests = []) {
  const policy = { "photo.gallery_allowed": "false", "material.working_days": "3", "material.refusal_allowed": "false" };
  const company = { today: "2026-11-24", policyOf: () => policy, person: { name: "小吴" }, workingYears: {}, outbox: [] };
  const outletById = new Map(outlets.map((one) => [one.id, one]));
  return { session: { personId }, company: { ...company, outlets, outletById, work: { requests } }, draw: () => {} };
}

async function begun(key, answers, photos = []) {
  const personId = uuid7();
  const { capture } = await databases(personId);
  await saveDraft(capture, key, { ...newPaper(answers), photos });
  return { personId, capture };
}

test("a request that was begun is saved though the outlet has left the phone", async () => {
  const key = "material_request:o1";
  const { personId, capture } = await begun(key, { contents: "公示牌 1 块" });
  (await materialRequestScreen(appOf(personId, [OUTLET]), { outletId: "o1" })).close();
  assert.deepEqual((await loadDraft(capture, key)).outlet, NEEDED);
  const { view, close } = await materialRequestScreen(appOf(personId, []), { outletId: "o1" });
  assert.match(textOf(view()), /顺达.*这个网点不在这台手机上了.*照样能填完、能发/s);
  await clickOf(view(), 'data-testid="paper-next"')();
  close();
  const [op] = await capture.read(["ops"], (tx) => tx.objectStore("ops").getAll());
  const { outlet_id, contents } = JSON.parse(op.body_text);
  assert.deepEqual([op.scope, outlet_id, contents, location.hash], ["outlet:o1", "o1", "公示牌 1 块", "#/today"]);
  assert.equal(await loadDraft(capture, key), null);
});

test("a delivery that was begun goes on with its request, and one that is done goes on no more", async () => {
  const photo = { sha256: "a".repeat(64) };
  const { personId, capture } = await begun("delivery:r1", { note: "" }, [photo]);
  const shown = async (...here) => {
    const { view, close } = await deliveryScreen(appOf(personId, ...here), { requestId: "r1" });
    const text = textOf(view());
    close?.();
    return text;
  };
  assert.doesNotMatch(await shown([OUTLET], [REQUEST]), /这个网点不在这台手机上了/);
  assert.deepEqual((await loadDraft(capture, "delivery:r1")).about, REQUEST);
  assert.match(await shown([], []), /顺达.*这个网点不在这台手机上了.*公示牌/s);
  assert.match(await shown([], [REQUEST]), /顺达.*公示牌/s);
  assert.match(await shown([OUTLET], [{ ...REQUEST, isOpen: false }]), /这件事不用再办了/);
});

test("a form from before its outlet was kept goes on without a name", async () => {
  const { personId } = await begun("material_request:o1", { contents: "POS 纸" });
  const { view, close } = await materialRequestScreen(appOf(personId, []), { outletId: "o1" });
  assert.match(textOf(view()), /网点.*照样能填完/s);
  close();
});

test("a form in which nothing stands goes with its outlet, and keeps nothing of it", async () => {
  const key = "material_request:o1";
  const { personId, capture } = await begun(key, { contents: " " });
  (await materialRequestScreen(appOf(personId, [OUTLET]), { outletId: "o1" })).close();
  assert.doesNotMatch(JSON.stringify(await loadDraft(capture, key)), /王秀兰/);
  const { view } = await materialRequestScreen(appOf(personId, []), { outletId: "o1" });
  assert.match(textOf(view()), /这件事不用再办了/);
  assert.equal(await loadDraft(capture, key), null);
});

test("a form that was never begun is not to be filled in without its outlet, or without its request", async () => {
  const personId = uuid7();
  for (const screen of [
    await materialRequestScreen(appOf(personId, []), { outletId: "o1" }),
    await deliveryScreen(appOf(personId, []), { requestId: "r1" }),
    await deliveryScreen(appOf(personId, [], [REQUEST]), { requestId: "r1" }),
  ])
    assert.match(textOf(screen.view()), /这件事不用再办了/);
});

const FILE = { ...OUTLET, phone: "1", address: "人民路 1 号", class_inputs: { chain_outlets: 1 }, id_masked: "", standing: { owed: 1 } };

/** A person with one change of the file in a draft, as the draft was kept. */
async function changing(changes) {
  const personId = uuid7();
  const { capture } = await databases(personId);
  await saveDraft(capture, "outlet_edit:o1", { ...newEdit("o1"), ...changes });
  return { personId, capture };
}

test("a change of a file is sent though the outlet has left the phone, from the values that it was made from", async () => {
  const { personId, capture } = await changing(touched(newEdit("o1"), FILE, "phone", "2"));
  (await editFileScreen(appOf(personId, [FILE]), { outletId: "o1" })).close();
  const { outlet } = await loadDraft(capture, "outlet_edit:o1");
  assert.deepEqual([outlet.address, outlet.class_inputs, outlet.standing], ["人民路 1 号", { chain_outlets: 1 }, undefined]);
  const { view, close } = await editFileScreen(appOf(personId, []), { outletId: "o1" });
  assert.match(textOf(view()), /顺达.*照样能发，由主管定/s);
  await clickOf(view(), 'data-testid="save-edit"')();
  close();
  const [op] = await capture.read(["ops"], (tx) => tx.objectStore("ops").getAll());
  assert.deepEqual(JSON.parse(op.body_text), { outlet_id: "o1", fields: { phone: { base: "1", mine: "2" } } });
  assert.equal(location.hash, "#/today");
});

test("a change of a file that the app cannot make a record of stays, and that is said", async () => {
  const broken = { ...touched(newEdit("o1"), FILE, "phone", "2"), photo_facts: {} };
  const { personId, capture } = await changing(broken);
  document.querySelector = () => null;
  const { view, close } = await editFileScreen(appOf(personId, [FILE]), { outletId: "o1" });
  await clickOf(view(), 'data-testid="save-edit"')();
  assert.match(textOf(view()), /role="alert".*应用出了错，没存上。这里填的都还在。/s);
  close();
  assert.deepEqual((await loadDraft(capture, "outlet_edit:o1")).typed, { phone: "2" });
  assert.deepEqual(await capture.read(["ops"], (tx) => tx.objectStore("ops").getAll()), []);
});

test("a change of a file from before its file was kept is sent too, whichever field it is of", async () => {
  const older = { base: { contact: "1", chain_outlets: 2 }, typed: { contact: "2", chain_outlets: "3" } };
  const { personId, capture } = await changing(older);
  const { view, close } = await editFileScreen(appOf(personId, []), { outletId: "o1" });
  const text = textOf(view());
  assert.match(text, /网点.*照样能发，由主管定/s);
  assert.match(text, /id="f-contact"/);
  await clickOf(view(), 'data-testid="save-edit"')();
  close();
  const [op] = await capture.read(["ops"], (tx) => tx.objectStore("ops").getAll());
  assert.deepEqual(JSON.parse(op.body_text), {
    outlet_id: "o1",
    fields: { contact: { base: "1", mine: "2" }, chain_outlets: { base: 2, mine: 3 } },
  });
});

test("a file whose changes were taken back keeps nothing, and goes with its outlet", async () => {
  const { personId, capture } = await changing({ dropped: { base: { phone: "1" }, typed: { phone: "2" } } });
  (await editFileScreen(appOf(personId, [FILE]), { outletId: "o1" })).close();
  assert.doesNotMatch(JSON.stringify(await loadDraft(capture, "outlet_edit:o1")), /王秀兰/);
  const { view } = await editFileScreen(appOf(personId, []), { outletId: "o1" });
  assert.match(textOf(view()), /这个网点不在这台手机上了/);
  assert.equal(await loadDraft(capture, "outlet_edit:o1"), null);
});

test("who goes to complete a file begins at the first field that is missing, and those are marked", async () => {
  const lacking = { ...FILE, state: "draft", phone: "", person_in_charge: "", storefront_photo: "b".repeat(64), unsent: [] };
  const shownWay = fileWay(appOf("p", [lacking]), lacking, null, { error: "", isSaving: false });
  const way = /href="(#[^"]+)" data-testid="fill-in-file"/.exec(textOf(shownWay))[1];
  const { name, params } = placeOf(way);
  assert.deepEqual([name, params], ["edit_file", { outletId: "o1", missing: "person_in_charge" }]);
  const { personId } = await changing({});
  let seen = "";
  document.querySelector = (selector) => ({ scrollIntoView: () => {}, focus: () => (seen = selector) });
  const screen = await editFileScreen(appOf(personId, [lacking]), params);
  screen.goBack();
  const text = textOf(screen.view());
  screen.close();
  assert.match(seen, /#f-person_in_charge/);
  assert.deepEqual(text.match(/id="bad-\w+"/g), ['id="bad-person_in_charge"', 'id="bad-phone"']);
  const plain = await editFileScreen(appOf(personId, [lacking]), { outletId: "o1" });
  assert.doesNotMatch(textOf(plain.view()), /id="bad-/);
  plain.close();
});
