// @ts-check
/** The spare copy of what the company does not have yet: records, drafts, and the photos of both. */
import { uuid7 } from "../ids.js";
import { pendingRange } from "../outbox/ledger.js";
import { isSpaceLow, storageReport } from "../outbox/storage.js";
import { isNew } from "./new_database.js";
import { isCovered } from "./overlay_ops.js";
import { isSettled } from "./retention.js";
import { isSealed } from "./seals.js";
import {
  dropSparePhotos,
  formOf,
  getSpare,
  inForm,
  mayCopyPhotos,
  partsOf,
  pathsIn,
  putSpare,
  SEALED,
  spareCache,
  sparePath,
} from "./spare_cache.js";
import { ID, putBackPhotos } from "./spare_restore.js";
import { sealedPart } from "./spare_session.js";

/**
 * @typedef {import("./connection.js").Database} Database
 * @typedef {import("./capture_schema.js").StoredOp} StoredOp
 * @typedef {import("./replica.js").PullState["applied"]} Applied
 * @typedef {{key: string, draft: any, blobs: string[], saved_at: string}} StoredDraft
 * @typedef {object} Spare
 * @property {Cache} cache
 * @property {string} id that it shares with the database
 * @property {Set<string>} have what lies in the cache as far as this page knows
 * @property {string} clientId whose numbers stand in the operations' paths
 * @property {Set<string>} over operations of that client which nobody needs a copy of any more
 * @typedef {{rows: Set<string>, photos: Set<string>, gone: Set<string>}} Wanted paths; `gone`: hashes of photos of which only a copy may be left
 */

const STORES = ["ops", "drafts", "blobs"];
const STANDING_IN = ["ops", "uploads", "drafts", "meta"];

/** @type {WeakMap<Database, Spare>} */
const spares = new WeakMap();

/**
 * Bring the spare copy in line with the database. Safe to repeat and to be ended anywhere: what is new is copied before what is
 * over goes, and records before photos. Rejects as the stores do (storage_lost, QuotaExceededError).
 * @param {Database} db
 * @param {Applied} copied what the spare copy of the company's rows covers; work that it does not cover stays, although it was acknowledged
 * @param {() => boolean} [isWaitedFor] whether something newer wants to be copied, asked after each photo
 * @returns {Promise<"kept" | "interrupted" | "not_ours">} interrupted: there is more to do; not_ours: the copy is of a database that was
 *   lost, and put in at the next start
 */
export async function copyCapture(db, copied, isWaitedFor = () => false) {
  if (await isNew(db)) return "not_ours";
  const spare = await spareOf(db);
  if (spare === null) return "not_ours";
  const wanted = await wantedPaths(db, spare, copied);
  if (!(await copyRows(db, spare, wanted.rows))) return "interrupted"; // they changed meanwhile: what takes their place is not copied yet
  await dropOver(spare, wanted, formOf(db.personId));
  const isInterrupted = await copyPhotos(db, spare, wanted.photos, isWaitedFor);
  await dropOver(spare, wanted, formOf(db.personId)); // plain photos, of which there are sealed ones now
  return isInterrupted ? "interrupted" : "kept";
}

/** @param {Database} db @returns {Promise<Spare | null>} null when the copy is of another database than this */
async function spareOf(db) {
  const known = spares.get(db);
  if (known) return known;
  const cache = await spareCache(db.personId);
  const id = await sharedId(db, await getSpare(cache, sparePath(ID)));
  if (id === null) return null;
  await putBackPhotos(db);
  const spare = { cache, id, have: new Set(await pathsIn(cache)), clientId: "", over: new Set() };
  spares.set(db, spare);
  return spare;
}

/**
 * The id that the database and its copy share. A database that an older app made after a loss has none and no mark: it gets the mark.
 * @param {Database} db @param {string | null} copied @returns {Promise<string | null>}
 */
async function sharedId(db, copied) {
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

/** @param {Database} db @param {Spare} spare @param {Applied} copied @returns {Promise<Wanted>} */
async function wantedPaths(db, spare, copied) {
  const { clientId, pending, rows, waiting, drafts, gone } = await db.read(STANDING_IN, (tx) => standingIn(tx, spare));
  const isOver = (/** @type {StoredOp} */ op) =>
    isSettled(op) && isCovered(op, clientId, copied) && !op.blobs.some((sha256) => waiting.has(sha256));
  for (const op of rows.filter(isOver)) spare.over.add(op.op_id);
  const open = rows.filter((op) => !isOver(op)).map((op) => op.op_id);
  const form = formOf(db.personId);
  // numbers change with the client, drafts with each of their states: both stand in the path, since a path is copied once
  const paths = [
    ...[...pending, ...open].map((id) => sparePath("ops", id, clientId, form)),
    ...drafts.map((one) => sparePath("drafts", one.key, one.saved_at, form)),
  ];
  const photos = [...waiting, ...drafts.flatMap((one) => one.blobs)].map((sha256) => sparePath("blobs", sha256, form));
  return { rows: new Set(paths), photos: new Set(photos), gone };
}

/**
 * All is asked at once: a save waits for this.
 * @param {any} tx @param {Spare} spare
 * @returns {Promise<{clientId: string, pending: string[], rows: StoredOp[], waiting: Set<string>, drafts: StoredDraft[], gone: Set<string>}>}
 *   `rows`: acknowledged operations that are not known to be over
 */
async function standingIn(tx, spare) {
  const [ops, uploads] = [tx.objectStore("ops"), tx.objectStore("uploads").index("by_state")];
  const [client, pending, all, held, wanted, gone, drafts] = await Promise.all([
    tx.objectStore("meta").get("client"),
    ops.index("by_state").getAllKeys(pendingRange()),
    ops.getAllKeys(),
    ...["held", "wanted", "gone"].map((state) => uploads.getAllKeys(state)),
    tx.objectStore("drafts").getAll(),
  ]);
  const clientId = client?.client_id ?? "";
  if (spare.clientId !== clientId) Object.assign(spare, { clientId, over: new Set() });
  const isPending = new Set(pending);
  const others = all.filter((/** @type {string} */ id) => !isPending.has(id) && !spare.over.has(id));
  const rows = await Promise.all(others.map((/** @type {string} */ id) => ops.get(id)));
  return { clientId, pending, rows, waiting: new Set([...held, ...wanted]), drafts, gone: new Set(gone) };
}

/**
 * What nobody needs, and what lies here in the present form too: plain beside sealed, or the other way round.
 * @param {Spare} spare @param {Wanted} wanted @param {string} form
 */
async function dropOver(spare, { rows, photos, gone }, form) {
  for (const path of [...spare.have]) {
    if (rows.has(path) || photos.has(path)) continue; // most of them, each time
    const [store, key] = partsOf(path);
    if (!STORES.includes(store)) continue;
    const own = inForm(path, form);
    const isWanted = rows.has(own) || photos.has(own) || (store === "blobs" && gone.has(key));
    if (isWanted && (path === own || !spare.have.has(own))) continue;
    await spare.cache.delete(path);
    spare.have.delete(path);
  }
}

/**
 * Records before second copies of photos: these go when the phone is full.
 * @param {Database} db @param {Spare} spare @param {Set<string>} paths
 * @returns {Promise<boolean>} false when one of them is not in the database any more
 */
async function copyRows(db, spare, paths) {
  const copy = async () => {
    if (!spare.have.has(sparePath(ID))) await putSpare(spare.cache, sparePath(ID), spare.id);
    spare.have.add(sparePath(ID));
    let isThere = true;
    for (const path of paths) isThere = (await copyOne(db, spare, path)) && isThere;
    return isThere;
  };
  try {
    return await copy();
  } catch (fault) {
    if (!isQuota(fault)) throw fault;
    await dropSparePhotos(db);
    return copy();
  }
}

/**
 * @param {Database} db @param {Spare} spare @param {Set<string>} paths @param {() => boolean} isWaitedFor
 * @returns {Promise<boolean>} whether it left off for something newer
 */
async function copyPhotos(db, spare, paths, isWaitedFor) {
  const missing = [...paths].filter((path) => !spare.have.has(path));
  if (missing.length === 0 || !mayCopyPhotos()) return false;
  try {
    if (isSpaceLow(await storageReport())) await dropSparePhotos(db);
    for (const path of missing) {
      if (!mayCopyPhotos()) return false;
      await copyOne(db, spare, path);
      if (isWaitedFor()) return true;
    }
  } catch (fault) {
    if (!isQuota(fault)) throw fault;
    await dropSparePhotos(db);
  }
  return false;
}

/**
 * Unless it was copied, or is sealed only later, and copied then.
 * @param {Database} db @param {Spare} spare @param {string} path @returns {Promise<boolean>} false when the database does not have it
 */
async function copyOne(db, spare, path) {
  if (spare.have.has(path)) return true;
  const [store, key] = partsOf(path);
  const row = await db.read([store], (tx) => tx.objectStore(store).get(key));
  if (!row) return false;
  if (inForm(path, SEALED) === path && !isSealed(sealedPart(row))) return true;
  await putSpare(spare.cache, path, row);
  spare.have.add(path);
  return true;
}

/** @param {unknown} fault */
function isQuota(fault) {
  return /** @type {any} */ (fault)?.name === "QuotaExceededError";
}
