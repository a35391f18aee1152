// How a payslip stands with what the phone still has to send.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./chinese_page.mjs";

const { slipStanding } = await import("../../pwa/screens/payslip_words.js");

const row = (action, changes = {}) => ({
  entity: { type: "payslip_step", id: action },
  body: { month: "2026-10", action, text: "" },
  code: null,
  ...changes,
});
const sheet = (actions = [], state = "closed") => ({
  month: "2026-10",
  state,
  steps: actions.map((action) => ({ action, text: "", at: "" })),
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
