// @ts-check
/** Keeps the spare copies (db/spare_cache.js) beside the databases, some moments behind them; one after the other, never two at a time. */
import { databases } from "./company.js";
import { ownerOf } from "./db/capture_schema.js";
import { writes } from "./db/connection.js";
import { isNew } from "./db/new_database.js";
import { isSealing, lockOf } from "./db/seals.js";
import { sessionStore } from "./db/session_store.js";
import { formOf } from "./db/spare_cache.js";
import { copyCapture } from "./db/spare_capture.js";
import { copyReplica } from "./db/spare_replica.js";
import { copySession } from "./db/spare_session.js";

/** @typedef {"session" | "replica" | "capture"} Kind in the order in which they are copied: a lock before what it seals */

/** Nothing is copied while the first screen is made. */
const FIRST_MS = 3_000;
/** What was called saved is copied this long after the first save that has no copy, whether or not others follow: those soonest after it need not wait. */
const SAVED_MS = 300;
/** Of a draft in the making, only now and then the newest state. */
const DRAFT_MS = 1_000;
/** The company's rows, after the last time. */
const REPLICA_MS = 600_000;
/** While a pull brings rows. */
const UNDER_WAY_MS = 20_000;
/** After a fault that no write of this page may follow. */
const AGAIN_MS = 60_000;

/** When each is copied next, by the page's own clock, which nobody sets. @type {Record<Kind, number>} */
const due = { session: Infinity, replica: Infinity, capture: Infinity };
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let lastPass = Promise.resolve();
let personId = "";
/** Who was named last; they wait until what belongs to somebody else is copied. */
let nextId = "";
let isEnded = false;
let replicaCopiedAt = -Infinity;
/** Of the copy of the company's rows. @type {import("./db/spare_replica.js").Standing} */
let covered = { isNewest: false, applied: null };
/** In which its rows are copied. */
let form = "";

/** From now on, whoever is signed in. */
export function startSpares() {
  if (!("caches" in globalThis)) return;
  writes.addEventListener("written", (event) => noteWrite(/** @type {CustomEvent} */ (event).detail));
  setDue("session", FIRST_MS);
}

/** Whose rows are copied from now on: "" while nobody's can be read. @param {string} id */
export async function keepSparesOf(id) {
  if (id === nextId) return;
  nextId = id;
  if (personId && due.capture < Infinity) {
    due.capture = 0; // the last words of whoever was signed in
    await pass();
  }
  if (id !== nextId || id === personId) return;
  personId = id;
  form = formOf(id);
  covered = { isNewest: false, applied: null };
  if (id) for (const kind of /** @type {Kind[]} */ (["replica", "capture"])) setDue(kind, FIRST_MS);
}

/** Copy what is due at once, before the page goes. @returns {Promise<void>} */
export function copyNow() {
  return pass();
}

/** This page gave its databases away: it must not copy what another one seals. */
export function endSpares() {
  isEnded = true;
  clearTimeout(timer);
}

/** @param {{name: string, durability: "strict" | "relaxed"}} written */
function noteWrite({ name, durability }) {
  if (name === "xundian-session") setDue("session", 0);
  else if (ownerOf(name) === personId) setDue("capture", durability === "strict" ? SAVED_MS : DRAFT_MS);
  else if (name === `xundian-replica-${personId}`) setDue("replica", Math.max(0, replicaCopiedAt + REPLICA_MS - performance.now()));
}

/** It is copied no later than then. @param {Kind} kind @param {number} wait ms */
function setDue(kind, wait) {
  due[kind] = Math.min(due[kind], performance.now() + wait);
  setTimer(Math.min(...Object.values(due)));
}

/** @param {number} at by the page's own clock */
function setTimer(at) {
  clearTimeout(timer);
  timer = undefined;
  if (isEnded || at === Infinity) return;
  timer = setTimeout(
    () => {
      timer = undefined;
      void pass();
    },
    Math.max(0, at - performance.now()),
  );
}

/** What is due, behind a pass that is under way. @returns {Promise<void>} */
function pass() {
  lastPass = lastPass
    .then(copyDue)
    .catch((fault) => console.info("the spare copy is tried again", fault))
    .then(() => {
      const later = Object.values(due).filter((at) => at > performance.now()); // what could not be done waits for a word
      if (timer === undefined) setTimer(Math.min(...later));
    });
  return lastPass;
}

/** One kind after the other, a lock before what it seals. */
async function copyDue() {
  if (isEnded) return undefined;
  const session = await sessionStore();
  if (await isNew(session)) return setDue("session", AGAIN_MS); // its own copy was not put in yet: nothing may go
  if (due.session < Infinity) due.session = 0; // before what it opens, whatever asked for this pass
  await whenDue("session", () => copySession(session));
  if (!personId || (await isLockedElsewhere(personId))) return undefined;
  if (isSealing(personId) && due.session < Infinity) return undefined; // a lock is copied before what it seals
  if (form !== formOf(personId)) {
    form = formOf(personId);
    setDue("replica", 0);
    setDue("capture", 0);
  }
  const { capture, replica } = await databases(personId);
  await whenDue("replica", async () => {
    covered = await copyReplica(replica);
    if (!covered.isNewest) return setDue("replica", UNDER_WAY_MS);
    replicaCopiedAt = performance.now();
    setDue("capture", 0); // what these rows show needs no copy of its own any more
  });
  await whenDue("capture", async () => {
    const outcome = await copyCapture(capture, covered.applied, () => due.capture <= performance.now());
    if (outcome === "interrupted") setDue("capture", 0);
  });
}

/** The fault of one kind holds up no other. @param {Kind} kind @param {() => Promise<void>} copy */
async function whenDue(kind, copy) {
  if (due[kind] > performance.now()) return;
  due[kind] = Infinity;
  try {
    await copy();
  } catch (fault) {
    console.info("the spare copy is tried again", fault);
    setDue(kind, AGAIN_MS);
  }
}

/** A lock was set or taken off by another page: what this one would copy is not in the form of the day. @param {string} id */
async function isLockedElsewhere(id) {
  const lock = await lockOf(id);
  return (lock !== null && lock.key === null) !== isSealing(id);
}
