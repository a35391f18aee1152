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
/** In a build's cache once it serves: which pages that are open run an earlier build, by their client's id the name of its cache. */
const EARLIER = `${START}earlier-pages`;
/** @type {Promise<Cache> | null} opened at the first request */
let shell = null;
/** @type {Promise<Record<string, string>> | null} read at the first request */
let earlier = null;

worker.addEventListener("install", (event) => {
  event.waitUntil(keepShell());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

worker.addEventListener("fetch", (event) => {
  const address = shellAddress(event.request);
  if (address !== null) event.respondWith(fromShell(address, event));
  if (event.request.mode === "navigate") event.waitUntil(dropClosed());
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

/**
 * From now on this build serves every page, but those that are open run another one, whose files they go on to get: modules of two builds do
 * not fit together. Other builds that were there or served before go; one that never served may be on its way. The first install serves at once.
 */
async function takeOver() {
  const builds = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  const last = await servedLast(builds);
  const pages = last ? await earlierOf(last) : {};
  await keepEarlier(pages);
  const used = new Set(Object.values(pages));
  const served = new Set(last ? [last.name, ...Object.values(last.pages)] : []);
  const before = builds.filter((name, place) => name !== OWN && (place < builds.indexOf(OWN) || served.has(name)));
  await Promise.all(before.map((name) => (used.has(name) ? forgetEarlier(name) : caches.delete(name))));
  if (before.length === 0) await worker.clients.claim();
}

/**
 * Which build served until now, with its word on earlier pages: this one itself where it is put in once more. The order says nothing of it
 * when a build that is still kept comes back.
 * @param {string[]} builds the oldest first @returns {Promise<{name: string, pages: Record<string, string>} | null>} null at the first install
 */
async function servedLast(builds) {
  for (const name of [...builds].reverse()) {
    const kept = await caches.match(EARLIER, { cacheName: name });
    if (kept) return { name, pages: await kept.json() };
  }
  const [oldest = OWN] = builds;
  return oldest === OWN ? null : { name: oldest, pages: {} }; // a worker of before this was kept dropped all builds but its own
}

/** The pages that are open and run another build than this. @param {{name: string, pages: Record<string, string>}} last @returns {Promise<Record<string, string>>} */
async function earlierOf({ name, pages }) {
  const builds = (await openPages()).map((id) => [id, pages[id] ?? name]);
  return Object.fromEntries(builds.filter(([, build]) => build !== OWN));
}

/** Only the build that serves says which pages run earlier ones. @param {string} name */
async function forgetEarlier(name) {
  await (await caches.open(name)).delete(EARLIER);
}

/** Pages of the app: the console has the same origin. @returns {Promise<string[]>} ids */
async function openPages() {
  const pages = await worker.clients.matchAll({ includeUncontrolled: true, type: "window" });
  return pages.filter(({ url }) => new URL(url).pathname.startsWith(START)).map(({ id }) => id);
}

/** @param {Record<string, string>} pages */
async function keepEarlier(pages) {
  earlier = Promise.resolve(pages);
  await (await openShell()).put(EARLIER, new Response(JSON.stringify(pages)));
}

/** @returns {Promise<Record<string, string>>} */
async function earlierPages() {
  earlier ??= openShell()
    .then((cache) => cache.match(EARLIER))
    .then((kept) => kept?.json() ?? {});
  try {
    return await earlier;
  } catch {
    earlier = null; // the next request tries again; this one has its file in any case
    return {};
  }
}

/** Earlier builds go once the last of their pages is closed. */
async function dropClosed() {
  const pages = await earlierPages();
  if (Object.keys(pages).length === 0) return;
  const open = new Set(await openPages());
  const left = Object.fromEntries(Object.entries(pages).filter(([id]) => open.has(id)));
  const used = new Set(Object.values(left));
  await keepEarlier(left);
  await Promise.all([...new Set(Object.values(pages))].filter((name) => !used.has(name)).map((name) => caches.delete(name)));
}

/** @param {Request} request @returns {string|null} the address in a shell, perhaps only an earlier one, or null for what is not its business */
function shellAddress(request) {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin || !url.pathname.startsWith(START)) return null;
  return request.mode !== "navigate" || OWN_PATHS.has(url.pathname) ? url.pathname : START;
}

/** By the address without a query: looking past queries would go through the whole shell. @param {string} address @param {FetchEvent} event @returns {Promise<Response>} */
async function fromShell(address, { request, clientId }) {
  const [cache, pages] = await Promise.all([openShell(), earlierPages()]);
  const cacheName = request.mode === "navigate" ? undefined : pages[clientId];
  const kept = cacheName && (await caches.match(address, { cacheName, ignoreVary: true }));
  return kept || ((await cache.match(address, { ignoreVary: true })) ?? fetch(request));
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
