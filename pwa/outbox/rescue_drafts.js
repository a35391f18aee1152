// @ts-check
/** Unfinished forms out of a rescue file, back onto a phone of the same person. */
import { loadDraft, saveDraft } from "../db/drafts.js";
import { coded } from "../db/problems.js";
import { documentsOf } from "../db/replica.js";
import { isAnythingIn } from "../forms/begun.js";

/**
 * @typedef {import("../db/connection.js").Database} Database
 * @typedef {{key: string, draft: any, saved_at: string}} RescuedDraft
 */

const FAMILY = "xundian-rescue.";
/** How a PNG begins, in base64. */
const PNG = "iVBORw0KGgo";

/**
 * Bring the forms in, but none whose record was saved meanwhile; those that are begun on this phone as well stay as they are here. Safe to repeat.
 * @param {{capture: Database, replica: Database}} databases @param {string} text of the file
 * @returns {Promise<{brought: number, here: number, saved: number}>} rejects with the code not_a_rescue_file, rescue_of_another, blob_damaged or one of storage
 */
export async function bringDrafts({ capture, replica }, text) {
  const { drafts, blobs } = readDrafts(text, capture.personId);
  const records = await savedRecords(capture, replica);
  const came = { brought: 0, here: 0, saved: 0 };
  for (const one of drafts) came[records.has(recordOf(one.draft)) ? "saved" : await bringDraft(capture, one, blobs)] += 1;
  return came;
}

/** @param {Database} db @param {RescuedDraft} rescued @param {Record<string, string>} blobs @returns {Promise<"brought" | "here">} */
async function bringDraft(db, { key, draft }, blobs) {
  const known = await loadDraft(db, key);
  if (known && isAnythingIn(known)) return "here";
  await saveDraft(db, key, draft, photosOf(draft, blobs));
  return "brought";
}

/** The id of the record that the form becomes; undefined for changes to a file and words on a payslip, which have none before they are saved. @param {any} draft @returns {string | undefined} */
function recordOf({ visit_id, new_outlet_id, record_id, objection_id }) {
  return visit_id ?? new_outlet_id ?? record_id ?? objection_id;
}

/** Ids of what was saved on this phone, and of what the company's rows hold. @param {Database} capture @param {Database} replica @returns {Promise<Set<string | undefined>>} */
async function savedRecords(capture, replica) {
  const ops = /** @type {any[]} */ (await capture.read(["ops"], (tx) => tx.objectStore("ops").getAll()));
  const docs = await documentsOf(replica);
  const objections = (docs.get("finding") ?? []).flatMap((finding) => finding.objections ?? []);
  return new Set([...ops.map((op) => op.entity.id), ...[...docs.values()].flat().map((doc) => doc.id), ...objections.map(({ id }) => id)]);
}

/** @param {string} text @param {string} personId @returns {{drafts: RescuedDraft[], blobs: Record<string, string>}} */
function readDrafts(text, personId) {
  const { format, person_id, drafts = [], blobs = {} } = parsed(text) ?? {};
  if (typeof format !== "string" || !format.startsWith(FAMILY)) throw coded("not_a_rescue_file");
  if (person_id !== personId) throw coded("rescue_of_another");
  return { drafts, blobs };
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw coded("not_a_rescue_file");
  }
}

/** The photos of the file that the form names. @param {any} draft @param {Record<string, string>} blobs */
function photosOf(draft, blobs) {
  const words = JSON.stringify(draft);
  const named = Object.entries(blobs).filter(([sha256]) => words.includes(sha256));
  return named.map(([sha256, text]) => ({ sha256, bytes: bytesOf(text), mime: text.startsWith(PNG) ? "image/png" : "image/jpeg" }));
}

/** @param {string} text base64 @returns {ArrayBuffer} */
function bytesOf(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
}
