// 改资料: what the form says of a change that is not used at once.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { textOf } from "./view_text.mjs";
import { databases } from "../../pwa/company.js";
import { saveDraft } from "../../pwa/db/capture.js";
import { newEdit, touched } from "../../pwa/forms/outlet_edit_draft.js";
import { uuid7 } from "../../pwa/ids.js";
import { policyOn } from "../../pwa/rules/policy.js";
import { doc } from "./outlet_factories.mjs";

Object.assign(globalThis, { location: { hash: "" }, addEventListener: () => {}, removeEventListener: () => {}, scrollTo: () => {} });
const { editFileScreen } = await import("../../pwa/screens/edit_file.js");

/** The form of an outlet with one field changed. */
async function page(outlet, name, typed) {
  const personId = uuid7();
  const { capture } = await databases(personId);
  const draft = newEdit("o1");
  await saveDraft(capture, "outlet_edit:o1", { ...draft, ...touched(draft, outlet, name, typed) });
  const company = { today: "2026-11-24", policyOf: () => policyOn("2026-11-01"), person: { name: "小吴" }, outbox: [], outlets: [outlet] };
  const app = { session: { personId }, company: { ...company, outletById: new Map([["o1", outlet]]) }, draw: () => {} };
  const { view, close } = await editFileScreen(app, { outletId: "o1" });
  const text = textOf(view());
  close();
  return text;
}

const WAITS = /先用公司原来的工号，主管看过才换。/;
const MAY_WAIT = /别的网点已有这个工号，或者别人也改过，就先用公司原来的，等主管定。/;
const SENSITIVE = /别人也改过的话，先用公司原来的，等主管定。/;

for (const { name, state, account_no, waits } of [
  { name: "of an approved file always waits", state: "approved", account_no: "YD-1", waits: true },
  { name: "of an archived file always waits", state: "archived", account_no: "YD-1", waits: true },
  { name: "of an approved file that had none waits where it collides", state: "approved", account_no: null, waits: false },
  { name: "of a file on its way waits where it collides", state: "draft", account_no: "YD-1", waits: false },
])
  test(`an account ${name}, and the form says so`, async () => {
    const text = await page(doc({ state, account_no }), "account_no", "YD-2");
    assert.deepEqual([WAITS.test(text), MAY_WAIT.test(text), SENSITIVE.test(text)], [waits, !waits, false]);
  });

test("another sensitive field waits when somebody else changed it, an ordinary one and an untouched account say nothing", async () => {
  const file = doc({ account_no: "YD-1" });
  assert.match(await page(file, "person_in_charge", "李敏"), SENSITIVE);
  for (const words of [WAITS, MAY_WAIT, SENSITIVE]) assert.doesNotMatch(await page(file, "address", "人民路 1 号"), words);
});
