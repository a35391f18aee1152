// @ts-check
// Which build of the app this page runs, as the service worker keeps it.

const PREFIX = "xundian-shell-";
const SHORT = 8;

/** @returns {Promise<string>} the start of its hash; "" before the first is kept */
export async function ownBuild() {
  if (!("caches" in globalThis) || !("serviceWorker" in navigator)) return "";
  const builds = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  const registration = await navigator.serviceWorker.getRegistration("/m/");
  const own = registration?.waiting || registration?.installing ? builds.at(-2) : undefined; // the newest is not in use yet
  return (own ?? builds.at(-1) ?? PREFIX).slice(PREFIX.length, PREFIX.length + SHORT);
}
