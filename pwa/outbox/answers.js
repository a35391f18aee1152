// @ts-check
/** Telling an answer of this protocol from everything else that a network may say (captive portals answer 200). Pure. */

/**
 * @typedef {"push"|"pull"|"reconcile"|"have"|"digests"} Question
 * @typedef {{kind: "ok", body: any}
 *   | {kind: "problem", code: string, status: number, body: any}
 *   | {kind: "too_large"}
 *   | {kind: "busy", retryAfterMs: number}
 *   | {kind: "foreign", status: number}
 *   | {kind: "unreachable"}} Outcome foreign: somebody else answered, or a server that is broken
 */

const BUSY_MS = 30_000;
const LONGEST_WAIT_MS = 3_600_000;

/**
 * @param {Question} question
 * @param {{status: number, contentType: string|null, retryAfter: string|null, text: string, nowMs: number}} response
 * @returns {Outcome}
 */
export function outcomeOf(question, { status, contentType, retryAfter, text, nowMs }) {
  if (status === 413) return { kind: "too_large" };
  if (status === 429 || status === 503) return { kind: "busy", retryAfterMs: retryAfterMs(retryAfter, nowMs) };
  const body = isJson(contentType) ? parsed(text) : null;
  if (body === null) return { kind: "foreign", status };
  if (status === 200) return isAnswer[question](body) ? { kind: "ok", body } : { kind: "foreign", status };
  if (status < 400 || status >= 500 || typeof body.code !== "string") return { kind: "foreign", status };
  return { kind: "problem", code: body.code, status, body };
}

/**
 * Retry-After as seconds or as a date, in milliseconds from now; at most an hour.
 * @param {string|null} header
 * @param {number} nowMs
 */
export function retryAfterMs(header, nowMs) {
  if (header === null || header.trim() === "") return BUSY_MS;
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 1000), LONGEST_WAIT_MS) : BUSY_MS;
}

const isText = (/** @type {unknown} */ value) => typeof value === "string";
const isResult = (/** @type {any} */ one) => isText(one?.op_id) && isText(one?.code);
const isAnswer = {
  push: (/** @type {any} */ body) => isText(body.epoch) && Number.isInteger(body.last_n) && isListOf(body.results, isResult),
  pull: (/** @type {any} */ body) =>
    isText(body.epoch) &&
    Number.isInteger(body.last_n) &&
    isText(body.page) !== isText(body.cursor) &&
    isListOf(body.events, (/** @type {any} */ event) => isText(event?.e)),
  reconcile: (/** @type {any} */ body) => isText(body.epoch) && isListOf(body.unknown, isText) && isListOf(body.results ?? [], isResult),
  have: (/** @type {any} */ body) => isListOf(body.missing, isText),
  digests: (/** @type {any} */ body) => isText(body.epoch) && isListOf(body.again, isText),
};

/** @param {unknown} list @param {(one: any) => boolean} isOne */
function isListOf(list, isOne) {
  return Array.isArray(list) && list.every(isOne);
}

/** @param {string|null} contentType */
function isJson(contentType) {
  return /^application\/(problem\+)?json\b/i.test(contentType ?? "");
}

/** @param {string} text @returns {any} an object, or null */
function parsed(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
