// 已存: after a visit, first what is still to do at the same outlet, then the next one.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { POLICY_DEFAULTS } from "../../pwa/rules/policy_defaults.js";
import { textOf } from "./view_text.mjs";

const { savedScreen } = await import("../../pwa/screens/saved.js");

const TODAY = "2026-11-24";
const REQUEST = { id: "r1", outlet_id: "o1", contents: "POS 纸", requested_on: "2026-11-19", due_on: TODAY, isOpen: true };
const FOLLOW_UP = {
  id: "f1",
  outlet_id: "o1",
  problem: "公示牌坏了",
  owner: "rep",
  registered_on: "2026-11-20",
  due_on: "2026-11-27",
  isOpen: true,
};
const TRAINING = { id: "o1:2026-11", outlet_id: "o1", month: "2026-11", planned_on: null, content: "" };

function shop(id, name, standing) {
  const whole = { owed: 1, counted: 0, waiting: 0, state: "due", plannedOn: null, isTooLate: false, visitedToday: false, outletClass: "C" };
  return { id, name, isOthers: false, standing: { ...whole, ...standing } };
}

/** The screen after a visit at the first outlet, with such work open. */
async function told(work = {}, file = {}) {
  const visited = shop("o1", "鑫源通讯", { counted: 1, state: "done", visitedToday: true });
  const outlets = [{ ...visited, ...file }, shop("o2", "惠民便利店（城东店）")];
  const none = { complaints: [], requests: [], trainings: [], plannedTrainings: [], churnCases: [], followUps: [] };
  const company = {
    outlets,
    outletById: new Map(outlets.map((one) => [one.id, one])),
    visits: [{ id: "v1", outlet_id: "o1", counts: true, reasons: [], signer_name: "" }],
    outbox: [],
    month: "2026-11",
    today: TODAY,
    policyOf: () => POLICY_DEFAULTS,
    workingYears: { 2026: { year: 2026, is_provisional: false, off: [], on: [] } },
    work: { ...none, ...work },
  };
  const screen = await savedScreen({ company, here: null, refresh: async () => {} }, { visitId: "v1" });
  return textOf(screen.view());
}

test("what is still to do at the outlet comes before the next one", async () => {
  const page = await told({ requests: [REQUEST], followUps: [FOLLOW_UP] });
  assert.match(page, /这家还有一件没办.*配送.*今天到期.*POS 纸/s);
  assert.match(page, /href="#\/requests\/r1" data-testid="saved-do">登记送物料/);
  assert.doesNotMatch(page, /去下一家/);
});

test("every kind of work has its own words", async () => {
  assert.match(
    await told({ complaints: [{ id: "c1", outlet_id: "o1", account: "", due_on: TODAY, isOpen: true }] }),
    /complaints\/c1.*处理投诉/s,
  );
  assert.match(
    await told({ churnCases: [{ id: "k1", outlet_id: "o1", month: "2026-11", due_on: TODAY, isOpen: true }] }),
    /churn\/k1.*去离网确认/s,
  );
  assert.match(await told({ followUps: [FOLLOW_UP] }), /follow-ups\/f1.*复查备案/s);
  assert.match(await told({ plannedTrainings: [TRAINING] }), /outlets\/o1\/training.*登记培训/s);
  assert.match(await told({}, { account_made_on: TODAY }), /新客户培训.*尽快去.*新客户还没培训.*outlets\/o1\/training.*登记培训/s);
});

test("with nothing left here the next outlet is named", async () => {
  const page = await told();
  assert.match(page, /href="#\/outlets\/o2" data-testid="saved-next"><span>去下一家：<span translate="no">惠民便利店</);
  assert.doesNotMatch(page, /没办/);
});

test("what was taken down just now and a training of a later day do not hold the rep", async () => {
  assert.match(await told({ requests: [{ ...REQUEST, pending: true }] }), /去下一家/);
  assert.match(await told({ followUps: [{ ...FOLLOW_UP, registered_on: TODAY }] }), /去下一家/);
  assert.match(await told({ plannedTrainings: [{ ...TRAINING, planned_on: "2026-11-25" }] }), /去下一家/);
  assert.match(await told({ plannedTrainings: [{ ...TRAINING, planned_on: TODAY }] }), /登记培训/);
  assert.match(await told({ requests: [{ ...REQUEST, outlet_id: "o2" }] }), /去下一家/);
});
