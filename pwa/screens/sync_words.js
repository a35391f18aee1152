// @ts-check
// What the outbox says of a record and of the way to the company: what it is, what became of it, what to do.
import { language, t } from "../i18n/index.js";

/** @typedef {import("../outbox/rows.js").OutboxRow} OutboxRow */
/** @typedef {import("../ui/parts.js").State} State */

/** Why an operation was not simply taken in: codes of the server (sync/problems.py) and of this phone. */
export const PROBLEMS = [
  "invalid_record",
  "unknown_form",
  "unknown_outlet",
  "unknown_visit",
  "unknown_finding",
  "finding_dismissed",
  "objection_known",
  "objection_late",
  "unknown_sheet",
  "sheet_open",
  "id_taken",
  "op_id_reused",
  "handler_failed",
  "field_conflict",
  "waits_for_decision",
  "position_moves",
  "account_moves",
  "account_taken",
  "not_yours_now",
  "outlet_removed",
  "people_erased",
  "identity_unopened",
  "identity_invalid",
  "identity_not_yours",
  "identity_older",
  "possible_duplicate",
  "outlet_reassigned",
  "unknown_region",
  "unknown_request",
  "unknown_follow_up",
  "unknown_checklist",
  "already_delivered",
  "unknown_complaint",
  "complaint_closed",
  "complaint_void",
  "complaint_not_yours",
  "unknown_case",
  "case_decided",
  "word_late",
  "photo_gone",
  "too_large",
];

/** Their `detail` is the name of who has the outlet now, or removed it. */
const WITH_A_NAME = ["outlet_reassigned", "not_yours_now", "outlet_removed"];
const FORMS = [
  "visit",
  "new_outlet",
  "outlet_edit",
  "outlet_submit",
  "identity",
  "finding_objection",
  "payslip_step",
  "complaint",
  "complaint_result",
  "training",
  "material_request",
  "delivery",
  "churn_word",
  "follow_up",
  "follow_up_look",
];
const FIELDS = [
  "name",
  "address",
  "position_text",
  "phone",
  "contact",
  "agent_name",
  "households_nearby",
  "monthly_payments",
  "cashiers",
  "are_materials_complete",
  "are_materials_placed_right",
  "is_tidy",
  "storefront_photo",
  "counter_photo",
  "person_in_charge",
  "position",
  "account_no",
  "chain_outlets",
  "is_franchised_or_own_hall",
  "floor_area_m2",
  "monthly_fee_yuan",
];
const FAULTS = ["unreachable", "busy", "photo_refused", "wrong_owner", "storage_lost", "storage_full"];
const WORKING = ["pushing", "pulling", "uploading", "recovering"];

/** What kind of record it is; a change of a single field names the field. @param {OutboxRow} row @returns {string} */
export function kindWords({ form, body }) {
  const kind = form.split(".")[0];
  const fields = kind === "outlet_edit" ? Object.keys(body.fields ?? {}) : [];
  if (fields.length === 1 && FIELDS.includes(fields[0])) return t(`record.edit.${fields[0]}`);
  return t(`record.${FORMS.includes(kind) ? kind : "other"}`);
}

/** Whether it is the person's own, as a reply to a payslip or an objection is. @param {Pick<OutboxRow, "scope">} row */
export function isOfNoOutlet({ scope }) {
  return scope.startsWith("user:");
}

/** The outlet of a record by its name, "" when this phone no longer knows it. @param {OutboxRow} row @param {import("../company.js").Company} company @returns {string} */
export function outletName({ form, body, entity }, company) {
  const known = company.outletById.get(body.outlet_id ?? entity.id)?.name;
  return known ?? (form.startsWith("new_outlet.") ? body.name : "") ?? "";
}

/** Why it was not simply taken in, and what to do about it. @param {OutboxRow} row @returns {{why: string, what: string}} */
export function problemWords(row) {
  const code = row.problem?.code ?? "";
  if (PROBLEMS.includes(code)) return { why: t(`problem.${code}`), what: t(`problem.${code}.do`) };
  if (isSetAside(row)) return { why: t("problem.malformed"), what: t("problem.malformed.do") };
  const told = language() === "en" ? row.problem?.title_en : row.problem?.title; // of a server newer than this app
  return { why: told || t("problem.other"), what: t("problem.other.do") };
}

/** It stays on the phone because no request with it gets through. @param {OutboxRow} row */
export function isSetAside(row) {
  return row.code === null && row.problem !== null;
}

/**
 * What became of a settled record. `by` are names and reasons that people gave: of who decided, or who has the outlet now.
 * @param {OutboxRow} row
 * @returns {{state: State, words: string, text: string, by: string}}
 */
export function fateOf(row) {
  const text = fateText(row);
  const by = row.verdict ? [row.verdict.by_name, row.verdict.reason].filter(Boolean).join(t("colon")) : whoHas(row);
  if (row.state === "review") return { state: "waiting", words: t("fate.review"), text, by };
  if (row.state === "refused") return { state: "overdue", words: t("fate.refused"), text, by };
  if (row.state === "attention") return { state: "none", words: t("fate.without_effect"), text, by };
  return { state: "done", words: t(text ? "fate.taken" : "fate.arrived"), text, by };
}

/** Whom the outlet went to, as the server named them. @param {OutboxRow} row @returns {string} */
function whoHas({ problem }) {
  return WITH_A_NAME.includes(problem?.code ?? "") ? (problem?.detail ?? "") : "";
}

/** @param {OutboxRow} row @returns {string} */
function fateText(row) {
  const { verdict, code } = row;
  if (row.state === "refused") return t(code === "parked" ? "fate.rejected.text" : "fate.not_taken.text");
  if (verdict && row.state !== "review")
    return t(code !== "parked" ? "fate.repaired.text" : verdict.code === "edited" ? "fate.edited.text" : "fate.agreed.text");
  if (code === "merged" || (code === "noop" && !row.problem)) return t(`fate.${code}.text`);
  if (!row.problem) return "";
  const { why, what } = problemWords(row);
  const named = whoHas(row) ? t(row.problem.code === "outlet_removed" ? "fate.removed_by" : "fate.now_with") : "";
  return [why, what, named].filter(Boolean).join(t("sentence_gap"));
}

/**
 * How the way to the company stands: a state, a word for it, and what to do.
 * @param {import("../outbox/engine.js").EngineStatus} status
 * @returns {{state: "done" | "waiting" | "overdue", words: string, what: string}}
 */
export function wayOf(status) {
  const isWaiting = status.unsent + status.photosUnsent > 0;
  if (status.signedOut) return { state: "overdue", words: t("phase.signed_out"), what: "" };
  if (!status.online) return { state: "waiting", words: t("phase.offline"), what: isWaiting ? t("phase.offline.do") : "" };
  if (WORKING.includes(status.phase)) return { state: "waiting", words: t(`phase.${status.phase}`), what: "" };
  if (!status.lastError) return { state: "done", words: t("phase.idle"), what: "" };
  const fault = faultOf(status.lastError);
  return { state: fault === "wrong_owner" ? "overdue" : "waiting", words: t(`fault.${fault}`), what: t(`fault.${fault}.do`) };
}

/** @param {{code: string, status?: number}} fault @returns {string} */
function faultOf({ code, status = 0 }) {
  if (code === "foreign") return status < 400 ? "foreign" : "other"; // a page of a captive portal, or a broken server
  return FAULTS.includes(code) ? code : "other";
}
