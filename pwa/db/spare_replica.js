// @ts-check
/** The spare copy of the server's rows, so that a phone which lost its database goes on without a network too. */
import { isSealed, isSealing } from "./seals.js";
import { getSpare, partsOf, pathsIn, putSpare, spareCaches, spareName, sparePath } from "./spare_cache.js";
import { isReadable } from "./spare_session.js";

/**
 * @typedef {import("./connection.js").Database} Database
 * @typedef {import("./replica.js").PullState} PullState
 * @typedef {PullState & {pieces: number}} Whole the state of pulling, written last: a copy without it, or with fewer pieces, is none
 */

const STORE = "replica";
const AT_ONCE = 100;
const WHOLE = "whole";

/**
 * Copy all rows, unless this very state of them was copied; one copy stays until the next is whole. Rejects as the stores do
 * (storage_lost, QuotaExceededError).
 * @param {Database} db
 * @returns {Promise<{isKept: boolean, isNewest: boolean, applied: PullState["applied"]}>} whether there is a whole copy in this cache, or
 *   nothing to copy; whether it is of the newest rows, which it cannot be while a pull is under way; and what it covers
 */
export async function copyReplica(db) {
  const cache = await caches.open(spareName(db.personId));
  const before = await newestWhole(cache);
  const state = await pullState(db);
  if (!state?.stamp) return { isKept: true, isNewest: true, applied: null };
  const asBefore = { isKept: before !== null, applied: before?.applied ?? null };
  if (state.page !== null) return { ...asBefore, isNewest: false };
  if (before?.stamp === state.stamp) {
    if (before.cursor !== state.cursor) return { ...asBefore, isNewest: true }; // an older app went on: it has no stamps
    await putSpare(cache, sparePath(STORE, state.stamp, WHOLE), { ...state, pieces: before.pieces }); // a pull that brought nothing covers more
    return { isKept: true, isNewest: true, applied: state.applied };
  }
  const pieces = await copyPieces(db, cache, state.stamp);
  const isStill = pieces !== null && (await pullState(db))?.stamp === state.stamp;
  if (isStill) await putSpare(cache, sparePath(STORE, state.stamp, WHOLE), { ...state, pieces });
  await dropStamps(cache, (stamp) => (isStill ? stamp !== state.stamp : stamp === state.stamp));
  return isStill ? { isKept: true, isNewest: true, applied: state.applied } : { ...asBefore, isNewest: false };
}

/** @param {Database} db @param {Cache} cache @param {string} stamp @returns {Promise<number | null>} how many; null when some are not sealed yet */
async function copyPieces(db, cache, stamp) {
  const keys = await db.read(["rows"], (tx) => tx.objectStore("rows").getAllKeys());
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    const range = IDBKeyRange.bound(keys[start], keys[Math.min(start + AT_ONCE, keys.length) - 1]);
    const rows = /** @type {any[]} */ (await db.read(["rows"], (tx) => tx.objectStore("rows").getAll(range)));
    if (isSealing(db.personId) && rows.some((row) => !isSealed(row.doc))) return null;
    await putSpare(cache, sparePath(STORE, stamp, String(start)), rows);
  }
  return Math.ceil(keys.length / AT_ONCE);
}

/** @param {Database} db @returns {Promise<PullState | undefined>} */
function pullState(db) {
  return db.read(["meta"], (tx) => tx.objectStore("meta").get("pull"));
}

/** Stamps sort by time. @param {Cache} cache @returns {Promise<Whole | null>} */
async function newestWhole(cache) {
  const stamps = (await pathsIn(cache))
    .map(partsOf)
    .flatMap(([store, stamp, piece]) => (store === STORE && piece === WHOLE ? [stamp] : []));
  const newest = stamps.sort().at(-1);
  return newest === undefined ? null : getSpare(cache, sparePath(STORE, newest, WHOLE));
}

/** @param {Cache} cache @param {(stamp: string) => boolean} isOver */
async function dropStamps(cache, isOver) {
  const paths = (await pathsIn(cache)).filter((path) => partsOf(path)[0] === STORE && isOver(partsOf(path)[1]));
  for (const path of paths) await cache.delete(path);
}

/**
 * The database is new: put in what its spare copy holds; a part of a copy is none, and what cannot be read is pulled anew. Rejects with storage_full
 * or storage_lost; the mark stays then.
 * @param {Database} db
 */
export async function restoreReplica(db) {
  const copy = await readableCopy(db);
  await db.write(
    ["rows", "meta"],
    async (tx) => {
      const meta = tx.objectStore("meta");
      if (!(await meta.get("is_new"))) return; // another tab was faster
      await meta.delete("is_new");
      if (copy === null || (await meta.get("pull")) !== undefined) return;
      const { pieces: _pieces, ...state } = copy.whole;
      for (const row of copy.rows) await tx.objectStore("rows").put(row);
      await meta.put(state, "pull");
    },
    "strict",
  );
}

/** @param {Database} db @returns {Promise<{whole: Whole, rows: any[]} | null>} */
async function readableCopy(db) {
  for (const cache of await spareCaches(db.personId)) {
    const whole = await newestWhole(cache);
    if (whole === null) continue;
    const names = Array.from({ length: whole.pieces }, (_, piece) => sparePath(STORE, whole.stamp ?? "", String(piece * AT_ONCE)));
    const pieces = await Promise.all(names.map((path) => getSpare(cache, path)));
    if (pieces.includes(null)) continue;
    const rows = pieces.flat();
    if (rows.length === 0 || (await isReadable(db.personId, rows.find((row) => isSealed(row.doc))?.doc))) return { whole, rows };
  }
  return null;
}
