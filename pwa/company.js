// @ts-check
// What the screens show: the replica with this phone's own unsettled work on top, read in one go.
import { openCapture, outboxRows } from "./db/capture.js";
import { capturedWork } from "./db/captured_work.js";
import { opsToOverlay, overlayVisits } from "./db/overlay.js";
import { overlayWork } from "./db/overlay_work.js";
import { overlayOutlets } from "./db/overlay_outlets.js";
import { documentsOf, openReplica } from "./db/replica.js";
import { isComplete, questionsOf } from "./rules/checklist.js";
import { firstDay, monthOf, businessDate } from "./rules/months.js";
import { policyOn } from "./rules/policy.js";
import { isPastChurn } from "./rules/visit_frequency.js";
import { standingOf, standsInFor } from "./standing.js";

/**
 * @typedef {object} Company
 * @property {any} person
 * @property {string} today Shanghai date, by the company's clock as far as it is known
 * @property {number} clockOffsetMs how far the company's clock is before the phone's; 0 before the first answer
 * @property {string} month
 * @property {{id: string, name: string}[]} regions
 * @property {any[]} outlets own ones, those found here and not sent yet too, and those of somebody on leave, each with its `standing`, `standsInFor` (a name, or "") and `isOthers`: whether somebody else answers for it
 * @property {Map<string, any>} outletById
 * @property {any[]} visits newest first
 * @property {import("./db/overlay_work.js").Work} work complaints, materials, trainings, churn cases
 * @property {any[]} sheets wage sheets
 * @property {any[]} findings
 * @property {Map<string, {month: string, yuan: string}[]>} volumes what each outlet moved, by month, oldest first
 * @property {Record<string, import("./rules/working_days.js").WorkingYear>} workingYears
 * @property {(date: string) => import("./rules/policy.js").Policy} policyOf
 * @property {any} form the visit form
 * @property {(import("./rules/checklist.js").Version & {checklist_id: string})[]} checklists every published version of the company's own
 * @property {any[]} conflicts fields of outlets that two people changed
 * @property {import("./forms/identity.js").PhoneKey | null} identityKey what ID numbers are sealed with; null until a pull brings it
 * @property {import("./outbox/rows.js").OutboxRow[]} outbox
 * @property {import("./db/spare_restore.js").Restored | null} restored what was put back after the browser lost the database, until it is read
 * @property {boolean} hasPulled whether the phone holds the company's data at all
 */

/** @type {Map<string, Promise<any>>} */
const opened = new Map();

/** The person's two databases, opened once. @param {string} personId */
export async function databases(personId) {
  if (!opened.has(personId)) opened.set(personId, Promise.all([openCapture(personId), openReplica(personId)]));
  const [capture, replica] = await opened.get(personId);
  return { capture, replica };
}

/** @type {Promise<any> | null} */
let form = null;

/** The visit form, kept with the app's shell. One that did not come is asked for again the next time. */
export function visitForm() {
  form ??= fetchForm().catch((fault) => {
    form = null;
    throw fault;
  });
  return form;
}

async function fetchForm() {
  const answer = await fetch("/m/sync/forms/visit.v3.json");
  if (!answer.ok) throw new Error(`the visit form is not to be had: ${answer.status}`);
  return answer.json();
}

/** What was read last and from what: thousands of outlets are judged anew only when something moved. @type {{docs: unknown, mark: string, company: Omit<Company, "outbox" | "clockOffsetMs">} | null} */
let last = null;

/** @param {import("./session.js").Session} session @param {Date} [now] @returns {Promise<Company>} with the same outlets while nothing moved */
export async function readCompany(session, now = new Date()) {
  const asked = visitForm();
  asked.catch(() => {}); // said where it is waited for
  const { capture, replica } = await databases(session.personId);
  const docs = await documentsOf(replica);
  const work = await capturedWork(capture);
  const { clockOffsetMs, ...moving } = work; // the offset is measured anew with every answer
  const [ops, visit] = await Promise.all([opsToOverlay(work, replica), asked]);
  const today = businessDate(now.getTime() + clockOffsetMs);
  const mark = JSON.stringify([session.person, today, { ...moving, ops: work.ops.map(withoutBody) }, ops.map((op) => op.op_id)]);
  if (last?.docs !== docs || last.mark !== mark) last = { docs, mark, company: companyOf(session, today, docs, work, ops, visit) };
  return { ...last.company, clockOffsetMs, outbox: outboxRows(work, verdictsIn(docs)) }; // what is on its way goes by the clock
}

/** By operation. @param {Map<string, any[]>} docs @returns {Map<string, any>} */
function verdictsIn(docs) {
  return new Map((docs.get("op_verdict") ?? []).map((verdict) => [verdict.op_id, verdict]));
}

/** What of an operation may change. @param {import("./db/capture_schema.js").StoredOp} op */
function withoutBody({ body_text: _text, ...rest }) {
  return rest;
}

/**
 * @param {import("./session.js").Session} session @param {string} today @param {Map<string, any[]>} docs @param {import("./db/captured_work.js").CapturedWork} work
 * @param {import("./db/capture_schema.js").StoredOp[]} ops what the replica does not show yet @param {any} visit the form @returns {Omit<Company, "outbox" | "clockOffsetMs">}
 */
function companyOf(session, today, docs, work, ops, visit) {
  const of = (/** @type {string} */ type) => docs.get(type) ?? [];
  const people = of("person");
  const verdicts = verdictsIn(docs);
  const dated = of("policy")[0]?.values ?? {};
  const policyOf = (/** @type {string} */ date) => policyOn(date, dated);
  const person = people.find((one) => one.id === session.personId) ?? session.person;
  const verdictOf = (/** @type {string} */ opId) => verdicts.get(opId) ?? null;
  const outlets = overlayOutlets(of("outlet"), ops, { person, policy: policyOf(today), verdictOf });
  const outletById = new Map(outlets.map((outlet) => [outlet.id, outlet]));
  const checklists = of("checklist");
  const context = {
    person,
    policyOf,
    isChecklistComplete: (/** @type {any} */ body) => isAnswered(body, visit, checklists),
    outletOf: (/** @type {string} */ id) => outletById.get(id) ?? null,
    verdictOf,
  };
  const visits = overlayVisits(of("visit"), ops, context).sort(newestFirst);
  const month = monthOf(today);
  const workingYears = Object.fromEntries(of("working_year").map((year) => [String(year.year), year]));
  const byOutlet = groupBy(visits, (one) => one.outlet_id);
  const planned = groupBy(of("visit_plan"), (one) => one.outlet_id);
  const policy = policyOf(firstDay(month));
  for (const outlet of outlets) {
    const days = (planned.get(outlet.id) ?? []).map((one) => one.planned_on);
    outlet.standsInFor = standsInFor(outlet, person, today);
    outlet.isOthers = Boolean(outlet.rep_id) && outlet.rep_id !== person.id;
    outlet.standing = standingOf(outlet, byOutlet.get(outlet.id) ?? [], month, today, policy, days);
  }
  return {
    person,
    today,
    month,
    regions: of("region"),
    outlets,
    outletById,
    visits,
    work: overlayWork(workOf(of, outletById), ops, { person, policyOf, workingYears }),
    sheets: [...of("wage_sheet")].sort((a, b) => b.month.localeCompare(a.month)),
    findings: of("finding"),
    volumes: new Map(of("outlet_volume").map((volume) => [volume.id, volume.months])),
    workingYears,
    policyOf,
    form: visit,
    checklists,
    conflicts: of("field_conflict"),
    identityKey: of("identity_key")[0] ?? null,
    restored: work.restored,
    hasPulled: people.length > 0,
  };
}

/** The documents that other work than visits is about; no training is owed from the month after churn, whatever was planned (RULEBOOK §11).
 * @param {(type: string) => any[]} of @param {Map<string, any>} outletById */
function workOf(of, outletById) {
  const types = /** @type {const} */ (["complaint", "material_request", "training", "planned_training", "churn_case", "follow_up"]);
  const docs = /** @type {Record<typeof types[number], any[]>} */ (Object.fromEntries(types.map((type) => [type, of(type)])));
  const isOwed = (/** @type {any} */ { outlet_id, month }) => !isPastChurn(outletById.get(outlet_id) ?? {}, month);
  return { ...docs, planned_training: docs.planned_training.filter(isOwed) };
}

/** Whether the record answers what it was asked. @param {any} body @param {any} form @param {any[]} checklists */
function isAnswered(body, form, checklists) {
  const answers = Object.fromEntries(body.checklist.map((/** @type {any} */ one) => [one.key, one.answer]));
  return isComplete(
    questionsOf(form, checklists, body.checklist_version),
    answers,
    body.photos.map((/** @type {any} */ photo) => photo.sha256),
  );
}

/** By instants in one notation, which sort as texts. @param {any} a @param {any} b */
function newestFirst(a, b) {
  return a.checked_in_at < b.checked_in_at ? 1 : a.checked_in_at > b.checked_in_at ? -1 : 0;
}

/** @template T @param {T[]} rows @param {(row: T) => string} key @returns {Map<string, T[]>} */
function groupBy(rows, key) {
  /** @type {Map<string, T[]>} */
  const groups = new Map();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}
