// @ts-check
/**
 * One IndexedDB database that outlives a lost connection: it is opened again once, and then the truth is told.
 * Work runs inside one transaction and is over when that transaction is complete, never before.
 */
import { openDB } from "../vendor/idb/index.js";
import { coded, isConnectionLost, storageProblem } from "./problems.js";

/** Dispatches "taken" when a newer page upgrades a database that this page had open: it can keep nothing more. */
export const upgradesElsewhere = new EventTarget();

/** Dispatches "written" with the database's name and the durability after each write of this page. */
export const writes = new EventTarget();

/** A page that upgrades waits no longer than this for work that is under way here. */
const FINISH_MS = 3000;

/**
 * @typedef {object} Database
 * @property {string} name
 * @property {string} personId
 * @property {EventTarget} events "versionchange" when the connection was given up for an upgrade or a deletion
 * @property {<T>(stores: string[], work: (tx: any) => Promise<T>) => Promise<T>} read
 * @property {<T>(stores: string[], work: (tx: any) => Promise<T>, durability?: "strict"|"relaxed") => Promise<T>} write
 * @property {() => Promise<void>} close finishes running transactions first
 */

/**
 * @param {string} name
 * @param {string} personId
 * @param {number} version
 * @param {(db: any, oldVersion: number, tx: any) => void} upgrade adds stores and indexes; never removes any
 * @returns {Promise<Database>}
 */
export async function openDatabase(name, personId, version, upgrade) {
  const events = new EventTarget();
  /** @type {Promise<any>|null} */
  let connection = null;
  let running = 0;
  const forget = () => {
    connection = null;
  };
  const giveWay = async (/** @type {number} */ _now, /** @type {number|null} */ wanted, /** @type {IDBVersionChangeEvent} */ event) => {
    const given = /** @type {IDBDatabase} */ (event.target);
    await finish(() => running > 0);
    forget();
    given.close(); // after the transactions under way
    events.dispatchEvent(new Event("versionchange"));
    if (wanted !== null) upgradesElsewhere.dispatchEvent(new Event("taken"));
  };
  /** @template T @param {(db: any) => any} begin @param {(tx: any) => Promise<T>} work @returns {Promise<T>} */
  const run = async (begin, work) => {
    running += 1;
    try {
      return await perform({ connect, forget }, begin, work);
    } finally {
      running -= 1;
    }
  };
  const made = (/** @type {any} */ db, /** @type {number} */ old, /** @type {number|null} */ _wanted, /** @type {any} */ tx) =>
    upgrade(db, old, tx);
  /** @returns {Promise<any>} */
  const connect = () => {
    connection ??= openDB(name, version, { upgrade: made, blocking: giveWay, terminated: forget }).catch((/** @type {unknown} */ fault) => {
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
    read: (stores, work) => run((db) => db.transaction(stores, "readonly"), work),
    write: async (stores, work, durability = "relaxed") => {
      const result = await run((db) => db.transaction(stores, "readwrite", { durability }), work);
      writes.dispatchEvent(new CustomEvent("written", { detail: { name, durability } }));
      return result;
    },
    close: async () => {
      const open = connection;
      connection = null;
      (await open)?.close();
    },
  };
}

/** Wait until nothing runs, not even what follows on its heels (a draft's next write). @param {() => boolean} isRunning */
async function finish(isRunning) {
  const until = Date.now() + FINISH_MS;
  do await new Promise((resolve) => setTimeout(resolve, 0));
  while (isRunning() && Date.now() < until);
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
