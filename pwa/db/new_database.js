// @ts-check
/** A database that was just made is marked until it holds what its spare copy had (ADR 18), whatever happens in between. */

/** Within the upgrade that makes the stores; `meta` is one of them. @param {any} tx */
export function markNew(tx) {
  void tx.objectStore("meta").put(true, "is_new");
}

/**
 * @param {import("./connection.js").Database} db
 * @param {() => Promise<void>} restore takes the mark off in its last write
 */
export async function fillNew(db, restore) {
  if (!(await db.read(["meta"], (tx) => tx.objectStore("meta").get("is_new")))) return;
  if ("caches" in globalThis) await restore();
  else await db.write(["meta"], (tx) => tx.objectStore("meta").delete("is_new"));
}
