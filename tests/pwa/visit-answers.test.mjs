// The answers of a visit, counted for its owner.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { textOf } from "./view_text.mjs";
import { FORM, visitAt } from "./visit_factories.mjs";

const NOW = "2026-11-24T02:00:00.000Z";
const YES_NO_NA = [
  { value: "yes", zh: "是", en: "Yes", is_problem: false },
  { value: "no", zh: "否", en: "No", is_problem: true },
  { value: "na", zh: "不适用", en: "Not applicable", is_problem: false },
];
const CHECKLIST = [
  { key: "lamp", type: "choice", zh: "灯亮吗", en: "Lit?", choices: YES_NO_NA },
  { key: "sign", type: "choice", zh: "招牌在吗", en: "Sign?", choices: YES_NO_NA, is_required: false },
  { key: "fridge", type: "choice", zh: "冰柜在吗", en: "Fridge?", choices: YES_NO_NA },
  { key: "heat", type: "number", zh: "温度", en: "Heat", choices: [], unit_zh: "度", unit_en: "degrees" },
];

/** What the owner reads at a step. */
async function read(step, answers, checklist = CHECKLIST) {
  const given = Object.fromEntries(Object.entries(answers).map(([key, answer]) => [key, { note: "", ...answer }]));
  const { screen } = await visitAt({ step, answers: given, question: 0 }, NOW, { form: { ...FORM, checklist } });
  const words = textOf(screen.view()).replace(/\s+/g, " ");
  screen.close();
  mock.timers.reset();
  return words;
}

const MIXED = { lamp: { answer: "yes", note: "换过灯管" }, fridge: { answer: "na" }, heat: { answer: "31", note: "偏热" } };

test("the owner signs for what was found fine, not for what was left out, does not apply, or was measured", async () => {
  const words = await read("sign", MIXED);
  assert.match(words, /的巡检结果，1 项正常、2 项没填或不适用，内容属实。/);
});

test("the owner signs for problems beside what is fine, in the words of before", async () => {
  const words = await read("sign", { lamp: { answer: "yes" }, sign: { answer: "no" } }, CHECKLIST.slice(0, 2));
  assert.match(words, /的巡检结果，1 项正常、1 项有问题，内容属实。/);
});

test("a list whose answers are all fine keeps its sentence", async () => {
  const words = await read("sign", { lamp: { answer: "yes" }, sign: { answer: "yes" } }, CHECKLIST.slice(0, 2));
  assert.match(words, /的巡检结果，2 项都正常，内容属实。/);
});

test("the owner reads how many answers were left out, and every note, also beside a good answer", async () => {
  const words = await read("summary", MIXED);
  for (const told of ['正常</dt><dd class="pos">1 项', "没填或不适用</dt><dd>2 项", "灯亮吗.*是.*换过灯管", "温度.*31 度.*偏热"])
    assert.match(words, new RegExp(told));
  const plain = await read("summary", { lamp: { answer: "yes" } }, CHECKLIST.slice(0, 1));
  assert.ok(!plain.includes("没填或不适用") && !plain.includes("灯亮吗"));
});

test("the card of the answers counts them the same way, what was left out not as looked at", async () => {
  const mixed = await read("photos", MIXED);
  assert.match(mixed, /查了 2 项<.*1 项正常，0 项有问题，2 项没填或不适用/);
  assert.doesNotMatch(mixed, /都查完了/);
  assert.match(await read("photos", { lamp: { answer: "no" } }, CHECKLIST.slice(0, 1)), /1 项都查完了<.*0 项正常，1 项有问题</);
});
