// @ts-check
// Which build of the app this page runs, and the others that its service worker keeps (sw.js).

const PREFIX = "xundian-shell-";
const SHORT = 8;

/** Names of their caches, oldest first: the first is in use, since every build drops those before it when it takes over. @returns {Promise<string[]>} */
async function builds() {
  if (!("caches" in globalThis) || !("serviceWorker" in navigator)) return [];
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}

/** @returns {Promise<string>} the start of its hash; "" before the first is kept */
export async function ownBuild() {
  const [own = PREFIX] = await builds();
  return own.slice(PREFIX.length, PREFIX.length + SHORT);
}

/** Only the one in use stays; none goes while a newer one comes or waits, as nobody can tell here which of the others that is. */
export async function dropOtherBuilds() {
  const [, ...others] = await builds();
  if (!others.length) return;
  const registration = await navigator.serviceWorker.getRegistration("/m/");
  if (registration?.waiting || registration?.installing) return;
  await Promise.all(others.map((name) => caches.delete(name)));
}
