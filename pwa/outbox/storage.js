// @ts-check
/** Room on the phone, and whether the browser promises to keep it. */
import { freeSpace } from "../db/retention.js";

const LOW_BYTES = 50 * 1024 * 1024;

/** @typedef {{usage: number|null, quota: number|null, persisted: boolean|null}} StorageReport null: the browser does not say */

/** Ask the browser to keep the databases; some ask the person. @returns {Promise<boolean>} */
export async function askToPersist() {
  if (!globalThis.navigator?.storage?.persist) return false;
  return (await navigator.storage.persisted()) || navigator.storage.persist();
}

/** @returns {Promise<StorageReport>} */
export async function storageReport() {
  const storage = globalThis.navigator?.storage;
  if (!storage?.estimate) return { usage: null, quota: null, persisted: null };
  const { usage = null, quota = null } = await storage.estimate();
  return { usage, quota, persisted: (await storage.persisted?.()) ?? null };
}

/**
 * Whether another photo may be taken; what the server has is let go first. What is left below that is for records.
 * @param {import("../db/connection.js").Database} db
 */
export async function hasRoomForPhoto(db) {
  if (!isSpaceLow(await storageReport())) return true;
  await freeSpace(db);
  return !isSpaceLow(await storageReport());
}

/** Less than 50 MB left. Pure. @param {StorageReport} report */
export function isSpaceLow({ usage, quota }) {
  return usage !== null && quota !== null && quota - usage < LOW_BYTES;
}
