// @ts-check
/** Photo bytes on their way into the capture database. */
import { dropOtherBuilds } from "../build.js";
import { sha256Hex } from "../ids.js";
import { coded } from "./problems.js";
import { freeSpace } from "./retention.js";
import { sealedBytes } from "./seals.js";

/**
 * @typedef {import("./connection.js").Database} Database
 * @typedef {{sha256: string, bytes?: ArrayBuffer, mime?: string, size?: number}} CapturedBlob `bytes` may be left out when a draft has
 *   stored them; with their `size` in bytes they need not be read for it
 * @typedef {{sha256: string, bytes?: ArrayBuffer | import("./seals.js").Sealed, mime: string, size?: number}} KeptPhoto as it is stored
 */

/** The photos as they are stored: sealed while the person has a lock. @param {Database} db @param {CapturedBlob[]} blobs @returns {Promise<KeptPhoto[]>} */
export async function sealedPhotos(db, blobs) {
  return Promise.all(
    blobs.map(async ({ sha256, bytes, mime = "application/octet-stream", size }) =>
      bytes ? { sha256, bytes: await sealedBytes(db, bytes), mime, size: bytes.byteLength } : { sha256, mime, size },
    ),
  );
}

/** @param {any} tx @param {KeptPhoto} photo @returns {Promise<number>} its size */
export async function storeBytes(tx, { sha256, bytes, mime, size }) {
  const blobs = tx.objectStore("blobs");
  const isKnown = (await blobs.getKey(sha256)) !== undefined;
  if (!isKnown && !bytes) throw coded("blob_missing", { sha256 });
  if (!isKnown) await blobs.put({ sha256, bytes, mime, size });
  if (size !== undefined) return size;
  const stored = await blobs.get(sha256);
  return stored.size ?? stored.bytes.byteLength; // older rows have no size of their own
}

/** Refuse bytes that are not what their hash says. @param {CapturedBlob[]} blobs */
export async function checkHashes(blobs) {
  for (const { sha256, bytes } of blobs) {
    if (bytes && (await sha256Hex(bytes)) !== sha256) throw coded("blob_damaged", { sha256 });
  }
}

/**
 * Run a write; when the phone is full, free what the server has already, then try once more. Only where that was not enough the builds of
 * other open pages go too.
 * @template T
 * @param {Database} db
 * @param {() => Promise<T>} store
 * @returns {Promise<T>}
 */
export async function withRoom(db, store) {
  for (const makeRoom of [freeSpace, dropLastBuilds]) {
    try {
      return await store();
    } catch (fault) {
      if (/** @type {any} */ (fault).code !== "storage_full") throw fault;
    }
    await makeRoom(db);
  }
  return store();
}

async function dropLastBuilds() {
  await dropOtherBuilds({ isLastWay: true }).catch((fault) => console.info("other builds stay", fault));
}
