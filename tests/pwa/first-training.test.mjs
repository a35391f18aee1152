// The first training of a new customer, until it is held.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./chinese_page.mjs";
import { AT, CONTEXT, DOCS, on, opOf, YEARS } from "./work_factories.mjs";
import { openWork, overlayWork } from "../../pwa/db/overlay_work.js";
import { newPaper, trainingRecord } from "../../pwa/forms/paper_drafts.js";
import { clockOf } from "../../pwa/screens/clock_words.js";
import { workText } from "../../pwa/screens/outlet_work.js";

test("a new customer that was not trained waits for it, from the day of its account for 31 days", () => {
  const works = (today, outlet, training = []) => {
    const company = { ...on(overlayWork({ ...DOCS, training }, [], CONTEXT), today), outlets: [{ id: "o3", ...outlet }] };
    return openWork(company, "o3").map((row) => [row.work, row.path]);
  };
  const made = { account_made_on: "2026-10-26" };
  const waits = [["first_training", "/outlets/o3/training"]];
  assert.deepEqual(works("2026-10-25", made), []);
  assert.deepEqual(works("2026-10-26", made), waits);
  assert.deepEqual(works("2026-11-26", made), waits);
  assert.deepEqual(works("2026-11-27", made), []);
  assert.deepEqual(works("2026-11-26", { account_made_on: null }), []);
  const held = (trained_on, is_new_customer, outlet_id = "o3") => [{ id: "t1", outlet_id, trained_on, is_new_customer }];
  assert.deepEqual(works("2026-11-26", made, held("2026-10-26", false)), []);
  assert.deepEqual(works("2026-11-26", made, held("2026-10-25", false)), waits);
  assert.deepEqual(works("2026-11-26", made, held("2026-10-25", true)), []);
  assert.deepEqual(works("2026-11-26", made, held("2026-11-26", true, "o4")), waits);
});

test("a new customer's training is asked for in words, at once, and a record of this phone settles it", () => {
  const outlets = [{ id: "o3", account_made_on: "2026-11-20" }];
  const [row] = openWork({ ...on(overlayWork(DOCS, [], CONTEXT)), outlets }, "o3");
  assert.equal(workText(row), "新客户还没培训，教安装、使用和常见故障");
  assert.deepEqual(clockOf({ today: "2026-11-26", workingYears: YEARS }, row), { state: "due", words: "尽快去", used: 0, all: 0 });
  const paper = newPaper({ attendees: "", attendee_count: "2", content: "安装", place: "", is_new_customer: "yes" });
  const work = overlayWork(DOCS, [opOf(trainingRecord("o3", paper, AT))], CONTEXT);
  assert.deepEqual(openWork({ ...on(work), outlets }, "o3"), []);
});
