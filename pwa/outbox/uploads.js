// @ts-check
/** Photos by tus 1.0, two at a time, small ones first; each goes on where it stopped, also after a restart. */
import { getBlob } from "../db/drafts.js";
import { markUpload, uploadsOf } from "./upload_rows.js";

/**
 * @typedef {import("../db/connection.js").Database} Database
 * @typedef {import("../db/capture_schema.js").StoredUpload} StoredUpload
 * @typedef {import("./answers.js").Outcome} Outcome
 * @typedef {{token: string, signal: AbortSignal, onSent?: () => void}} By
 */

const AT_A_TIME = 2;
/** Servers and proxies that hold a request back until it is whole lose all of it with the connection. */
const CHUNK_BYTES = 128 * 1024;
const ENDPOINT = "/sync/v1/uploads";

/**
 * Send photos until all are there, one failure shows that the rest would fail too, or the signal ends it.
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
    for (let upload = queue.shift(); upload && !by.signal.aborted; upload = queue.shift()) {
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

/** @param {Outcome} outcome */
function endsAll(outcome) {
  return outcome.kind === "unreachable" || outcome.kind === "busy" || outcome.kind === "problem";
}

/** @param {Database} db @param {StoredUpload} upload @param {By} by @returns {Promise<Outcome>} */
async function uploadPhoto(db, upload, by) {
  const blob = await getBlob(db, upload.sha256);
  if (!blob) {
    await markUpload(db, upload.sha256, { state: "gone" });
    return { kind: "ok", body: {} };
  }
  const outcome = await sendByTus(db, upload, new Blob([blob.bytes], { type: blob.mime }), by);
  if (outcome.kind === "ok") {
    await markUpload(db, upload.sha256, { state: "confirmed", url: null, confirmed_at: new Date().toISOString() });
    by.onSent?.();
  }
  return outcome;
}

/** @param {Database} db @param {StoredUpload} upload @param {Blob} file @param {By} by @returns {Promise<Outcome>} */
async function sendByTus(db, upload, file, { token, signal }) {
  const { Upload } = await tus();
  return new Promise((resolve) => {
    const sending = new Upload(file, {
      endpoint: ENDPOINT,
      uploadUrl: upload.url,
      chunkSize: CHUNK_BYTES,
      metadata: { sha256: upload.sha256 },
      headers: { Authorization: `Bearer ${token}` },
      storeFingerprintForResuming: false,
      retryDelays: [0, 500, 2000],
      onShouldRetry: (/** @type {any} */ fault) => !signal.aborted && isMendable(statusOf(fault)),
      onUploadUrlAvailable: () => {
        markUpload(db, upload.sha256, { url: sending.url }).catch(() => {}); // only saves a creation after a restart
      },
      onSuccess: () => resolve({ kind: "ok", body: {} }),
      onError: (/** @type {any} */ fault) =>
        resolve(uploadFault(statusOf(fault), fault.originalResponse?.getHeader("Retry-After") ?? null)),
    });
    signal.addEventListener("abort", () => {
      sending.abort(false).catch(() => {});
      resolve({ kind: "unreachable" });
    });
    if (signal.aborted) resolve({ kind: "unreachable" });
    else sending.start();
  });
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
