/** Records and photos for tests that state only what matters. */
import "fake-indexeddb/auto";
import { openCapture, saveRecord } from "../../pwa/db/capture.js";
import { sha256Hex, uuid7 } from "../../pwa/ids.js";

/** A photo of `size` bytes, each of value `fill`. */
export async function photoOf(fill, size = 8) {
  const bytes = new Uint8Array(size).fill(fill).buffer;
  return { sha256: await sha256Hex(bytes), bytes, mime: "image/jpeg" };
}

export function visitRecord(blobs = [], changes = {}) {
  const id = uuid7();
  const body = { visit_id: id, photos: blobs.map((blob) => ({ slot: "storefront", sha256: blob.sha256 })), ...changes };
  return { kind: "record", form: "visit.v1", entity: { type: "visit", id }, scope: "outlet:o1", baseV: null, body, blobs };
}

/** The capture database of a new person, holding `count` visits without photos. */
export async function captureWith(count = 0) {
  const db = await openCapture(uuid7());
  for (let index = 0; index < count; index += 1) await saveRecord(db, visitRecord());
  return db;
}

export const everything = (db, store) => db.read([store], (tx) => tx.objectStore(store).getAll());
export const metaOf = (db, key) => db.read(["meta"], (tx) => tx.objectStore("meta").get(key));
