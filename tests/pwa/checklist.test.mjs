// Which checklist an outlet is asked, and what a draft asks as its answers stand.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { askedForm, newDraft, problemsFound, visitBody } from "../../pwa/forms/visit_draft.js";
import { firstMissing, questionsOf, versionFor } from "../../pwa/rules/checklist.js";

const FORM = JSON.parse(readFileSync(new URL("../../sync/forms/visit.v3.json", import.meta.url), "utf-8"));
const OUTLET = { outlet_class: "A", region_id: "east" };
const YES_NO = [
  { value: "yes", zh: "是", en: "Yes", is_problem: false },
  { value: "no", zh: "否", en: "No", is_problem: true },
];
const QUESTIONS = [
  { key: "q1", type: "choice", zh: "灯亮吗", en: "Lit?", is_required: true, choices: YES_NO, show_if: null },
  { key: "q2", type: "text", zh: "为什么", en: "Why?", is_required: true, choices: [], show_if: { key: "q1", values: ["no"] } },
];

function version(id, changes = {}) {
  const made = { id, classes: [], region_ids: [], is_current: true, published_at: "2026-11-01T00:00:00.000Z", number: 1 };
  return { ...made, zh: id, en: id, questions: QUESTIONS, ...changes };
}

function draft(answers) {
  const given = Object.fromEntries(Object.entries(answers).map(([key, answer]) => [key, { answer, note: "" }]));
  return { ...newDraft("o1"), checklist_version: "v1", answers: given };
}

test("the list made for the fewest outlets is asked: region before class before none", () => {
  const all = [
    version("none"),
    version("class", { classes: ["A"] }),
    version("region", { region_ids: ["east"] }),
    version("both", { classes: ["A"], region_ids: ["east"] }),
  ];
  for (let left = all.length; left > 0; left--) assert.equal(versionFor(all.slice(0, left), OUTLET)?.id, all[left - 1].id);
});

test("lists of other classes and regions, of before, and those out of use are not asked", () => {
  const others = [version("c", { classes: ["C"] }), version("w", { region_ids: ["west"] }), version("old", { is_current: false })];
  assert.equal(versionFor(others, OUTLET), null);
});

test("of two made for the same outlets the newest is asked", () => {
  const newer = version("newer", { published_at: "2026-11-02T00:00:00.000Z" });
  assert.equal(versionFor([newer, version("older")], OUTLET)?.id, "newer");
  assert.equal(versionFor([version("older"), newer], OUTLET)?.id, "newer");
});

test("complaints are asked behind every list; without one the form asks its own", () => {
  assert.deepEqual(
    questionsOf(FORM, [version("v1")], "v1").map((question) => question.key),
    ["q1", "q2", "owner_complaint"],
  );
  assert.equal(questionsOf(FORM, [version("v1")], null).length, 8);
});

test("what is asked follows the answers", () => {
  const keys = (answers) => askedForm(FORM, [version("v1")], draft(answers)).checklist.map((question) => question.key);
  assert.deepEqual(keys({}), ["q1", "owner_complaint"]);
  assert.deepEqual(keys({ q1: "no" }), ["q1", "q2", "owner_complaint"]);
});

test("the record holds the answers to what is asked, and names its version", () => {
  const made = draft({ q1: "yes", q2: "坏了", owner_complaint: "no" });
  const body = visitBody(made, askedForm(FORM, [version("v1")], made), "2026-11-24T03:00:00.000Z");
  assert.deepEqual(
    body.checklist.map((one) => one.key),
    ["q1", "owner_complaint"],
  );
  assert.equal(body.checklist_version, "v1");
  assert.equal(visitBody(newDraft("o1"), FORM, "2026-11-24T03:00:00.000Z").checklist_version, null);
});

test("a problem is found in the company's own words, and what is missing is the first of it", () => {
  const made = draft({ q1: "no", owner_complaint: "no" });
  const form = askedForm(FORM, [version("v1")], made);
  assert.deepEqual(
    problemsFound(made, form).map(({ question, choice }) => [question.key, choice.value]),
    [["q1", "no"]],
  );
  assert.equal(firstMissing(form.checklist, { q1: "no", owner_complaint: "no" }, [])?.key, "q2");
  assert.equal(firstMissing(form.checklist, { q1: "no", q2: "坏了", owner_complaint: "no" }, []), undefined);
});
