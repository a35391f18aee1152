// @ts-check
/** Complaints, materials, trainings, churn cases and follow-ups: the server's rows with this phone's own records on top. Pure. */
import { bodyOf } from "./bodies.js";
import { addDays, businessDate, firstDay, lastDay, monthOf } from "../rules/months.js";
import { addWorkingDays } from "../rules/working_days.js";

/**
 * @typedef {import("./capture_schema.js").StoredOp} StoredOp
 * @typedef {object} Work each row with `isOpen` (a complaint also with `isOthers`: somebody else was given it), and `pending: true` while this phone's own record about it is on its way
 * @property {any[]} complaints
 * @property {any[]} requests
 * @property {any[]} trainings each with `counts`: whether it makes its month's plan done
 * @property {any[]} plannedTrainings
 * @property {any[]} churnCases
 * @property {any[]} followUps
 *
 * @typedef {object} WorkContext
 * @property {{id: string, name: string}} person
 * @property {(day: string) => any} policyOf
 * @property {Record<string, import("../rules/working_days.js").WorkingYear>} workingYears
 */

const CLOSED = ["resolved", "reported"];
const NEW_DAYS = 31; // after the account was made

/**
 * @param {Record<"complaint" | "material_request" | "training" | "planned_training" | "churn_case" | "follow_up", any[]>} docs
 * @param {StoredOp[]} ops @param {WorkContext} context @returns {Work}
 */
export function overlayWork(docs, ops, context) {
  const work = {
    complaints: docs.complaint.map((doc) => ({
      ...doc,
      isOpen: !CLOSED.includes(doc.state),
      isOthers: Boolean(doc.assigned_to_id) && doc.assigned_to_id !== context.person.id,
    })),
    requests: docs.material_request.map((doc) => ({ ...doc, isOpen: doc.delivered_on === null })),
    trainings: docs.training.map((doc) => withCount(doc, context)),
    plannedTrainings: docs.planned_training,
    churnCases: docs.churn_case.map((doc) => ({ ...doc, isOpen: true })),
    followUps: docs.follow_up.map((doc) => ({ ...doc, isOpen: doc.solved_on === null })),
  };
  for (const op of ops) {
    const lay = LAYERS[op.form.split(".")[0]];
    if (lay && op.kind === "record" && op.code !== "quarantined") lay(work, bodyOf(op), op, context);
  }
  return work;
}

/** @type {Record<string, (work: Work, body: any, op: StoredOp, context: WorkContext) => void>} */
const LAYERS = {
  complaint: (work, body, op, context) => {
    const { complaint_id, heard_at, ...said } = body;
    const received_on = dateOf(heard_at, op);
    const due_on = dueOn(received_on, "complaint.working_days", context);
    const fresh = { ...said, id: complaint_id, state: "received", received_on, due_on, investigation: "", verdict: "" };
    addNew(work.complaints, { ...fresh, isOpen: true, pending: true });
  },
  complaint_result: (work, body) => settle(work.complaints, body.complaint_id, { state: "resolved", handling: body.handling }),
  material_request: (work, body, op, context) => {
    const requested_on = dateOf(body.asked_at, op);
    const due_on = dueOn(requested_on, "material.working_days", context);
    const fresh = { id: body.request_id, outlet_id: body.outlet_id, contents: body.contents, requested_on, due_on, delivered_on: null };
    addNew(work.requests, { ...fresh, isOpen: true, pending: true });
  },
  delivery: (work, body, op) =>
    settle(work.requests, body.request_id, { delivered_on: dateOf(body.delivered_at, op), is_unsigned: body.signature === null }),
  training: (work, body, op, context) => {
    const { training_id: id, outlet_id, content, attendee_count, is_new_customer } = body;
    const trained_on = dateOf(body.held_at, op);
    const fresh = { id, outlet_id, content, attendee_count, is_new_customer, trained_on, is_unsigned: body.signature === null };
    addNew(work.trainings, withCount({ ...fresh, trainer_name: context.person.name, pending: true }, context));
  },
  churn_word: (work, body) => settle(work.churnCases, body.case_id, {}),
  follow_up: (work, body, op, { workingYears }) => {
    const { follow_up_id: id, outlet_id, problem, owner, noticed_at, working_days } = body;
    const registered_on = dateOf(noticed_at, op);
    const due_on = addWorkingDays(registered_on, working_days, workingYears);
    addNew(work.followUps, { id, outlet_id, problem, owner, registered_on, due_on, solved_on: null, isOpen: true, pending: true });
  },
  follow_up_look: (work, body, op) => {
    if (body.is_solved) return settle(work.followUps, body.follow_up_id, { solved_on: dateOf(body.looked_at, op) });
    const row = work.followUps.find((one) => one.id === body.follow_up_id);
    if (row?.isOpen) row.pending = true;
  },
};

/** With whether it counts in its month's plan: that of a new customer is no part of it (RULEBOOK §11), an unsigned one as policy says. @param {any} training @param {WorkContext} context */
function withCount(training, { policyOf }) {
  const takesUnsigned = () => policyOf(firstDay(monthOf(training.trained_on)))["training.unsigned_counts"] === "true";
  return { ...training, counts: !training.is_new_customer && (!training.is_unsigned || takesUnsigned()) };
}

/** @param {string} wall @param {StoredOp} op @returns {string} the estimated date */
function dateOf(wall, op) {
  return businessDate(Date.parse(wall) + (op.t.offset_ms ?? 0));
}

/** @param {string} date @param {string} key of the policy @param {WorkContext} context */
function dueOn(date, key, { policyOf, workingYears }) {
  return addWorkingDays(date, Number(policyOf(firstDay(monthOf(date)))[key]), workingYears);
}

/** @param {any[]} rows @param {any} fresh */
function addNew(rows, fresh) {
  if (!rows.some((row) => row.id === fresh.id)) rows.push(fresh);
}

/** @param {any[]} rows @param {string} id @param {any} changes */
function settle(rows, id, changes) {
  const row = rows.find((one) => one.id === id);
  if (row?.isOpen) Object.assign(row, changes, { isOpen: false, pending: true });
}

/** What is not solved at an outlet, whoever sees to it: the next deadline first. @param {Work} work @param {string} outletId @returns {any[]} */
export function openFollowUps(work, outletId) {
  return work.followUps.filter((one) => one.outlet_id === outletId && one.isOpen).sort(byDeadline);
}

/** A training at the day that it is planned for. @param {any} a @param {any} b */
export function byDeadline(a, b) {
  const day = (/** @type {any} */ row) => row.planned_on ?? row.due_on ?? "9999";
  return day(a).localeCompare(day(b)) || a.id.localeCompare(b.id);
}

/** A month's plan of trainings, and what is left of it. @param {Work} work @param {string} month @returns {{planned: any[], left: any[]}} */
export function trainingPlan({ trainings, plannedTrainings }, month) {
  const held = trainings.filter((one) => one.counts && monthOf(one.trained_on) <= month);
  const planned = plannedTrainings.filter((one) => one.month === month);
  const isDone = (/** @type {any} */ item) =>
    held.some((one) => one.outlet_id === item.outlet_id && one.trained_on >= (item.done_from ?? firstDay(month)));
  return { planned, left: planned.filter((item) => !isDone(item)) };
}

/** The new customers that wait for their training, which follows at once when the account is made (RULEBOOK §5); one that was held before and
 * told to be the first is that too. @param {any[]} outlets @param {any[]} trainings of all outlets @param {string} today @returns {any[]} */
export function untrained(outlets, trainings, today) {
  const since = addDays(today, -NEW_DAYS);
  const isNew = (/** @type {any} */ { account_made_on: madeOn }) => madeOn && since <= madeOn && madeOn <= today;
  const isTrained = (/** @type {any} */ { id, account_made_on: madeOn }) =>
    trainings.some((one) => one.outlet_id === id && (one.is_new_customer || one.trained_on >= madeOn));
  return outlets.filter((outlet) => isNew(outlet) && !isTrained(outlet));
}

/** Whether marketing's word on a case counts no more (RULEBOOK §9). @param {any} churnCase @param {string} today @returns {boolean} */
export function isWordOver(churnCase, today) {
  return churnCase.due_on < today;
}

/** What waits at an outlet, or everywhere: the next deadline first; a training may be held on any day of its month (RULEBOOK §11). What others see to waits at the outlet only, to be looked at. @param {{work: Work, outlets: any[], month: string, today: string}} company @param {string} [outletId] */
export function openWork({ work, outlets, month, today }, outletId) {
  const isHere = (/** @type {any} */ row) =>
    (outletId === undefined || row.outlet_id === outletId) && row.isOpen !== false && !row.isOthers;
  const asked = outletId === undefined ? outlets : outlets.filter(({ id }) => id === outletId);
  const followUps = work.followUps.filter((one) => outletId !== undefined || one.owner === "rep");
  const rows = [
    ...work.complaints.map((row) => ({ ...row, work: "complaint", path: `/complaints/${row.id}` })),
    ...work.requests.map((row) => ({ ...row, work: "delivery", path: `/requests/${row.id}` })),
    ...work.churnCases.filter((row) => !isWordOver(row, today)).map((row) => ({ ...row, work: "churn", path: `/churn/${row.id}` })),
    ...followUps.map((row) => ({ ...row, work: "follow_up", path: `/follow-ups/${row.id}` })),
    ...untrained(asked, work.trainings, today).map(({ id }) => ({
      id,
      outlet_id: id,
      due_on: today,
      work: "first_training",
      path: `/outlets/${id}/training`,
    })),
    ...trainingPlan(work, month).left.map((row) => ({
      ...row,
      work: "training",
      due_on: lastDay(month),
      path: `/outlets/${row.outlet_id}/training`,
    })),
  ];
  return rows.filter(isHere).sort(byDeadline);
}
