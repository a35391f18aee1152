// @ts-check
/**
 * One IndexedDB database that outlives a lost connection: it is opened again once, and then the truth is told.
 * Work runs inside one transaction and is over when that transaction is complete, never before.
 */
import { openDB } from "../vendor/idb/index.js";
import { coded, isConnectionLost, storageProblem } from "./problems.js";

/**
 * @typedef {object} Database
 * @property {string} name
 * @property {string} personId
 * @property {EventTarget} events "versionchange" when a newer page wants to upgrade: ask to reload
 * @property {<T>(stores: string[], work: (tx: any) => Promise<T>) => Promise<T>} read
 * @property {<T>(stores: string[], work: (tx: any) => Promise<T>, durability?: "strict"|"relaxed") => Promise<T>} write
 * @property {() => Promise<void>} close finishes running transactions first
 */

/**
 * @param {string} name
 * @param {string} personId
 * @param {number} version
 * @param {(db: any, oldVersion: number) => void} upgrade adds stores and indexes; never removes any
 * @returns {Promise<Database>}
 */
export async function openDatabase(name, personId, version, upgrade) {
  const events = new EventTarget();
  /** @type {Promise<any>|null} */
  let connection = null;
  const forget = () => {
    connection = null;
  };
  const giveWay = (/** @type {number} */ _now, /** @type {number|null} */ _wanted, /** @type {IDBVersionChangeEvent} */ event) => {
    forget();
    /** @type {IDBDatabase} */ (event.target).close(); // after the transactions under way
    events.dispatchEvent(new Event("versionchange"));
  };
  /** @returns {Promise<any>} */
  const connect = () => {
    connection ??= openDB(name, version, { upgrade, blocking: giveWay, terminated: forget }).catch((/** @type {unknown} */ fault) => {
      forget();
      throw fault;
    });
    return /** @type {Promise<any>} */ (connection);
  };
  await connect().catch((fault) => {
    throw storageProblem(fault);
  });
  return {
    name,
    personId,
    events,
    read: (stores, work) => perform({ connect, forget }, (db) => db.transaction(stores, "readonly"), work),
    write: (stores, work, durability = "relaxed") =>
      perform({ connect, forget }, (db) => db.transaction(stores, "readwrite", { durability }), work),
    close: async () => {
      const open = connection;
      connection = null;
      (await open)?.close();
    },
  };
}

/**
 * Run the work; after a lost connection once more on a new one. The work must be safe to repeat.
 * @template T
 * @param {{connect: () => Promise<any>, forget: () => void}} source
 * @param {(db: any) => any} begin
 * @param {(tx: any) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function perform(source, begin, work) {
  try {
    return await complete(begin(await source.connect()), work);
  } catch (fault) {
    if (!isConnectionLost(fault)) throw storageProblem(fault);
  }
  source.forget();
  try {
    return await complete(begin(await source.connect()), work);
  } catch (fault) {
    if (isConnectionLost(fault)) throw coded("storage_lost", { cause: fault });
    throw storageProblem(fault);
  }
}

/**
 * @template T
 * @param {any} tx
 * @param {(tx: any) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function complete(tx, work) {
  const done = tx.done;
  done.catch(() => {});
  try {
    const result = await work(tx);
    await done;
    return result;
  } catch (fault) {
    abort(tx);
    await done.catch(() => {});
    throw tx.error ?? fault;
  }
}

/** @param {any} tx */
function abort(tx) {
  try {
    tx.abort();
  } catch {
    // it has already ended by itself
  }
}
