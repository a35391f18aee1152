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

/** What a training that is begun on the 24th of November says of the customer. */
async function begunTraining(account_made_on, trainings) {
  const personId = uuid7();
  const { capture } = await databases(personId);
  const outlet = { id: "o1", name: "顺达", address: "", signers: [], account_made_on };
  const company = {
    today: "2026-11-24",
    month: "2026-11",
    policyOf: () => ({}),
    person: { name: "小吴" },
    outletById: new Map([["o1", outlet]]),
    work: { trainings, plannedTrainings: [] },
  };
  const { view, close } = await trainingScreen({ session: { personId }, company, draw: () => {} }, { outletId: "o1" });
  inputOf(view(), 'data-testid="p-content"')({ target: { value: "安装" } });
  let draft = null;
  while (draft === null) draft = await loadDraft(capture, "training:o1");
  close();
  return draft.is_new_customer;
}

test("the first training after an account was made says that it is a new customer's, the next does not", async () => {
  const held = [{ id: "t1", outlet_id: "o1", trained_on: "2026-11-21", is_new_customer: true }];
  assert.equal(await begunTraining("2026-11-20", []), "yes");
  assert.equal(await begunTraining("2026-11-20", held), "no");
  assert.equal(await begunTraining("2026-10-23", []), "no");
  assert.equal(await begunTraining(null, []), "no");
});
