// @ts-check
// A visit under way: kept on the phone after every change, so that a kill loses nothing.
import { uuid7 } from "../ids.js";
import { asked, questionsOf } from "../rules/checklist.js";
import { businessDate } from "../rules/months.js";
import { isAnythingIn } from "./begun.js";
import { complaintRecord } from "./paper_drafts.js";
import { keptDraft } from "./kept_draft.js";

const DOES_NOT_APPLY = "na"; // the value of 不适用 (server/checklists/drafts.py)

/**
 * @typedef {{answer: string, note: string, isSkipped?: boolean}} Given isSkipped: left open since the phone has no room for its photo
 * @typedef {object} VisitDraft
 * @property {string} visit_id
 * @property {string} outlet_id
 * @property {any} outlet what the visit needs of its outlet, for when it leaves the phone; null while nothing is in the draft, and in drafts of before
 * @property {"check_in" | "checklist" | "photos" | "summary" | "sign"} step
 * @property {string | null} checked_in_at
 * @property {string | null} begun_before when it was checked in on an earlier day, until it is again
 * @property {any} fix
 * @property {number | null} distance_m
 * @property {string | null} presence_reason
 * @property {string} presence_note
 * @property {string | null} [checklist_version] the company's own checklist that is asked; null: the form's own questions
 * @property {string} card code of the outlet's card, or ""
 * @property {Record<string, Given>} answers by key of the checklist
 * @property {Record<string, string>} follow_ups ids of what is registered for what a question found, by its key; begun or saved
 * @property {number} question number of the open question
 * @property {string | null} complaint_id of the complaint that is saved with the visit when the owner has one; null: it was, with the visit that this one corrects
 * @property {string} complaint_note
 * @property {string} condition
 * @property {string} handling
 * @property {any[]} photos
 * @property {any} signature
 * @property {import("../ui/signature.js").Ink | null} ink what was drawn on the pad, before it is saved
 * @property {boolean} is_ink_void whether a change of the content took a drawn signature away
 * @property {{name: string, role: string} | null} signer
 * @property {string | null} signature_refusal
 * @property {string | null} corrects the visit that this one replaces
 * @property {number | null} [clock_offset_ms] of a correction: how far the clock that its instants are told by is behind the server's
 * @property {string | null} checked_out_at of a correction: when the visit that it replaces ended
 */

/** For so long a visit may run on past midnight. */
const LONGEST_MS = 4 * 3_600_000;
const SIGNED_PARTS = /** @type {const} */ (["answers", "photos", "condition", "handling", "complaint_note"]);

/** @param {string} outletId */
export function draftKey(outletId) {
  return `visit:${outletId}`;
}

/** @param {string} outletId @returns {VisitDraft} */
export function newDraft(outletId) {
  return {
    visit_id: uuid7(),
    outlet_id: outletId,
    outlet: null,
    step: "check_in",
    checked_in_at: null,
    begun_before: null,
    fix: null,
    distance_m: null,
    presence_reason: null,
    presence_note: "",
    card: "",
    answers: {},
    follow_ups: {},
    question: 0,
    complaint_id: uuid7(),
    complaint_note: "",
    condition: "",
    handling: "",
    photos: [],
    signature: null,
    ink: null,
    is_ink_void: false,
    signer: null,
    signature_refusal: null,
    corrects: null,
    checked_out_at: null,
  };
}

/**
 * The draft of an outlet's visit, with what it needs of the outlet while anything is in it; a change of what was signed takes the signature away.
 * @param {any} capture @param {string} outletId @param {() => void} draw @param {any} [needed] of the outlet
 */
export function openDraft(capture, outletId, draw, needed = null) {
  /** @param {VisitDraft} draft @param {Partial<VisitDraft>} changes */
  const follow = (draft, changes) => ({ ...voided(draft, changes), outlet: isAnythingIn({ ...draft, ...changes }) ? needed : null });
  return keptDraft(capture, draftKey(outletId), newDraft(outletId), draw, follow);
}

/** What was signed may not change behind the signature. Pure. @param {VisitDraft} draft @param {Partial<VisitDraft>} changes @returns {Partial<VisitDraft>} */
export function voided(draft, changes) {
  const parts = SIGNED_PARTS.filter((part) => part in changes);
  const isChanged = parts.some((part) => JSON.stringify(draft[part]) !== JSON.stringify(changes[part]));
  if (!isChanged || (!draft.ink && !draft.signature)) return {};
  return { signature: null, ink: null, is_ink_void: true };
}

/** Whether its check-in belongs to another day, and does not just run past midnight. Pure. @param {VisitDraft} draft @param {Date} now */
export function isOfAnotherDay({ checked_in_at, corrects }, now) {
  if (!checked_in_at || corrects || businessDate(checked_in_at) === businessDate(now)) return false;
  return Math.abs(now.getTime() - Date.parse(checked_in_at)) >= LONGEST_MS;
}

/** Back to the check-in, with all that was filled in and shot; what was signed named the other day. Pure. @param {VisitDraft} draft @returns {Partial<VisitDraft>} */
export function renewed({ checked_in_at, ink, signature, is_ink_void }) {
  const away = { checked_in_at: null, fix: null, distance_m: null, presence_reason: null, presence_note: "", card: "" };
  const unsigned = { ink: null, signature: null, is_ink_void: is_ink_void || Boolean(ink || signature) };
  return { ...away, ...unsigned, step: "check_in", begun_before: checked_in_at };
}

/**
 * What changes in a draft that is opened before its check-in: all of it while nothing is in it; what it asks, to what is asked now, while
 * nothing is answered or shot; and what was said on another day of where the rep stood. Pure.
 * @param {VisitDraft} draft @param {string | null} checklist_version that is asked now @param {boolean} isOfToday @returns {Partial<VisitDraft>}
 */
export function reopened(draft, checklist_version, isOfToday) {
  const unsaid = isOfToday ? {} : { presence_reason: null, presence_note: "", card: "" };
  if (Object.keys(draft.answers).length || draft.photos.length) return unsaid;
  if (isAnythingIn({ ...draft, ...unsaid })) return { ...unsaid, checklist_version, question: 0 };
  const { visit_id, complaint_id, presence_reason, card, begun_before } = draft; // the ids stay: another window may show it
  const said = { presence_reason, card, begun_before: isOfToday ? begun_before : null };
  return { ...discarded(draft, checklist_version), visit_id, complaint_id, ...said, ...unsaid };
}

/** Nothing of the visit, and another one not yet begun. @param {VisitDraft} draft @param {string | null} checklist_version that is asked now @returns {VisitDraft} */
export function discarded({ outlet_id }, checklist_version) {
  return { ...newDraft(outlet_id), checklist_version };
}

/** The answers by key. @param {VisitDraft} draft @returns {Record<string, string>} */
export function answersOf(draft) {
  return Object.fromEntries(Object.entries(draft.answers).map(([key, given]) => [key, given.answer]));
}

/** The form with the questions that this visit asks just now: those of its checklist, as its answers lead. @template {{checklist: any[]}} F @param {F} form @param {any[]} versions @param {VisitDraft} draft @returns {F} */
export function askedForm(form, versions, draft) {
  return { ...form, checklist: asked(questionsOf(form, versions, draft.checklist_version), answersOf(draft)) };
}

/** The record of a finished draft (form visit.v3). @param {VisitDraft} draft @param {any} form @param {string} savedAt */
export function visitBody(draft, form, savedAt) {
  return {
    visit_id: draft.visit_id,
    outlet_id: draft.outlet_id,
    checked_in_at: draft.checked_in_at,
    checked_out_at: draft.checked_out_at ?? notBefore(draft.checked_in_at, savedAt),
    fix: draft.fix,
    presence_reason: draft.presence_reason,
    presence_note: draft.presence_note,
    checklist: form.checklist
      .filter((/** @type {any} */ question) => draft.answers[question.key]?.answer)
      .map((/** @type {any} */ question) => ({ key: question.key, ...draft.answers[question.key] })),
    has_complaint: draft.answers.owner_complaint?.answer === "yes",
    complaint_note: draft.complaint_note,
    condition: draft.condition,
    handling: draft.handling,
    photos: draft.photos,
    signature: draft.signature,
    signature_refusal: draft.signature_refusal,
    corrects: draft.corrects ?? null,
    previous_sha256: null,
    checklist_version: draft.checklist_version ?? null,
    card: draft.card || null,
  };
}

/** A phone's clock may be set back between two readings. @param {string | null} earliest @param {string} at both in one notation, which sort as texts */
function notBefore(earliest, at) {
  return earliest !== null && earliest > at ? earliest : at;
}

/**
 * The owner's complaint as a record of its own, so that it is handled like any other (附表五); null without one.
 * @param {VisitDraft} draft @param {{person_in_charge?: string, phone?: string}} outlet @param {string} owner the word for who owns it, where no name is known
 * @param {string} savedAt
 */
export function toldComplaint(draft, outlet, owner, savedAt) {
  if (draft.answers.owner_complaint?.answer !== "yes" || !draft.complaint_id) return null;
  const complainant = (draft.signer?.name || outlet.person_in_charge || owner).trim();
  const said = { kind: "other", complainant, phone: outlet.phone ?? "", account: draft.complaint_note, demand: "" };
  return complaintRecord(draft.outlet_id, { record_id: draft.complaint_id, photos: [], signature: null, ...said }, savedAt);
}

/** The answers that are problems, with the question's and the choice's words. @param {VisitDraft} draft @param {any} form @returns {{question: any, choice: any, note: string}[]} */
export function problemsFound(draft, form) {
  return form.checklist.flatMap((/** @type {any} */ question) => {
    const given = draft.answers[question.key];
    const choice = question.choices.find((/** @type {any} */ one) => one.value === given?.answer);
    return choice?.is_problem ? [{ question, choice, note: given.note }] : [];
  });
}

/**
 * How many answers are fine, are problems, and are missing or say that the question does not apply. What was typed, dated or photographed
 * is none of them.
 * @param {VisitDraft} draft @param {any} form @returns {{fine: number, problems: number, left: number}}
 */
export function countedAnswers(draft, form) {
  const counts = { fine: 0, problems: 0, left: 0 };
  for (const question of form.checklist) {
    const value = draft.answers[question.key]?.answer;
    const choice = question.choices.find((/** @type {any} */ one) => one.value === value);
    if (choice?.is_problem) counts.problems++;
    else if (!value || choice?.value === DOES_NOT_APPLY) counts.left++;
    else if (choice) counts.fine++;
  }
  return counts;
}
