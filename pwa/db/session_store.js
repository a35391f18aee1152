// @ts-check
/** The database of this installation: who is signed in, and the locks of the persons who set one. */
import { openDatabase } from "./connection.js";

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
