// @ts-check
/** What wakes the engine, and how tabs take turns. */

const TICK_MS = 60_000;
const SYNC_TAG = "xundian-outbox";

/**
 * @param {EventTarget} captureEvents
 * @param {(why: "tick"|"online") => unknown} wake
 * @returns {() => void} stop listening
 */
export function listenForWakeUps(captureEvents, wake) {
  const onSaved = () => {
    wake("online");
    void askForBackgroundSync();
  };
  const onOnline = () => wake("online");
  const onVisible = () => document.visibilityState === "visible" && wake("online");
  const onMessage = (/** @type {MessageEvent} */ event) => event.data?.type === "wake" && wake("online");
  const clock = setInterval(() => isVisible() && wake("tick"), TICK_MS);
  const worker = globalThis.navigator?.serviceWorker;
  captureEvents.addEventListener("saved", onSaved);
  globalThis.addEventListener?.("online", onOnline);
  globalThis.addEventListener?.("offline", onOnline);
  globalThis.document?.addEventListener("visibilitychange", onVisible);
  worker?.addEventListener("message", onMessage);
  return () => {
    clearInterval(clock);
    captureEvents.removeEventListener("saved", onSaved);
    globalThis.removeEventListener?.("online", onOnline);
    globalThis.removeEventListener?.("offline", onOnline);
    globalThis.document?.removeEventListener("visibilitychange", onVisible);
    worker?.removeEventListener("message", onMessage);
  };
}

/**
 * Do the work while no other tab does. Without Web Locks (old WebKit) tabs may overlap: the server settles by id.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function inTurn(name, work) {
  const locks = globalThis.navigator?.locks;
  return locks ? locks.request(name, work) : work();
}

/** False only when the browser is sure. */
export function isOnline() {
  return globalThis.navigator?.onLine !== false;
}

function isVisible() {
  return globalThis.document === undefined || document.visibilityState === "visible";
}

/** Only a wake-up: the browser may start the app's page or not. */
async function askForBackgroundSync() {
  try {
    const registration = await globalThis.navigator?.serviceWorker?.ready;
    await /** @type {any} */ (registration)?.sync?.register(SYNC_TAG);
  } catch {
    // not permitted, or not in this browser; the other wake-ups remain
  }
}
