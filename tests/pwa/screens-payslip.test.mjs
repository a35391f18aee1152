// How a payslip stands with what the phone still has to send.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./chinese_page.mjs";

const { slipStanding, slipSums } = await import("../../pwa/screens/payslip_words.js");

const row = (action, changes = {}) => ({
  entity: { type: "payslip_step", id: action },
  body: { month: "2026-10", action, text: "" },
  code: null,
  ...changes,
});
const sheet = (actions = [], state = "closed") => ({
  month: "2026-10",
  state,
  steps: actions.map((action) => ({ id: action, action, text: "", at: "" })),
});
const standing = (actions, outbox = [], state = "closed") => slipStanding(sheet(actions, state), { outbox });

test("a draft is not to be confirmed, a closed slip is", () => {
  assert.equal(standing([], [], "draft").words, "试算");
  assert.deepEqual([standing([]).words, standing([]).last], ["待确认", ""]);
  assert.deepEqual([standing(["seen"]).words, standing(["seen"]).last], ["待确认", "seen"]);
});

test("what the person said last decides how it stands", () => {
  assert.equal(standing(["seen", "objected"]).words, "等答复");
  assert.equal(standing(["seen", "objected", "answered"]).words, "已答复");
  assert.equal(standing(["seen", "objected", "answered", "confirmed"]).state, "done");
});

test("a step on its way counts, a refused one does not, and one of another month neither", () => {
  assert.deepEqual([standing(["seen"], [row("confirmed")]).last, standing(["seen"], [row("confirmed")]).waiting.length], ["confirmed", 1]);
  assert.equal(standing(["seen"], [row("confirmed", { code: "quarantined" })]).last, "seen");
  assert.equal(standing([], [row("confirmed", { body: { month: "2026-09", action: "confirmed", text: "" } })]).last, "");
});

test("a step that the company shows is not shown twice", () => {
  const told = standing(["confirmed"], [row("confirmed", { code: "applied" })]);
  assert.deepEqual([told.waiting.length, told.last], [0, "confirmed"]);
});

test("the same word once more counts until the company shows it, and one that came to nothing does not", () => {
  const asked = ["confirmed", "objected", "answered"];
  const sent = [
    row("confirmed", { entity: { type: "payslip_step", id: "again" }, code: "applied" }),
    row("confirmed", { code: "applied" }),
  ];
  const told = standing(asked, sent);
  assert.deepEqual([told.words, told.last, told.waiting.length], ["已确认", "confirmed", 1]);
  assert.deepEqual([standing(asked, [row("seen", { code: "noop" })]).waiting.length, standing(asked, []).words], [0, "已答复"]);
});

test("agreeing to the trial sheet confirms nothing, and an objection to it stays open", () => {
  const trial = { ...sheet(["confirmed"]), steps: [{ action: "confirmed", says: "of_trial", text: "", at: "" }] };
  const told = slipStanding(trial, { outbox: [] });
  assert.deepEqual([told.words, told.last], ["待确认", "seen"]);
  const again = slipStanding(trial, { outbox: [row("confirmed", { code: "applied" })] });
  assert.deepEqual([again.words, again.last, again.waiting.length], ["已确认", "confirmed", 1]);
  const after = { ...trial, steps: [{ action: "objected", says: "objected", text: "少算一户", at: "" }, ...trial.steps] };
  assert.equal(slipStanding(after, { outbox: [] }).last, "seen");
  assert.equal(standing(["objected"]).last, "objected");
});

test("a look after an objection changes nothing, and an objection after a confirmation counts", () => {
  assert.deepEqual([standing(["objected", "seen"]).words, standing(["objected", "seen"]).last], ["等答复", "objected"]);
  assert.equal(
    standing(["confirmed"], [row("objected", { body: { month: "2026-10", action: "objected", text: "少算一户" } })]).words,
    "等答复",
  );
});

const NOTHING = {
  gross: "1100.00",
  deductions: "0.00",
  shortfall: "0.00",
  limit: "220.00",
  adjustments: "0.00",
  withheld: "0.00",
  carried: "0.00",
};
const sums = (yuan) => {
  const amounts = Object.fromEntries(Object.entries({ ...NOTHING, ...yuan }).map(([name, amount]) => [`${name}_yuan`, amount]));
  return slipSums(amounts).map(({ name, amount, note }) => [name, amount, note]);
};

test("a slip without a deduction shows what was earned only", () => {
  assert.deepEqual(sums({}), [["应发", "1,100.00", ""]]);
});

test("what was deducted whole is said once, with the limit beside it", () => {
  assert.deepEqual(sums({ deductions: "80.00", withheld: "80.00" }), [
    ["应发", "1,100.00", ""],
    ["考核扣款", "80.00", ""],
    ["扣款限额", "220.00", ""],
  ]);
});

test("a deduction above the limit says so, one just at it does not", () => {
  const limit = (withheld) => sums({ deductions: withheld, withheld }).at(-1);
  assert.deepEqual(limit("220.00"), ["扣款限额", "220.00", ""]);
  assert.deepEqual(limit("220.01"), ["扣款限额", "220.00", "本月实际扣的超过了限额"]);
});

test("what was not deducted says whether it is dropped, carried on, or lies below nothing", () => {
  const rest = (yuan) => sums({ deductions: "300.00", ...yuan })[2];
  const capped = { withheld: "220.00", shortfall: "80.00" };
  assert.deepEqual(rest(capped), ["未扣", "+80.00", "依法封顶，余下的不扣"]);
  assert.deepEqual(rest({ ...capped, carried: "80.00" }), ["未扣", "+80.00", "依法封顶，80.00 元结转下月"]);
  assert.deepEqual(rest({ withheld: "300.00", shortfall: "40.00" }), ["未扣", "+40.00", "扣完为零，余下的扣不了"]);
});

test("where the limit and nothing meet both are said", () => {
  const rest = (yuan) => sums({ gross: "1000.00", limit: "200.00", deductions: "300.00", withheld: "200.00", ...yuan })[2];
  const carried = "依法封顶，100.00 元结转下月";
  assert.deepEqual(rest({ carried: "100.00", shortfall: "100.00", adjustments: "-800.00" }), ["未扣", "+100.00", carried]);
  const zero = "扣完为零，余下的扣不了";
  assert.deepEqual(rest({ carried: "100.00", shortfall: "100.01", adjustments: "-800.01" }), ["未扣", "+100.01", `${carried}；${zero}`]);
  assert.deepEqual(rest({ carried: "100.00", shortfall: "200.00", adjustments: "-900.00" }), ["未扣", "+200.00", `${carried}；${zero}`]);
  assert.deepEqual(rest({ shortfall: "200.00", adjustments: "-900.00" }), ["未扣", "+200.00", `依法封顶，余下的不扣；${zero}`]);
});

test("cents that are no floats add up", () => {
  const capped = { gross: "100.00", deductions: "20.30", withheld: "20.00", limit: "20.00", shortfall: "0.30" };
  assert.deepEqual(sums(capped)[2], ["未扣", "+0.30", "依法封顶，余下的不扣"]);
});

test("what an adjustment takes below nothing is shown without a deduction too", () => {
  assert.deepEqual(sums({ adjustments: "-1150.00", shortfall: "50.00" }), [
    ["应发", "1,100.00", ""],
    ["未扣", "+50.00", "扣完为零，余下的扣不了"],
    ["补记", "−1,150.00", ""],
  ]);
});
