// @ts-check
/** A database that was just made is marked until it holds what its spare copy had (ADR 18), whatever happens in between. */

/** Within the upgrade that makes the stores; `meta` is one of them. @param {any} tx */
export function markNew(tx) {
  void tx.objectStore("meta").put(true, "is_new");
}

/** Whether its spare copy was not put in yet, and so must stay as it is. @param {import("./connection.js").Database} db @returns {Promise<boolean>} */
export async function isNew(db) {
  return (await db.read(["meta"], (tx) => tx.objectStore("meta").get("is_new"))) === true;
}

/**
 * A copy that cannot be put in (a full phone) is tried again at the next start; work goes on meanwhile.
 * @param {import("./connection.js").Database} db
 * @param {() => Promise<void>} restore takes the mark off in its last write
 */
export async function fillNew(db, restore) {
  if (!(await isNew(db))) return;
  try {
    if ("caches" in globalThis) await restore();
    else await db.write(["meta"], (tx) => tx.objectStore("meta").delete("is_new"));
  } catch (fault) {
    console.info("the spare copy is put in at the next start", fault);
  }
}
