// @ts-check
/** One run of the engine: batch after batch, each alone among the tabs and bounded in time. */
import { cursorOf } from "../db/replica.js";
import { freeSpace, retentionDays, sweepCapture } from "../db/retention.js";
import { noteSignedOut } from "../session.js";
import { tellNotice } from "../session_notice.js";
import { isDigestDue } from "./digests.js";
import { standing } from "./ledger.js";
import { nextStep } from "./state.js";
import { carryOut } from "./steps.js";
import { isSpaceLow, storageReport } from "./storage.js";
import { inTurn, isOnline } from "./wake_ups.js";

/**
 * @typedef {import("./engine.js").Engine} Engine
 * @typedef {import("./engine.js").EngineStatus} EngineStatus
 * @typedef {import("./state.js").Step} Step
 */

const BATCH_MS = 30_000;
/** A request under way then may end; one that hangs is given up. */
const LONGEST_BATCH_MS = 60_000;
const SWEEP_EVERY_MS = 3_600_000;
/** @type {Record<string, EngineStatus["phase"]>} */
const PHASES = { push: "pushing", pull: "pulling", digests: "pulling", have: "uploading", upload: "uploading", recover: "recovering" };

/** Work until there is nothing to do or a wait is due; never rejects. @param {Engine} engine */
export async function workUntilQuiet(engine) {
  try {
    do {
      engine.isAskedAgain = false;
      if (!isOnline()) await refresh(engine, { phase: "offline" });
      else await workOnce(engine);
    } while (engine.isAskedAgain && !engine.isStopped);
  } catch (fault) {
    const code = /** @type {any} */ (fault)?.code ?? "storage_lost";
    if (code === "storage_full") await makeRoom(engine);
    tell(engine, { phase: "waiting", lastError: { code } });
  }
}

/** Too full to note what the server answered: what it has already goes, and the next try may fit. @param {Engine} engine */
async function makeRoom(engine) {
  await freeSpace((await engine.databases()).capture).catch(() => {}); // the screen says that the phone is full
}

/** Change what status() says. @param {Engine} engine @param {Partial<EngineStatus>} changes */
export function tell(engine, changes) {
  const { lastError, isSignedOut: signedOut } = engine.state;
  engine.report = { ...engine.report, online: isOnline(), lastError, signedOut, ...changes };
  engine.events.dispatchEvent(new Event("change"));
}

/** @param {Engine} engine @param {Partial<EngineStatus>} [changes] */
async function refresh(engine, changes = {}) {
  const at = await standing((await engine.databases()).capture);
  const { pending: unsent, oldestUnsentAt, lastSyncedAt } = at;
  tell(engine, { unsent, photosUnsent: at.wanted.length, oldestUnsentAt, lastSyncedAt, ...changes });
  return at;
}

/** @param {Engine} engine */
async function workOnce(engine) {
  const step = await inTurn(`xundian-sync-${engine.personId}`, () => workBatch(engine));
  if (engine.isStopped) return;
  if (step.do === "stop" && step.why === "signed_out") await noteSignedOut(engine.personId, engine.token);
  if (step.do === "wait") engine.setAlarm(step.until);
  if (step.do === "rest") await tidy(engine);
  if (step.do === "rest") tellInTheBackground(engine);
  if (!isEnd(step)) engine.isAskedAgain = true;
  await refresh(engine, { phase: step.do === "stop" ? step.why : step.do === "wait" ? "waiting" : "idle", sending: 0 });
}

/** Sending waits for nothing that is not its own; one at a time. @param {Engine} engine */
function tellInTheBackground(engine) {
  engine.telling ??= tellNotice(engine, engine.edges.fetch)
    .catch(() => {}) // the storage says so elsewhere; the next rest tells it
    .finally(() => {
      engine.telling = null;
    });
}

/** @param {Engine} engine @returns {Promise<Step>} the step before which it ended */
async function workBatch(engine) {
  const { token, app, missing, edges } = engine;
  const controller = new AbortController();
  const limit = setTimeout(() => controller.abort(), LONGEST_BATCH_MS);
  const endsAt = performance.now() + BATCH_MS;
  const isOver = () => controller.signal.aborted || performance.now() >= endsAt;
  const onSent = () => void refresh(engine).catch(() => {}); // only what the screen says; the next refresh repeats it
  const onSending = (/** @type {number} */ sending) => tell(engine, { sending });
  const { storage } = engine.report;
  const at = {
    ...(await engine.databases()),
    token,
    app,
    missing,
    storage,
    signal: controller.signal,
    isOver,
    onSending,
    onSent,
    ...edges,
  };
  engine.batch = controller;
  try {
    for (;;) {
      const step = await followingStep(engine);
      if (isEnd(step) || isOver() || engine.isStopped) return step;
      tell(engine, { phase: PHASES[step.do] ?? engine.report.phase, sending: 0 });
      await advance(engine, step, at);
    }
  } finally {
    clearTimeout(limit);
    engine.batch = null;
  }
}

/** @param {Engine} engine */
async function followingStep(engine) {
  const { pending, wanted } = await refresh(engine);
  const { cursor, digestedAt } = await cursorOf((await engine.databases()).replica);
  const now = Date.now();
  const isDue = cursor !== null && isDigestDue(digestedAt, now);
  return nextStep(engine.state, { now, pending, wanted: wanted.length, missing: engine.missing.size, isDigestDue: isDue });
}

/**
 * Wake-ups that come while a step is under way stay: what they made due is still due afterwards.
 * @param {Engine} engine @param {Step} step @param {import("./steps.js").Workplace} at
 */
async function advance(engine, step, at) {
  const before = engine.state;
  const after = await carryOut(before, step, at);
  const isWoken = engine.state !== before;
  engine.state = isWoken ? { ...after, isPullDue: true, isHaveDue: true } : after;
}

/** @param {Step} step */
function isEnd(step) {
  return step.do === "rest" || step.do === "stop" || step.do === "wait";
}

/** Nothing left to send: see to the room on the phone. @param {Engine} engine */
async function tidy(engine) {
  const storage = await storageReport();
  tell(engine, { storage });
  const { capture, replica } = await engine.databases();
  const now = Date.now();
  if (isSpaceLow(storage)) await freeSpace(capture);
  else if (now - engine.sweptAtMs > SWEEP_EVERY_MS) {
    await sweepCapture(capture, now, { days: await retentionDays(replica, now) });
    engine.sweptAtMs = now;
  }
}
