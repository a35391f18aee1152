// @ts-check
/** Carrying out one step of the engine: ask, store what came, and say what to think of it. */
import { AGAIN_AT_ONCE, applyPage, cursorOf, restartPage, restartPull, rowVersions, storeComparison } from "../db/replica.js";
import { pushText } from "./batch.js";
import { clockSample } from "./clock.js";
import { digestsOf } from "./digests.js";
import {
  closeBatch,
  openBatch,
  retainedIds,
  setAside,
  standing,
  storeClockSample,
  storePresence,
  storeResults,
  storeSynced,
  switchClient,
} from "./ledger.js";
import { answered, repaired } from "./state.js";
import { ask } from "./transport.js";
import { uploadPhotos } from "./uploads.js";

/**
 * @typedef {import("./state.js").EngineState} EngineState
 * @typedef {import("./answers.js").Outcome} Outcome
 * @typedef {import("../db/connection.js").Database} Database
 * @typedef {object} Workplace
 * @property {Database} capture
 * @property {Database} replica
 * @property {string} token
 * @property {string} app
 * @property {AbortSignal} signal ends the request under way
 * @property {() => boolean} isOver nothing new may begin
 * @property {Set<string>} missing hashes that the server is known to lack
 * @property {(ops: number) => void} onSending so many records are on their way now, and marked so
 * @property {() => void} onSent a photo got through
 * @property {import("./storage.js").StorageReport} [storage]
 * @property {typeof fetch} [fetch]
 * @property {typeof uploadPhotos} [upload]
 */

const PAGE_BYTES = 256_000;
const HAVE_AT_ONCE = 1000;
const RECONCILE_AT_ONCE = 5000;
const around = () => ({ now: Date.now(), chance: Math.random() });

/**
 * @param {EngineState} state
 * @param {import("./state.js").Step} step
 * @param {Workplace} at
 * @returns {Promise<EngineState>}
 */
export async function carryOut(state, step, at) {
  if (step.do === "push") return push(state, step, at);
  if (step.do === "pull") return pull(state, step, at);
  if (step.do === "digests") return compare(state, step, at);
  if (step.do === "have") return askForMissing(state, step, at);
  if (step.do === "upload") return upload(state, step, at);
  if (step.do === "recover") return recover(state, step, at);
  if (step.do === "set_aside") return letOthersPass(state, at);
  if (step.do === "restart_page") await restartPage(at.replica);
  return repaired(state, around());
}

/** @param {EngineState} state @param {Extract<import("./state.js").Step, {do: "push"}>} step @param {Workplace} at */
async function push(state, step, at) {
  const { clientId, epoch, ops } = await openBatch(at.capture, step.maxOps);
  at.onSending(ops.length);
  const before = await standing(at.capture);
  const status = statusOf(before, at);
  const told = { witness: before.witness || null, seen: before.seen };
  const text = pushText({ epoch, clientId, app: at.app, deviceNow: new Date().toISOString(), status, ...told }, ops);
  const { outcome, ...timing } = await ask("push", text, at);
  if (outcome.kind !== "ok") {
    await closeBatch(at.capture);
    return answered(state, step, outcome, { ...around(), batchSize: ops.length });
  }
  await noteClock(at, outcome.body, timing);
  const settled = await storeResults(at.capture, clientId, outcome.body);
  return answered(state, step, outcome, { ...around(), settled, batchSize: ops.length });
}

/** @param {EngineState} state @param {import("./state.js").Step} step @param {Workplace} at */
async function pull(state, step, at) {
  const before = await standing(at.capture);
  const { clientId, epoch, witness, seen } = before;
  const { cursor, page, again } = await cursorOf(at.replica);
  const question = {
    client_id: clientId,
    cursor,
    page,
    view_v: 1,
    limit_bytes: PAGE_BYTES,
    status: statusOf(before, at),
    witness: witness || null,
    seen,
  };
  const text = JSON.stringify(page === null && again.length > 0 ? { ...question, again: again.slice(0, AGAIN_AT_ONCE) } : question);
  const { outcome, ...timing } = await ask("pull", text, at);
  if (outcome.kind !== "ok") return answered(state, step, outcome, around());
  if (epoch !== null && outcome.body.epoch !== epoch) return answered(state, step, changed("epoch_changed"), around());
  // the server forgot what it had acknowledged (an old backup)
  if (outcome.body.last_n < before.ackedN) return answered(state, step, changed("gap"), around());
  // so old that nobody can tell whether it was of this life of the database
  const isReset = outcome.body.events.some((/** @type {any} */ event) => event.e === "reset");
  if (isReset && witness === null) return answered(state, step, changed("gap"), around());
  await noteClock(at, outcome.body, timing);
  await applyPage(at.replica, outcome.body, { cursor, page, clientId });
  if (outcome.body.cursor !== undefined)
    await storeSynced(at.capture, {
      epoch: outcome.body.epoch,
      at: new Date().toISOString(),
      witness,
      seen,
      cursor: outcome.body.cursor,
    });
  const well = answered(state, step, outcome, around());
  return { ...well, isPullDue: well.isPullDue || (await cursorOf(at.replica)).again.length > 0 };
}

/** @param {import("./state.js").Recovery} code @returns {Outcome} */
function changed(code) {
  return { kind: "problem", code, status: 409, body: {} };
}

/**
 * Once a day: does the phone hold just what the server would send? An older server that cannot say is no trouble.
 * @param {EngineState} state @param {import("./state.js").Step} step @param {Workplace} at
 */
async function compare(state, step, at) {
  const { clientId } = await standing(at.capture);
  const { cursor, scopes } = await cursorOf(at.replica);
  const digests = await digestsOf(scopes, await rowVersions(at.replica));
  const { outcome } = await ask("digests", JSON.stringify({ client_id: clientId, cursor, scopes: digests }), at);
  const isUnknown = "status" in outcome && [404, 405].includes(outcome.status);
  if (outcome.kind !== "ok" && !isUnknown) return answered(state, step, outcome, around());
  const again = outcome.kind === "ok" ? outcome.body.again : [];
  await storeComparison(at.replica, again, new Date().toISOString());
  return answered(state, step, { kind: "ok", body: { again } }, around());
}

/** What the phone says of itself. @param {import("./ledger.js").Standing} at @param {Workplace} place */
function statusOf({ pending, oldestUnsentAt, wanted }, { storage }) {
  const free = storage?.quota == null ? null : Math.max(0, Math.floor(storage.quota - (storage.usage ?? 0)));
  return { queue: pending, oldest: oldestUnsentAt, photos: wanted.length, free_bytes: free, is_persisted: storage?.persisted ?? null };
}

/** @param {EngineState} state @param {import("./state.js").Step} step @param {Workplace} at */
async function askForMissing(state, step, at) {
  const { wanted } = await standing(at.capture);
  at.missing.clear();
  /** @type {Outcome} */
  let last = { kind: "ok", body: { missing: [] } };
  for (let start = 0; start < wanted.length && last.kind === "ok"; start += HAVE_AT_ONCE) {
    const asked = wanted.slice(start, start + HAVE_AT_ONCE);
    ({ outcome: last } = await ask("have", JSON.stringify({ sha256: asked }), at));
    if (last.kind !== "ok") break;
    for (const sha256 of last.body.missing) at.missing.add(sha256);
    await storePresence(at.capture, asked, last.body.missing);
  }
  return answered(state, step, last, around());
}

/** @param {EngineState} state @param {import("./state.js").Step} step @param {Workplace} at */
async function upload(state, step, at) {
  const send = at.upload ?? uploadPhotos;
  const outcome = await send(at.capture, [...at.missing], { token: at.token, signal: at.signal, isOver: at.isOver, onSent: at.onSent });
  await forgetSent(at);
  const isCutShort = at.isOver() && at.missing.size > 0 && (outcome.kind === "ok" || outcome.kind === "unreachable");
  // the end of the batch is no failure: the photos go on in the next one
  return isCutShort ? state : answered(state, step, outcome, around());
}

/** @param {Workplace} at */
async function forgetSent({ capture, missing }) {
  const wanted = new Set((await standing(capture)).wanted);
  for (const sha256 of [...missing]) if (!wanted.has(sha256)) missing.delete(sha256);
}

/**
 * A new client id, which vouches for nothing that was acknowledged before: the server is asked what it still knows.
 * @param {EngineState} state @param {Extract<import("./state.js").Step, {do: "recover"}>} step @param {Workplace} at
 */
async function recover(state, step, at) {
  at.missing.clear();
  const ids = await retainedIds(at.capture);
  /** @type {string[]} */
  const unknownIds = [];
  /** @type {any[]} */
  const results = [];
  let epoch = "";
  let witness = "";
  for (let start = 0; start === 0 || start < ids.length; start += RECONCILE_AT_ONCE) {
    const asked = JSON.stringify({ op_ids: ids.slice(start, start + RECONCILE_AT_ONCE) });
    const { outcome } = await ask("reconcile", asked, at);
    if (outcome.kind !== "ok") return answered(state, step, outcome, around());
    unknownIds.push(...outcome.body.unknown);
    results.push(...(outcome.body.results ?? []));
    epoch = outcome.body.epoch;
    witness ||= outcome.body.witness ?? "";
  }
  if (step.why === "epoch_changed") await restartPull(at.replica);
  await switchClient(at.capture, { unknownIds, epoch, results, witness });
  return answered(state, step, { kind: "ok", body: {} }, around());
}

/** @param {EngineState} state @param {Workplace} at */
async function letOthersPass(state, at) {
  const { ops } = await openBatch(at.capture, 1);
  if (ops.length > 0) await setAside(at.capture, ops[0].op_id, { code: state.lastError?.code ?? "too_large" });
  return repaired(state, around());
}

/** @param {Workplace} at @param {any} body @param {{receivedAtMs: number, rttMs: number}} timing */
async function noteClock(at, body, timing) {
  if (typeof body.server_now !== "string" || Number.isNaN(Date.parse(body.server_now))) return;
  await storeClockSample(at.capture, clockSample({ serverNow: body.server_now, ...timing }));
}
