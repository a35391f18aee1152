// @ts-check
/** The spare copy of who is signed in and of everybody's lock, without which sealed copies could never be opened. */
import { coded } from "./problems.js";
import { isNew } from "./new_database.js";
import { isSealed, lockSeen } from "./seals.js";
import { sessionStore } from "./session_store.js";
import { newestSpare, replaceSpare, spareCache, spareName, sparePath } from "./spare_cache.js";

/** @typedef {import("./connection.js").Database} Database */

const OWNER = "session";
const PATH = sparePath("session");
const LOCK = "lock:";
const STORES = ["sessions", "meta"];

/**
 * Copy it, unless nothing changed. Nobody's lock is ever deleted, so one that only the copy holds stays in it: a database made by an older
 * app lacks it. Rejects as the stores do (storage_lost, QuotaExceededError).
 * @param {Database} db
 */
export async function copySession(db) {
  const kept = await db.read(STORES, async (tx) => {
    const meta = tx.objectStore("meta");
    const [sessions, keys, values] = await Promise.all([tx.objectStore("sessions").getAll(), meta.getAllKeys(), meta.getAll()]);
    return { sessions, meta: keys.map((/** @type {string} */ key, /** @type {number} */ at) => [key, values[at]]) };
  });
  const cache = await spareCache(OWNER);
  const own = new Set(kept.meta.map((/** @type {[string, any]} */ [key]) => key));
  const before = /** @type {[string, any][]} */ ((await newestSpare(cache, PATH))?.meta ?? []);
  const lacking = before.filter(([key]) => key.startsWith(LOCK) && !own.has(key));
  await replaceSpare(cache, PATH, { ...kept, meta: [...kept.meta, ...lacking] });
}

/**
 * The database is new: put in what its spare copy holds and nobody has set anew. Rejects when the cache does not answer, and with
 * storage_full or storage_lost; the mark stays then.
 * @param {Database} db
 */
export async function restoreSession(db) {
  const kept = (await caches.has(spareName(OWNER))) ? await newestSpare(await spareCache(OWNER), PATH) : null;
  await db.write(
    STORES,
    async (tx) => {
      const [sessions, meta] = [tx.objectStore("sessions"), tx.objectStore("meta")];
      if (!(await meta.get("is_new"))) return; // another tab was faster
      await meta.delete("is_new");
      for (const row of kept?.sessions ?? []) if ((await sessions.getKey(row.personId)) === undefined) await sessions.put(row);
      for (const [key, value] of kept?.meta ?? []) if ((await meta.getKey(key)) === undefined) await meta.put(value, key);
    },
    "strict",
  );
}

/**
 * Whether a copied value can be put back: what is sealed needs its lock. Rejects with `locked` while the lock may still be put back itself.
 * @param {string} personId @param {unknown} value @returns {Promise<boolean>}
 */
export async function isReadable(personId, value) {
  if (!isSealed(value) || (await lockSeen(personId)) !== null) return true;
  if (await isNew(await sessionStore())) throw coded("locked");
  return false;
}

/** The part of a person's row that a lock seals. @param {any} row of operations, drafts or photos */
export function sealedPart(row) {
  return row.body_text ?? row.draft ?? row.bytes;
}
