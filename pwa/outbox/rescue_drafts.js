// @ts-check
/** Unfinished forms out of a rescue file, back onto a phone of the same person. */
import { loadDraft, saveDraft } from "../db/drafts.js";
import { coded } from "../db/problems.js";
import { isAnythingIn } from "../forms/begun.js";

/**
 * @typedef {import("../db/connection.js").Database} Database
 * @typedef {{key: string, draft: any, saved_at: string}} RescuedDraft
 */

const FAMILY = "xundian-rescue.";
/** How a PNG begins, in base64. */
const PNG = "iVBORw0KGgo";

/**
 * Bring the forms in; those that are begun on this phone as well stay as they are here. Safe to repeat.
 * @param {Database} db @param {string} text of the file
 * @returns {Promise<{brought: number, here: number}>} rejects with the code not_a_rescue_file, rescue_of_another, blob_damaged or one of storage
 */
export async function bringDrafts(db, text) {
  const { drafts, blobs } = readDrafts(text, db.personId);
  let [brought, here] = [0, 0];
  for (const { key, draft } of drafts) {
    const known = await loadDraft(db, key);
    if (known && isAnythingIn(known)) here += 1;
    else {
      await saveDraft(db, key, draft, photosOf(draft, blobs));
      brought += 1;
    }
  }
  return { brought, here };
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
