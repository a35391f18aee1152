// @ts-check
/** The spare copy of who is signed in and of everybody's lock, without which sealed copies could never be opened. */
import { isNew } from "./new_database.js";
import { getSpare, putSpare, sparePath } from "./spare_cache.js";

/** @typedef {import("./connection.js").Database} Database */

const NAME = "xundian-spare-session";
const PATH = sparePath("session");
const STORES = ["sessions", "meta"];

/** @param {Database} db */
export async function copySession(db) {
  if (await isNew(db)) return;
  const kept = await db.read(STORES, async (tx) => {
    const meta = tx.objectStore("meta");
    const [sessions, keys, values] = await Promise.all([tx.objectStore("sessions").getAll(), meta.getAllKeys(), meta.getAll()]);
    return { sessions, meta: keys.map((/** @type {string} */ key, /** @type {number} */ at) => [key, values[at]]) };
  });
  await putSpare(await caches.open(NAME), PATH, kept);
}

/** The database is new: put in what its spare copy holds. @param {Database} db */
export async function restoreSession(db) {
  const kept = (await caches.has(NAME)) ? await getSpare(await caches.open(NAME), PATH).catch(() => null) : null;
  await db.write(
    STORES,
    async (tx) => {
      const [sessions, meta] = [tx.objectStore("sessions"), tx.objectStore("meta")];
      if (!(await meta.get("is_new"))) return; // another tab was faster
      await meta.delete("is_new");
      for (const row of kept?.sessions ?? []) await sessions.put(row);
      for (const [key, value] of kept?.meta ?? []) await meta.put(value, key);
    },
    "strict",
  );
}
