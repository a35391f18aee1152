// @ts-check
/** The spare copy of the server's rows, so that a phone which lost its database goes on without a network too. */
import { isSealed, isSealing } from "./seals.js";
import { getSpare, partsOf, pathsIn, putSpare, spareName, spareNames, sparePath } from "./spare_cache.js";

/** @typedef {import("./connection.js").Database} Database */

const STORE = "replica";
const AT_ONCE = 100;
/** The state of pulling, written last: a copy without it is not whole. */
const STATE = "pull";

/** @type {WeakMap<Database, string>} the stamp of the rows that were copied last */
const copied = new WeakMap();

/** Copy all rows, unless that was done; one copy stays until the next is whole. @param {Database} db */
export async function copyReplica(db) {
  const state = await pullState(db);
  if (!state?.stamp || state.page !== null || copied.get(db) === state.stamp) return;
  const cache = await caches.open(spareName(db.personId));
  const keys = await db.read(["rows"], (tx) => tx.objectStore("rows").getAllKeys());
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    const range = IDBKeyRange.bound(keys[start], keys[Math.min(start + AT_ONCE, keys.length) - 1]);
    const rows = /** @type {any[]} */ (await db.read(["rows"], (tx) => tx.objectStore("rows").getAll(range)));
    if (isSealing(db.personId) && rows.some((row) => !isSealed(row.doc))) return;
    await putSpare(cache, sparePath(STORE, state.stamp, String(start)), rows);
  }
  const isStill = (await pullState(db))?.stamp === state.stamp;
  if (isStill) await putSpare(cache, sparePath(STORE, state.stamp, STATE), state);
  if (isStill) copied.set(db, state.stamp);
  await dropOthers(cache, isStill ? state.stamp : null, state.stamp);
}

/** @param {Database} db @returns {Promise<import("./replica.js").PullState | undefined>} */
function pullState(db) {
  return db.read(["meta"], (tx) => tx.objectStore("meta").get("pull"));
}

/** A whole copy replaces all others; one that came to nothing goes itself. @param {Cache} cache @param {string | null} whole @param {string} tried */
async function dropOthers(cache, whole, tried) {
  for (const path of await pathsIn(cache)) {
    const [store, stamp] = partsOf(path);
    if (store === STORE && (whole === null ? stamp === tried : stamp !== whole)) await cache.delete(path);
  }
}

/** The database is new: put in what its spare copy holds; a part of a copy is none. @param {Database} db */
export async function restoreReplica(db) {
  for (const name of spareNames(db.personId)) {
    if (!(await caches.has(name))) continue;
    const cache = await caches.open(name);
    const paths = (await pathsIn(cache)).filter((path) => partsOf(path)[0] === STORE);
    const whole = paths.find((path) => partsOf(path)[2] === STATE);
    if (whole && (await restoredFrom(db, cache, paths, whole).catch(() => false))) break; // else it is pulled anew
  }
  await db.write(["meta"], (tx) => tx.objectStore("meta").delete("is_new"), "strict");
}

/** @param {Database} db @param {Cache} cache @param {string[]} paths @param {string} whole @returns {Promise<boolean>} */
async function restoredFrom(db, cache, paths, whole) {
  const state = await getSpare(cache, whole);
  const pieces = await Promise.all(
    paths.filter((path) => path !== whole && partsOf(path)[1] === state?.stamp).map((path) => getSpare(cache, path)),
  );
  if (!state || pieces.includes(null)) return false;
  await db.write(["rows", "meta"], async (tx) => {
    if (!(await tx.objectStore("meta").get("is_new"))) return;
    for (const row of pieces.flat()) await tx.objectStore("rows").put(row);
    await tx.objectStore("meta").put(state, "pull");
  });
  return true;
}
