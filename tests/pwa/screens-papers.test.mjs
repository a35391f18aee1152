// What a paper form says before it is saved without a signature.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./chinese_page.mjs";
import { clickOf, textOf } from "./view_text.mjs";
import { complaintRecord, deliveryRecord, materialRequestRecord, newPaper, trainingRecord } from "../../pwa/forms/paper_drafts.js";
import { churnWordRecord, complaintResultRecord, followUpLookRecord, followUpRecord } from "../../pwa/forms/paper_drafts.js";
import { policyOn } from "../../pwa/rules/policy.js";

Object.assign(globalThis, { addEventListener: () => {}, removeEventListener: () => {} });
const { savedWords } = await import("../../pwa/screens/paper_saved.js");
const { sayDone, undoBar } = await import("../../pwa/ui/undo_toast.js");
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

const SAID = {
  complainant: "",
  phone: "",
  account: "",
  demand: "",
  investigation: "",
  handling: "",
  content: "",
  place: "",
  attendees: "",
};
const PAPER = newPaper({ ...SAID, contents: "", note: "", problem: "", owner: "rep", working_days: "3", attendee_count: "2" });
const AT = "2026-11-24T01:00:00.000Z";
const ROW = { id: "r1", outlet_id: "o1", isOpen: true };

/** A company in whose outlet this waits. */
function companyWith(work) {
  const none = { complaints: [], requests: [], trainings: [], plannedTrainings: [], churnCases: [], followUps: [] };
  const outlets = [{ id: "o1", account_made_on: null }];
  return { month: "2026-11", outlets, outletById: new Map([["o1", {}]]), today: "2026-11-24", work: { ...none, ...work } };
}

test("after every paper form it is said which record is on the phone", () => {
  const said = (record) => savedWords(companyWith({}), record, { ground: { outlet: { id: "o1" }, about: null } });
  assert.equal(said(trainingRecord("o1", PAPER, AT)), "培训记录：已存在手机里。");
  assert.equal(said(deliveryRecord(ROW, PAPER, AT)), "物料配送：已存在手机里。");
  assert.equal(said(materialRequestRecord("o1", PAPER, AT)), "要物料：已存在手机里。");
  assert.equal(said(complaintRecord("o1", PAPER, AT)), "投诉登记：已存在手机里。");
  assert.equal(said(complaintResultRecord(ROW, PAPER, AT)), "投诉处理：已存在手机里。");
  assert.equal(said(churnWordRecord(ROW, PAPER, AT)), "离网确认：已存在手机里。");
  assert.equal(said(followUpRecord("o1", PAPER, AT)), "登记备案：已存在手机里。");
  assert.equal(said(followUpLookRecord(ROW, PAPER, AT)), "备案复查：已存在手机里。");
});

test("what else waits at the outlet is said with it, but not what was just seen to, nor during a visit", () => {
  const company = companyWith({ requests: [ROW], plannedTrainings: [{ id: "t1", outlet_id: "o1", month: "2026-11" }] });
  const delivery = deliveryRecord(ROW, PAPER, AT);
  const ground = { outlet: { id: "o1" }, about: ROW };
  assert.equal(savedWords(company, delivery, { ground }), "物料配送：已存在手机里。这里还有：培训。");
  assert.equal(savedWords(company, delivery, { ground, home: "/outlets/o1/visit" }), "物料配送：已存在手机里。");
  assert.equal(savedWords(companyWith({ requests: [ROW] }), delivery, { ground }), "物料配送：已存在手机里。");
  const training = trainingRecord("o1", PAPER, AT);
  assert.equal(
    savedWords(company, training, { ground: { outlet: { id: "o1" }, about: null } }),
    "培训记录：已存在手机里。这里还有：配送。",
  );
});

test("a new customer's first training leaves the month's plan to be done, another training leaves nothing", () => {
  const company = companyWith({ plannedTrainings: [{ id: "t1", outlet_id: "o1", month: "2026-11" }] });
  company.outlets = [{ id: "o1", account_made_on: "2026-11-20" }];
  const said = (is_new_customer) =>
    savedWords(company, trainingRecord("o1", { ...PAPER, is_new_customer }, AT), { ground: { outlet: { id: "o1" }, about: null } });
  assert.equal(said("yes"), "培训记录：已存在手机里。这里还有：培训。");
  assert.equal(said("no"), "培训记录：已存在手机里。");
});

test("it is said above the buttons, with nothing to take back, until one goes elsewhere", () => {
  let goElsewhere;
  globalThis.addEventListener = (_name, heard) => {
    goElsewhere = heard;
  };
  sayDone("培训记录：已存在手机里。");
  const shown = undoBar(() => {});
  assert.match(textOf(shown), /role="status".*培训记录：已存在手机里。/s);
  assert.equal(clickOf(shown, 'data-testid="undo"'), undefined);
  goElsewhere();
  assert.doesNotMatch(textOf(undoBar(() => {})), /培训记录/);
});
