// Every unfinished form in one place: what it is, where it goes on, and how it is let go.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { changeOf, clickOf, textOf } from "./view_text.mjs";
import { databases } from "../../pwa/company.js";
import { listDrafts, saveDraft, saveRecord } from "../../pwa/db/capture.js";
import { holdKey } from "../../pwa/db/seals.js";
import { newObjection } from "../../pwa/forms/objection_draft.js";
import { newPaper } from "../../pwa/forms/paper_drafts.js";
import { unfinishedForms } from "../../pwa/forms/unfinished.js";
import { newDraft } from "../../pwa/forms/visit_draft.js";
import { uuid7 } from "../../pwa/ids.js";
import { placeOf } from "../../pwa/router.js";

Object.assign(globalThis, { addEventListener: () => {}, removeEventListener: () => {}, location: { hash: "" } });
globalThis.matchMedia = () => ({ matches: false, addEventListener: () => {} });
document.querySelector = () => null;
const { unfinishedScreen } = await import("../../pwa/screens/unfinished.js");
const { sayDone, undoBar } = await import("../../pwa/ui/undo_toast.js");
const { leaving } = await import("../../pwa/screens/me.js");

const HERE = { id: "o1", name: "顺达", signers: [] };
const GONE = { id: "o2", name: "惠民", signers: [] };
const WORK = { complaints: [{ id: "c1", outlet_id: "o1", isOpen: true }], requests: [], churnCases: [], followUps: [] };
const COMPANY = { today: "2026-11-24", outletById: new Map([["o1", HERE]]), work: WORK, findings: [{ id: "f1", outlet_name: "百货" }] };
const begun = newPaper({ note: "放在柜台" });
const row = (key, draft) => ({ key, draft, savedAt: "2026-11-24T01:03:00.000Z" });

test("each form says its outlet and leads to its own place, whichever kind it is", () => {
  const forms = unfinishedForms(
    [
      row("visit:o2", { ...newDraft("o2"), checked_in_at: "2026-11-24T01:00:00.000Z", outlet: GONE }),
      row("correction:v1", { ...newDraft("o1"), checked_in_at: "2026-11-24T01:00:00.000Z", corrects: "v1" }),
      row("new_outlet", { new_outlet_id: "n1", typed: { name: "新店" } }),
      row("outlet_edit:o1", { edited_outlet_id: "o1", typed: { phone: "2" } }),
      row("complaint:o1", begun),
      row("complaint_result:c1", begun),
      row("material_request:o1", begun),
      row("delivery:r9", { ...begun, outlet: GONE }),
      row("training:o1", begun),
      row("churn:k9", begun),
      row("follow_up:o1", begun),
      row("follow_up:o1:f7", begun),
      row("follow_up_look:l9", begun),
      row("objection:f1", { ...newObjection("f1"), text: "不是我" }),
      row("payslip:2026-10", { text: "工资少了" }),
    ],
    COMPANY,
  );
  assert.deepEqual(
    forms.map(({ path, outlet }) => [placeOf(`#${path}`).name, outlet]),
    [
      ["visit", "惠民"],
      ["correction", "顺达"],
      ["new_outlet", "新店"],
      ["edit_file", "顺达"],
      ["new_complaint", "顺达"],
      ["complaint", "顺达"],
      ["material_request", "顺达"],
      ["delivery", "惠民"],
      ["training", "顺达"],
      ["churn", ""],
      ["new_follow_up", "顺达"],
      ["new_follow_up", "顺达"],
      ["follow_up", ""],
      ["finding", "百货"],
      ["payslip", ""],
    ],
  );
});

test("a follow-up of a visit's question goes on as that one", () => {
  const [form] = unfinishedForms([row("follow_up:o1:f7", begun)], COMPANY);
  assert.deepEqual(placeOf(`#${form.path}`).params, { outletId: "o1", followUpId: "f7" });
});

test("a form goes on no more once what it is about has left without being kept, is done or somebody else's, or is past its day", () => {
  const over = (key, draft, about = {}) => {
    const work = { ...WORK, complaints: [], ...about };
    return unfinishedForms([row(key, { ...begun, ...draft })], { ...COMPANY, work })[0].over;
  };
  const isOpen = true;
  for (const [key, of] of [
    ["complaint_result:x", "complaints"],
    ["delivery:x", "requests"],
    ["churn:x", "churnCases"],
    ["follow_up_look:x", "followUps"],
  ]) {
    assert.equal(over(key, {}), "paper.gone", key);
    assert.equal(over(key, { about: { id: "x" } }), "", key);
    assert.equal(over(key, {}, { [of]: [{ id: "x", isOpen, due_on: "2026-11-24" }] }), "", key);
    assert.equal(over(key, { about: { id: "x" } }, { [of]: [{ id: "x", isOpen: false, due_on: "2026-11-24" }] }), "paper.gone", key);
  }
  assert.equal(over("complaint_result:x", {}, { complaints: [{ id: "x", isOpen, isOthers: true }] }), "paper.gone");
  assert.equal(over("churn:x", {}, { churnCases: [{ id: "x", isOpen, due_on: "2026-11-23" }] }), "churn.over");
  assert.equal(over("delivery:x", {}, { requests: [{ id: "x", isOpen, due_on: "2026-11-23" }] }), "");
  assert.equal(over("material_request:o9", {}), "");
});

test("forms that were only opened are none", () => {
  assert.deepEqual(unfinishedForms([row("visit:o1", newDraft("o1")), row("training:o1", newPaper({ note: " " }))], COMPANY), []);
});

test("a form that cannot be read says which it is and goes on no more, put aside or not", () => {
  const forms = ["visit:o1", "damaged/2026-11-24T01:03:00.000Z/training:o1", "new_outlet", "damaged/2026-11-24T01:03:00.000Z/odd"].map(
    (key) => ({
      ...row(key, null),
      isDamaged: true,
    }),
  );
  assert.deepEqual(
    unfinishedForms(forms, COMPANY).map(({ key, title, outlet, over }) => [key, title, outlet, over]),
    [
      ["visit:o1", "visit", "顺达", "unfinished.damaged"],
      ["damaged/2026-11-24T01:03:00.000Z/training:o1", "paper.training", "顺达", "unfinished.damaged"],
      ["new_outlet", "new_outlet", "", "unfinished.damaged"],
      ["damaged/2026-11-24T01:03:00.000Z/odd", "unfinished", "", "unfinished.damaged"],
    ],
  );
});

/** The screen of a person with two forms under way. */
async function opened() {
  const personId = uuid7();
  const { capture } = await databases(personId);
  await saveDraft(capture, "material_request:o2", { ...begun, outlet: GONE });
  await saveDraft(capture, "training:o1", begun);
  const screen = await unfinishedScreen({ session: { personId }, company: COMPANY, draw: () => {} });
  const keys = async () => (await listDrafts(capture)).map(({ key }) => key).sort();
  return { ...screen, keys };
}

test("a form that is not wanted goes from the list at once and from the phone once nobody can bring it back", async () => {
  const { view, keys } = await opened();
  assert.match(textOf(view()), /惠民/);
  const first = (await keys()).length;
  clickOf(view(), 'data-testid="unfinished-drop"')();
  assert.equal(textOf(view()).match(/data-testid="unfinished-form"/g).length, 1);
  assert.equal((await keys()).length, first);
  clickOf(
    undoBar(() => {}),
    'data-testid="undo"',
  )();
  assert.equal(textOf(view()).match(/data-testid="unfinished-form"/g).length, 2);
  clickOf(view(), 'data-testid="unfinished-drop"')();
  clickOf(view(), 'data-testid="unfinished-drop"')(); // which ends the offer before it
  assert.match(textOf(view()), /没有没填完的/);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal((await keys()).length, 1);
  clickOf(
    undoBar(() => {}),
    'data-testid="undo"',
  )();
  assert.equal((await keys()).length, 1);
});

/** Choose a rescue file with these forms in it. @returns {Promise<string>} what the page says then */
async function choose(view, personId, drafts, changes = {}) {
  const content = { format: "xundian-rescue.v1", person_id: personId, ops: [], drafts, blobs: {}, ...changes };
  const file = new File([JSON.stringify(content)], "rescue.json");
  changeOf(view(), 'data-testid="bring-file"')({ target: { files: [file], value: "" } });
  const said = () => textOf(view()).split('data-testid="bring-result">')[1];
  for (let n = 0; n < 200 && said().startsWith("</div>"); n += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  return said();
}

const NOTE = { key: "training:o1", draft: newPaper({ note: "从旧手机来" }), saved_at: "2026-11-20T01:00:00.000Z" };

test("a form that was dropped and is brought in from a file is here again, while its drop can be undone and after", async () => {
  for (const isOver of [false, true]) {
    const personId = uuid7();
    const { capture } = await databases(personId);
    await saveDraft(capture, "training:o1", begun);
    const { view } = await unfinishedScreen({ session: { personId }, company: COMPANY, draw: () => {} });
    clickOf(view(), 'data-testid="unfinished-drop"')();
    if (isOver) sayDone("别的事");
    assert.match(await choose(view, personId, [NOTE]), /取回了 1 份。/);
    assert.match(textOf(view()), /data-testid="unfinished-form"/);
    assert.doesNotMatch(textOf(undoBar(() => {})), /data-testid="undo"/);
    sayDone("再一件"); // ends whatever offer is left
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(
      (await listDrafts(capture)).map(({ draft }) => draft.note),
      ["从旧手机来"],
    );
  }
});

test("a form that was dropped can be brought back after a wrong file was chosen, or one without it", async () => {
  const personId = uuid7();
  const { capture } = await databases(personId);
  await saveDraft(capture, "training:o1", begun);
  const { view } = await unfinishedScreen({ session: { personId }, company: COMPANY, draw: () => {} });
  clickOf(view(), 'data-testid="unfinished-drop"')();
  assert.match(await choose(view, personId, [NOTE], { format: "else" }), /这不是救援文件/);
  assert.match(await choose(view, uuid7(), [NOTE]), /这份文件是别人的/);
  assert.match(await choose(view, personId, [{ ...NOTE, key: "training:o2" }]), /取回了 1 份/);
  clickOf(
    undoBar(() => {}),
    'data-testid="undo"',
  )();
  assert.deepEqual((await listDrafts(capture)).map(({ key }) => key).sort(), ["training:o1", "training:o2"]);
  assert.equal(textOf(view()).match(/data-testid="unfinished-form"/g).length, 2);
});

test("a form that was dropped and let go can be dropped again once it came back", async () => {
  const personId = uuid7();
  const { capture } = await databases(personId);
  const { view } = await unfinishedScreen({ session: { personId }, company: COMPANY, draw: () => {} });
  await choose(view, personId, [NOTE]);
  clickOf(view(), 'data-testid="unfinished-drop"')();
  assert.doesNotMatch(textOf(view()), /data-testid="unfinished-form"/);
  sayDone("别的事");
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(await listDrafts(capture), []);
});

test("a form that was saved meanwhile is said to be", async () => {
  const personId = uuid7();
  const { capture } = await databases(personId);
  const [entity, body] = [{ type: "training", id: NOTE.draft.record_id }, { training_id: NOTE.draft.record_id }];
  await saveRecord(capture, { kind: "record", form: "training.v2", entity, scope: "outlet:o1", body, blobs: [] });
  const { view } = await unfinishedScreen({ session: { personId }, company: COMPANY, draw: () => {} });
  assert.match(await choose(view, personId, [NOTE]), /取回了 0 份。1 份早就存好了，不用再填。/);
  assert.doesNotMatch(textOf(view()), /data-testid="unfinished-form"/);
});

test("a file of a newer app, and forms in it that are damaged, are said to be", async () => {
  const personId = uuid7();
  await databases(personId);
  const { view } = await unfinishedScreen({ session: { personId }, company: COMPANY, draw: () => {} });
  assert.match(await choose(view, personId, [NOTE], { format: "xundian-rescue.v2" }), /更新的应用导出的/);
  assert.match(await choose(view, personId, [{ key: "training:o1", draft: null }]), /1 份坏了，没有取回。/);
  assert.doesNotMatch(textOf(view()), /文件里没有没填完的/);
  assert.match(await choose(view, personId, [{ key: "visit:o1", draft: null }, NOTE]), /1 份坏了，没有取回。.*取回了 1 份。/s);
});

test("a form that cannot be read stands beside the others and can be let go", async () => {
  const personId = uuid7();
  const { capture } = await databases(personId);
  await saveDraft(capture, "training:o1", begun);
  const damaged = { seal: 1, iv: new Uint8Array(12), data: new ArrayBuffer(40) };
  await capture.write(["drafts"], (tx) =>
    tx.objectStore("drafts").put({ key: "visit:o1", draft: damaged, saved_at: "2999-01-01T00:00:00.000Z", blobs: [] }),
  );
  holdKey(personId, await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]), false);
  const { view } = await unfinishedScreen({ session: { personId }, company: COMPANY, draw: () => {} });
  assert.equal(textOf(view()).match(/data-testid="unfinished-form"/g).length, 2);
  assert.equal(textOf(view()).match(/data-testid="unfinished-go-on"/g).length, 1);
  assert.match(textOf(view()), /顺达.*上次填：.*这一份坏了，读不出来/s);
  clickOf(view(), 'data-testid="unfinished-drop"')(); // the newest stands first
  sayDone("别的事");
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(
    (await listDrafts(capture)).map(({ key }) => key),
    ["training:o1"],
  );
});

test("a form that goes on no more says why and can be let go only", async () => {
  const personId = uuid7();
  const { capture } = await databases(personId);
  await saveDraft(capture, "delivery:r9", { ...begun, outlet: GONE });
  const { view } = await unfinishedScreen({ session: { personId }, company: COMPANY, draw: () => {} });
  assert.match(textOf(view()), /惠民.*这件事不用再办了.*unfinished-drop/s);
  assert.doesNotMatch(textOf(view()), /unfinished-go-on/);
  clickOf(view(), 'data-testid="unfinished-drop"')();
  assert.match(textOf(view()), /没有没填完的/);
});

test("who signs out is led to what is not finished", () => {
  const app = { session: { personId: "p1" } };
  assert.match(textOf(leaving(app, { unsent: 1, drafts: 2, isLeaving: false })), /#\/unfinished".*另外有 2 份没填完的/s);
  assert.doesNotMatch(textOf(leaving(app, { unsent: 1, drafts: 0, isLeaving: false })), /#\/unfinished/);
});
