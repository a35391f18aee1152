// @ts-check
/** Keeps the spare copies (db/spare_cache.js) beside the databases, some moments behind them; one after the other, never two at a time. */
import { databases } from "./company.js";
import { writes } from "./db/connection.js";
import { isNew } from "./db/new_database.js";
import { isSealing, lockOf } from "./db/seals.js";
import { sessionStore } from "./db/session_store.js";
import { dropOtherCache } from "./db/spare_cache.js";
import { copyCapture } from "./db/spare_capture.js";
import { copyReplica } from "./db/spare_replica.js";
import { copySession } from "./db/spare_session.js";

/** @typedef {"session" | "replica" | "capture"} Kind in the order in which they are copied: a lock before what it seals */

/** Nothing is copied while the first screen is made. */
const FIRST_MS = 3_000;
/** What was called saved is copied at once; of a draft in the making and of the server's rows only now and then the newest. */
const DRAFT_MS = 1_000;
const REPLICA_MS = 600_000;
/** While a pull brings rows. */
const UNDER_WAY_MS = 5_000;
/** After a fault that no write of this page may follow. */
const AGAIN_MS = 60_000;

/** When each is copied next, ms since 1970. @type {Record<Kind, number>} */
const due = { session: Infinity, replica: Infinity, capture: Infinity };
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let passing = Promise.resolve();
let personId = "";
let isEnded = false;
let replicaCopiedAt = 0;
/** Of the company's rows: whether there is a whole copy, and what it covers. @type {Awaited<ReturnType<typeof copyReplica>>} */
let rows = { isKept: false, isNewest: false, applied: null };

/** From now on, whoever is signed in. */
export function startSpares() {
  if (!("caches" in globalThis)) return;
  writes.addEventListener("written", (event) => note(/** @type {CustomEvent} */ (event).detail));
  want("session", FIRST_MS);
}

/** Whose rows are copied from now on: "" while nobody's can be read. @param {string} id */
export async function sparesOf(id) {
  if (id === personId) return;
  if (personId && due.capture < Infinity) {
    due.capture = 0; // the last words of whoever was signed in
    await pass();
  }
  personId = id;
  rows = { isKept: false, isNewest: false, applied: null };
  if (id) for (const kind of /** @type {Kind[]} */ (["replica", "capture"])) want(kind, FIRST_MS);
}

/** This page gave its databases away: it must not copy what another one seals. */
export function endSpares() {
  isEnded = true;
  clearTimeout(timer);
}

/** @param {{name: string, durability: "strict" | "relaxed"}} written */
function note({ name, durability }) {
  if (name === "xundian-session") want("session", 0);
  else if (name === `xundian-capture-${personId}`) want("capture", durability === "strict" ? 0 : DRAFT_MS);
  else if (name === `xundian-replica-${personId}`) want("replica", Math.max(0, replicaCopiedAt + REPLICA_MS - Date.now()));
}

/** @param {Kind} kind @param {number} wait ms */
function want(kind, wait) {
  due[kind] = Math.min(due[kind], Date.now() + wait);
  passAt(Math.min(...Object.values(due)));
}

/** @param {number} at ms since 1970 */
function passAt(at) {
  clearTimeout(timer);
  timer = undefined;
  if (isEnded || at === Infinity) return;
  timer = setTimeout(
    () => {
      timer = undefined;
      void pass();
    },
    Math.max(0, at - Date.now()),
  );
}

/** What is due, behind a pass that is under way. @returns {Promise<void>} */
function pass() {
  passing = passing
    .then(copyDue)
    .catch((fault) => console.info("the spare copy is tried again", fault))
    .then(() => {
      const later = Object.values(due).filter((at) => at > Date.now()); // what could not be done waits for a word
      if (timer === undefined) passAt(Math.min(...later));
    });
  return passing;
}

async function copyDue() {
  if (isEnded) return undefined;
  const session = await sessionStore();
  if (await isNew(session)) return want("session", AGAIN_MS); // its own copy was not put in yet: nothing may go
  await whenDue("session", () => copySession(session));
  if (!personId || (await isLockedHere(personId))) return undefined;
  const { capture, replica } = await databases(personId);
  await whenDue("replica", async () => {
    rows = await copyReplica(replica);
    if (!rows.isNewest) return want("replica", UNDER_WAY_MS);
    replicaCopiedAt = Date.now();
    want("capture", 0); // what these rows show needs no copy of its own any more
  });
  await whenDue("capture", async () => {
    const isWhole = await copyCapture(capture, rows.applied);
    if (isWhole && rows.isKept) await dropOtherCache(capture.personId);
  });
}

/** @param {Kind} kind @param {() => Promise<void>} copy */
async function whenDue(kind, copy) {
  if (due[kind] > Date.now()) return;
  due[kind] = Infinity;
  try {
    await copy();
  } catch (fault) {
    want(kind, AGAIN_MS);
    throw fault;
  }
}

/** A lock is set that this page does not hold open: what it would copy might be plain. @param {string} id */
async function isLockedHere(id) {
  const lock = await lockOf(id);
  return lock !== null && lock.key === null && !isSealing(id);
}
