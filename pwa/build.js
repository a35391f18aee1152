// @ts-check
// Which build of the app this page runs, and the others that its service worker keeps (sw.js).

const PREFIX = "xundian-shell-";
/** In the cache of the build in use: which open pages run an earlier one, by their client's id the name of its cache (sw.js). */
const EARLIER = "/m/earlier-pages";
const SHORT = 8;
const ANSWER_MS = 1000;

/** Names of their caches, the newest last. @returns {Promise<string[]>} */
async function builds() {
  if (!("caches" in globalThis) || !("serviceWorker" in navigator)) return [];
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}

/** @returns {Promise<string>} the start of its hash; "" before the first is kept, or where nobody can tell */
export async function ownBuild() {
  const names = await builds();
  const own = names.length > 1 ? await nameInUse(await navigator.serviceWorker.getRegistration("/m/")) : (names[0] ?? "");
  return own.slice(PREFIX.length, PREFIX.length + SHORT);
}

/**
 * Only the one in use, those of pages that are open, and the newest stay: the newest may be an install that begins just now. None goes while
 * a newer one comes or waits, or while the worker does not say which it is.
 * @param {{isLastWay?: boolean}} [how] isLastWay: those of open pages go too
 */
export async function dropOtherBuilds({ isLastWay = false } = {}) {
  const names = await builds();
  if (names.length < 2) return;
  const registration = await navigator.serviceWorker.getRegistration("/m/");
  if (registration?.waiting || registration?.installing) return;
  const inUse = await nameInUse(registration);
  if (!inUse) return;
  const needed = new Set([inUse, ...(isLastWay ? [] : await buildsOfPages(inUse))]);
  const others = names.slice(0, -1).filter((name) => !needed.has(name));
  await Promise.all(others.map((name) => caches.delete(name)));
}

/** The earlier builds that open pages run: one of a page that was closed is among them until the next start. @param {string} inUse @returns {Promise<string[]>} names */
async function buildsOfPages(inUse) {
  const kept = await caches.match(EARLIER, { cacheName: inUse });
  return kept ? Object.values(await kept.json()) : [];
}

/**
 * The name of the cache that pages are served from, by the active worker: the order says nothing of it, as one may be left from a worker
 * that was killed while it took over. "" without an answer.
 * @param {ServiceWorkerRegistration | undefined} registration @returns {Promise<string>}
 */
async function nameInUse(registration) {
  const worker = registration?.active;
  if (!worker) return "";
  const { port1, port2 } = new MessageChannel();
  let timer;
  const answer = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    timer = setTimeout(resolve, ANSWER_MS, "");
    worker.postMessage({ type: "build" }, [port2]);
  });
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
    port1.close();
  }
}
