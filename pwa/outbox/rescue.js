// @ts-check
/**
 * Rescue files: what the company lacks of this phone, as text that an administrator brings in (SYNC §5). The shape is that
 * of server/intake/rescue_file.py. Pure: bytes come in through `readBytes`, one photo at a time.
 */
import { isSealed, textLength } from "../db/seals.js";
import { inOrder } from "./numbering.js";

/**
 * @typedef {import("../db/capture_schema.js").StoredOp} StoredOp
 * @typedef {import("../db/capture_schema.js").StoredUpload} StoredUpload
 * @typedef {{key: string, draft: any, saved_at: string}} StoredDraft an unfinished form
 * @typedef {{row: StoredDraft, sizes: Map<string, number>}} DraftWithPhotos `sizes`: those of its photos that are here, by hash
 * @typedef {{ops: StoredOp[], drafts: StoredDraft[], hashes: string[], bytes: number}} RescuePart what goes into one file, and about how large it gets
 * @typedef {{personId: string, personName: string, app: string, madeAt: string}} RescueHead
 */

export const RESCUE_FORMAT = "xundian-rescue.v1";
/** Phones and the server hold a file of this size without trouble; more goes into several. */
export const MOST_FILE_BYTES = 100_000_000;
export const MOST_FILE_OPS = 5000;
/** A multiple of 3, so that pieces of base64 fit together; small enough to be the arguments of one call. */
const PIECE_BYTES = 3 * 8192;

/**
 * What the company lacks: operations not acknowledged, and those of whose files one has not arrived, in the order in
 * which they are taken in; then the unfinished forms. Divided into files of a size that can be handled, each with the photos of all in it.
 * @param {StoredOp[]} ops
 * @param {StoredUpload[]} uploads
 * @param {DraftWithPhotos[]} [drafts]
 * @param {{bytes?: number, ops?: number}} [most]
 * @returns {RescuePart[]} none when the company has everything and no form is begun
 */
export function rescueParts(ops, uploads, drafts = [], { bytes: mostBytes = MOST_FILE_BYTES, ops: mostOps = MOST_FILE_OPS } = {}) {
  /** @type {RescuePart[]} */
  const parts = [];
  const add = (/** @type {RescuePart} */ one) => {
    const last = parts.at(-1);
    if (!last || last.bytes + one.bytes > mostBytes || last.ops.length + one.ops.length > mostOps) parts.push(one);
    else {
      last.ops.push(...one.ops);
      last.drafts.push(...one.drafts);
      last.hashes.push(...one.hashes);
      last.bytes += one.bytes;
    }
  };
  const sizes = new Map(uploads.filter(isLacking).map((upload) => [upload.sha256, upload.size]));
  for (const op of lackingOps(ops, uploads)) {
    const hashes = op.blobs.filter((sha256) => sizes.has(sha256));
    add({ ops: [op], drafts: [], hashes, bytes: textLength(op.body_text) * 3 + base64Sum(hashes, sizes) });
    for (const sha256 of hashes) sizes.delete(sha256); // once is enough
  }
  for (const { row, sizes } of drafts) {
    const hashes = [...sizes.keys()];
    add({ ops: [], drafts: [row], hashes, bytes: draftLength(row.draft) * 3 + base64Sum(hashes, sizes) });
  }
  return parts.map((part) => ({ ...part, hashes: [...new Set(part.hashes)] }));
}

/** Operations of which the company lacks something, in the order of their numbers. @param {StoredOp[]} ops @param {StoredUpload[]} uploads */
export function lackingOps(ops, uploads) {
  const lacking = new Set(uploads.filter(isLacking).map((upload) => upload.sha256));
  return ops.filter((one) => one.state === "pending" || one.blobs.some((sha256) => lacking.has(sha256))).sort(inOrder);
}

/** @param {StoredUpload} upload */
function isLacking({ state }) {
  return state === "held" || state === "wanted";
}

/** @param {any} draft as it is stored */
function draftLength(draft) {
  return textLength(isSealed(draft) ? draft : JSON.stringify(draft));
}

/** @param {string[]} hashes @param {Map<string, number>} sizes */
function base64Sum(hashes, sizes) {
  return hashes.reduce((sum, sha256) => sum + base64Length(sizes.get(sha256) ?? 0), 0);
}

/**
 * The text of a file, piece by piece. A photo whose bytes are gone is left out: the record goes without it.
 * @param {RescueHead} head
 * @param {RescuePart} part
 * @param {(sha256: string) => Promise<ArrayBuffer | null>} readBytes
 * @returns {AsyncGenerator<string>}
 */
export async function* rescueText({ personId, personName, app, madeAt }, { ops, drafts, hashes }, readBytes) {
  const head = { format: RESCUE_FORMAT, person_id: personId, person_name: personName, app, made_at: madeAt };
  yield `${JSON.stringify(head).slice(0, -1)},"ops":[`;
  for (const [place, op] of ops.entries()) yield `${place ? "," : ""}${JSON.stringify(rescuedOp(op))}`;
  yield '],"drafts":[';
  for (const [place, draft] of drafts.entries()) yield `${place ? "," : ""}${JSON.stringify(draft)}`;
  yield '],"blobs":{';
  let separator = "";
  for (const sha256 of hashes) {
    const bytes = await readBytes(sha256);
    if (!bytes) continue;
    yield `${separator}"${sha256}":"${base64Of(bytes)}"`;
    separator = ",";
  }
  yield "}}";
}

/** A name that says what it is, whose and from when; numbered when there are several. @param {string} word @param {string} login @param {string} date @param {{place: number, of: number}} which */
export function rescueName(word, login, date, { place, of }) {
  const safe = login.replace(/[^\p{L}\p{N}_.-]+/gu, "_");
  return `${[word, safe, date, ...(of > 1 ? [`${place + 1}-${of}`] : [])].filter(Boolean).join("-")}.json`;
}

/** `body_text` is what was stored, to the letter; numbers of this phone mean nothing to the server. @param {StoredOp} op */
function rescuedOp({ op_id, kind, form, entity, scope, base_v, body_text, blobs, t }) {
  return { op_id, kind, form, entity, scope, base_v, body_text, blobs, t };
}

/** @param {ArrayBuffer} buffer @returns {string} */
export function base64Of(buffer) {
  const bytes = new Uint8Array(buffer);
  const pieces = [];
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(start, start + PIECE_BYTES))));
  }
  return pieces.join("");
}

/** @param {number} bytes */
function base64Length(bytes) {
  return Math.ceil(bytes / 3) * 4;
}
