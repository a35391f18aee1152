// @ts-check
/** What the phone may let go, and when. Nothing unsent, nothing that the server has not verified, nothing quarantined. */
import { dropOtherBuilds } from "../build.js";
import { businessDate } from "../rules/months.js";
import { policyOn } from "../rules/policy.js";
import { openCapture, ownerOf } from "./capture_schema.js";
import { getRow } from "./replica.js";
import { dropSparePhotos } from "./spare_cache.js";

export const SENT_WORK_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * @typedef {import("./capture_schema.js").StoredOp} StoredOp
 * @typedef {import("./capture_schema.js").StoredUpload} StoredUpload
 * @typedef {{ops: StoredOp[], uploads: StoredUpload[], draftBlobs: string[], storedBlobs: string[]}} Kept
 * @typedef {{days: number, isSpaceLow?: boolean}} Limits days: how long what was received stays (policy), in case the server
 *   loses it; isSpaceLow: photos that the server has go whatever their age
 */

/**
 * Delete what is past its time; safe to repeat and safe beside captures, since it is one transaction.
 * @param {import("./connection.js").Database} db
 * @param {number} nowMs
 * @param {Limits} limits
 * @returns {Promise<{ops: number, photos: number}>} how many were deleted
 */
export async function sweepCapture(db, nowMs, limits) {
  return db.write(["ops", "blobs", "uploads", "drafts"], async (tx) => {
    const [ops, blobs, uploads, drafts] = ["ops", "blobs", "uploads", "drafts"].map((name) => tx.objectStore(name));
    const kept = {
      ops: await ops.getAll(),
      uploads: await uploads.getAll(),
      draftBlobs: (await drafts.getAll()).flatMap((/** @type {any} */ draft) => draft.blobs),
      storedBlobs: await blobs.getAllKeys(),
    };
    const old = disposable(kept, nowMs, limits);
    await Promise.all([
      ...old.ops.map((opId) => ops.delete(opId)),
      ...old.uploads.map((sha256) => uploads.delete(sha256)),
      ...old.blobs.map((sha256) => blobs.delete(sha256)),
    ]);
    return { ops: old.ops.length, photos: old.blobs.length };
  });
}

/**
 * How many days this phone keeps what was received, by the policy of the day.
 * @param {import("./connection.js").Database} replica
 * @param {number} nowMs
 * @returns {Promise<number>}
 */
export async function retentionDays(replica, nowMs) {
  const policy = await getRow(replica, "policy", "current");
  return Number(policyOn(businessDate(new Date(nowMs).toISOString()), policy?.values)["sync.acked_retention_days"]);
}

/**
 * Make room at once: other builds of the app and second copies of photos, then photos that the server has, also of whoever else worked on
 * this phone; records stay.
 * @param {import("./connection.js").Database} db
 */
export async function freeSpace(db) {
  await dropOtherBuilds().catch((fault) => console.info("other builds stay", fault));
  await freeSpaceOf(db);
  await freeSpaceOfOthers(db.personId).catch((fault) => console.info("photos of somebody else stay", fault));
}

/** @param {string} personId */
async function freeSpaceOfOthers(personId) {
  for (const other of await othersHere(personId)) {
    const db = await openCapture(other);
    await freeSpaceOf(db).finally(db.close);
  }
}

/** @param {import("./connection.js").Database} db */
async function freeSpaceOf(db) {
  await dropSparePhotos(db).catch((fault) => console.info("second copies stay", fault));
  await sweepCapture(db, Date.now(), { days: Number.POSITIVE_INFINITY, isSpaceLow: true });
}

/** Whose databases lie here beside this person's; nobody's where the browser does not list them. @param {string} personId @returns {Promise<string[]>} */
async function othersHere(personId) {
  const found = (await indexedDB.databases?.()) ?? [];
  return found.flatMap(({ name }) => ownerOf(name ?? "") ?? []).filter((other) => other !== personId);
}

/**
 * Ids and hashes that may go. Pure.
 * @param {Kept} kept
 * @param {number} nowMs
 * @param {Limits} limits
 */
export function disposable(kept, nowMs, { days, isSpaceLow = false }) {
  const states = new Map(kept.uploads.map((upload) => [upload.sha256, upload.state]));
  const oldOps = kept.ops.filter((op) => isOpDisposable(op, states, nowMs, days));
  const goneIds = new Set(oldOps.map((op) => op.op_id));
  const liveOps = kept.ops.filter((op) => !goneIds.has(op.op_id));
  const named = new Set(liveOps.flatMap((op) => op.blobs));
  const needed = new Set(kept.draftBlobs);
  for (const op of liveOps) {
    for (const sha256 of op.blobs) {
      const mayGo = states.get(sha256) === "confirmed" && isSettled(op) && (isSpaceLow || ageDays(op, nowMs) >= days);
      if (!mayGo) needed.add(sha256);
    }
  }
  return {
    ops: [...goneIds],
    uploads: kept.uploads.map((upload) => upload.sha256).filter((sha256) => !named.has(sha256)),
    blobs: kept.storedBlobs.filter((sha256) => !needed.has(sha256)),
  };
}

/** @param {StoredOp} op @param {Map<string, string>} states @param {number} nowMs @param {number} days */
function isOpDisposable(op, states, nowMs, days) {
  const isOld = ageDays(op, nowMs) >= Math.max(SENT_WORK_DAYS, days);
  return isSettled(op) && isOld && op.blobs.every((sha256) => states.get(sha256) === "confirmed");
}

/** Acknowledged and understood: a quarantined record may still be the only readable copy. @param {StoredOp} op */
export function isSettled(op) {
  return op.state === "acked" && op.code !== "quarantined";
}

/** @param {StoredOp} op @param {number} nowMs */
function ageDays(op, nowMs) {
  return op.acked_at === null ? 0 : (nowMs - Date.parse(op.acked_at)) / DAY_MS;
}
