// @ts-check
/** The spare copy of what the company does not have yet: records, drafts, and the photos of both. */
import { uuid7 } from "../ids.js";
import { pendingRange, renumber } from "../outbox/ledger.js";
import { isSpaceLow, storageReport } from "../outbox/storage.js";
import { STORES } from "./capture_schema.js";
import { isNew } from "./new_database.js";
import { isCovered } from "./overlay_ops.js";
import { isSettled } from "./retention.js";
import { isSealed, isSealing } from "./seals.js";
import { dropSparePhotos, getSpare, mayCopyPhotos, partsOf, pathsIn, putSpare, spareCaches, spareName, sparePath } from "./spare_cache.js";
import { isReadable } from "./spare_session.js";

/**
 * @typedef {import("./connection.js").Database} Database
 * @typedef {import("./capture_schema.js").StoredOp} StoredOp
 * @typedef {import("./replica.js").PullState["applied"]} Applied
 * @typedef {{key: string, draft: any, blobs: string[], saved_at: string}} StoredDraft
 * @typedef {{name: string, cache: Cache, have: Set<string>, over: Set<string>}} Spare `have`: what lies in the cache as far as this page
 *   knows; `over`: operations that nobody needs a copy of any more
 * @typedef {{at: string, records: number, drafts: number}} Restored `at` in ISO 8601; `records` that may not have been sent
 */

/** In `meta` and in the cache. */
const ID = "spare_id";

/** @type {WeakMap<Database, Spare>} */
const spares = new WeakMap();

/**
 * Bring the spare copy in line with the database. Safe to repeat and to be ended anywhere: what is new is copied before what is
 * over goes, and records before photos. Rejects as the stores do (storage_lost, QuotaExceededError).
 * @param {Database} db
 * @param {Applied} copied what the spare copy of the company's rows covers; work that it does not cover stays, although it was acknowledged
 * @returns {Promise<boolean>} whether all of it is in this one cache now
 */
export async function copyCapture(db, copied) {
  if (await isNew(db)) return false;
  const spare = await spareOf(db);
  if (spare === null) return false;
  const wanted = await wantedPaths(db, spare, copied);
  await copyRows(db, spare, wanted.rows);
  for (const path of [...spare.have].filter((one) => !wanted.rows.has(one) && !wanted.photos.has(one))) {
    if (partsOf(path)[0] === "replica" || partsOf(path)[0] === ID) continue;
    await spare.cache.delete(path);
    spare.have.delete(path);
  }
  await copyPhotos(db, spare, wanted.photos);
  return (
    [...wanted.rows].every((path) => spare.have.has(path)) && (!mayCopyPhotos() || [...wanted.photos].every((path) => spare.have.has(path)))
  );
}

/** @param {Database} db @returns {Promise<Spare | null>} null when the copy is of another database than this: it is put in at the next start */
async function spareOf(db) {
  const name = spareName(db.personId);
  const known = spares.get(db);
  if (known?.name === name) return known;
  const id = await idOfCopied(db);
  if (id === null) return null;
  await putBackPhotos(db);
  const cache = await caches.open(name);
  await putSpare(cache, sparePath(ID), id);
  const spare = { name, cache, have: new Set(await pathsIn(cache)), over: new Set() };
  spares.set(db, spare);
  return spare;
}

/**
 * The id that the database and its copy share. A database that an older app made after a loss has none and no mark: it gets the mark.
 * @param {Database} db @returns {Promise<string | null>}
 */
async function idOfCopied(db) {
  const copied = await copiedId(db.personId);
  return db.write(["meta"], async (tx) => {
    const meta = tx.objectStore("meta");
    const own = await meta.get(ID);
    if (copied !== null && copied !== own) {
      await meta.put(true, "is_new");
      return null;
    }
    const id = own ?? uuid7();
    await meta.put(id, ID);
    return id;
  });
}

/** @param {string} personId @returns {Promise<string | null>} */
async function copiedId(personId) {
  for (const cache of await spareCaches(personId)) {
    const id = await getSpare(cache, sparePath(ID));
    if (id !== null) return id;
  }
  return null;
}

/** @param {Database} db @param {Spare} spare @param {Applied} copied @returns {Promise<{rows: Set<string>, photos: Set<string>}>} */
async function wantedPaths(db, spare, copied) {
  return db.read(["ops", "uploads", "drafts", "meta"], async (tx) => {
    const [ops, uploads] = [tx.objectStore("ops"), tx.objectStore("uploads").index("by_state")];
    const clientId = (await tx.objectStore("meta").get("client"))?.client_id ?? "";
    const pending = await ops.index("by_state").getAllKeys(pendingRange());
    const waiting = new Set([...(await uploads.getAllKeys("held")), ...(await uploads.getAllKeys("wanted"))]);
    const isPending = new Set(pending);
    const others = (await ops.getAllKeys()).filter((/** @type {string} */ id) => !isPending.has(id) && !spare.over.has(id));
    const rows = /** @type {StoredOp[]} */ (await Promise.all(others.map((/** @type {string} */ id) => ops.get(id))));
    const isOver = (/** @type {StoredOp} */ op) =>
      isSettled(op) && isCovered(op, clientId, copied) && !op.blobs.some((sha256) => waiting.has(sha256));
    for (const op of rows.filter(isOver)) spare.over.add(op.op_id);
    const open = rows.filter((op) => !isOver(op)).map((op) => op.op_id);
    const drafts = /** @type {StoredDraft[]} */ (await tx.objectStore("drafts").getAll());
    // numbers change with the client, drafts with each of their states: both stand in the path, since a path is copied once
    const paths = [
      ...[...pending, ...open].map((id) => sparePath("ops", id, clientId)),
      ...drafts.map((one) => sparePath("drafts", one.key, one.saved_at)),
    ];
    const photos = [...waiting, ...drafts.flatMap((one) => one.blobs)].map((sha256) => sparePath("blobs", sha256));
    return { rows: new Set(paths), photos: new Set(photos) };
  });
}

/** Records before second copies of photos: these go when the phone is full. @param {Database} db @param {Spare} spare @param {Set<string>} paths */
async function copyRows(db, spare, paths) {
  try {
    await copyMissing(db, spare, paths);
  } catch (fault) {
    if (!isQuota(fault)) throw fault;
    await dropSparePhotos(db);
    await copyMissing(db, spare, paths);
  }
}

/** @param {Database} db @param {Spare} spare @param {Set<string>} paths */
async function copyPhotos(db, spare, paths) {
  const isMissing = [...paths].some((path) => !spare.have.has(path));
  if (!isMissing || !mayCopyPhotos()) return;
  try {
    if (isSpaceLow(await storageReport())) await dropSparePhotos(db);
    else await copyMissing(db, spare, paths, mayCopyPhotos);
  } catch (fault) {
    if (!isQuota(fault)) throw fault;
    await dropSparePhotos(db);
  }
}

/** @param {Database} db @param {Spare} spare @param {Set<string>} paths @param {() => boolean} [mayGoOn] asked before each */
async function copyMissing(db, spare, paths, mayGoOn = () => true) {
  for (const path of paths) {
    if (!mayGoOn()) return;
    if (spare.have.has(path)) continue;
    const [store, key] = partsOf(path);
    const row = await db.read([store], (tx) => tx.objectStore(store).get(key));
    if (!row || (isSealing(db.personId) && !isSealed(sealedPart(row)))) continue; // sealed soon, and copied then
    await putSpare(spare.cache, path, row);
    spare.have.add(path);
  }
}

/** @param {any} row of whichever store */
function sealedPart(row) {
  return row.body_text ?? row.draft ?? row.bytes;
}

/** @param {unknown} fault */
function isQuota(fault) {
  return /** @type {any} */ (fault)?.name === "QuotaExceededError";
}

/**
 * The database is new: put in what its spare copy holds, records and drafts first. Numbers begin anew under another client id, as after
 * any loss (SYNC §3); what the company has meanwhile it answers as it did. Safe to be ended anywhere. Rejects with storage_full, storage_lost,
 * or with `locked` while the lock that opens them was not put back yet; the mark stays then.
 * @param {Database} db
 */
export async function restoreCapture(db) {
  const [{ ops, drafts }, id] = [await spareRows(db), await copiedId(db.personId)];
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

/** A damaged copy is passed over: the others need not wait for it. @param {Database} db */
async function spareRows(db) {
  const [ops, drafts] = [new Map(), new Map()];
  for (const cache of await spareCaches(db.personId)) {
    for (const path of await pathsIn(cache)) {
      const [store] = partsOf(path);
      if (store !== "ops" && store !== "drafts") continue;
      const row = await getSpare(cache, path);
      if (row === null || !(await isReadable(db.personId, sealedPart(row)))) continue;
      if (store === "ops") ops.set(row.op_id, row);
      else drafts.set(row.key, newer(drafts.get(row.key), row));
    }
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
async function putBackPhotos(db) {
  for (const cache of await spareCaches(db.personId)) {
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
