// @ts-check
/** Unfinished records and their photos, kept through a kill of the browser. */
import { checkHashes, sealedPhotos, storeBytes, withRoom } from "./photo_bytes.js";
import { isDamage, openedBytes, openedValue, sealedValue } from "./seals.js";

/**
 * @typedef {import("./connection.js").Database} Database
 * @typedef {import("./photo_bytes.js").CapturedBlob} CapturedBlob
 * @typedef {{key: string, draft: any, savedAt: string, isDamaged: boolean}} KeptDraft `isDamaged`: its seal opens no more, and `draft` is null
 */

/** How the keys begin of drafts that cannot be read and make way for new ones of the same form. */
const ASIDE = "damaged/";

/**
 * Keep an unfinished record. `blobs` are new photos; those the draft names by hash stay, others are let go later.
 * @param {Database} db
 * @param {string} key
 * @param {object} draft
 * @param {CapturedBlob[]} [blobs]
 */
export function saveDraft(db, key, draft, blobs = []) {
  return keep(db, { key, draft, saved_at: new Date().toISOString() }, blobs);
}

/**
 * Keep an unfinished record of another phone as it was changed last there; the row says that it is from there until it is changed here.
 * @param {Database} db @param {{key: string, draft: object, saved_at: string}} rescued @param {CapturedBlob[]} blobs
 */
export function saveBrought(db, { key, draft, saved_at }, blobs) {
  return keep(db, { key, draft, saved_at, is_brought: true }, blobs);
}

/** @param {Database} db @param {{key: string, draft: object, saved_at: string, is_brought?: true}} unfinished @param {CapturedBlob[]} blobs */
async function keep(db, unfinished, blobs) {
  await checkHashes(blobs);
  const { draft } = unfinished;
  const named = [...new Set([...hashesIn(draft), ...blobs.map((blob) => blob.sha256)])];
  const row = { ...unfinished, draft: await sealedValue(db, draft), blobs: named };
  const photos = await sealedPhotos(db, blobs);
  const store = () =>
    db.write(
      ["drafts", "blobs"],
      async (tx) => {
        for (const photo of photos) await storeBytes(tx, photo);
        await tx.objectStore("drafts").put(row);
      },
      blobs.length > 0 ? "strict" : "relaxed",
    );
  await withRoom(db, store);
}

/**
 * The draft, or null. One whose seal is damaged is put aside, so that its form can be begun anew; `listDrafts` still has it.
 * @param {Database} db @param {string} key @returns {Promise<any>}
 */
export async function loadDraft(db, key) {
  const row = await db.read(["drafts"], (tx) => tx.objectStore("drafts").get(key));
  if (!row) return null;
  const { draft, isDamaged } = await openedDraft(db, row);
  if (isDamaged) await putAside(db, row);
  return draft;
}

/** Not where another page has changed it meanwhile. @param {Database} db @param {{key: string, saved_at: string}} damaged */
async function putAside(db, damaged) {
  await db.write(["drafts"], async (tx) => {
    const drafts = tx.objectStore("drafts");
    const row = await drafts.get(damaged.key);
    if (row?.saved_at !== damaged.saved_at) return;
    await drafts.put({ ...row, key: `${ASIDE}${row.saved_at}/${row.key}` });
    await drafts.delete(row.key);
  });
}

/** When a draft was changed last, on whatever phone; null where there is none. @param {Database} db @param {string} key @returns {Promise<string | null>} */
export async function savedAt(db, key) {
  const row = await db.read(["drafts"], (tx) => tx.objectStore("drafts").get(key));
  return row?.saved_at ?? null;
}

/** When a draft was changed last on another phone; null for one that was changed on this one. @param {Database} db @param {string} key @returns {Promise<string | null>} */
export async function broughtAt(db, key) {
  const row = await db.read(["drafts"], (tx) => tx.objectStore("drafts").get(key));
  return row?.is_brought ? row.saved_at : null;
}

/** Newest first; rejects with the code `locked` while the person's lock is closed. @param {Database} db @returns {Promise<KeptDraft[]>} */
export async function listDrafts(db) {
  const rows = /** @type {any[]} */ (await db.read(["drafts"], (tx) => tx.objectStore("drafts").getAll()));
  const drafts = await Promise.all(rows.map(async (row) => ({ key: row.key, savedAt: row.saved_at, ...(await openedDraft(db, row)) })));
  return drafts.sort((a, b) => b.savedAt.localeCompare(a.savedAt));
}

/**
 * What a row holds; rejects with the code `locked` while the person's lock is closed.
 * @param {Database} db @param {{key: string, draft: any, saved_at: string}} row @returns {Promise<{draft: any, isDamaged: boolean}>}
 */
export async function openedDraft(db, row) {
  if (isAside(row.key)) return { draft: null, isDamaged: true };
  try {
    return { draft: await openedValue(db, row.draft), isDamaged: false };
  } catch (fault) {
    if (!isDamage(fault)) throw fault;
    return copiedDraft(db, row);
  }
}

/** As its spare copy has it, which lies elsewhere and may be whole. @param {Database} db @param {{key: string, saved_at: string}} damaged */
async function copiedDraft(db, { key, saved_at }) {
  try {
    const { getSpare, SEALED, spareCache, sparePath } = await import("./spare_cache.js");
    const copy = await getSpare(await spareCache(db.personId), sparePath("drafts", key, saved_at, SEALED));
    if (copy !== null) return { draft: await openedValue(db, copy.draft), isDamaged: false };
  } catch (fault) {
    console.info("the spare copy of a damaged draft cannot be read", key, fault);
  }
  return { draft: null, isDamaged: true };
}

/** Whether a draft cannot be read and was put aside. @param {string} key as it is stored */
export function isAside(key) {
  return key.startsWith(ASIDE);
}

/** The key of the form that a draft is of, where that was put aside too. @param {string} key as it is stored @returns {string} */
export function formKey(key) {
  return key.slice(key.lastIndexOf("/") + 1);
}

/** @param {Database} db @param {string} key */
export async function deleteDraft(db, key) {
  await db.write(["drafts"], (tx) => tx.objectStore("drafts").delete(key));
}

/** @param {Database} db @param {string} sha256 @returns {Promise<{sha256: string, bytes: ArrayBuffer, mime: string}|null>} */
export async function getBlob(db, sha256) {
  const row = await db.read(["blobs"], (tx) => tx.objectStore("blobs").get(sha256));
  return row ? { ...row, bytes: await openedBytes(db, row.bytes) } : null;
}

/** Every SHA-256 that stands as a text anywhere in the value. @param {unknown} value @returns {string[]} */
function hashesIn(value) {
  if (typeof value === "string") return /^[0-9a-f]{64}$/.test(value) ? [value] : [];
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return [];
  return Object.values(value).flatMap(hashesIn);
}
