// @ts-check
/** After a lock was opened: what still lies plain (from before the lock, or from another tab) is sealed, row by row. */
import { isSealed, sealedBytes, sealedValue } from "./seals.js";

/** @typedef {import("./connection.js").Database} Database */

const AT_ONCE = 50;

/**
 * Safe to repeat and to be ended at any row; a row that changes meanwhile is left for the next time.
 * @param {Database} capture @param {Database} replica @returns {Promise<number>} how many rows were sealed
 */
export async function sealPlainRows(capture, replica) {
  const value = (/** @type {Database} */ db) => (/** @type {any} */ one) => sealedValue(db, one);
  return (
    (await sealStore(capture, "ops", "body_text", value(capture))) +
    (await sealStore(capture, "drafts", "draft", value(capture))) +
    (await sealStore(capture, "blobs", "bytes", (bytes) => sealedBytes(capture, bytes))) +
    (await sealStore(replica, "rows", "doc", value(replica)))
  );
}

/** @param {Database} db @param {string} store @param {string} field @param {(value: any) => Promise<any>} seal */
async function sealStore(db, store, field, seal) {
  const keys = await db.read([store], (tx) => tx.objectStore(store).getAllKeys());
  let count = 0;
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    const some = keys.slice(start, start + AT_ONCE);
    const rows = /** @type {any[]} */ (
      await db.read([store], (tx) => Promise.all(some.map((/** @type {any} */ key) => tx.objectStore(store).get(key))))
    );
    const plain = rows.map((row, at) => ({ key: some[at], row })).filter(({ row }) => row && !isSealed(row[field]));
    if (plain.length === 0) continue;
    const sealed = await Promise.all(plain.map(async ({ key, row }) => ({ key, row, value: await seal(row[field]) })));
    count += await db.write([store], (tx) => putSealed(tx.objectStore(store), field, sealed), "strict");
  }
  return count;
}

/** @param {any} store @param {string} field @param {{key: any, row: any, value: any}[]} sealed */
async function putSealed(store, field, sealed) {
  let count = 0;
  for (const { key, row, value } of sealed) {
    const now = await store.get(key);
    if (!now || isSealed(now[field]) || !isSame(now[field], row[field])) continue;
    await store.put(
      now[field] instanceof ArrayBuffer ? { ...now, size: now[field].byteLength, [field]: value } : { ...now, [field]: value },
    );
    count += 1;
  }
  return count;
}

/** Bytes are named by their hash and never change. @param {any} one @param {any} other */
function isSame(one, other) {
  return one instanceof ArrayBuffer || JSON.stringify(one) === JSON.stringify(other);
}
