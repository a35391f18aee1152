// @ts-check
/**
 * Copies outside the database. All databases of an origin are one LevelDB in Chromium; when a kill tore the end of its log and the
 * next start wrote behind that, the start after it finds the log damaged and empties all of them (ADR 18). The browser's cache is
 * another store on the same phone, and stays. Rows are copied as they are stored, so what a lock seals is sealed here too.
 */
import { uuid7 } from "../ids.js";
import { isNew } from "./new_database.js";
import { isSealing } from "./seals.js";

/**
 * @typedef {import("./connection.js").Database} Database
 * @typedef {{at: number, size: number, isView: boolean}} Place of bytes behind the text
 */

const PREFIX = "xundian-spare-";
const FOLDER = "/spare/";
const HEAD_BYTES = 4;

/** The end of a path: plain rows, or as a lock seals them. */
const PLAIN = "p";
export const SEALED = "s";

/** Photos were let go for want of room: until the next start none is copied again. */
let isShortOfRoom = false;

/** The cache of a person's copies, or of the installation's. @param {string} owner a person's id, or "session" @returns {string} */
export function spareName(owner) {
  return PREFIX + owner;
}

/** What there is of it, made where there is none. @param {string} owner @returns {Promise<Cache>} */
export function spareCache(owner) {
  return caches.open(spareName(owner));
}

/** @param {string[]} parts @returns {string} */
export function sparePath(...parts) {
  return FOLDER + parts.map(encodeURIComponent).join("/");
}

/** @param {string} path @returns {string[]} what it was made of */
export function partsOf(path) {
  return path.slice(FOLDER.length).split("/").map(decodeURIComponent);
}

/** The form in which a person's rows are copied now. @param {string} personId @returns {string} */
export function formOf(personId) {
  return isSealing(personId) ? SEALED : PLAIN;
}

/** @param {string} path that ends in a form @param {string} form @returns {string} */
export function inForm(path, form) {
  return sparePath(...partsOf(path).slice(0, -1), form);
}

/** @param {Cache} cache @returns {Promise<string[]>} */
export async function pathsIn(cache) {
  return (await cache.keys()).map((request) => new URL(request.url).pathname);
}

/** Rejects with the browser's QuotaExceededError on a full phone. @param {Cache} cache @param {string} path @param {unknown} row */
export async function putSpare(cache, path, row) {
  await cache.put(path, new Response(encoded(row)));
}

/** @param {Cache} cache @param {string} path @returns {Promise<any>} null when it is not there or damaged; rejects when the cache does not answer */
export async function getSpare(cache, path) {
  const found = await cache.match(path);
  if (!found) return null;
  try {
    return decoded(await found.arrayBuffer());
  } catch (fault) {
    console.info("a spare copy is damaged", path, fault);
    return null;
  }
}

/**
 * Put a row in the place of the older ones under this path. Browsers overwrite an entry by deleting it first, so the newer one lies beside
 * the older for a moment. Rejects with the browser's QuotaExceededError on a full phone.
 * @param {Cache} cache @param {string} path @param {unknown} row
 */
export async function replaceSpare(cache, path, row) {
  const [older, body] = [await versionsOf(cache, path), encoded(row)];
  const newest = older.length === 1 ? await cache.match(older[0]) : undefined;
  if (newest && isSame(await newest.arrayBuffer().catch(() => new ArrayBuffer(0)), await body.arrayBuffer())) return;
  await cache.put(`${path}/${uuid7()}`, new Response(body));
  for (const version of older) await cache.delete(version);
}

/** The newest one that is not damaged. @param {Cache} cache @param {string} path @returns {Promise<any>} null when there is none; rejects as `getSpare` */
export async function newestSpare(cache, path) {
  for (const version of (await versionsOf(cache, path)).reverse()) {
    const row = await getSpare(cache, version);
    if (row !== null) return row;
  }
  return null;
}

/** @param {Cache} cache @param {string} path @returns {Promise<string[]>} oldest first */
async function versionsOf(cache, path) {
  return (await pathsIn(cache)).filter((one) => one.startsWith(`${path}/`)).sort();
}

/** @param {ArrayBuffer} one @param {ArrayBuffer} other */
function isSame(one, other) {
  if (one.byteLength !== other.byteLength) return false;
  const [bytes, others] = [new Uint8Array(one), new Uint8Array(other)];
  return bytes.every((byte, at) => byte === others[at]);
}

/** False from when room was short until the next start. */
export function mayCopyPhotos() {
  return !isShortOfRoom;
}

/** Make room: second copies of photos go, those of which the database holds the first. @param {Database} db the person's capture database */
export async function dropSparePhotos(db) {
  isShortOfRoom = true;
  if (!("caches" in globalThis) || (await isNew(db))) return;
  const cache = await spareCache(db.personId);
  for (const path of await pathsIn(cache)) {
    const [store, sha256] = partsOf(path);
    if (store !== "blobs") continue;
    const isSecond = (await db.read(["blobs"], (tx) => tx.objectStore("blobs").getKey(sha256))) !== undefined;
    if (isSecond) await cache.delete(path);
  }
}

/** A row as bytes: the length of its text, its text, and the bytes that stand in it. @param {unknown} row JSON with ArrayBuffers and views @returns {Blob} */
export function encoded(row) {
  /** @type {(ArrayBuffer | ArrayBufferView)[]} */
  const pieces = [];
  let size = 0;
  const text = JSON.stringify(row, (_key, value) => {
    if (!(value instanceof ArrayBuffer || ArrayBuffer.isView(value))) return value;
    pieces.push(value);
    const place = { at: size, size: value.byteLength, isView: !(value instanceof ArrayBuffer) };
    size += value.byteLength;
    return { $bytes: place };
  });
  const head = new TextEncoder().encode(text);
  const length = new DataView(new ArrayBuffer(HEAD_BYTES));
  length.setUint32(0, head.byteLength);
  return new Blob([length, head, .../** @type {BlobPart[]} */ (pieces)]);
}

/** @param {ArrayBuffer} buffer of `encoded` @returns {any} the row, its views as Uint8Array; throws when it is damaged */
export function decoded(buffer) {
  const start = HEAD_BYTES + new DataView(buffer).getUint32(0);
  return JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, HEAD_BYTES, start - HEAD_BYTES)), (_key, value) => {
    const place = /** @type {Place | undefined} */ (value?.$bytes);
    if (!place) return value;
    const bytes = buffer.slice(start + place.at, start + place.at + place.size);
    if (bytes.byteLength !== place.size) throw new RangeError("a spare copy ends too early");
    return place.isView ? new Uint8Array(bytes) : bytes;
  });
}
