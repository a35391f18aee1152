// @ts-check
/** The spare copy of the server's rows, so that a phone which lost its database goes on without a network too. */
import { isSpaceLow, storageReport } from "../outbox/storage.js";
import { isSealed } from "./seals.js";
import { formOf, getSpare, newestSpare, partsOf, pathsIn, putSpare, replaceSpare, SEALED, spareCache, sparePath } from "./spare_cache.js";
import { isReadable } from "./spare_session.js";

/**
 * @typedef {import("./connection.js").Database} Database
 * @typedef {import("./replica.js").PullState} PullState
 * @typedef {PullState & {pieces: number}} Whole the state of pulling, written last: a copy without it, or with fewer pieces, is none
 * @typedef {{isNewest: boolean, applied: PullState["applied"]}} Standing whether the whole copy is of the newest rows, which it cannot be before
 *   a pull is over; and what it covers, null without one
 */

const STORE = "replica";
const AT_ONCE = 100;
const WHOLE = "whole";

/**
 * Copy all rows, unless this very state of them was copied; one copy stays until the next is whole. Rejects as the stores do
 * (storage_lost, QuotaExceededError); no part of a copy stays behind then.
 * @param {Database} db @returns {Promise<Standing>}
 */
export async function copyReplica(db) {
  const cache = await spareCache(db.personId);
  const before = await newestWhole(cache);
  const asBefore = { isNewest: false, applied: before?.whole.applied ?? null };
  const state = await pullState(db);
  if (!state?.stamp || state.page !== null) return asBefore;
  const key = `${state.stamp}.${formOf(db.personId)}`;
  if (before?.key === key) return { ...asBefore, ...(await coverMore(cache, before, state)) };
  if (isSpaceLow(await storageReport())) return asBefore;
  const pieces = await copyPieces(db, cache, key).catch(async (fault) => {
    await dropKeys(cache, (one) => one === key);
    throw fault;
  });
  const isStill = pieces !== null && (await pullState(db))?.stamp === state.stamp;
  if (isStill) await replaceSpare(cache, sparePath(STORE, key, WHOLE), { ...state, pieces });
  await dropKeys(cache, (one) => (one === key) !== isStill);
  return isStill ? { isNewest: true, applied: state.applied } : asBefore;
}

/**
 * A pull that brought nothing covers more with the same rows. An older app that went on has no stamps: its rows are others.
 * @param {Cache} cache @param {{key: string, whole: Whole}} before @param {PullState} state @returns {Promise<Partial<Standing>>}
 */
async function coverMore(cache, { key, whole }, state) {
  if (whole.cursor !== state.cursor) return { isNewest: true };
  await replaceSpare(cache, sparePath(STORE, key, WHOLE), { ...state, pieces: whole.pieces });
  return { isNewest: true, applied: state.applied };
}

/** @param {Database} db @param {Cache} cache @param {string} key @returns {Promise<number | null>} how many; null when some are not sealed yet */
async function copyPieces(db, cache, key) {
  const keys = await db.read(["rows"], (tx) => tx.objectStore("rows").getAllKeys());
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    const range = IDBKeyRange.bound(keys[start], keys[Math.min(start + AT_ONCE, keys.length) - 1]);
    const rows = /** @type {any[]} */ (await db.read(["rows"], (tx) => tx.objectStore("rows").getAll(range)));
    if (key.endsWith(SEALED) && rows.some((row) => !isSealed(row.doc))) return null;
    await putSpare(cache, sparePath(STORE, key, String(start)), rows);
  }
  return Math.ceil(keys.length / AT_ONCE);
}

/** @param {Database} db @returns {Promise<PullState | undefined>} */
function pullState(db) {
  return db.read(["meta"], (tx) => tx.objectStore("meta").get("pull"));
}

/** Stamps sort by time. @param {Cache} cache @returns {Promise<{key: string, whole: Whole} | null>} */
async function newestWhole(cache) {
  const paths = (await pathsIn(cache)).map(partsOf);
  const keys = paths.flatMap(([store, key, piece]) => (store === STORE && piece === WHOLE ? [key] : []));
  const key = keys.sort().at(-1);
  const whole = key === undefined ? null : await newestSpare(cache, sparePath(STORE, key, WHOLE));
  return key === undefined || whole === null ? null : { key, whole };
}

/** @param {Cache} cache @param {(key: string) => boolean} isOver */
async function dropKeys(cache, isOver) {
  const paths = (await pathsIn(cache)).filter((path) => partsOf(path)[0] === STORE && isOver(partsOf(path)[1]));
  for (const path of paths) await cache.delete(path);
}

/**
 * The database is new: put in what its spare copy holds; a part of a copy is none, and what cannot be read is pulled anew. Rejects with
 * storage_full or storage_lost, or when the cache does not answer; the mark stays then.
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
  const cache = await spareCache(db.personId);
  const newest = await newestWhole(cache);
  if (newest === null) return null;
  const names = Array.from({ length: newest.whole.pieces }, (_, piece) => sparePath(STORE, newest.key, String(piece * AT_ONCE)));
  const pieces = await Promise.all(names.map((path) => getSpare(cache, path)));
  if (pieces.includes(null)) return null;
  const rows = pieces.flat();
  const isOpenable = await isReadable(db.personId, rows.find((row) => isSealed(row.doc))?.doc);
  return isOpenable ? { whole: newest.whole, rows } : null;
}
