// @ts-check
/**
 * The server's rows as far as this phone holds them. Disposable: without it the phone pulls again.
 * A page and the place it leads to are stored in one transaction, so a kill between two pages repeats nothing wrongly.
 */
import { uuid7 } from "../ids.js";
import { openDatabase } from "./connection.js";
import { fillNew, markNew } from "./new_database.js";
import { openedRows, openedValue, sealedValue } from "./seals.js";

/**
 * @typedef {import("./connection.js").Database} Database
 * @typedef {object} PullState where pulling stands
 * @property {string|null} cursor
 * @property {string|null} page set while a pull of several pages is under way
 * @property {number} generation rows of older generations go when the last page of a resync is in
 * @property {boolean} isResyncing
 * @property {string[]} scopes held, the empty ones too
 * @property {string[]} again scopes that the phone holds wrongly: the pull under way brings the first of them anew, the next ones the others
 * @property {string|null} digestedAt when the rows were last compared with the server's
 * @property {{client_id: string|null, last_n: number}|null} begun what the first page of the pull under way said
 * @property {{client_id: string|null, last_n: number}|null} applied of the last pull that is complete
 * @property {string|null} stamp another one after every page that may have changed rows; they sort by time
 */

/** So many scopes are asked for anew in one pull: every page token names them all. */
export const AGAIN_AT_ONCE = 20;

/** @type {PullState} */
const START = {
  cursor: null,
  page: null,
  generation: 1,
  isResyncing: false,
  scopes: [],
  again: [],
  digestedAt: null,
  begun: null,
  applied: null,
  stamp: null,
};

/** @type {WeakMap<Database, {mark: string, docs: Map<string, any[]>}>} what was read last of each database, and where its pull stood */
const lastRead = new WeakMap();

/** @param {string} personId @returns {Promise<Database>} */
export async function openReplica(personId) {
  const db = await openDatabase(`xundian-replica-${personId}`, personId, 1, (db, oldVersion, tx) => {
    if (oldVersion >= 1) return;
    db.createObjectStore("meta");
    markNew(tx);
    const rows = db.createObjectStore("rows", { keyPath: ["type", "id"] });
    rows.createIndex("by_type", "type");
    rows.createIndex("by_scope", "scope");
  });
  await fillNew(db, async () => (await import("./spare_replica.js")).restoreReplica(db));
  return db;
}

/**
 * All documents by type. They are read again only after a page was applied, by whichever tab, so nobody may change them.
 * @param {Database} db @returns {Promise<Map<string, any[]>>}
 */
export async function documentsOf(db) {
  const { mark, hasStamp, known, rows } = await db.read(["rows", "meta"], async (tx) => {
    const { stamp, cursor, page } = { ...START, ...(await tx.objectStore("meta").get("pull")) };
    const mark = [stamp, cursor, page].join(" "); // a tab of an older release moves on without a stamp of its own
    const last = lastRead.get(db);
    const known = last?.mark === mark ? last.docs : null;
    return { mark, hasStamp: stamp !== null, known, rows: known ? [] : await tx.objectStore("rows").getAll() };
  });
  if (known) return known;
  const docs = byType(await openedRows(db, rows, "doc"));
  if (hasStamp) lastRead.set(db, { mark, docs });
  return docs;
}

/** @param {{type: string, doc: any}[]} rows @returns {Map<string, any[]>} their documents */
function byType(rows) {
  /** @type {Map<string, any[]>} */
  const docs = new Map();
  for (const { type, doc } of rows) {
    const ofType = docs.get(type);
    if (ofType) ofType.push(doc);
    else docs.set(type, [doc]);
  }
  return docs;
}

/** @param {Database} db @param {string} type @param {string} id @returns {Promise<any>} the document, or null */
export async function getRow(db, type, id) {
  const row = await db.read(["rows"], (tx) => tx.objectStore("rows").get([type, id]));
  return row ? openedValue(db, row.doc) : null;
}

/** @param {Database} db @returns {Promise<PullState>} */
export async function cursorOf(db) {
  return { ...START, ...(await db.read(["meta"], (tx) => tx.objectStore("meta").get("pull"))) };
}

/**
 * Apply one page and move on. `asked` says what was asked, so that a page which another tab has already applied is left alone.
 * @param {Database} db
 * @param {any} answer of /sync/v1/pull
 * @param {{cursor?: string|null, page?: string|null, clientId?: string}} [asked]
 * @returns {Promise<boolean>} whether it was applied
 */
export async function applyPage(db, answer, asked = {}) {
  const events = await sealedEvents(db, answer.events);
  const isApplied = await db.write(["rows", "meta"], async (tx) => {
    const before = { ...START, ...(await tx.objectStore("meta").get("pull")) };
    if (asked.page !== undefined && (asked.page !== before.page || (asked.cursor ?? null) !== before.cursor)) return false;
    const began = before.page === null ? { client_id: asked.clientId ?? null, last_n: answer.last_n } : before.begun;
    const state = await applyEvents(tx.objectStore("rows"), { ...before, begun: began }, events);
    const isSame = events.length === 0 && !before.isResyncing && before.stamp !== null;
    const stamp = isSame ? before.stamp : uuid7();
    await tx.objectStore("meta").put({ ...(await movedOn(tx.objectStore("rows"), state, answer)), stamp }, "pull");
    return true;
  });
  if (isApplied) db.events.dispatchEvent(new Event("change"));
  return isApplied;
}

/** @param {Database} db @param {any[]} events @returns {Promise<any[]>} with their documents as they are stored */
function sealedEvents(db, events) {
  return Promise.all(events.map(async (event) => (event.e === "put" ? { ...event, doc: await sealedValue(db, event.doc) } : event)));
}

/** Ask for everything again, keeping the old rows on screen until the last page is in. @param {Database} db */
export async function restartPull(db) {
  await changeState(db, fromNothing);
}

/**
 * Begin the pull under way again from its cursor; what the first pull of all brought may be somebody else's by now.
 * It asks for no scope anew, which may be what the server could not read: the next comparison finds those again.
 * @param {Database} db
 */
export async function restartPage(db) {
  await changeState(db, (state) => (state.cursor === null ? fromNothing(state) : { ...state, page: null, again: [] }));
}

/** @param {PullState} state @returns {PullState} */
function fromNothing(state) {
  return { ...state, cursor: null, page: null, generation: state.generation + 1, isResyncing: true, scopes: [], again: [] };
}

/** The rows were compared: these scopes are held wrongly. @param {Database} db @param {string[]} again @param {string} at */
export async function storeComparison(db, again, at) {
  await changeState(db, (state) => ({ ...state, again, digestedAt: at }));
}

/** @param {Database} db @returns {Promise<{type: string, id: string, scope: string, v: number}[]>} every row without its document */
export async function rowVersions(db) {
  const rows = /** @type {any[]} */ (await db.read(["rows"], (tx) => tx.objectStore("rows").getAll()));
  return rows.map(({ type, id, scope, v }) => ({ type, id, scope, v }));
}

/** @param {Database} db @param {(state: PullState) => PullState} change */
async function changeState(db, change) {
  await db.write(["meta"], async (tx) => {
    const meta = tx.objectStore("meta");
    await meta.put(change({ ...START, ...(await meta.get("pull")) }), "pull");
  });
}

/** @param {any} rows @param {PullState} state @param {any[]} events @returns {Promise<PullState>} */
async function applyEvents(rows, state, events) {
  let { generation, isResyncing } = state;
  let scopes = new Set(state.scopes);
  for (const event of events) {
    if (event.e === "put") {
      const { type, id, scope, v, doc } = event;
      await rows.put({ type, id, scope, v, doc, generation });
    } else if (event.e === "del") await deleteFromScope(rows, event);
    else if (event.e === "drop" || event.e === "begin") {
      await emptyScope(rows, event.scope);
      if (event.e === "begin") scopes.add(event.scope);
      else scopes.delete(event.scope);
    } else if (event.e === "reset") {
      generation += 1;
      isResyncing = true;
      scopes = new Set();
    }
  }
  return { ...state, generation, isResyncing, scopes: [...scopes] };
}

/** An entity that has moved on to another scope is none of this scope's business any more. */
async function deleteFromScope(/** @type {any} */ rows, /** @type {{type: string, id: string, scope: string}} */ { type, id, scope }) {
  const row = await rows.get([type, id]);
  if (row?.scope === scope) await rows.delete([type, id]);
}

/** @param {any} rows @param {string} scope */
async function emptyScope(rows, scope) {
  const keys = await rows.index("by_scope").getAllKeys(scope);
  await Promise.all(keys.map((/** @type {any} */ key) => rows.delete(key)));
}

/** @param {any} rows @param {PullState} state @param {any} answer @returns {Promise<PullState>} */
async function movedOn(rows, state, answer) {
  if (typeof answer.page === "string") return { ...state, page: answer.page };
  if (state.isResyncing) await sweep(rows, state.generation);
  const again = state.isResyncing ? [] : state.again.slice(AGAIN_AT_ONCE);
  return { ...state, cursor: answer.cursor, page: null, isResyncing: false, again, applied: state.begun, begun: null };
}

/** @param {any} rows @param {number} generation */
async function sweep(rows, generation) {
  for (let cursor = await rows.openCursor(); cursor; cursor = await cursor.continue()) {
    if (cursor.value.generation < generation) await cursor.delete();
  }
}
