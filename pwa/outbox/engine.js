// @ts-check
/** The engine: wakes up, takes its turn among the tabs, and works in bounded batches until there is nothing left. */
import { captureEvents, openCapture } from "../db/capture.js";
import { openReplica } from "../db/replica.js";
import { freeSpace, sweepCapture } from "../db/retention.js";
import { noteSignedOut } from "../session.js";
import { standing } from "./ledger.js";
import { initialState, nextStep, woken } from "./state.js";
import { carryOut } from "./steps.js";
import { askToPersist, isSpaceLow, storageReport } from "./storage.js";
import { inTurn, listenForWakeUps } from "./wake_ups.js";

const BATCH_MS = 30_000;
const SWEEP_EVERY_MS = 3_600_000;
const PHASES = { push: "pushing", pull: "pulling", have: "uploading", upload: "uploading", recover: "recovering" };

/**
 * @typedef {object} EngineStatus
 * @property {boolean} online
 * @property {"idle"|"offline"|"waiting"|"pushing"|"pulling"|"uploading"|"recovering"|"signed_out"|"wrong_owner"} phase
 * @property {number} unsent records not yet acknowledged
 * @property {number} photosUnsent photos of acknowledged records that are not confirmed
 * @property {string|null} oldestUnsentAt
 * @property {string|null} lastSyncedAt
 * @property {{code: string, status?: number}|null} lastError
 * @property {boolean} signedOut
 * @property {import("./storage.js").StorageReport} storage
 *
 * @typedef {{fetch?: typeof fetch, upload?: typeof import("./uploads.js").uploadPhotos}} Edges stand-ins for tests
 */

/**
 * @param {{personId: string, token: string, app: string}} session
 * @param {Edges} [edges]
 */
export function createEngine({ personId, token, app }, edges = {}) {
  const events = new EventTarget();
  let state = initialState();
  let isStopped = true;
  let sweptAt = 0;
  /** @type {Promise<void>|null} */
  let running = null;
  let isAskedAgain = false;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let alarm;
  /** @type {() => void} */
  let stopListening = () => {};
  /** @type {AbortController|null} */
  let batch = null;
  /** @type {EngineStatus} */
  let report = {
    online: isOnline(),
    phase: "idle",
    unsent: 0,
    photosUnsent: 0,
    oldestUnsentAt: null,
    lastSyncedAt: null,
    lastError: null,
    signedOut: false,
    storage: { usage: null, quota: null, persisted: null },
  };
  const databases = once(async () => ({ capture: await openCapture(personId), replica: await openReplica(personId) }));
  const missing = new Set();

  const tell = (/** @type {Partial<EngineStatus>} */ changes) => {
    report = { ...report, online: isOnline(), lastError: state.lastError, signedOut: state.isSignedOut, ...changes };
    events.dispatchEvent(new Event("change"));
  };

  const refresh = async (/** @type {Partial<EngineStatus>} */ changes = {}) => {
    const at = await standing((await databases()).capture);
    const { pending: unsent, oldestUnsentAt, lastSyncedAt } = at;
    tell({ unsent, photosUnsent: at.wanted.length, oldestUnsentAt, lastSyncedAt, ...changes });
    return at;
  };

  /** One bounded batch; returns the step that ended it. */
  const workBatch = async () => {
    const { capture, replica } = await databases();
    const controller = new AbortController();
    batch = controller;
    const limit = setTimeout(() => controller.abort(), BATCH_MS);
    const workplace = { capture, replica, token, app, signal: controller.signal, missing, onSent: () => void refresh().catch(() => {}), ...edges };
    try {
      for (;;) {
        const at = await refresh();
        const step = nextStep(state, { now: Date.now(), pending: at.pending, wanted: at.wanted.length, missing: missing.size });
        if (["rest", "stop", "wait"].includes(step.do) || controller.signal.aborted) return step;
        tell({ phase: /** @type {any} */ (PHASES)[step.do] ?? report.phase });
        const before = state;
        const after = await carryOut(before, step, workplace);
        // an upload cut off by the end of the batch has not failed: it goes on in the next one
        state = step.do === "upload" && controller.signal.aborted ? before : after;
      }
    } finally {
      clearTimeout(limit);
      batch = null;
    }
  };

  const work = async () => {
    do {
      isAskedAgain = false;
      if (!isOnline()) return refresh({ phase: "offline" });
      const step = await inTurn(`xundian-sync-${personId}`, workBatch);
      if (isStopped) return;
      await settle(step);
      if (!["rest", "stop", "wait"].includes(step.do)) isAskedAgain = true;
    } while (isAskedAgain && !isStopped);
  };

  /** @param {import("./state.js").Step} step */
  const settle = async (step) => {
    if (step.do === "stop" && step.why === "signed_out") await noteSignedOut(personId, token);
    if (step.do === "wait") alarm = setTimeout(() => void run(), Math.max(step.until - Date.now(), 100));
    if (step.do === "rest") await tidy();
    const phase = step.do === "stop" ? step.why : step.do === "wait" ? "waiting" : "idle";
    await refresh({ phase });
  };

  const tidy = async () => {
    const storage = await storageReport();
    tell({ storage });
    const { capture } = await databases();
    if (isSpaceLow(storage)) await freeSpace(capture);
    else if (Date.now() - sweptAt > SWEEP_EVERY_MS) await sweepCapture(capture, Date.now());
    sweptAt = Date.now();
  };

  const run = () => {
    if (isStopped) return Promise.resolve();
    clearTimeout(alarm);
    isAskedAgain = true;
    running ??= work()
      .then(() => {})
      .catch((fault) => tell({ phase: "waiting", lastError: { code: fault?.code ?? "storage_lost" } }))
      .finally(() => {
        running = null;
      });
    return running;
  };

  const wake = (/** @type {"tick"|"online"|"person"} */ why) => {
    state = woken(state, why);
    return run();
  };

  return {
    events,
    status: () => report,
    /** Begin to listen and to work; asks for storage that persists. */
    start() {
      if (!isStopped) return;
      isStopped = false;
      stopListening = listenForWakeUps(captureEvents, (why) => void wake(why));
      void askToPersist()
        .then(async () => tell({ storage: await storageReport() }))
        .catch(() => {});
      void wake("online");
    },
    /** Stop after the transaction under way; nothing is lost. */
    async stop() {
      isStopped = true;
      stopListening();
      clearTimeout(alarm);
      batch?.abort();
      await running;
    },
    /** The person asks: try now, unless the server ordered a wait. */
    syncNow: () => wake("person"),
  };
}

function isOnline() {
  return globalThis.navigator?.onLine !== false;
}

/** @template T @param {() => Promise<T>} make @returns {() => Promise<T>} made once; again after a failure */
function once(make) {
  /** @type {Promise<T>|null} */
  let made = null;
  return () => {
    made ??= make().catch((fault) => {
      made = null;
      throw fault;
    });
    return made;
  };
}
