// @ts-check
/** The database of this installation: who is signed in, and the locks of the persons who set one. */
import { openDatabase } from "./connection.js";

/** Dispatches "change" when somebody signs in or out, accepts the privacy notice, or the token expires. */
export const sessionChanges = new EventTarget();

/** @type {Promise<import("./connection.js").Database>|null} */
let opened = null;

/** @returns {Promise<import("./connection.js").Database>} */
export function sessionStore() {
  opened ??= openDatabase("xundian-session", "", 1, (db) => {
    db.createObjectStore("sessions", { keyPath: "personId" });
    db.createObjectStore("meta");
  }).catch((fault) => {
    opened = null;
    throw fault;
  });
  return opened;
}

/** @param {(tx: any) => Promise<unknown>} work in one transaction over `sessions` and `meta` */
export async function change(work) {
  await (await sessionStore()).write(["sessions", "meta"], work, "strict");
  sessionChanges.dispatchEvent(new Event("change"));
}
