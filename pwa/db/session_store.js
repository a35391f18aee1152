// @ts-check
/** The database of this installation: who is signed in, and the locks of the persons who set one. */
import { openDatabase } from "./connection.js";
import { fillNew, markNew } from "./new_database.js";

/** Dispatches "change" when somebody signs in or out, accepts the privacy notice, or the token expires. */
export const sessionChanges = new EventTarget();

/** @type {Promise<import("./connection.js").Database>|null} */
let opened = null;

/** @returns {Promise<import("./connection.js").Database>} */
export function sessionStore() {
  opened ??= openSession().catch((fault) => {
    opened = null;
    throw fault;
  });
  return opened;
}

async function openSession() {
  const db = await openDatabase("xundian-session", "", 1, (db, _oldVersion, tx) => {
    db.createObjectStore("sessions", { keyPath: "personId" });
    db.createObjectStore("meta");
    markNew(tx);
  });
  await fillNew(db, async () => (await import("./spare_session.js")).restoreSession(db));
  return db;
}

/** @param {(tx: any) => Promise<unknown>} work in one transaction over `sessions` and `meta` */
export async function change(work) {
  await (await sessionStore()).write(["sessions", "meta"], work, "strict");
  sessionChanges.dispatchEvent(new Event("change"));
}

/** Change a person's session where there is one still: read and written in one transaction, as other windows sign in and out too. @param {string} personId @param {(row: any) => any} after */
export async function changeSession(personId, after) {
  await change(async (tx) => {
    const sessions = tx.objectStore("sessions");
    const row = await sessions.get(personId);
    if (row) await sessions.put(after(row));
  });
}
