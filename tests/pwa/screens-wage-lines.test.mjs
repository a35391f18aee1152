// The lines of a wage sheet: of which month they are, the figures they stand on, and the records behind them that the phone holds.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { setLanguage } from "../../pwa/i18n/index.js";
import { textOf } from "./view_text.mjs";

const { sheetLines, wageSum } = await import("../../pwa/screens/wage_lines.js");

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

const VOLUME = {
  kind: "volume",
  of_month: "",
  quantity: "-160573.67",
  unit_yuan: "0.003",
  amount_yuan: "-481.72",
  evidence: [
    { kind: "outlet_volume", id: "o1:2026-10" },
    { kind: "outlet_volume", id: "o2:2026-10" },
  ],
};
const months = (...pairs) => pairs.map(([month, yuan]) => ({ month, yuan }));
const HELD = {
  ...company([]),
  outletById: new Map([
    ["o1", { name: "鑫源通讯" }],
    ["o2", { name: "老街烟酒店" }],
  ]),
  volumes: new Map([
    ["o1", months(["2026-09", "52000.00"], ["2026-10", "41000.50"])],
    ["o2", months(["2026-10", "-20.00"], ["2026-11", "900.00"])],
  ]),
};
const toldHere = (line, known = HELD) => textOf(sheetLines({ state: "closed", lines: [{ ...LINE, ...line }] }, known));

test("a volume line shows the difference, its rate, and both months of each outlet", () => {
  const told = toldHere(VOLUME);
  assert.match(told, /差额 −160,573.67 元 × 3‰</);
  assert.match(told, /href="#\/outlets\/o1".*鑫源通讯.*10 月 41,000.50 元<.*9 月 52,000 元/s);
  assert.match(told, /老街烟酒店.*10 月 −20 元<.*9 月 没有数据/s);
  assert.doesNotMatch(told, /手机上看不到/);
});

test("an estimate says that last month counts by the same days, and which month is under way", () => {
  const told = toldHere({ ...VOLUME, is_estimate: true, evidence: [{ kind: "outlet_volume", id: "o2:2026-11" }] });
  assert.match(told, /× 3‰，上月只算同样的天数/);
  assert.match(told, /11 月到现在 900 元<.*10 月 −20 元/s);
});

test("an outlet that has left the phone is counted as not seen here", () => {
  assert.match(toldHere(VOLUME, { ...HELD, outletById: new Map([["o1", { name: "鑫源通讯" }]]) }), /另有 1 条在公司，手机上看不到/);
});

test("a training behind its award leads to its outlet", () => {
  const known = { ...HELD, work: { trainings: [{ id: "t1", outlet_id: "o1", trained_on: "2026-11-20" }] } };
  const award = { kind: "award_trainings", of_month: "", quantity: "1", unit_yuan: "100" };
  assert.match(toldHere({ ...award, evidence: [{ kind: "training", id: "t1" }] }, known), /href="#\/outlets\/o1".*鑫源通讯.*11月20日/s);
  assert.match(toldHere({ ...award, evidence: [{ kind: "training", id: "t2" }] }, known), /另有 1 条在公司/);
});

test("customers and findings show how many, at what price", () => {
  const customers = { kind: "new_customers", of_month: "", quantity: "12", evidence: [{ kind: "outlet", id: "o1" }] };
  assert.match(toldHere({ ...customers, unit_yuan: "20" }), /12 户 × 20 元/);
  assert.match(toldHere({ ...customers, unit_yuan: "" }), /12 户，分段计/);
  const found = { of_month: "", quantity: "2", unit_yuan: "20.5", evidence: [{ kind: "finding", id: "f1" }] };
  assert.match(toldHere({ ...found, kind: "deduct_missed_visit" }), /2 件 × 20.50 元/);
  assert.doesNotMatch(toldHere({ ...found, kind: "award_visits", quantity: "1", evidence: [] }), /×/);
  assert.doesNotMatch(toldHere({ ...VOLUME, of_month: "2026-09", quantity: "1", unit_yuan: "" }), /×/);
});

const UNPAID = {
  kind: "award_complaints",
  label_zh: "奖励 · 当月无投诉",
  label_en: "Award · no complaint",
  rule_zh: "名下网点当月没有投诉",
  rule_en: "No complaint from the rep's outlets",
  reason_zh: "2 件投诉",
  reason_en: "complaints: 2",
};

test("an award that is not paid stands at nothing with its reason, for certain once the month is closed", () => {
  const told = (state) => textOf(sheetLines({ state, lines: [], unpaid: [UNPAID] }, HELD));
  assert.match(told("draft"), /奖励 · 当月无投诉.*2 件投诉.*0.00.*按现在算/s);
  assert.match(told("closed"), /0.00.*已定/s);
});

test("a sheet that came before reasons were told has none", () => {
  assert.doesNotMatch(toldHere({}), /unpaid/);
});

test("in English a month's sum and a reason are English, with ¥", async () => {
  await setLanguage("en");
  assert.deepEqual([wageSum("1231.76"), wageSum("-20.00")], ["¥1,231.76", "−¥20.00"]);
  const told = textOf(sheetLines({ state: "draft", lines: [], unpaid: [UNPAID] }, HELD));
  assert.match(told, /Award · no complaint.*complaints: 2/s);
  assert.doesNotMatch(told, /投诉/);
  await setLanguage("zh");
  assert.match(textOf(wageSum("1231.76")), /1,231.76<span class="unit">元/);
});
