// What a paper form says before it is saved without a signature.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./chinese_page.mjs";
import { textOf } from "./view_text.mjs";
import { policyOn } from "../../pwa/rules/policy.js";

const { feedback } = await import("../../pwa/screens/complaint.js");
const { unsignedWords } = await import("../../pwa/screens/paper_form.js");

/** The words for a paper on the 24th of November, with one value that changes on a day. */
function told(kind, date, key, value, validFrom) {
  const company = { today: "2026-11-24", policyOf: (day) => policyOn(day, { [`${kind}.${key}`]: [[validFrom, value]] }) };
  return unsignedWords(company, kind, date);
}

test("an unsigned delivery counts by the policy of its deadline's month, whatever holds today", () => {
  const from = (validFrom, dueOn) => told("material", dueOn, "unsigned_counts", "false", validFrom);
  assert.equal(from("2026-12-01", "2026-12-01"), "按公司规定，没有签字不算按时送到；主管能看到原因。");
  assert.equal(from("2026-12-01", "2026-11-30"), "没有签字也算送到，主管能看到原因。");
  assert.equal(from("2026-11-01", "2026-10-30"), "没有签字也算送到，主管能看到原因。");
  assert.equal(from("2026-11-01", "2026-11-30"), "按公司规定，没有签字不算按时送到；主管能看到原因。");
});

test("an unsigned training counts by the policy of its month's first day", () => {
  const from = (validFrom) => told("training", "2026-11-24", "unsigned_counts", "false", validFrom);
  assert.equal(from("2026-11-01"), "按公司规定，没有签字的培训不算完成；主管能看到原因。");
  assert.equal(from("2026-11-02"), "没有签字的培训也算完成，主管能看到原因。");
  assert.equal(from("2026-12-01"), "没有签字的培训也算完成，主管能看到原因。");
});

test("whether a paper may be saved unsigned at all is the policy of the day", () => {
  const from = (validFrom) => told("material", "2026-12-02", "refusal_allowed", "false", validFrom);
  assert.equal(from("2026-11-24"), undefined);
  assert.equal(from("2026-11-25"), "没有签字也算送到，主管能看到原因。");
});

test("a customer who will not sign can say so where the pad is, and sign after all", () => {
  const draft = { is_present: "yes", feedback_result: "", feedback_speed: "", feedback_text: "" };
  const form = { draft, fault: () => "", change: async (changes) => void Object.assign(draft, changes) };
  /** Of the button with the words: what its tap does. */
  const tap = (view) => view.values.find((value) => typeof value === "function")();
  let focused = "";
  document.querySelector = (selector) => ({ scrollIntoView: () => {}, focus: () => (focused = selector) });
  const shown = feedback(form);
  assert.match(textOf(shown), /客户不愿签/);
  tap(shown.at(-1));
  assert.deepEqual([draft.is_present, focused], ["unwilling", "[data-testid=turn-yes]"]);
  assert.match(textOf(feedback(form)), /处理结果照样能存.*还是签字/s);
  assert.doesNotMatch(textOf(feedback(form)), /您满意吗/);
  tap(feedback(form).values.at(-1));
  assert.deepEqual([draft.is_present, focused], ["yes", "[role=radio]"]);
  draft.is_present = "no";
  assert.match(textOf(feedback(form)), /运维部会打电话回访/);
});
