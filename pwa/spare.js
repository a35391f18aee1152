// @ts-check
/** Keeps the spare copies (db/spare_cache.js) beside the databases, some moments behind them. */
import { databases } from "./company.js";
import { writes } from "./db/connection.js";
import { sessionStore } from "./db/session_store.js";
import { copyCapture } from "./db/spare_capture.js";
import { copyReplica } from "./db/spare_replica.js";
import { copySession } from "./db/spare_session.js";

/** What was called saved is copied at once; of a draft in the making and of the server's rows only now and then the newest. */
const DRAFT_MS = 1000;
/** Nothing is copied while the first screen is made. */
const FIRST_MS = 3_000;
const REPLICA_MS = 600_000;

/** @type {(() => void)[]} */
let stopLast = [];

/** @param {string} personId who is signed in; another one's copies stay as they are */
export async function keepSpares(personId) {
  for (const stop of stopLast) stop();
  stopLast = [];
  if (!("caches" in globalThis)) return;
  const { capture, replica } = await databases(personId);
  const session = await sessionStore();
  stopLast = [
    follow(session, () => copySession(session), { strict: 0, relaxed: 0 }),
    follow(capture, () => copyCapture(capture), { strict: 0, relaxed: DRAFT_MS }),
    follow(replica, () => copyReplica(replica), { strict: REPLICA_MS, relaxed: REPLICA_MS }),
  ];
}

/**
 * Copy some moments after the start, and so long after each write of this page; never twice at a time.
 * @param {import("./db/connection.js").Database} db
 * @param {() => Promise<void>} copy
 * @param {{strict: number, relaxed: number}} waits ms
 * @returns {() => void} to end it
 */
function follow({ name }, copy, waits) {
  /** @type {{due: number, timer: ReturnType<typeof setTimeout>} | null} */
  let next = null;
  let running = Promise.resolve();
  const soon = (/** @type {number} */ wait) => {
    const due = Date.now() + wait;
    if (next && next.due <= due) return;
    clearTimeout(next?.timer);
    next = { due, timer: setTimeout(run, wait) };
  };
  const run = () => {
    next = null;
    running = running.then(copy).catch((fault) => console.info("the spare copy waits for the next write", fault));
  };
  const listen = (/** @type {Event} */ event) => {
    const { detail } = /** @type {CustomEvent<{name: string, durability: "strict" | "relaxed"}>} */ (event);
    if (detail.name === name) soon(waits[detail.durability]);
  };
  writes.addEventListener("written", listen);
  soon(FIRST_MS);
  return () => {
    writes.removeEventListener("written", listen);
    clearTimeout(next?.timer);
  };
}
