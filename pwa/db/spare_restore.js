// @ts-check
/** Putting back what a lost database held of the work that the company may not have: records, drafts, photos. */
import { renumber } from "../outbox/ledger.js";
import { STORES } from "./capture_schema.js";
import { getSpare, partsOf, pathsIn, spareCache, sparePath } from "./spare_cache.js";
import { isReadable, sealedPart } from "./spare_session.js";

/** In `meta` and in the cache: which database was copied. */
export const ID = "spare_id";

/**
 * @typedef {import("./connection.js").Database} Database
 * @typedef {import("./capture_schema.js").StoredOp} StoredOp
 * @typedef {import("./spare_capture.js").StoredDraft} StoredDraft
 * @typedef {{at: string, records: number, drafts: number}} Restored `at` in ISO 8601; `records` that may not have been sent
 */

/**
 * The database is new: put in what its spare copy holds, records and drafts first. Numbers begin anew under another client id, as after
 * any loss (SYNC §3); what the company has meanwhile it answers as it did. Safe to be ended anywhere. Rejects with storage_full, storage_lost,
 * or with `locked` while the lock that opens them was not put back yet; the mark stays then.
 * @param {Database} db
 */
export async function restoreCapture(db) {
  const cache = await spareCache(db.personId);
  const [{ ops, drafts }, id] = [await spareRows(db, cache), await getSpare(cache, sparePath(ID))];
  await db.write(
    STORES,
    async (tx) => {
      const meta = tx.objectStore("meta");
      if (!(await meta.get("is_new"))) return; // another tab was faster
      await meta.delete("is_new");
      if (id !== null) await meta.put(id, ID);
      if (ops.length + drafts.length === 0) return;
      const records = ops.filter((op) => op.state === "pending").length;
      await meta.put({ at: new Date().toISOString(), records, drafts: drafts.length }, "restored");
      await renumber(tx, [...ops, ...behind(ops, await tx.objectStore("ops").getAll())], new Set());
      for (const op of ops) {
        for (const sha256 of op.blobs) await putUpload(tx, sha256, op.state === "pending" ? "held" : "wanted");
      }
      for (const draft of drafts) {
        await tx.objectStore("drafts").put(newer(await tx.objectStore("drafts").get(draft.key), draft));
      }
    },
    "strict",
  );
  await putBackPhotos(db);
}

/** What a start saved that could not put the copy in comes after it. @param {StoredOp[]} ops @param {StoredOp[]} since @returns {StoredOp[]} */
function behind(ops, since) {
  const known = new Set(ops.map((op) => op.op_id));
  const last = Math.max(0, ...ops.map((op) => op.n).filter((n) => n < Number.MAX_SAFE_INTEGER));
  return since.filter((op) => !known.has(op.op_id)).map((op) => ({ ...op, n: Math.min(op.n + last, Number.MAX_SAFE_INTEGER) }));
}

/** A damaged copy is passed over: the others need not wait for it. @param {Database} db @param {Cache} cache */
async function spareRows(db, cache) {
  const [ops, drafts] = [new Map(), new Map()];
  for (const path of await pathsIn(cache)) {
    const [store] = partsOf(path);
    if (store !== "ops" && store !== "drafts") continue;
    const row = await getSpare(cache, path);
    if (row === null || !(await isReadable(db.personId, sealedPart(row)))) continue;
    if (store === "ops") ops.set(row.op_id, row);
    else drafts.set(row.key, newer(drafts.get(row.key), row));
  }
  return { ops: /** @type {StoredOp[]} */ ([...ops.values()]), drafts: /** @type {StoredDraft[]} */ ([...drafts.values()]) };
}

/** @param {StoredDraft | undefined} one @param {StoredDraft} other */
function newer(one, other) {
  return one && one.saved_at > other.saved_at ? one : other;
}

/** @param {any} tx @param {string} sha256 @param {"held" | "wanted"} state */
async function putUpload(tx, sha256, state) {
  const uploads = tx.objectStore("uploads");
  if (((await uploads.get(sha256))?.state ?? "gone") !== "gone") return;
  await uploads.put({ sha256, size: 0, state, url: null, confirmed_at: null });
}

/**
 * Photos that work names and the database lacks, one by one: all of them may be more than the page can hold. What finds no room
 * stays spare and is tried at the next start.
 * @param {Database} db
 */
export async function putBackPhotos(db) {
  const cache = await spareCache(db.personId);
  for (const path of await pathsIn(cache)) {
    const [store, sha256] = partsOf(path);
    if (store !== "blobs" || !(await isLacking(db, sha256))) continue;
    const photo = await getSpare(cache, path);
    if (photo === null || !(await isReadable(db.personId, photo.bytes))) continue;
    try {
      await db.write(["blobs", "uploads"], (tx) => putPhoto(tx, photo), "strict");
    } catch (fault) {
      if (/** @type {any} */ (fault).code === "storage_full") return;
      throw fault;
    }
  }
}

/** @param {Database} db @param {string} sha256 */
async function isLacking(db, sha256) {
  return db.read(["blobs", "uploads", "drafts"], async (tx) => {
    if ((await tx.objectStore("blobs").getKey(sha256)) !== undefined) return false;
    const upload = await tx.objectStore("uploads").get(sha256);
    if (upload) return upload.state !== "confirmed";
    return (await tx.objectStore("drafts").getAll()).some((/** @type {StoredDraft} */ draft) => draft.blobs.includes(sha256));
  });
}

/** @param {any} tx @param {any} photo */
async function putPhoto(tx, photo) {
  const [blobs, uploads] = [tx.objectStore("blobs"), tx.objectStore("uploads")];
  await blobs.put(photo);
  const upload = await uploads.get(photo.sha256);
  if (upload)
    await uploads.put({ ...upload, size: photo.size ?? photo.bytes.byteLength, state: upload.state === "gone" ? "wanted" : upload.state });
}
