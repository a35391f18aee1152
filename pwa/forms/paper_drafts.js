// @ts-check
// Paper forms under way besides visits: complaints (附表五), trainings (附表三), materials, churn, follow-ups. Pure.
import { uuid7 } from "../ids.js";
import { photoFacts } from "./photo_facts.js";

/**
 * @typedef {import("../ui/signature.js").Ink} Ink
 * @typedef {import("./photo_facts.js").PhotoFact} TakenPhoto
 * @typedef {object} PaperDraft what every one of them has; the rest are its own answers by name
 * @property {string} record_id
 * @property {number} step
 * @property {TakenPhoto[]} photos
 * @property {Ink | null} ink what was drawn on the pad, before it is saved
 * @property {boolean} is_ink_void whether a change of the content took a drawn signature away
 * @property {{name: string, role: string} | null} signer
 * @property {any} signature
 * @property {string | null} signature_refusal why nobody signs
 * @property {any} [outlet] what it needs of its outlet, and with `about` of what it is about, for when they leave the phone (paper_ground.js)
 * @property {any} [about]
 */

const AROUND = ["step", "photos", "ink", "is_ink_void", "signer", "signature", "signature_refusal", "taken_out", "outlet", "about"];

/** The feedback of a customer who was not asked. */
const UNASKED = { feedback_result: "", feedback_speed: "", feedback_text: "" };

/** @template {Record<string, any>} Answers @param {Answers} answers @returns {PaperDraft & Answers} */
export function newPaper(answers) {
  const signing = { ink: null, is_ink_void: false, signer: null, signature: null, signature_refusal: null };
  return { record_id: uuid7(), step: 0, photos: [], ...signing, ...answers };
}

/** What was signed may not change behind the signature. @param {any} draft @param {Record<string, any>} changes @returns {Record<string, any>} */
export function unsigned(draft, changes) {
  return changesContent(draft, changes) && (draft.ink || draft.signature) ? { ink: null, signature: null, is_ink_void: true } : {};
}

/** Whether what one signs under becomes another. @param {any} draft @param {Record<string, any>} changes @returns {boolean} */
export function changesContent(draft, changes) {
  return Object.keys(changes).some((name) => !AROUND.includes(name) && draft[name] !== changes[name]);
}

/** Of the fields that must be said, those that are not, with the key of what to do. @param {any} draft @param {string[]} needed @returns {Record<string, string>} */
export function missing(draft, needed) {
  return Object.fromEntries(needed.filter((name) => !String(draft[name] ?? "").trim()).map((name) => [name, `paper.missing.${name}`]));
}

/**
 * The record of a finished form. @param {string} form @param {{type: string, id: string}} entity @param {string} outletId @param {any} body
 * @param {PaperDraft} draft its photos and signature go along
 */
function record(form, entity, outletId, body, draft) {
  const blobs = [...hashesOf(draft).map((sha256) => ({ sha256 })), ...(draft.signature ? [{ sha256: draft.signature.sha256 }] : [])];
  return {
    kind: /** @type {const} */ ("record"),
    form,
    entity,
    scope: `outlet:${outletId}`,
    body: { ...body, outlet_id: outletId, ...photoFacts(draft.photos) },
    blobs,
  };
}

/** Of its photos, in their order. @param {PaperDraft} draft @returns {string[]} */
function hashesOf(draft) {
  return draft.photos.map((photo) => photo.sha256);
}

/** 投诉 raised at the outlet. @param {string} outletId @param {any} draft @param {string} at */
export function complaintRecord(outletId, draft, at) {
  const { record_id, kind, complainant, phone, account, demand } = draft;
  const said = { complainant: complainant.trim(), phone: phone.trim(), account: account.trim(), demand: demand.trim() };
  const body = { complaint_id: record_id, heard_at: at, kind, ...said };
  return record("complaint.v1", { type: "complaint", id: record_id }, outletId, body, draft);
}

/** 投诉处理; what was chosen for a customer who then did not sign is nobody's feedback. @param {any} complaint @param {any} draft @param {string} at */
export function complaintResultRecord(complaint, draft, at) {
  const { record_id, investigation, verdict, handling, feedback_result, feedback_speed, feedback_text, signature } = draft;
  const isSigned = draft.is_present === "yes" && signature !== null;
  const found = { investigation: investigation.trim(), verdict, handling: handling.trim() };
  const feedback = isSigned ? { feedback_result, feedback_speed, feedback_text: feedback_text.trim() } : UNASKED;
  const body = { result_id: record_id, complaint_id: complaint.id, done_at: at, ...found, ...feedback, signature };
  return record("complaint_result.v1", { type: "complaint_result", id: record_id }, complaint.outlet_id, body, draft);
}

/** Names as typed, one a line or with commas between. @param {string} text @returns {string[]} */
export function namesIn(text) {
  return text
    .split(/[\n,，、;；]/)
    .map((name) => name.trim())
    .filter(Boolean);
}

/** The signature, or why there is none. @param {PaperDraft} draft */
function signedPart({ signature, signature_refusal }) {
  return { signature, signature_refusal: signature ? null : signature_refusal };
}

/** 培训记录. @param {string} outletId @param {any} draft @param {string} at */
export function trainingRecord(outletId, draft, at) {
  const attendees = namesIn(draft.attendees);
  const body = {
    training_id: draft.record_id,
    held_at: at,
    is_new_customer: draft.is_new_customer === "yes",
    place: draft.place.trim(),
    content: draft.content.trim(),
    attendees,
    attendee_count: Number.parseInt(draft.attendee_count, 10),
    photos: hashesOf(draft),
    ...signedPart(draft),
  };
  return record("training.v2", { type: "training", id: draft.record_id }, outletId, body, draft);
}

/** 物料申请. @param {string} outletId @param {any} draft @param {string} at */
export function materialRequestRecord(outletId, draft, at) {
  const body = { request_id: draft.record_id, asked_at: at, contents: draft.contents.trim() };
  return record("material_request.v1", { type: "material_request", id: draft.record_id }, outletId, body, draft);
}

/** 物料配送. @param {any} request @param {any} draft @param {string} at */
export function deliveryRecord(request, draft, at) {
  const photos = hashesOf(draft);
  const proof = { photos, ...signedPart(draft), note: draft.note.trim() };
  const body = { delivery_id: draft.record_id, request_id: request.id, delivered_at: at, ...proof };
  return record("delivery.v2", { type: "delivery", id: draft.record_id }, request.outlet_id, body, draft);
}

/** 登记备案. @param {string} outletId @param {any} draft @param {string} at */
export function followUpRecord(outletId, draft, at) {
  const { record_id, problem, owner, working_days } = draft;
  const photos = hashesOf(draft);
  const said = { problem: problem.trim(), owner, working_days: Number.parseInt(working_days, 10), photos };
  const body = { follow_up_id: record_id, noticed_at: at, ...said };
  return record("follow_up.v1", { type: "follow_up", id: record_id }, outletId, body, draft);
}

/** 备案复查. @param {any} followUp @param {any} draft @param {string} at */
export function followUpLookRecord(followUp, draft, at) {
  const photos = hashesOf(draft);
  const seen = { is_solved: draft.is_solved === "yes", note: draft.note.trim(), photos };
  const body = { look_id: draft.record_id, follow_up_id: followUp.id, looked_at: at, ...seen };
  return record("follow_up_look.v1", { type: "follow_up_look", id: draft.record_id }, followUp.outlet_id, body, draft);
}

/** 离网确认. @param {any} churnCase @param {any} draft @param {string} at */
export function churnWordRecord(churnCase, draft, at) {
  const body = { word_id: draft.record_id, case_id: churnCase.id, said_at: at, is_gone: draft.is_gone === "yes", note: draft.note.trim() };
  return record("churn_word.v1", { type: "churn_word", id: draft.record_id }, churnCase.outlet_id, body, draft);
}
