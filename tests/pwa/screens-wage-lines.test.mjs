// The lines of a wage sheet: of which month they are, and the records behind them that the phone holds.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { textOf } from "./view_text.mjs";

const { sheetLines } = await import("../../pwa/screens/wage_lines.js");

const LINE = {
  kind: "adjustment",
  amount_yuan: "-100.00",
  of_month: "2025-11",
  label_zh: "结转扣款",
  label_en: "Carried over",
  rule_zh: "",
  rule_en: "",
  is_estimate: false,
  evidence: [{ kind: "wage_sheet", id: "p1:2025-11" }],
};
const company = (months) => ({
  month: "2026-11",
  visits: [],
  findings: [],
  outletById: new Map(),
  sheets: months.map((month) => ({ month })),
});
const told = (line, months = []) => textOf(sheetLines({ state: "closed", lines: [{ ...LINE, ...line }] }, company(months)));

test("an adjustment of another year names it, one of this year does not", () => {
  assert.match(told({}), /2025 年 11 月/);
  assert.match(told({ of_month: "2026-10" }), /10 月/);
  assert.doesNotMatch(told({ of_month: "2026-10" }), /2026 年/);
});

test("a payslip behind a line is led to where the phone holds it", () => {
  assert.match(told({}, ["2025-11", "2026-11"]), /href="#\/payslips\/2025-11".*2025 年 11 月工资条/s);
  assert.doesNotMatch(told({}, ["2025-11"]), /手机上看不到/);
  assert.doesNotMatch(told({}, ["2026-11"]), /#\/payslips/);
  assert.match(told({}, ["2026-11"]), /手机上看不到/);
});
