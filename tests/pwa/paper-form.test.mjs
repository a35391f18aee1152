// A paper form is saved once, or says that it was not and can be left or saved again.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { clickOf, inputOf, textOf } from "./view_text.mjs";
import { databases } from "../../pwa/company.js";
import { loadDraft, saveDraft } from "../../pwa/db/capture.js";
import { materialRequestRecord, newPaper } from "../../pwa/forms/paper_drafts.js";
import { uuid7 } from "../../pwa/ids.js";

Object.assign(globalThis, {
  location: { hash: "#/outlets/o1/request" },
  history: { replaceState: (_state, _title, address) => Object.assign(location, { hash: address }) },
  dispatchEvent: () => {},
  HashChangeEvent: Event,
  addEventListener: () => {},
  removeEventListener: () => {},
});
document.querySelector = () => null;
const { paperForm } = await import("../../pwa/screens/paper_form.js");
const { trainingScreen } = await import("../../pwa/screens/training.js");

test("a paper whose record cannot be made is not saved, goes on as a draft and is saved at the next tap", async () => {
  const personId = uuid7();
  const { capture } = await databases(personId);
  const key = "material_request:o1";
  await saveDraft(capture, key, newPaper({ contents: "公示牌" }));
  const company = { today: "2026-11-24", policyOf: () => ({}), outletById: new Map(), outbox: [] };
  let tries = 0;
  const { view, close } = await paperForm(
    { session: { personId }, company, draw: () => {} },
    {
      key,
      fresh: newPaper({ contents: "" }),
      title: "物料申请",
      ground: { outlet: { id: "o1", name: "顺达", signers: [] }, about: null },
      steps: [{ name: "what", view: () => "", faults: () => ({}) }],
      record: (draft, at) => {
        tries += 1;
        if (tries === 1) throw new TypeError("odd");
        return materialRequestRecord("o1", draft, at);
      },
      saveWords: "存好",
    },
  );
  const tap = () => clickOf(view(), 'data-testid="paper-next"')();
  const ops = () => capture.read(["ops"], (tx) => tx.objectStore("ops").getAll());
  await tap();
  assert.match(textOf(view()), /应用出了错，没存上/);
  assert.deepEqual([(await ops()).length, (await loadDraft(capture, key)).contents, location.hash], [0, "公示牌", "#/outlets/o1/request"]);
  await tap();
  await tap();
  close();
  assert.deepEqual([(await ops()).length, await loadDraft(capture, key), location.hash], [1, null, "#/today"]);
});

/** A training that is begun on the 24th of November: what it says of the customer, and what its form says then, and with the other answer. */
async function begunTraining(account_made_on, trainings, plannedTrainings = []) {
  const personId = uuid7();
  const { capture } = await databases(personId);
  const outlet = { id: "o1", name: "顺达", address: "", signers: [], account_made_on };
  const company = {
    today: "2026-11-24",
    month: "2026-11",
    policyOf: () => ({}),
    person: { name: "小吴" },
    outletById: new Map([["o1", outlet]]),
    work: { trainings, plannedTrainings },
  };
  const { view, close } = await trainingScreen({ session: { personId }, company, draw: () => {} }, { outletId: "o1" });
  inputOf(view(), 'data-testid="p-content"')({ target: { value: "安装" } });
  let draft = null;
  while (draft === null) draft = await loadDraft(capture, "training:o1");
  const said = {};
  for (const answer of ["yes", "no"]) {
    clickOf(view(), `data-testid="p-is_new_customer-${answer}"`)();
    said[answer] = textOf(view()).includes("不算本月计划");
  }
  close();
  return { is_new_customer: draft.is_new_customer, said };
}

test("the first training after an account was made says that it is a new customer's, the next does not", async () => {
  const held = [{ id: "t1", outlet_id: "o1", trained_on: "2026-11-21", is_new_customer: true }];
  const begun = async (...said) => (await begunTraining(...said)).is_new_customer;
  assert.equal(await begun("2026-11-20", []), "yes");
  assert.equal(await begun("2026-11-20", held), "no");
  assert.equal(await begun("2026-10-23", []), "no");
  assert.equal(await begun(null, []), "no");
});

test("a new customer's training that is planned does the plan, unless it is told to be the first beside it", async () => {
  const planned = [{ id: "o1:2026-11", outlet_id: "o1", month: "2026-11", place: "", content: "" }];
  const counted = { id: "t1", outlet_id: "o1", trained_on: "2026-11-02", counts: true };
  const waits = await begunTraining("2026-11-20", [], planned);
  assert.deepEqual(waits, { is_new_customer: "no", said: { yes: true, no: false } });
  const isDone = { is_new_customer: "yes", said: { yes: false, no: false } };
  assert.deepEqual(await begunTraining("2026-11-20", [counted], planned), isDone);
  assert.deepEqual(await begunTraining("2026-11-20", [], [{ ...planned[0], outlet_id: "o2" }]), isDone);
  assert.deepEqual(await begunTraining("2026-11-20", [], [{ ...planned[0], month: "2026-12" }]), isDone);
});
