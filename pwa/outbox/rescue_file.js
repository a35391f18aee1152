// @ts-check
/** Making rescue files from the capture database; nothing in it changes. */
import { getBlob, openedDraft } from "../db/drafts.js";
import { isDamage, isSealed, openedRows } from "../db/seals.js";
import { isAnythingIn } from "../forms/begun.js";
import { lackingOps, rescueParts, rescueText } from "./rescue.js";

/**
 * @typedef {import("../db/connection.js").Database} Database
 * @typedef {import("./rescue.js").RescuePart} RescuePart
 * @typedef {import("./rescue.js").DraftWithPhotos} DraftWithPhotos
 */

/** The records of which the company lacks something. @param {Database} db @returns {Promise<import("./rescue.js").StoredOp[]>} */
export async function unsentRecords(db) {
  return lackingOps(...(await sending(db)));
}

/** What has to go into files; every draft counts while the person's lock is closed, since nobody can tell what is in it. @param {Database} db @returns {Promise<RescuePart[]>} */
export async function rescuePlan(db) {
  return rescueParts(...(await sending(db)), await begunDrafts(db));
}

/**
 * One file. Each piece of text becomes a Blob at once, which the browser may keep on disk, so that the page holds one photo at a time.
 * A form or a photo whose seal is damaged is left out; of a form, where its spare copy is damaged too.
 * @param {Database} db
 * @param {import("./rescue.js").RescueHead} head
 * @param {RescuePart} part
 * @returns {Promise<Blob>} rejects with the code `locked` while the person's lock is closed
 */
export async function rescueBlob(db, head, part) {
  const read = async (/** @type {string} */ sha256) => (await getBlob(db, sha256).catch(ifDamaged))?.bytes ?? null;
  const readable = async (/** @type {any} */ row) => {
    const { draft, isDamaged } = await openedDraft(db, row);
    return isDamaged ? [] : [{ ...row, draft }];
  };
  const [ops, drafts] = await Promise.all([openedRows(db, part.ops, "body_text"), Promise.all(part.drafts.map(readable))]);
  const pieces = [];
  for await (const text of rescueText(head, { ...part, ops, drafts: drafts.flat() }, read)) pieces.push(new Blob([text]));
  return new Blob(pieces, { type: "application/json" });
}

/** @param {unknown} fault @returns {null} */
function ifDamaged(fault) {
  if (!isDamage(fault)) throw fault;
  return null;
}

/** @param {Database} db @returns {Promise<[import("./rescue.js").StoredOp[], import("./rescue.js").StoredUpload[]]>} */
function sending(db) {
  return db.read(["ops", "uploads"], (tx) => Promise.all([tx.objectStore("ops").getAll(), tx.objectStore("uploads").getAll()]));
}

/** The forms under way, as they are stored; every one counts while the person's lock is closed. @param {Database} db @returns {Promise<any[]>} */
export async function begunForms(db) {
  const rows = /** @type {any[]} */ (await db.read(["drafts"], (tx) => tx.objectStore("drafts").getAll()));
  const mayHold = async (/** @type {any} */ row) => {
    const { draft, isDamaged } = await openedDraft(db, row).catch(() => ({ draft: row.draft, isDamaged: false }));
    return isDamaged || isSealed(draft) || mayHoldAnything(draft);
  };
  const begun = await Promise.all(rows.map(mayHold));
  return rows.filter((_, place) => begun[place]);
}

/** One of no known form, too. @param {any} draft */
function mayHoldAnything(draft) {
  try {
    return isAnythingIn(draft);
  } catch {
    return true;
  }
}

/** @param {Database} db @returns {Promise<DraftWithPhotos[]>} as they are stored, with the sizes of their photos */
async function begunDrafts(db) {
  const begun = await begunForms(db);
  return db.read(["blobs"], async (tx) => {
    /** @type {DraftWithPhotos[]} */
    const found = [];
    for (const { key, draft, saved_at, blobs } of begun) {
      found.push({ row: { key, draft, saved_at }, sizes: await sizesOf(tx.objectStore("blobs"), blobs) });
    }
    return found;
  });
}

/** @param {any} store @param {string[]} hashes @returns {Promise<Map<string, number>>} of those that are here, by hash */
async function sizesOf(store, hashes) {
  /** @type {Map<string, number>} */
  const sizes = new Map();
  for (const sha256 of hashes) {
    const row = await store.get(sha256);
    if (row) sizes.set(sha256, row.size ?? row.bytes.byteLength); // older rows have no size of their own
  }
  return sizes;
}
