// @ts-check
/** The spare copy of what the company does not have yet: records, drafts, and the photos of both. */
import { uuid7 } from "../ids.js";
import { renumbered } from "../outbox/numbering.js";
import { isSettled } from "./retention.js";
import { isNew } from "./new_database.js";
import { isSealed, isSealing } from "./seals.js";
import { STORES } from "./capture_schema.js";
import { dropSparePhotos, getSpare, mayCopyPhotos, partsOf, pathsIn, putSpare, spareName, spareNames, sparePath } from "./spare_cache.js";

/**
 * @typedef {import("./connection.js").Database} Database
 * @typedef {import("./capture_schema.js").StoredOp} StoredOp
 * @typedef {{key: string, draft: any, blobs: string[], saved_at: string}} StoredDraft
 * @typedef {{name: string, cache: Cache, have: Set<string>, over: Set<string>, isFirst: boolean}} Spare `have`: what lies in the cache as far as
 *   this page knows; `over`: operations of which the company has everything
 * @typedef {{at: string, records: number, drafts: number}} Restored
 */

/** @type {WeakMap<Database, Spare>} */
const spares = new WeakMap();

/**
 * Bring the spare copy in line with the database. Safe to repeat and to be ended anywhere: what is new is copied before what is
 * over goes, and records before photos.
 * @param {Database} db
 */
export async function copyCapture(db) {
  if (await isNew(db)) return;
  const spare = await spareOf(db);
  const wanted = await wantedPaths(db, spare);
  await copyMissing(db, spare, wanted.rows);
  for (const path of [...spare.have].filter((one) => !wanted.rows.has(one) && !wanted.photos.has(one))) {
    if (partsOf(path)[0] === "replica") continue;
    await spare.cache.delete(path);
    spare.have.delete(path);
  }
  await copyMissing(db, spare, wanted.photos, mayCopyPhotos).catch(dropWhenFull);
  if (spare.isFirst) await Promise.all(spareNames(db.personId).map((name) => name !== spare.name && caches.delete(name)));
  spare.isFirst = false;
}

/** @param {Database} db @returns {Promise<Spare>} */
async function spareOf(db) {
  const name = spareName(db.personId);
  const known = spares.get(db);
  if (known?.name === name) return known;
  const cache = await caches.open(name);
  const spare = { name, cache, have: new Set(await pathsIn(cache)), over: new Set(), isFirst: true };
  spares.set(db, spare);
  return spare;
}

/** @param {Database} db @param {Spare} spare @returns {Promise<{rows: Set<string>, photos: Set<string>}>} */
async function wantedPaths(db, spare) {
  return db.read(["ops", "uploads", "drafts"], async (tx) => {
    const [ops, uploads] = [tx.objectStore("ops"), tx.objectStore("uploads").index("by_state")];
    const pending = await ops.index("by_state").getAllKeys(IDBKeyRange.bound(["pending", 0], ["pending", Infinity]));
    const waiting = new Set([...(await uploads.getAllKeys("held")), ...(await uploads.getAllKeys("wanted"))]);
    const isPending = new Set(pending);
    const others = (await ops.getAllKeys()).filter((/** @type {string} */ id) => !isPending.has(id) && !spare.over.has(id));
    const open = await openOnes(ops, others, spare.over, waiting);
    const drafts = /** @type {StoredDraft[]} */ (await tx.objectStore("drafts").getAll());
    const rows = [...[...pending, ...open].map((id) => sparePath("ops", id)), ...drafts.map((one) => draftPath(one))];
    const photos = [...waiting, ...drafts.flatMap((one) => one.blobs)].map((sha256) => sparePath("blobs", sha256));
    return { rows: new Set(rows), photos: new Set(photos) };
  });
}

/** Acknowledged ones that are not over: a photo is on its way, or nobody could read them. @param {any} ops @param {string[]} ids @param {Set<string>} over added to @param {Set<string>} waiting */
async function openOnes(ops, ids, over, waiting) {
  const rows = await Promise.all(ids.map((id) => ops.get(id)));
  const isOpen = (/** @type {StoredOp} */ op) => !isSettled(op) || op.blobs.some((sha256) => waiting.has(sha256));
  for (const op of rows.filter((one) => !isOpen(one))) over.add(op.op_id);
  return rows.filter(isOpen).map((op) => op.op_id);
}

/** A draft changes: each of its states has a path of its own. @param {StoredDraft} draft */
function draftPath({ key, saved_at }) {
  return sparePath("drafts", key, saved_at);
}

/** @param {Database} db @param {Spare} spare @param {Set<string>} paths @param {() => boolean} [mayGoOn] asked before each */
async function copyMissing(db, spare, paths, mayGoOn = () => true) {
  for (const path of paths) {
    if (!mayGoOn()) return;
    if (spare.have.has(path)) continue;
    const [store, key] = partsOf(path);
    const row = await db.read([store], (tx) => tx.objectStore(store).get(key));
    if (!row || (isSealing(db.personId) && !isSealed(row.body_text ?? row.draft ?? row.bytes))) continue; // sealed soon, and copied then
    await putSpare(spare.cache, path, row);
    spare.have.add(path);
  }
}

/** @param {unknown} fault */
async function dropWhenFull(fault) {
  if (/** @type {any} */ (fault)?.name !== "QuotaExceededError") throw fault;
  await dropSparePhotos();
}

/**
 * The database is new: put in what its spare copy holds. Numbers begin anew under another client id, as after any loss (SYNC §3); what
 * the company has meanwhile it answers as it did. Safe to be ended anywhere: the mark goes with the last write.
 * @param {Database} db
 */
export async function restoreCapture(db) {
  const { ops, drafts, sizes } = await restoredRows(db);
  await db.write(
    STORES,
    async (tx) => {
      const meta = tx.objectStore("meta");
      if (!(await meta.get("is_new"))) return; // another tab was faster
      await meta.delete("is_new");
      if (ops.length + drafts.length === 0) return;
      await meta.put({ at: new Date().toISOString(), records: ops.length, drafts: drafts.length }, "restored");
      const since = /** @type {StoredOp[]} */ (await tx.objectStore("ops").getAll()); // of a start that could not put the copy in
      const { ops: numbered, nextN } = renumbered([...ops, ...since], new Set());
      await meta.put({ client_id: uuid7(), next_n: nextN }, "client");
      for (const op of numbered) await tx.objectStore("ops").put(op);
      for (const op of ops) {
        for (const sha256 of op.blobs) await putUpload(tx, sha256, op.state === "pending" ? "held" : "wanted", sizes);
      }
      for (const draft of drafts) {
        await tx.objectStore("drafts").put(newer(await tx.objectStore("drafts").get(draft.key), draft));
      }
    },
    "strict",
  );
}

/** Photos are put in at once, one by one: all of them may be more than the page can hold. @param {Database} db */
async function restoredRows(db) {
  const [ops, drafts, sizes] = [new Map(), new Map(), new Map()];
  for (const name of spareNames(db.personId)) {
    if (!(await caches.has(name))) continue;
    const cache = await caches.open(name);
    for (const path of await pathsIn(cache)) {
      const [store] = partsOf(path);
      const row = store === "replica" ? null : await getSpare(cache, path).catch(() => null);
      if (row === null) continue;
      if (store === "ops") ops.set(row.op_id, row);
      else if (store === "drafts") drafts.set(row.key, newer(drafts.get(row.key), row));
      else {
        await db.write(["blobs"], (tx) => tx.objectStore("blobs").put(row), "strict");
        sizes.set(row.sha256, row.size ?? row.bytes.byteLength);
      }
    }
  }
  return { ops: /** @type {StoredOp[]} */ ([...ops.values()]), drafts: /** @type {StoredDraft[]} */ ([...drafts.values()]), sizes };
}

/** @param {StoredDraft | undefined} one @param {StoredDraft} other */
function newer(one, other) {
  return one && one.saved_at > other.saved_at ? one : other;
}

/** @param {any} tx @param {string} sha256 @param {"held" | "wanted"} state @param {Map<string, number>} sizes */
async function putUpload(tx, sha256, state, sizes) {
  const uploads = tx.objectStore("uploads");
  const known = await uploads.get(sha256);
  if (known?.state === "held") return;
  await uploads.put({ sha256, size: sizes.get(sha256) ?? 0, state, url: null, confirmed_at: null });
}
