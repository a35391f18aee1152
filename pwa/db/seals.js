// @ts-check
/**
 * What a person with a lock has on this phone is sealed (AES-GCM) by a key that only this page holds, and only while the
 * lock is open; whoever has no lock has plain rows. Both may lie side by side: rows are read as they are.
 * WebCrypto cannot work inside a transaction (it would end meanwhile), so values are sealed before one and opened after it.
 */
import { coded } from "./problems.js";
import { sessionStore } from "./session_store.js";

/**
 * @typedef {{personId: string}} Owned a database, or whatever else is one person's
 * @typedef {{seal: 1, iv: Uint8Array, data: ArrayBuffer}} Sealed
 * @typedef {{iv: Uint8Array, wrapped: ArrayBuffer}} Wrap the key, encrypted
 * @typedef {object} Lock
 * @property {(Wrap & {salt: Uint8Array, iterations: number})} pin the key wrapped by the PIN
 * @property {Wrap} recovery the key wrapped by a secret that the server tells after a sign-in
 * @property {ArrayBuffer|null} key the key itself once the lock was taken off, for what was sealed before; null while it is on
 * @property {number} minutes without a touch until it locks
 * @property {number} failed wrong PINs one after the other
 * @property {number} waitUntil no PIN is tried before, ms since 1970
 */

const ALGORITHM = "AES-GCM";
const IV_BYTES = 12;

/** @type {Map<string, {key: CryptoKey, isSealing: boolean}>} by person */
const keys = new Map();

/** @type {Map<string, Promise<Lock|null>>} by person, as this page read them first or wrote them last */
const seen = new Map();

/** @param {string} personId @returns {Promise<Lock|null>} null when the person never had one */
export async function lockOf(personId) {
  const db = await sessionStore();
  return (await db.read(["meta"], (tx) => tx.objectStore("meta").get(`lock:${personId}`))) ?? null;
}

/**
 * As `lockOf`, read once a page: the start asks several times. Whether there is a lock cannot change under a page that has the
 * person's database open, since one that is set elsewhere takes the database from it.
 * @param {string} personId @returns {Promise<Lock|null>}
 */
export function lockSeen(personId) {
  const known = seen.get(personId) ?? lockOf(personId);
  seen.set(personId, known);
  known.catch(() => seen.delete(personId));
  return known;
}

/** @param {string} personId @param {Lock} lock */
export async function storeLock(personId, lock) {
  seen.delete(personId);
  const db = await sessionStore();
  await db.write(["meta"], (tx) => tx.objectStore("meta").put(lock, `lock:${personId}`), "strict");
}

/** @type {BroadcastChannel | null} of this page; it does not hear itself */
let pages = null;

/** Hear that a lock was set again in another page: what this one writes would lie plain. @param {() => void} heard */
export function hearOfLocks(heard) {
  if (!globalThis.BroadcastChannel) return;
  pages ??= new BroadcastChannel("xundian-lock");
  pages.addEventListener("message", heard);
}

/** Tell the other pages that this one set a lock again. */
export function tellOfLock() {
  pages?.postMessage("set");
}

/** The lock is open in this page. @param {string} personId @param {CryptoKey} key @param {boolean} isSealing false when only older rows are sealed */
export function holdKey(personId, key, isSealing) {
  keys.set(personId, { key, isSealing });
}

/** Whether the lock is open in this page, or there is none to open. @param {string} personId @param {Lock|null} lock */
export function isOpenFor(personId, lock) {
  return lock === null || lock.key !== null || keys.has(personId);
}

/** After a lock was taken off its key lies open; it reads what was sealed before. @param {string} personId @param {Lock|null} lock */
export async function holdOpenKey(personId, lock) {
  if (lock?.key && !keys.has(personId)) holdKey(personId, await keyFrom(lock.key, false), false);
}

/** @param {ArrayBuffer} raw @param {boolean} isExtractable */
export function keyFrom(raw, isExtractable) {
  return crypto.subtle.importKey("raw", raw, ALGORITHM, isExtractable, ["encrypt", "decrypt"]);
}

/** Whether new rows of the person are sealed. @param {string} personId */
export function isSealing(personId) {
  return keys.get(personId)?.isSealing === true;
}

/** @param {any} value @returns {value is Sealed} */
export function isSealed(value) {
  return value?.seal === 1 && ArrayBuffer.isView(value.iv);
}

/** @template {unknown} Value @param {Owned} db @param {Value} value JSON @returns {Promise<Value|Sealed>} */
export async function sealedValue(db, value) {
  const held = keys.get(db.personId);
  return held?.isSealing ? seal(held.key, new TextEncoder().encode(JSON.stringify(value))) : value;
}

/** Rejects with the code `locked` while the lock is closed. @param {Owned} db @param {any} value @returns {Promise<any>} */
export async function openedValue(db, value) {
  return isSealed(value) ? JSON.parse(new TextDecoder().decode(await unseal(db, value))) : value;
}

/** @param {Owned} db @param {ArrayBuffer} bytes @returns {Promise<ArrayBuffer|Sealed>} */
export async function sealedBytes(db, bytes) {
  const held = keys.get(db.personId);
  return held?.isSealing ? seal(held.key, bytes) : bytes;
}

/** Rejects with the code `locked` while the lock is closed. @param {Owned} db @param {ArrayBuffer|Sealed} bytes @returns {Promise<ArrayBuffer>} */
export async function openedBytes(db, bytes) {
  return isSealed(bytes) ? unseal(db, bytes) : bytes;
}

/** Rows with one of their fields opened, the others as they are. @template Row @param {Owned} db @param {Row[]} rows @param {keyof Row} field @returns {Promise<Row[]>} */
export async function openedRows(db, rows, field) {
  if (!rows.some((row) => isSealed(row[field]))) return rows;
  return Promise.all(rows.map(async (row) => (isSealed(row[field]) ? { ...row, [field]: await openedValue(db, row[field]) } : row)));
}

/** Whether a seal is at fault that the key does not open (WebCrypto's OperationError): it never will. @param {any} fault */
export function isDamage(fault) {
  return fault?.name === "OperationError";
}

/** About how long the text is, whether or not it can be read. @param {string|Sealed} text */
export function textLength(text) {
  return isSealed(text) ? text.data.byteLength : text.length;
}

/** @param {CryptoKey} key @param {BufferSource} content @returns {Promise<Sealed>} */
async function seal(key, content) {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  return { seal: 1, iv, data: await crypto.subtle.encrypt({ name: ALGORITHM, iv }, key, content) };
}

/** @param {Owned} db @param {Sealed} sealed */
async function unseal(db, { iv, data }) {
  const held = keys.get(db.personId);
  if (!held) throw coded("locked");
  return crypto.subtle.decrypt({ name: ALGORITHM, iv: /** @type {BufferSource} */ (iv) }, held.key, data);
}
