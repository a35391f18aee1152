// @ts-check
/** The capture database: what this person recorded on this phone. Upgrades only add; it is never dropped. */
import { openDatabase } from "./connection.js";
import { fillNew, markNew } from "./new_database.js";
import { holdOpenKey, lockSeen } from "./seals.js";

const NAME = "xundian-capture-";
export const STORES = ["meta", "ops", "blobs", "uploads", "drafts"];

/** A page that knows nothing of this person's lock could neither read nor seal: the second version takes the database from it. */
const PLAIN = 1;
const WITH_LOCK = 2;

/**
 * An operation as stored. `body_text` is the exact text that is sent, whatever happens to numbers and clients.
 * `n` is 0 for an acknowledged operation whose number belonged to a client that was given up.
 * @typedef {object} StoredOp
 * @property {string} op_id
 * @property {number} n
 * @property {"record"|"edit"} kind
 * @property {string} form
 * @property {{type: string, id: string}} entity
 * @property {string} scope
 * @property {number|null} base_v
 * @property {string} body_text sealed in the database while the person has a lock (seals.js)
 * @property {string[]} blobs
 * @property {{wall: string, mono: number, boot: string, offset_ms: number|null}} t
 * @property {string} saved_at
 * @property {"pending"|"acked"} state
 * @property {string|null} code
 * @property {{code: string, title?: string, title_en?: string, detail?: string}|null} problem
 * @property {number|null} v
 * @property {string|null} acked_at
 */

/**
 * A photo on its way. held: its record is not acknowledged; wanted: ask the server; confirmed: the server has
 * verified it; gone: the server wants it and the phone no longer has the bytes.
 * @typedef {object} StoredUpload
 * @property {string} sha256
 * @property {number} size
 * @property {"held"|"wanted"|"confirmed"|"gone"} state
 * @property {string|null} url where the server takes it, once created
 * @property {string|null} confirmed_at
 */

/**
 * @param {string} personId
 * @returns {Promise<import("./connection.js").Database>}
 */
export async function openCapture(personId) {
  const lock = await lockSeen(personId);
  await holdOpenKey(personId, lock);
  const db = await openDatabase(NAME + personId, personId, lock === null ? PLAIN : WITH_LOCK, (db, oldVersion, tx) => {
    if (oldVersion < PLAIN) createFirstStores(db, tx);
  });
  await fillNew(db, async () => (await import("./spare_restore.js")).restoreCapture(db));
  return db;
}

/** Whose capture database that is; null for another kind of database. @param {string} name @returns {string | null} a person's id */
export function ownerOf(name) {
  return name.startsWith(NAME) ? name.slice(NAME.length) : null;
}

/** @param {any} db @param {any} tx */
function createFirstStores(db, tx) {
  db.createObjectStore("meta");
  markNew(tx);
  const ops = db.createObjectStore("ops", { keyPath: "op_id" });
  ops.createIndex("by_state", ["state", "n"]);
  ops.createIndex("by_entity", ["entity.type", "entity.id"]);
  db.createObjectStore("blobs", { keyPath: "sha256" });
  db.createObjectStore("uploads", { keyPath: "sha256" }).createIndex("by_state", "state");
  db.createObjectStore("drafts", { keyPath: "key" });
}
