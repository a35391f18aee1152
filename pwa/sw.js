// @ts-check
/// <reference lib="webworker" />
/**
 * The service worker: the app shell from a cold start without a network, and nothing else. The server puts two lines
 * in front of this file: BUILD, a hash of the shell, and SHELL, its addresses.
 */

/** @type {ServiceWorkerGlobalScope} */
const worker = /** @type {any} */ (self);

const PREFIX = "xundian-shell-";
const START = "/m/";
/** @type {string} */
// @ts-expect-error the server writes BUILD in front of this file
const OWN = PREFIX + BUILD;
/** @type {string[]} */
// @ts-expect-error and SHELL
const ADDRESSES = SHELL;
const OWN_PATHS = new Set(ADDRESSES);
/** @type {Promise<Cache> | null} opened at the first request */
let shell = null;

worker.addEventListener("install", (event) => {
  event.waitUntil(keepShell());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

worker.addEventListener("fetch", (event) => {
  const address = shellAddress(event.request);
  if (address !== null) event.respondWith(fromShell(address, event.request));
});

worker.addEventListener("message", (event) => {
  if (event.data?.type === "take-over") event.waitUntil(worker.skipWaiting());
  if (event.data?.type === "build") event.ports[0].postMessage(OWN);
});

worker.addEventListener("sync", (/** @type {any} */ event) => {
  event.waitUntil(wakePages());
});

/** All of the shell or none of it, past the browser's own cache. */
async function keepShell() {
  const isFirst = !(await caches.has(OWN));
  const cache = await caches.open(OWN);
  try {
    await cache.addAll(ADDRESSES.filter((address) => address !== START).map((address) => new Request(address, { cache: "reload" })));
    await cache.put(START, await keptStart());
  } catch (fault) {
    if (isFirst) await caches.delete(OWN);
    throw fault;
  }
}

/** The start page that fetches ahead what somebody who is signed in needs. @returns {Promise<Response>} */
async function keptStart() {
  const answer = await fetch(new Request(`${START}?kept`, { cache: "reload" }));
  if (!answer.ok) throw new Error(`the start page is not to be had: ${answer.status}`);
  return answer;
}

/** From now on this build serves every page, so those before it go; one after it may be on its way. The first install serves at once. */
async function takeOver() {
  const builds = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  const older = builds.slice(0, Math.max(0, builds.indexOf(OWN)));
  await Promise.all(older.map((name) => caches.delete(name)));
  if (older.length === 0) await worker.clients.claim();
}

/** @param {Request} request @returns {string|null} the address in the shell, or null for what is not its business */
function shellAddress(request) {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin || !url.pathname.startsWith(START)) return null;
  if (OWN_PATHS.has(url.pathname)) return url.pathname;
  return request.mode === "navigate" ? START : null;
}

/** By the address without a query: looking past queries would go through the whole shell. @param {string} address @param {Request} request @returns {Promise<Response>} */
async function fromShell(address, request) {
  const kept = await (await openShell()).match(address, { ignoreVary: true });
  return kept ?? fetch(request);
}

async function openShell() {
  shell ??= caches.open(OWN);
  try {
    return await shell;
  } catch (fault) {
    shell = null; // the next request tries again
    throw fault;
  }
}

async function wakePages() {
  for (const page of await worker.clients.matchAll({ type: "window" })) page.postMessage({ type: "wake" });
}
