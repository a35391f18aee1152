// @ts-check
/**
 * The lock: a random key seals the person's data (db/seals.js). It is kept only wrapped: by the PIN, and a second time by a
 * secret that the server tells whoever has signed in, so that a forgotten PIN costs a sign-in and no data. ADR 13.
 */
import { coded } from "./db/problems.js";
import { holdKey, keyFrom, lockOf, storeLock, tellOfLock } from "./db/seals.js";

/**
 * @typedef {import("./db/seals.js").Lock} Lock
 * @typedef {import("./db/seals.js").Wrap} Wrap
 * @typedef {{personId: string, token: string}} Signed
 */

export const PIN_DIGITS = 6;
export const IDLE_MINUTES = [1, 5, 15, 30];
const ITERATIONS = 600_000;
const FREE_TRIES = 5;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;
const KEY_USES = /** @type {KeyUsage[]} */ (["encrypt", "decrypt"]);

/** Whether a PIN is among the first that a thief tries: one digit throughout, digits in a row, or a pair three times. @param {string} pin */
export function isWeak(pin) {
  const steps = new Set([...pin].slice(1).map((digit, at) => Number(digit) - Number(pin[at])));
  return (steps.size === 1 && Math.abs([...steps][0]) <= 1) || pin === pin.slice(0, 2).repeat(3);
}

/** How long to wait after so many wrong PINs one after the other, ms. Pure. @param {number} failed */
export function waitAfter(failed) {
  return failed < FREE_TRIES ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (failed - FREE_TRIES), LONGEST_WAIT_MS);
}

/**
 * Set a lock, or set it again after it was taken off. The page has to start anew afterwards: the person opens the lock once.
 * Rejects with lock_set (there is one already), unreachable, or a code of the server's.
 * @param {Signed} signed @param {string} pin @param {number} minutes @param {typeof fetch} [ask]
 */
export async function setLock({ personId, token }, pin, minutes, ask = fetch) {
  const earlier = await lockOf(personId);
  if (earlier && !earlier.key) throw coded("lock_set"); // in another tab
  const key = earlier?.key
    ? await keyFrom(earlier.key, true)
    : await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, KEY_USES);
  const recovery = earlier?.recovery ?? (await wrapped(key, await recoveryKey(token, ask)));
  await storeLock(personId, { pin: await wrappedByPin(key, pin), recovery, key: null, minutes, failed: 0, waitUntil: 0 });
  if (earlier) tellOfLock(); // the first one takes the databases from them (capture_schema.js)
}

/**
 * Open the lock in this page. A wrong PIN is counted before it is tried, so that closing the app does not save a try.
 * Rejects with pin_wrong (`left`: tries before a wait) or pin_wait (`until`, ms since 1970).
 * @param {string} personId @param {string} pin
 */
export async function openByPin(personId, pin) {
  const lock = await tried(personId, pin, false);
  holdKey(personId, lock.key, true);
}

/** Open the lock after a sign-in. Rejects with unreachable, recovery_failed or a code of the server's. @param {Signed} signed @param {typeof fetch} [ask] */
export async function openBySignIn({ personId, token }, ask = fetch) {
  const lock = /** @type {Lock} */ (await lockOf(personId));
  holdKey(personId, await recovered(lock, token, false, ask), true);
}

/** Another PIN for whoever knows the old one. Rejects as openByPin. @param {string} personId @param {string} old @param {string} pin */
export async function changePin(personId, old, pin) {
  const { key, ...rest } = await tried(personId, old, true);
  await storeLock(personId, { ...rest, pin: await wrappedByPin(key, pin), key: null });
}

/** Another PIN for whoever has just signed in again. Rejects as openBySignIn. @param {Signed} signed @param {string} pin @param {typeof fetch} [ask] */
export async function replacePin({ personId, token }, pin, ask = fetch) {
  const lock = /** @type {Lock} */ (await lockOf(personId));
  const key = await recovered(lock, token, true, ask);
  await storeLock(personId, { ...lock, pin: await wrappedByPin(key, pin), failed: 0, waitUntil: 0 });
}

/** Take the lock off: new rows are plain, the key for the older ones lies open. Rejects as openByPin. @param {string} personId @param {string} pin */
export async function removeLock(personId, pin) {
  const { key, ...rest } = await tried(personId, pin, true);
  await storeLock(personId, { ...rest, key: await crypto.subtle.exportKey("raw", key) });
  holdKey(personId, key, false);
}

/** @param {string} personId @param {number} minutes */
export async function setIdleMinutes(personId, minutes) {
  const lock = /** @type {Lock} */ (await lockOf(personId));
  await storeLock(personId, { ...lock, minutes });
}

/** Try a PIN. @param {string} personId @param {string} pin @param {boolean} isExtractable @returns {Promise<Omit<Lock, "key"> & {key: CryptoKey}>} */
async function tried(personId, pin, isExtractable) {
  const lock = /** @type {Lock} */ (await lockOf(personId));
  const wait = Math.min(lock.waitUntil - Date.now(), LONGEST_WAIT_MS); // a clock that was wrong keeps nobody out for long
  if (wait > 0) throw coded("pin_wait", { until: Date.now() + wait });
  const failed = lock.failed + 1;
  await storeLock(personId, { ...lock, failed, waitUntil: waitAfter(failed) && Date.now() + waitAfter(failed) });
  const key = await unwrapped(lock.pin, await pinKey(pin, lock.pin), isExtractable).catch(() => null);
  if (!key)
    throw failed < FREE_TRIES
      ? coded("pin_wrong", { left: FREE_TRIES - failed })
      : coded("pin_wait", { until: Date.now() + waitAfter(failed) });
  const opened = { ...lock, failed: 0, waitUntil: 0 };
  await storeLock(personId, opened);
  return { ...opened, key };
}

/** @param {Lock} lock @param {string} token @param {boolean} isExtractable @param {typeof fetch} ask */
async function recovered(lock, token, isExtractable, ask) {
  const by = await recoveryKey(token, ask);
  return unwrapped(lock.recovery, by, isExtractable).catch(() => {
    throw coded("recovery_failed");
  });
}

/** @param {CryptoKey} key @param {string} pin */
async function wrappedByPin(key, pin) {
  const by = { salt: crypto.getRandomValues(new Uint8Array(16)), iterations: ITERATIONS };
  return { ...by, ...(await wrapped(key, await pinKey(pin, by))) };
}

/** @param {CryptoKey} key @param {CryptoKey} by @returns {Promise<Wrap>} */
async function wrapped(key, by) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, wrapped: await crypto.subtle.wrapKey("raw", key, by, { name: "AES-GCM", iv }) };
}

/** @param {Wrap} wrap @param {CryptoKey} by @param {boolean} isExtractable */
function unwrapped({ iv, wrapped: bytes }, by, isExtractable) {
  const how = { name: "AES-GCM", iv: /** @type {BufferSource} */ (iv) };
  return crypto.subtle.unwrapKey("raw", bytes, by, how, "AES-GCM", isExtractable, KEY_USES);
}

/** @param {string} pin @param {{salt: Uint8Array, iterations: number}} by */
async function pinKey(pin, { salt, iterations }) {
  const material = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: /** @type {BufferSource} */ (salt), iterations };
  return crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["wrapKey", "unwrapKey"]);
}

/** The key of the second wrap, which the server tells whoever is signed in. @param {string} token @param {typeof fetch} ask */
async function recoveryKey(token, ask) {
  const response = await ask("/auth/v1/lock-secret", {
    method: "POST",
    headers: { Authorization: `Bearer ${token}` },
    redirect: "error",
  }).catch(() => {
    throw coded("unreachable");
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok || typeof answer.secret !== "string") throw coded(answer.code ?? "unreachable");
  const bytes = Uint8Array.from(atob(answer.secret), (one) => one.charCodeAt(0));
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["wrapKey", "unwrapKey"]);
}
