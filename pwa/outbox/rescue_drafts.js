// @ts-check
/** Unfinished forms out of a rescue file, back onto a phone of the same person. */
import { broughtAt, loadDraft, saveBrought } from "../db/drafts.js";
import { coded } from "../db/problems.js";
import { documentsOf } from "../db/replica.js";
import { isAnythingIn } from "../forms/begun.js";
import { RESCUE_FORMAT } from "./rescue.js";

/**
 * @typedef {import("../db/connection.js").Database} Database
 * @typedef {{key: string, draft: any, saved_at: string}} RescuedDraft
 * @typedef {{brought: number, here: number, saved: number, damaged: number}} Brought how many came in, were begun here as well, are saved already, and could not be brought
 */

const FAMILY = /^xundian-rescue\./;
/** How a PNG begins, in base64. */
const PNG = "iVBORw0KGgo";

/**
 * Bring the forms in, but none whose record was saved meanwhile; those that are begun on this phone as well stay as they are here, and
 * one that is damaged holds up no other. Safe to repeat.
 * @param {{capture: Database, replica: Database}} databases @param {string} text of the file
 * @returns {Promise<Brought>} rejects with the code not_a_rescue_file, newer_rescue_file, rescue_of_another or one of storage
 */
export async function bringDrafts({ capture, replica }, text) {
  const { drafts, blobs } = readDrafts(text, capture.personId);
  const records = await savedRecords(capture, replica);
  const came = { brought: 0, here: 0, saved: 0, damaged: 0 };
  for (const one of drafts) {
    if (!isWhole(one)) came.damaged += 1;
    else if (records.has(recordOf(one.draft) ?? "")) came.saved += 1;
    else came[await bringDraft(capture, one, blobs)] += 1;
  }
  return came;
}

/** Whether it is a form that the phone can show. @param {any} rescued @returns {rescued is RescuedDraft} */
function isWhole(rescued) {
  if (!isObject(rescued) || typeof rescued.key !== "string" || !isObject(rescued.draft)) return false;
  try {
    isAnythingIn(rescued.draft);
    return true;
  } catch {
    return false;
  }
}

/** @param {Database} db @param {RescuedDraft} rescued @param {Record<string, unknown>} blobs @returns {Promise<"brought" | "here" | "damaged">} */
async function bringDraft(db, { key, draft, saved_at }, blobs) {
  const savedAt = instantOf(saved_at);
  if (await stays(db, key, savedAt)) return "here";
  try {
    await saveBrought(db, { key, draft, saved_at: savedAt ?? new Date().toISOString() }, photosOf(draft, blobs));
  } catch (fault) {
    if (/** @type {any} */ (fault).code !== "blob_damaged") throw fault;
    return "damaged";
  }
  return "brought";
}

/** Whether what is here stays: but for what was brought from an older file and not changed here since. @param {Database} db @param {string} key @param {string | null} savedAt */
async function stays(db, key, savedAt) {
  const known = await loadDraft(db, key);
  if (!known || !isAnythingIn(known)) return false;
  const broughtOf = await broughtAt(db, key);
  return broughtOf === null || savedAt === null || broughtOf >= savedAt;
}

/** When it was changed last, in the notation of this phone and not after now; null where the file does not say. @param {unknown} text @returns {string | null} */
function instantOf(text) {
  const at = typeof text === "string" ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : new Date(Math.min(at, Date.now())).toISOString();
}

/** The id of the record that the form becomes; undefined for changes to a file and words on a payslip, which have none before they are saved. @param {any} draft @returns {string | undefined} */
function recordOf({ visit_id, new_outlet_id, record_id, objection_id }) {
  return visit_id ?? new_outlet_id ?? record_id ?? objection_id;
}

/** Ids of what was saved on this phone, and of what the company's rows hold. @param {Database} capture @param {Database} replica @returns {Promise<Set<string>>} */
async function savedRecords(capture, replica) {
  const ops = /** @type {any[]} */ (await capture.read(["ops"], (tx) => tx.objectStore("ops").getAll()));
  const docs = await documentsOf(replica);
  const objections = (docs.get("finding") ?? []).flatMap((finding) => finding.objections ?? []);
  return new Set([...ops.map((op) => op.entity.id), ...[...docs.values()].flat().map((doc) => doc.id), ...objections.map(({ id }) => id)]);
}

/** @param {string} text @param {string} personId @returns {{drafts: unknown[], blobs: Record<string, unknown>}} */
function readDrafts(text, personId) {
  const { format, person_id, drafts = [], blobs = {} } = parsed(text) ?? {};
  if (format !== RESCUE_FORMAT) throw coded(FAMILY.test(format) ? "newer_rescue_file" : "not_a_rescue_file");
  if (!Array.isArray(drafts) || !isObject(blobs)) throw coded("not_a_rescue_file");
  if (person_id !== personId) throw coded("rescue_of_another");
  return { drafts, blobs };
}

/** @param {unknown} value @returns {value is Record<string, any>} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw coded("not_a_rescue_file");
  }
}

/** The photos of the file that the form names. @param {any} draft @param {Record<string, unknown>} blobs */
function photosOf(draft, blobs) {
  const words = JSON.stringify(draft);
  return Object.entries(blobs)
    .filter(([sha256]) => words.includes(sha256))
    .map(([sha256, text]) => photoOf(sha256, text));
}

/** @param {string} sha256 @param {unknown} text base64 */
function photoOf(sha256, text) {
  if (typeof text !== "string") throw coded("blob_damaged", { sha256 });
  return { sha256, bytes: bytesOf(sha256, text), mime: text.startsWith(PNG) ? "image/png" : "image/jpeg" };
}

/** @param {string} sha256 @param {string} text base64 @returns {ArrayBuffer} */
function bytesOf(sha256, text) {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
  } catch (cause) {
    throw coded("blob_damaged", { sha256, cause });
  }
}
