// @ts-check
/** Unfinished forms out of a rescue file, back onto a phone of the same person. */
import { broughtAt, loadDraft, saveBrought } from "../db/drafts.js";
import { coded } from "../db/problems.js";
import { documentsOf } from "../db/replica.js";
import { isAnythingIn } from "../forms/begun.js";
import { membersOf, parsed } from "./json_members.js";
import { RESCUE_FORMAT } from "./rescue.js";

/**
 * @typedef {import("../db/connection.js").Database} Database
 * @typedef {{key: string, draft: any, saved_at: string}} RescuedDraft
 * @typedef {{drafts: unknown[], photos: Map<string, Blob>}} Rescued what a file holds of unfinished forms; `photos` as JSON texts of base64, by hash
 * @typedef {{brought: number, here: number, saved: number, damaged: number}} Brought how many came in, were begun here as well, are saved already, and could not be brought
 */

const FAMILY = /^xundian-rescue\./;
/** How a PNG begins, in base64. */
const PNG = "iVBORw0KGgo";

/**
 * Bring the forms in, but none whose record was saved meanwhile; those that are begun on this phone as well stay as they are here, and
 * one that is damaged holds up no other. Safe to repeat.
 * @param {{capture: Database, replica: Database}} databases @param {Rescued} rescued
 * @returns {Promise<Brought>} rejects with one of the codes of storage
 */
export async function bringDrafts({ capture, replica }, { drafts, photos }) {
  const records = await savedRecords(capture, replica);
  const came = { brought: 0, here: 0, saved: 0, damaged: 0 };
  for (const one of drafts) {
    if (!isWhole(one)) came.damaged += 1;
    else if (records.has(recordOf(one.draft) ?? "")) came.saved += 1;
    else came[await bringDraft(capture, one, photos)] += 1;
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

/** @param {Database} db @param {RescuedDraft} rescued @param {Map<string, Blob>} photos @returns {Promise<"brought" | "here" | "damaged">} */
async function bringDraft(db, { key, draft, saved_at }, photos) {
  const savedAt = instantOf(saved_at);
  if (await stays(db, key, savedAt)) return "here";
  try {
    await saveBrought(db, { key, draft, saved_at: savedAt ?? new Date().toISOString() }, await photosOf(draft, photos));
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

/**
 * What a file holds of this person's unfinished forms, read in pieces: its records are passed over, and its photos stay in it.
 * @param {Blob} file @param {string} personId
 * @returns {Promise<Rescued>} rejects with the code not_a_rescue_file, newer_rescue_file or rescue_of_another
 */
export async function readRescue(file, personId) {
  const members = await membersOf(file).catch(isNone);
  const said = async (/** @type {string} */ key) => parsed(members.get(key) ?? new Blob(["null"])).catch(isNone);
  const format = await said("format");
  if (format !== RESCUE_FORMAT) throw coded(FAMILY.test(format) ? "newer_rescue_file" : "not_a_rescue_file");
  const drafts = members.has("drafts") ? await said("drafts") : [];
  const photos = await membersOf(members.get("blobs") ?? new Blob(["{}"])).catch(isNone);
  if (!Array.isArray(drafts)) throw coded("not_a_rescue_file");
  if ((await said("person_id")) !== personId) throw coded("rescue_of_another");
  return { drafts, photos };
}

/** A file that is not JSON as a rescue file is. @param {any} fault @returns {never} */
function isNone(fault) {
  throw fault?.code === "not_json" ? coded("not_a_rescue_file") : fault;
}

/** @param {unknown} value @returns {value is Record<string, any>} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The photos of the file that the form names. @param {any} draft @param {Map<string, Blob>} photos */
async function photosOf(draft, photos) {
  const words = JSON.stringify(draft);
  const named = [];
  for (const [sha256, text] of photos) if (words.includes(sha256)) named.push(await photoOf(sha256, text));
  return named;
}

/** @param {string} sha256 @param {Blob} json of its base64 */
async function photoOf(sha256, json) {
  const text = await parsed(json).catch((fault) => {
    if (fault.code !== "not_json") throw fault;
  });
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
