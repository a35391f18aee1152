import assert from "node:assert/strict";
import { test } from "node:test";
import { openFollowUps, openWork, overlayWork, trainingPlan } from "../../pwa/db/overlay_work.js";
import "./chinese_page.mjs";
import {
  churnWordRecord,
  complaintRecord,
  complaintResultRecord,
  deliveryRecord,
  followUpLookRecord,
  followUpRecord,
  missing,
  namesIn,
  newPaper,
  trainingRecord,
  unsigned,
} from "../../pwa/forms/paper_drafts.js";
import { POLICY_DEFAULTS } from "../../pwa/rules/policy_defaults.js";
import { clockOf } from "../../pwa/screens/clock_words.js";
import { workText } from "../../pwa/screens/outlet_work.js";
import { textOf } from "./view_text.mjs";
import { AT, CONTEXT, DOCS, on, opOf, YEARS } from "./work_factories.mjs";

const { churnScreen } = await import("../../pwa/screens/churn.js");

test("what waits stands with the next deadline first, and a training that is not dated last", () => {
  const rows = openWork(on(overlayWork(DOCS, [], CONTEXT)));
  assert.deepEqual(
    rows.map((row) => [row.work, row.path]),
    [
      ["complaint", "/complaints/c1"],
      ["delivery", "/requests/r1"],
      ["churn", "/churn/k1"],
      ["training", "/outlets/o1/training"],
    ],
  );
  assert.deepEqual(
    openWork(on(overlayWork(DOCS, [], CONTEXT)), "o2").map((row) => row.work),
    ["churn"],
  );
});

test("a complaint that somebody else was given does not wait here, one's own does", () => {
  const given = (assigned_to_id) => ({ ...DOCS, complaint: [{ ...DOCS.complaint[0], assigned_to_id }] });
  const works = (docs) => openWork(on(overlayWork(docs, [], CONTEXT)), "o1").map((row) => row.work);
  assert.equal(works(given("p2")).includes("complaint"), false);
  assert.equal(works(given("p1")).includes("complaint"), true);
  assert.equal(works(given(null)).includes("complaint"), true);
});

test("records of this phone settle what they are about before the server says so", () => {
  const draft = {
    ...newPaper({
      investigation: "查过",
      verdict: "founded",
      handling: "补了",
      feedback_result: "",
      feedback_speed: "",
      feedback_text: "",
    }),
  };
  const paper = newPaper({
    note: "",
    is_gone: "no",
    attendees: "",
    attendee_count: "2",
    content: "补传",
    place: "",
    is_new_customer: "no",
  });
  const ops = [
    complaintResultRecord(DOCS.complaint[0], draft, AT),
    deliveryRecord(DOCS.material_request[0], paper, AT),
    churnWordRecord(DOCS.churn_case[0], { ...paper, note: "还在做" }, AT),
    trainingRecord("o1", paper, AT),
  ].map((one) => opOf(one));
  const work = overlayWork(DOCS, ops, CONTEXT);
  assert.deepEqual(openWork(on(work)), []);
  assert.deepEqual([work.complaints[0].state, work.requests[0].delivered_on, work.trainings[0].pending], ["resolved", "2026-11-26", true]);
  assert.equal(DOCS.complaint[0].state, "assigned");
});

test("a rating goes along only with the signature of a customer who is there", () => {
  const rated = { feedback_result: "satisfied", feedback_speed: "fair", feedback_text: " 谢谢 " };
  const said = { investigation: "查过", verdict: "founded", handling: "补了", ...rated };
  const signature = /** @type {any} */ ({ sha256: "a".repeat(64) });
  const bodyOf = (/** @type {any} */ changes) =>
    complaintResultRecord(DOCS.complaint[0], { ...newPaper({ ...said, is_present: "yes" }), ...changes }, AT).body;
  const feedbackOf = (/** @type {any} */ changes) => {
    const { feedback_result, feedback_speed, feedback_text } = bodyOf(changes);
    return [feedback_result, feedback_speed, feedback_text];
  };
  assert.deepEqual(feedbackOf({ signature }), ["satisfied", "fair", "谢谢"]);
  for (const is_present of ["unwilling", "no"]) assert.deepEqual(feedbackOf({ is_present }), ["", "", ""]);
  assert.deepEqual([bodyOf({ is_present: "unwilling" }).signature, bodyOf({ is_present: "unwilling" }).handling], [null, "补了"]);
});

/** A training and a delivery of the paper draft, laid over what the company has. */
function worked(draft, policy = {}) {
  const ops = [deliveryRecord(DOCS.material_request[0], draft, AT), trainingRecord("o1", draft, AT)].map((one) => opOf(one));
  return overlayWork(DOCS, ops, { ...CONTEXT, policyOf: () => ({ ...POLICY_DEFAULTS, ...policy }) });
}

test("a paper that nobody signed says why, and brings no picture of a signature", () => {
  const draft = newPaper({ note: "", attendees: "", attendee_count: "2", content: "补传", place: "", is_new_customer: "no" });
  const refused = { ...draft, ink: /** @type {any} */ ({ strokes: [] }), signature_refusal: "店主不愿签" };
  for (const record of [trainingRecord("o1", refused, AT), deliveryRecord(DOCS.material_request[0], refused, AT)]) {
    assert.deepEqual([record.body.signature, record.body.signature_refusal, record.blobs], [null, "店主不愿签", []]);
    assert.match(record.form, /^(training|delivery)\.v2$/);
  }
  const signed = { ...refused, signature: { sha256: "e".repeat(64) } };
  assert.equal(trainingRecord("o1", signed, AT).body.signature_refusal, null);
  assert.deepEqual(trainingRecord("o1", signed, AT).blobs, [{ sha256: "e".repeat(64) }]);
  assert.deepEqual(unsigned({ ...draft, ink: refused.ink }, { signature_refusal: "不愿签" }), {}); // the reason is no part of what is signed
});

test("whether an unsigned training makes the plan done is policy; one that was signed does always", () => {
  const draft = newPaper({ note: "", attendees: "", attendee_count: "2", content: "补传", place: "", is_new_customer: "no" });
  const refused = { ...draft, signature_refusal: "店主不愿签" };
  const signed = { ...draft, signature: { sha256: "e".repeat(64) } };
  const strict = { "training.unsigned_counts": "false" };
  const left = (/** @type {any} */ paper, policy = {}) => trainingPlan(worked(paper, policy), "2026-11").left.length;
  assert.deepEqual([left(refused), left(refused, strict), left(signed, strict)], [0, 1, 0]);
  assert.deepEqual([worked(refused).requests[0].is_unsigned, worked(signed).requests[0].is_unsigned], [true, false]);
  const held = { id: "t1", outlet_id: "o1", trained_on: "2026-11-20", is_new_customer: false, is_unsigned: true };
  const known = (/** @type {any} */ more) =>
    trainingPlan(overlayWork({ ...DOCS, training: [{ ...held, ...more }] }, [], CONTEXT), "2026-11").left.length;
  assert.deepEqual([known({}), known({ is_new_customer: true }), known({ is_unsigned: undefined })], [0, 1, 0]);
});

test("a training since the day that the company names does the plan, without one only that of the month", () => {
  const left = (/** @type {any} */ planned, /** @type {string} */ trained_on) => {
    const training = [{ id: "t1", outlet_id: "o1", trained_on, is_new_customer: false, is_unsigned: false }];
    const docs = { ...DOCS, training, planned_training: [{ ...DOCS.planned_training[0], ...planned }] };
    return trainingPlan(overlayWork(docs, [], CONTEXT), "2026-11").left.length;
  };
  const quarter = { done_from: "2026-10-01" };
  assert.deepEqual([left(quarter, "2026-09-30"), left(quarter, "2026-10-01"), left(quarter, "2026-12-01")], [1, 0, 1]);
  assert.deepEqual([left({}, "2026-10-31"), left({}, "2026-11-01"), left({}, "2026-11-30")], [1, 0, 0]);
});

test("a record that the company could not take in settles nothing", () => {
  const paper = newPaper({ note: "" });
  const work = overlayWork(DOCS, [opOf(deliveryRecord(DOCS.material_request[0], paper, AT), { code: "quarantined" })], CONTEXT);
  assert.equal(work.requests[0].isOpen, true);
});

test("a complaint taken down here has its deadline at once, by the estimated date", () => {
  const draft = newPaper({ kind: "service", complainant: " 王秀兰 ", phone: "", account: "掉了", demand: "" });
  const op = opOf(complaintRecord("o1", draft, "2026-11-26T15:59:00.000Z"), { offset_ms: 120_000 });
  const [, complaint] = overlayWork(DOCS, [op], CONTEXT).complaints;
  assert.deepEqual([complaint.received_on, complaint.due_on, complaint.complainant], ["2026-11-27", "2026-12-02", "王秀兰"]);
});

test("a change of the content takes the signature away, another photo does not", () => {
  const draft = { ...newPaper({ content: "补传" }), ink: /** @type {any} */ ({ strokes: [] }) };
  assert.deepEqual(unsigned(draft, { content: "别的" }), { ink: null, signature: null, is_ink_void: true });
  assert.deepEqual(unsigned(draft, { content: "补传" }), {});
  assert.deepEqual(unsigned(draft, { photos: [] }), {});
  assert.deepEqual(unsigned({ ...draft, ink: null }, { content: "别的" }), {});
});

test("what is missing is named with what to do, blanks being nothing", () => {
  assert.deepEqual(missing({ note: "  ", is_gone: "yes" }, ["note", "is_gone"]), { note: "paper.missing.note" });
});

test("names come one a line or with commas between", () => {
  assert.deepEqual(namesIn(" 王秀兰\n李敏，张伟、Ann; Bo ,"), ["王秀兰", "李敏", "张伟", "Ann", "Bo"]);
});

test("a clock counts working days, the last one included", () => {
  const clock = (today, due_on) => clockOf({ today, workingYears: YEARS }, { received_on: "2026-11-26", due_on });
  assert.deepEqual([clock("2026-11-26", "2026-12-01").used, clock("2026-11-26", "2026-12-01").all], [0, 3]);
  assert.deepEqual([clock("2026-11-30", "2026-12-01").state, clock("2026-11-30", "2026-12-01").used], ["due", 2]);
  assert.equal(clock("2026-12-01", "2026-12-01").state, "overdue");
  assert.equal(clock("2026-12-02", "2026-12-01").state, "overdue");
  assert.equal(clock("2026-11-26", null).state, "none");
});

test("a training past its planned day still counts while the month lasts", () => {
  const told = (today, planned_on) => {
    const docs = { ...DOCS, planned_training: [{ ...DOCS.planned_training[0], planned_on }] };
    const row = openWork(on(overlayWork(docs, [], CONTEXT), today)).find((one) => one.work === "training");
    const { state, words } = clockOf({ today, workingYears: YEARS }, row);
    return [row.due_on, state, words];
  };
  assert.deepEqual(told("2026-11-01", "2026-11-02"), ["2026-11-30", "none", "计划11月2日"]);
  assert.deepEqual(told("2026-11-02", "2026-11-02"), ["2026-11-30", "due", "今天计划"]);
  assert.deepEqual(told("2026-11-03", "2026-11-02"), ["2026-11-30", "due", "计划11月2日，过了；本月内还算"]);
  assert.deepEqual(told("2026-11-26", "2026-11-02"), ["2026-11-30", "due", "计划11月2日，过了；本月内还算"]);
  assert.deepEqual(told("2026-11-27", "2026-11-02"), ["2026-11-30", "due", "剩 1 个工作日"]);
  assert.deepEqual(told("2026-11-30", "2026-11-30"), ["2026-11-30", "overdue", "今天到期"]);
  assert.deepEqual(told("2026-11-26", null), ["2026-11-30", "none", "本月内"]);
  assert.deepEqual(told("2026-11-27", null), ["2026-11-30", "due", "剩 1 个工作日"]);
});

test("a training stands among the deadlines at its planned day", () => {
  const docs = { ...DOCS, planned_training: [{ ...DOCS.planned_training[0], planned_on: "2026-11-27" }] };
  const order = openWork(on(overlayWork(docs, [], CONTEXT))).map((row) => row.work);
  assert.deepEqual(order, ["complaint", "training", "delivery", "churn"]);
});

test("a churn check is a task up to its last day only", () => {
  const works = (today) => openWork(on(overlayWork(DOCS, [], CONTEXT), today), "o2").map((row) => row.work);
  assert.deepEqual([works("2026-11-30"), works("2026-12-01")], [["churn"], []]);
});

test("a churn check names the months that it is about", () => {
  const told = (month) => workText({ work: "churn", month });
  assert.equal(told("2026-11"), "9 月有交易，10 月没有，看看还在不在做");
  assert.equal(told("2026-01"), "2025 年 11 月有交易，2025 年 12 月没有，看看还在不在做");
});

test("the form of a churn check that is over says why and asks nothing", async () => {
  const outlet = { id: "o2", name: "顺达" };
  const app = (today) => ({ company: { ...on(overlayWork(DOCS, [], CONTEXT), today), outletById: new Map([["o2", outlet]]) } });
  const screen = await churnScreen(app("2026-12-01"), { caseId: "k1" });
  assert.match(textOf(screen.view()), /过了期限，由运维部定.*11月30日/s);
  assert.match(textOf(screen.view()), /#\/outlets\/o2/);
});

const FOLLOW_UPS = ["rep", "ops"].map((owner, at) => ({
  id: `f${at}`,
  outlet_id: "o1",
  problem: "读卡槽松动",
  owner,
  registered_on: "2026-11-20",
  due_on: `2026-11-2${8 - at}`,
  solved_on: null,
}));

test("a deadline at a weekend is today's on its own day only", () => {
  const told = (today, due_on = "2026-11-29") => {
    const { state, words } = clockOf({ today, workingYears: YEARS }, { received_on: "2026-11-24", due_on });
    return [state, words];
  };
  assert.deepEqual(told("2026-11-26"), ["due", "剩 1 个工作日"]);
  assert.deepEqual(told("2026-11-27"), ["due", "11月29日下班前"]);
  assert.deepEqual(told("2026-11-28"), ["due", "11月29日下班前"]);
  assert.deepEqual(told("2026-11-29"), ["overdue", "今天到期"]);
  assert.deepEqual(told("2026-11-30"), ["overdue", "11月29日已过期"]);
  assert.deepEqual(told("2026-11-30", "2026-11-30"), ["overdue", "今天到期"]);
});

test("a follow-up waits for whoever sees to it, and at its outlet for a look", () => {
  const work = overlayWork({ ...DOCS, follow_up: FOLLOW_UPS }, [], CONTEXT);
  const ids = (outletId) =>
    openWork(on(work), outletId)
      .filter((row) => row.work === "follow_up")
      .map((row) => row.id);
  assert.deepEqual(ids(), ["f0"]);
  assert.deepEqual(ids("o1"), ["f1", "f0"]);
  assert.deepEqual(ids("o2"), []);
});

test("a follow-up registered without a network stands with its due day, and once the server has it only once", () => {
  const paper = newPaper({ problem: " 公示牌坏了 ", owner: "rep", working_days: "1" });
  const op = opOf(followUpRecord("o2", paper, AT));
  const [row] = openFollowUps(overlayWork(DOCS, [op], CONTEXT), "o2");
  assert.deepEqual(
    [row.id, row.problem, row.registered_on, row.due_on, row.pending],
    [paper.record_id, "公示牌坏了", "2026-11-26", "2026-11-27", true],
  );
  const known = { ...FOLLOW_UPS[0], id: paper.record_id, outlet_id: "o2" };
  assert.equal(openFollowUps(overlayWork({ ...DOCS, follow_up: [known] }, [op], CONTEXT), "o2").length, 1);
});

test("a look settles a follow-up or leaves it open, and says that it is on its way", () => {
  const seen = (is_solved) => {
    const paper = newPaper({ is_solved, note: "看过" });
    const work = overlayWork({ ...DOCS, follow_up: FOLLOW_UPS }, [opOf(followUpLookRecord(FOLLOW_UPS[0], paper, AT))], CONTEXT);
    return work.followUps[0];
  };
  assert.deepEqual([seen("yes").isOpen, seen("yes").solved_on, seen("yes").pending], [false, "2026-11-26", true]);
  assert.deepEqual([seen("no").isOpen, seen("no").solved_on, seen("no").pending], [true, null, true]);
});
