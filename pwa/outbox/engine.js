// @ts-check
/** The engine: wakes up, takes its turn among the tabs, and works in bounded batches until there is nothing left. */
import { captureEvents } from "../db/capture_events.js";
import { openCapture } from "../db/capture_schema.js";
import { openReplica } from "../db/replica.js";
import { initialState, woken } from "./state.js";
import { askToPersist, storageReport } from "./storage.js";
import { isOnline, listenForWakeUps } from "./wake_ups.js";
import { tell, workUntilQuiet } from "./work.js";

/**
 * @typedef {object} EngineStatus
 * @property {boolean} online
 * @property {"idle"|"offline"|"waiting"|"pushing"|"pulling"|"uploading"|"recovering"|"signed_out"|"wrong_owner"} phase
 * @property {number} sending records in the request under way
 * @property {number} unsent records not yet acknowledged
 * @property {number} photosUnsent photos of acknowledged records that are not confirmed
 * @property {string|null} oldestUnsentAt
 * @property {string|null} lastSyncedAt
 * @property {{code: string, status?: number}|null} lastError
 * @property {boolean} signedOut
 * @property {import("./storage.js").StorageReport} storage
 *
 * @typedef {{fetch?: typeof fetch, upload?: typeof import("./uploads.js").uploadPhotos}} Edges stand-ins for tests
 *
 * @typedef {object} Engine what the parts of the engine share
 * @property {string} personId
 * @property {string} token
 * @property {string} app
 * @property {Edges} edges
 * @property {EventTarget} events
 * @property {import("./state.js").EngineState} state
 * @property {EngineStatus} report
 * @property {() => Promise<{capture: import("../db/connection.js").Database, replica: import("../db/connection.js").Database}>} databases
 * @property {Set<string>} missing photos that the server is known to lack
 * @property {AbortController|null} batch
 * @property {Promise<void>|null} telling the company of the privacy notice
 * @property {boolean} isStopped
 * @property {boolean} isAskedAgain
 * @property {number} sweptAtMs
 * @property {(atMs: number) => void} setAlarm
 */

/**
 * @param {{personId: string, token: string, app: string}} session
 * @param {Edges} [edges]
 */
export function createEngine({ personId, token, app }, edges = {}) {
  /** @type {Promise<void>|null} */
  let running = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let alarm;
  let stopListening = () => {};
  const setAlarm = (/** @type {number} */ atMs) => {
    alarm = setTimeout(run, Math.max(atMs - Date.now(), 100));
  };
  const engine = newEngine({ personId, token, app, edges, setAlarm });

  function run() {
    if (engine.isStopped) return Promise.resolve();
    clearTimeout(alarm);
    engine.isAskedAgain = true;
    running ??= workUntilQuiet(engine).finally(() => {
      running = null;
    });
    return running;
  }

  /** @param {"tick"|"online"|"person"} why */
  function wake(why) {
    engine.state = woken(engine.state, why);
    return run();
  }

  return {
    /** Dispatches "change" whenever status() has changed. */
    events: engine.events,
    status: () => engine.report,
    /** Begin to listen and to work; asks the browser for storage that persists. */
    start() {
      if (!engine.isStopped) return;
      engine.isStopped = false;
      stopListening = listenForWakeUps(captureEvents, wake);
      void reportStorage(engine);
      void wake("online");
    },
    /** Stop after the transaction under way; nothing is lost. */
    async stop() {
      engine.isStopped = true;
      stopListening();
      clearTimeout(alarm);
      engine.batch?.abort();
      await running;
    },
    /** The person asks: try now, unless the server ordered a wait. */
    syncNow: () => wake("person"),
    /** The person asks: may this stay? Some browsers ask them. @returns {Promise<boolean>} what the browser said */
    async keepStorage() {
      await reportStorage(engine);
      return engine.report.storage.persisted === true;
    },
  };
}

/** @param {Pick<Engine, "personId"|"token"|"app"|"edges"|"setAlarm">} given @returns {Engine} */
function newEngine(given) {
  const { personId } = given;
  return {
    ...given,
    events: new EventTarget(),
    state: initialState(),
    report: {
      online: isOnline(),
      phase: "idle",
      sending: 0,
      unsent: 0,
      photosUnsent: 0,
      oldestUnsentAt: null,
      lastSyncedAt: null,
      lastError: null,
      signedOut: false,
      storage: { usage: null, quota: null, persisted: null },
    },
    databases: once(async () => ({ capture: await openCapture(personId), replica: await openReplica(personId) })),
    missing: new Set(),
    batch: null,
    telling: null,
    isStopped: true,
    isAskedAgain: false,
    sweptAtMs: 0,
  };
}

/** @param {Engine} engine */
async function reportStorage(engine) {
  await askToPersist().catch(() => false); // a browser that refuses is reported as not persisted
  tell(engine, { storage: await storageReport() });
}

/** Made once; again after a failure. @template T @param {() => Promise<T>} make @returns {() => Promise<T>} */
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
