// @ts-check
/** Photos by tus 1.0, two at a time, small ones first; each goes on where it stopped, also after a restart. */
import { getBlob } from "../db/drafts.js";
import { sha256Hex } from "../ids.js";
import { createPace } from "./pace.js";
import { giveUpBytes, markUpload, uploadsOf } from "./upload_rows.js";

/**
 * @typedef {import("../db/connection.js").Database} Database
 * @typedef {import("../db/capture_schema.js").StoredUpload} StoredUpload
 * @typedef {import("./answers.js").Outcome} Outcome
 * @typedef {{token: string, signal: AbortSignal, isOver: () => boolean, onSent?: () => void}} By `signal` ends what is under way;
 *   once `isOver` nothing new begins, so that no part of a photo is sent in vain
 */

const AT_A_TIME = 2;
const ENDPOINT = "/sync/v1/uploads";
/** Tries after a fault, counted anew whenever more of the photo got through. */
const RETRY_DELAYS_MS = [0, 500, 2000];
const CUT_TRIES = 2;
const pace = createPace();

/**
 * Send photos until all are there, one failure shows that the rest would fail too, or the time is over.
 * @param {Database} db
 * @param {string[]} hashes
 * @param {By} by
 * @returns {Promise<Outcome>} the worst that happened; ok when every photo got through
 */
export async function uploadPhotos(db, hashes, by) {
  const queue = (await uploadsOf(db, hashes)).filter((upload) => upload.state === "wanted").sort((a, b) => a.size - b.size);
  /** @type {Outcome} */
  let worst = { kind: "ok", body: {} };
  const work = async () => {
    for (let upload = queue.shift(); upload && !by.isOver(); upload = queue.shift()) {
      const outcome = await uploadPhoto(db, upload, by);
      if (outcome.kind !== "ok") worst = outcome;
      if (endsAll(outcome)) queue.length = 0;
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return worst;
}

/**
 * What a failed tus request means. Pure.
 * @param {number} status 0 when there was no answer
 * @param {string|null} retryAfter seconds
 * @returns {Outcome}
 */
export function uploadFault(status, retryAfter) {
  if (status === 0) return { kind: "unreachable" };
  if (status === 401) return { kind: "problem", code: "auth_expired", status, body: {} };
  if (status === 429 || status === 503) return { kind: "busy", retryAfterMs: (Number(retryAfter) || 30) * 1000 };
  return { kind: "foreign", status };
}

/** Statuses after which tus asks where the upload stands (409, 423) or creates it again (404, 410, 460). @param {number} status */
export function isMendable(status) {
  return [404, 409, 410, 423, 460].includes(status);
}

/** A cut connection is taken up again at once; the engine waits when nothing gets through. Pure. @param {number} status @param {number} tries */
export function isWorthATry(status, tries) {
  return status === 0 ? tries < CUT_TRIES : isMendable(status);
}

/** @param {Outcome} outcome */
function endsAll(outcome) {
  return outcome.kind === "unreachable" || outcome.kind === "busy" || outcome.kind === "problem";
}

/** @param {Database} db @param {StoredUpload} upload @param {By} by @returns {Promise<Outcome>} */
async function uploadPhoto(db, upload, by) {
  const blob = await wholeBlob(db, upload.sha256);
  if (!blob) {
    await giveUpBytes(db, upload.sha256); // the server would refuse what has changed on the phone at the end of every sending
    return { kind: "ok", body: {} };
  }
  const outcome = await sendByTus(db, upload, new Blob([blob.bytes], { type: blob.mime }), by);
  if (outcome.kind === "ok") {
    await markUpload(db, upload.sha256, { state: "confirmed", url: null, confirmed_at: new Date().toISOString() });
    by.onSent?.();
  }
  return outcome;
}

/** As it was taken; null where it is not here or has changed, and then sealed bytes cannot be opened. @param {Database} db @param {string} sha256 */
async function wholeBlob(db, sha256) {
  try {
    const blob = await getBlob(db, sha256);
    return blob && (await sha256Hex(blob.bytes)) === sha256 ? blob : null;
  } catch (fault) {
    if (/** @type {any} */ (fault)?.name === "OperationError") return null;
    throw fault;
  }
}

/** @param {Database} db @param {StoredUpload} upload @param {Blob} file @param {By} by @returns {Promise<Outcome>} */
async function sendByTus(db, upload, file, { token, signal, isOver }) {
  const { Upload } = await tus();
  return new Promise((resolve) => {
    const leave = () => {
      sending.abort(false).catch(() => {});
      resolve({ kind: "unreachable" });
    };
    const chunks = pacedChunks(
      file.size,
      (bytes) => {
        sending.options.chunkSize = bytes;
      },
      () => isOver() && leave(),
    );
    const sending = new Upload(file, {
      endpoint: ENDPOINT,
      uploadUrl: upload.url,
      uploadDataDuringCreation: true,
      ...chunks.options,
      metadata: { sha256: upload.sha256 },
      headers: { Authorization: `Bearer ${token}` },
      storeFingerprintForResuming: false,
      retryDelays: RETRY_DELAYS_MS,
      onShouldRetry(/** @type {any} */ fault, /** @type {number} */ tries) {
        chunks.noteFault();
        return !isOver() && isWorthATry(statusOf(fault), tries);
      },
      onUploadUrlAvailable: () => {
        markUpload(db, upload.sha256, { url: sending.url }).catch(() => {}); // only saves a creation after a restart
      },
      onSuccess: () => resolve({ kind: "ok", body: {} }),
      onError: (/** @type {any} */ fault) =>
        resolve(uploadFault(statusOf(fault), fault.originalResponse?.getHeader("Retry-After") ?? null)),
    });
    signal.addEventListener("abort", leave);
    if (signal.aborted) resolve({ kind: "unreachable" });
    else sending.start();
  });
}

/**
 * Chunks of one photo at the pace of all.
 * @param {number} size
 * @param {(bytes: number) => void} setNext how many bytes the next chunk has
 * @param {() => unknown} beforeNext may end the upload between two chunks
 */
function pacedChunks(size, setNext, beforeNext) {
  let reached = 0;
  let beganAt = 0;
  const nextBytes = () => pace.beginChunk(performance.now(), size - reached);
  const options = {
    chunkSize: nextBytes(),
    onBeforeRequest() {
      beganAt = performance.now();
    },
    onChunkComplete(/** @type {number} */ bytes, /** @type {number} */ offset) {
      pace.noteChunk(bytes, performance.now() - beganAt);
      reached = offset;
      if (reached === size) return;
      setNext(nextBytes());
      beforeNext();
    },
  };
  const noteFault = () => {
    pace.noteFault();
    setNext(nextBytes());
  };
  return { options, noteFault };
}

/** @param {any} fault a tus DetailedError */
function statusOf(fault) {
  return fault?.originalResponse?.getStatus() ?? 0;
}

/** tus-js-client comes as a script that sets a global; it is loaded when the first photo goes. @returns {Promise<any>} */
async function tus() {
  const known = /** @type {any} */ (globalThis).tus;
  if (known) return known;
  await import("../vendor/tus-js-client/tus.min.js");
  return /** @type {any} */ (globalThis).tus;
}
