// @ts-check
/** What the engine does next, and what an answer changes. Pure: time and chance come in as arguments. */
import { MOST_OPS } from "./batch.js";

/**
 * @typedef {import("./answers.js").Outcome} Outcome
 * @typedef {"epoch_changed"|"gap"|"forked"} Recovery
 * @typedef {object} EngineState
 * @property {boolean} isSignedOut the server refused the token; capture goes on
 * @property {boolean} isRefused the operations belong to somebody else (wrong_owner)
 * @property {Recovery|null} recovery
 * @property {boolean} isSettingAside the first operation alone cannot get through
 * @property {boolean} isPageLost the page token of an unfinished pull is no good
 * @property {boolean} isPullDue
 * @property {boolean} isHaveDue
 * @property {number} maxOps
 * @property {number} failures in a row
 * @property {number} notBefore no request before this time (ms)
 * @property {boolean} isWaitOrdered the server asked for the wait, so that no wake-up shortens it
 * @property {number} pushNotBefore
 * @property {number} uploadNotBefore
 * @property {number} uploadFailures in a row; a photo that fails must not hold up records
 * @property {{code: string, status?: number}|null} lastError
 *
 * @typedef {{now: number, pending: number, wanted: number, missing: number, isDigestDue?: boolean}} Facts wanted: photos to ask about;
 *   missing: photos to send; isDigestDue: a day has passed since the rows were compared with the server's
 * @typedef {{do: "rest"} | {do: "stop", why: "signed_out"|"wrong_owner"} | {do: "wait", until: number}
 *   | {do: "recover", why: Recovery} | {do: "set_aside"} | {do: "restart_page"}
 *   | {do: "push", maxOps: number} | {do: "pull"} | {do: "digests"} | {do: "have"} | {do: "upload"}} Step
 */

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;
/** @type {readonly string[]} */
const RECOVERIES = ["epoch_changed", "gap", "forked"];

/** @returns {EngineState} */
export function initialState() {
  return {
    isSignedOut: false,
    isRefused: false,
    recovery: null,
    isSettingAside: false,
    isPageLost: false,
    isPullDue: true,
    isHaveDue: true,
    maxOps: MOST_OPS,
    failures: 0,
    notBefore: 0,
    isWaitOrdered: false,
    pushNotBefore: 0,
    uploadNotBefore: 0,
    uploadFailures: 0,
    lastError: null,
  };
}

/**
 * Operations first, then what the server has to say, photos last.
 * @param {EngineState} state
 * @param {Facts} facts
 * @returns {Step}
 */
export function nextStep(state, facts) {
  if (state.isSignedOut) return { do: "stop", why: "signed_out" };
  if (state.isRefused) return { do: "stop", why: "wrong_owner" };
  if (facts.now < state.notBefore) return { do: "wait", until: state.notBefore };
  if (state.recovery) return { do: "recover", why: state.recovery };
  if (state.isSettingAside) return { do: "set_aside" };
  if (state.isPageLost) return { do: "restart_page" };
  if (facts.pending > 0 && facts.now >= state.pushNotBefore) return { do: "push", maxOps: state.maxOps };
  if (state.isPullDue) return { do: "pull" };
  if (facts.isDigestDue) return { do: "digests" };
  if (facts.wanted > 0 && state.isHaveDue) return { do: "have" };
  if (facts.missing > 0 && facts.now >= state.uploadNotBefore) return { do: "upload" };
  const waits = [...(facts.pending > 0 ? [state.pushNotBefore] : []), ...(facts.missing > 0 ? [state.uploadNotBefore] : [])];
  return waits.length > 0 ? { do: "wait", until: Math.min(...waits) } : { do: "rest" };
}

/**
 * A reason to look again. A wait that the server ordered stands; one of our own ends when the network is back or the
 * person asks.
 * @param {EngineState} state
 * @param {"tick"|"online"|"person"} why tick: time has passed; online: the network is back, the app is seen again or something was captured
 * @returns {EngineState}
 */
export function woken(state, why) {
  const due = { ...state, isPullDue: true, isHaveDue: true };
  if (why === "tick") return due;
  const isRefused = why === "person" ? false : state.isRefused;
  return { ...due, isRefused, notBefore: state.isWaitOrdered ? state.notBefore : 0, pushNotBefore: 0, uploadNotBefore: 0 };
}

/**
 * @param {EngineState} state
 * @param {Step} step
 * @param {Outcome} outcome
 * @param {{now: number, chance: number, settled?: number, batchSize?: number}} around `settled`: operations that got a result
 * @returns {EngineState}
 */
export function answered(state, step, outcome, around) {
  if (outcome.kind === "ok") return afterSuccess(state, step, outcome.body, around);
  if (outcome.kind === "busy") {
    const notBefore = around.now + outcome.retryAfterMs;
    return { ...state, notBefore, isWaitOrdered: true, lastError: { code: "busy" } };
  }
  const isRefusedPhoto =
    outcome.kind === "foreign" || outcome.kind === "too_large" || (outcome.kind === "problem" && outcome.status !== 401);
  if (step.do === "upload" && isRefusedPhoto) return afterRefusedPhoto(state, outcome, around);
  if (outcome.kind === "too_large")
    return step.do === "push" ? afterRefusedBatch(state, "too_large", around) : failed(state, { code: "too_large" }, around);
  if (outcome.kind === "problem") return afterProblem(state, step, outcome, around);
  return failed(state, outcome.kind === "foreign" ? { code: "foreign", status: outcome.status } : { code: "unreachable" }, around);
}

/**
 * A local repair is done (set_aside, which leaves a gap in the numbers, or restart_page).
 * @param {EngineState} state
 * @param {{now: number, chance: number}} around
 * @returns {EngineState}
 */
export function repaired(state, around) {
  const mended = { ...state, recovery: null, isPageLost: false, isSettingAside: false, maxOps: MOST_OPS, isPullDue: true, isHaveDue: true };
  if (!state.isSettingAside) return mended;
  const pushNotBefore = around.now + backoff(state.failures, around.chance);
  return { ...mended, recovery: "gap", pushNotBefore, failures: state.failures + 1 };
}

/** @param {EngineState} state @param {Step} step @param {any} body @param {{now: number, chance: number, settled?: number}} around */
function afterSuccess(state, step, body, around) {
  const well = { ...state, notBefore: 0, isWaitOrdered: false, lastError: null };
  if (step.do === "push") {
    if (!around.settled) return failed(state, { code: "no_progress" }, around);
    return { ...well, failures: 0, isPullDue: true, isHaveDue: true };
  }
  if (step.do === "recover") return { ...well, recovery: null, maxOps: MOST_OPS, isPullDue: true, isHaveDue: true };
  if (step.do === "pull") return { ...well, failures: 0, isPullDue: typeof body.page === "string" };
  if (step.do === "digests") return { ...well, failures: 0, isPullDue: body.again.length > 0 };
  if (step.do === "have") return { ...well, failures: 0, isHaveDue: false };
  return { ...well, failures: 0, uploadFailures: 0, isPullDue: true };
}

/** @param {EngineState} state @param {Step} step @param {Extract<Outcome, {kind: "problem"}>} outcome @param {{now: number, chance: number, batchSize?: number}} around */
function afterProblem(state, step, outcome, around) {
  const lastError = { code: outcome.code, status: outcome.status };
  if (outcome.status === 401) return { ...state, isSignedOut: true, lastError };
  if (outcome.code === "wrong_owner") return { ...state, isRefused: true, lastError };
  if (outcome.status === 409 && RECOVERIES.includes(outcome.code)) {
    const recovery = /** @type {Recovery} */ (outcome.code);
    const isAgain = state.failures > 0;
    const waiting = isAgain ? failed(state, lastError, around) : { ...state, failures: 1, lastError };
    return { ...waiting, recovery };
  }
  if (step.do === "push") return afterRefusedBatch(state, outcome.code, around);
  if (step.do === "pull" && outcome.code === "malformed") return { ...failed(state, lastError, around), isPageLost: true };
  return failed(state, lastError, around);
}

/** Half the batch at once; an operation that is refused alone lets the others pass. */
function afterRefusedBatch(
  /** @type {EngineState} */ state,
  /** @type {string} */ code,
  /** @type {{now: number, chance: number, batchSize?: number}} */ around,
) {
  const size = Math.min(around.batchSize ?? state.maxOps, state.maxOps);
  if (size > 1) return { ...state, maxOps: Math.floor(size / 2), lastError: { code } };
  return { ...state, isSettingAside: true, lastError: { code } };
}

/** @param {EngineState} state @param {Outcome} outcome @param {{now: number, chance: number}} around */
function afterRefusedPhoto(state, outcome, around) {
  const uploadNotBefore = around.now + backoff(state.uploadFailures, around.chance);
  const lastError = { code: "photo_refused", status: "status" in outcome ? outcome.status : 413 };
  return { ...state, uploadNotBefore, uploadFailures: state.uploadFailures + 1, lastError };
}

/** @param {EngineState} state @param {{code: string, status?: number}} lastError @param {{now: number, chance: number}} around */
function failed(state, lastError, around) {
  const notBefore = around.now + backoff(state.failures, around.chance);
  return { ...state, failures: state.failures + 1, notBefore, isWaitOrdered: false, lastError };
}

/**
 * Doubling from 2 s to a minute, spread over its upper half so that phones do not come in step.
 * @param {number} failures so far
 * @param {number} chance 0 to 1
 */
export function backoff(failures, chance) {
  const full = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
  return Math.round(full / 2 + (full / 2) * chance);
}
