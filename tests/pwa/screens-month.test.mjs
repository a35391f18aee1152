// The lists of 本月, which do not grow without end and tell two Novembers apart.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { textOf } from "./view_text.mjs";

const { findings, payslips } = await import("../../pwa/screens/month.js");

const finding = (month, changes = {}) => ({
  id: month,
  month,
  kind: "missed_visit",
  kind_zh: "",
  outlet_name: month,
  is_award: false,
  amount_yuan: "20.00",
  state: "upheld",
  object_until: `${month}-10`,
  objections: [],
  created_at: `${month}-05T00:00:00Z`,
  ...changes,
});
const sheet = (month, action = "confirmed") => ({ month, state: "closed", total_yuan: "3000.00", steps: [{ action, text: "", at: "" }] });
const company = (changes) => ({ today: "2026-11-24", month: "2026-11", outbox: [], findings: [], sheets: [], ...changes });

/** What stands before the fold, and what behind it. */
function parts(view) {
  const [shown, folded = ""] = textOf(view).split("<details");
  return [shown, folded];
}

test("settled findings of more than three months ago are folded away", () => {
  const [shown, folded] = parts(findings(company({ findings: [finding("2026-11"), finding("2026-08"), finding("2026-07")] })));
  assert.match(shown, /findings\/2026-11.*findings\/2026-08/s);
  assert.doesNotMatch(shown, /2026-07/);
  assert.match(folded, /更早的 1 条.*findings\/2026-07/s);
});

test("an old finding stays in sight while somebody has to decide, or may still object", () => {
  const open = [
    finding("2026-01", { state: "proposed" }),
    finding("2026-02", { objections: [{ id: "x", answer: "" }] }),
    finding("2026-03", { object_until: "2026-11-24" }),
  ];
  const [shown, folded] = parts(findings(company({ findings: open })));
  assert.match(shown, /2026-03.*2026-02.*2026-01/s);
  assert.equal(folded, "");
});

test("the amount of a finding is struck out once it was dismissed, and only then", () => {
  const told = (state) => textOf(findings(company({ findings: [finding("2026-11", { state })] })));
  assert.match(told("dismissed"), /<s>−20.00<\/s>.*不予认定/s);
  for (const state of ["upheld", "proposed"]) assert.doesNotMatch(told(state), /<s>/);
});

test("two Novembers are told apart, and payslips of more than a year ago folded once they were confirmed", () => {
  const sheets = [sheet("2026-10"), sheet("2025-11"), sheet("2025-10"), sheet("2025-09", "objected")];
  const [shown, folded] = parts(payslips(company({ sheets })));
  assert.match(shown, />10 月<.*>2025 年 11 月<.*>2025 年 9 月</s);
  assert.doesNotMatch(shown, /2025 年 10 月/);
  assert.match(folded, /更早的 1 条.*>2025 年 10 月</s);
});
