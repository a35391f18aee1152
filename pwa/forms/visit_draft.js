// @ts-check
// A visit under way: kept on the phone after every change, so that a kill loses nothing.
import { loadDraft, saveDraft } from "../db/capture.js";
import { uuid7 } from "../ids.js";

/**
 * @typedef {{answer: string, note: string}} Given
 * @typedef {object} VisitDraft
 * @property {string} visit_id
 * @property {string} outlet_id
 * @property {"check_in" | "checklist" | "photos" | "summary" | "sign"} step
 * @property {string | null} checked_in_at
 * @property {any} fix
 * @property {number | null} distance_m
 * @property {string | null} presence_reason
 * @property {string} presence_note
 * @property {Record<string, Given>} answers by key of the checklist
 * @property {number} question number of the open question
 * @property {string} complaint_note
 * @property {string} condition
 * @property {string} handling
 * @property {any[]} photos
 * @property {any} signature
 * @property {{name: string, role: string} | null} signer
 * @property {string | null} signature_refusal
 */

const SIGNED_PARTS = ["answers", "photos", "condition", "handling", "complaint_note"];

/** @param {string} outletId */
export function draftKey(outletId) {
  return `visit:${outletId}`;
}

/** @param {string} outletId @returns {VisitDraft} */
export function newDraft(outletId) {
  return {
    visit_id: uuid7(),
    outlet_id: outletId,
    step: "check_in",
    checked_in_at: null,
    fix: null,
    distance_m: null,
    presence_reason: null,
    presence_note: "",
    answers: {},
    question: 0,
    complaint_note: "",
    condition: "",
    handling: "",
    photos: [],
    signature: null,
    signer: null,
    signature_refusal: null,
  };
}

/**
 * The draft of an outlet's visit, with a `change` that draws at once and says "saved" only after the durable write.
 * @param {any} capture @param {string} outletId @param {() => void} draw
 */
export async function openDraft(capture, outletId, draw) {
  const key = draftKey(outletId);
  const known = await loadDraft(capture, key);
  /** @type {VisitDraft} */
  const draft = known ?? newDraft(outletId);
  let isSaved = known !== null;
  let isClosed = false;
  /** @type {string | null} */
  let problem = null;
  let writing = Promise.resolve();

  /** @param {Partial<VisitDraft>} changes @param {{sha256: string, bytes: ArrayBuffer, mime: string}[]} [blobs] @returns {Promise<void>} */
  function change(changes, blobs = []) {
    const touchesContent = SIGNED_PARTS.some((part) => part in changes);
    Object.assign(draft, touchesContent ? { signature: null } : {}, changes); // what was signed may not change behind the signature
    isSaved = false;
    draw();
    writing = writing.then(() => write(structuredClone(draft), blobs));
    return writing;
  }

  /** @param {VisitDraft} copy @param {any[]} blobs */
  async function write(copy, blobs) {
    if (isClosed) return;
    try {
      await saveDraft(capture, key, copy, blobs);
      isSaved = true;
      problem = null;
    } catch (fault) {
      problem = /** @type {any} */ (fault).code ?? "storage_lost";
    }
    draw();
  }

  /** Let the last write end, and write no more: the record takes over. */
  async function close() {
    await writing;
    isClosed = true;
  }

  return { draft, key, change, close, isSaved: () => isSaved, problem: () => problem };
}

/** The record of a finished draft (form visit.v1). @param {VisitDraft} draft @param {any} form @param {string} checkedOutAt */
export function visitBody(draft, form, checkedOutAt) {
  return {
    visit_id: draft.visit_id,
    outlet_id: draft.outlet_id,
    checked_in_at: draft.checked_in_at,
    checked_out_at: checkedOutAt,
    fix: draft.fix,
    presence_reason: draft.presence_reason,
    presence_note: draft.presence_note,
    checklist: form.checklist
      .filter((/** @type {any} */ question) => draft.answers[question.key])
      .map((/** @type {any} */ question) => ({ key: question.key, ...draft.answers[question.key] })),
    has_complaint: draft.answers.owner_complaint?.answer === "yes",
    complaint_note: draft.complaint_note,
    condition: draft.condition,
    handling: draft.handling,
    photos: draft.photos,
    signature: draft.signature,
    signature_refusal: draft.signature_refusal,
    corrects: null,
  };
}

/** The answers that are problems, with the question's and the choice's words. @param {VisitDraft} draft @param {any} form @returns {{question: any, choice: any, note: string}[]} */
export function problemsFound(draft, form) {
  return form.checklist.flatMap((/** @type {any} */ question) => {
    const given = draft.answers[question.key];
    const choice = question.choices.find((/** @type {any} */ one) => one.value === given?.answer);
    return choice?.is_problem ? [{ question, choice, note: given.note }] : [];
  });
}
