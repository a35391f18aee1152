// @ts-check
/** Asking the server, with nothing but an outcome coming back. */
import { outcomeOf } from "./answers.js";

const GZIP_FROM = 1024;
const PATHS = {
  push: "/sync/v1/push",
  pull: "/sync/v1/pull",
  reconcile: "/sync/v1/reconcile",
  have: "/sync/v1/blobs/have",
  digests: "/sync/v1/digests",
};

/**
 * @param {import("./answers.js").Question} question
 * @param {string} text the request as JSON
 * @param {{token: string, signal: AbortSignal, fetch?: typeof fetch}} by
 * @returns {Promise<{outcome: import("./answers.js").Outcome, receivedAtMs: number, rttMs: number}>}
 */
export async function ask(question, text, { token, signal, fetch: send = fetch }) {
  const { body, headers } = await packed(text);
  const askedAt = performance.now();
  try {
    const response = await send(PATHS[question], {
      method: "POST",
      body,
      headers: { ...headers, Authorization: `Bearer ${token}`, Accept: "application/json" },
      signal,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
    });
    const rttMs = performance.now() - askedAt;
    const receivedAtMs = Date.now();
    return { outcome: outcomeOf(question, await readResponse(response, receivedAtMs)), receivedAtMs, rttMs };
  } catch {
    return { outcome: { kind: "unreachable" }, receivedAtMs: Date.now(), rttMs: performance.now() - askedAt };
  }
}

/** @param {Response} response @param {number} nowMs */
async function readResponse(response, nowMs) {
  return {
    status: response.status,
    contentType: response.headers.get("Content-Type"),
    retryAfter: response.headers.get("Retry-After"),
    text: await response.text(),
    nowMs,
  };
}

/** Gzipped past 1 KB where the browser can. @param {string} text @returns {Promise<{body: BodyInit, headers: Record<string, string>}>} */
async function packed(text) {
  const headers = { "Content-Type": "application/json" };
  if (text.length <= GZIP_FROM || typeof CompressionStream === "undefined") return { body: text, headers };
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return { body: await new Response(stream).arrayBuffer(), headers: { ...headers, "Content-Encoding": "gzip" } };
}
