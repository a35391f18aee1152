// @ts-check
/** The text of a push, put together from the texts that were stored. Pure. */

/** @typedef {import("../db/capture_schema.js").StoredOp} StoredOp */

export const MOST_OPS = 50;
const MOST_BYTES = 256 * 1024;
const ENVELOPE_BYTES = 1024;

/**
 * The first operations that fit into one push; always at least one when there is any.
 * @param {StoredOp[]} ops by number
 * @param {number} maxOps
 * @returns {StoredOp[]}
 */
export function takeBatch(ops, maxOps) {
  const taken = [];
  let room = MOST_BYTES - ENVELOPE_BYTES;
  for (const op of ops.slice(0, Math.min(maxOps, MOST_OPS))) {
    room -= new TextEncoder().encode(opText(op)).length + 1;
    if (taken.length > 0 && room < 0) break;
    taken.push(op);
  }
  return taken;
}

/**
 * @param {{epoch: string|null, clientId: string, app: string, deviceNow: string, status?: object, witness?: string|null, seen?: string|null}} envelope
 * @param {StoredOp[]} ops
 * @returns {string} JSON in which each body stands exactly as stored
 */
export function pushText({ epoch, clientId, app, deviceNow, ...more }, ops) {
  const head = JSON.stringify({ proto: 1, epoch, client_id: clientId, app, device_now: deviceNow, ...more });
  return `${head.slice(0, -1)},"ops":[${ops.map(opText).join(",")}]}`;
}

/** @param {StoredOp} op */
export function opText(op) {
  const head = { n: op.n, op_id: op.op_id, kind: op.kind, form: op.form, entity: op.entity, scope: op.scope, base_v: op.base_v };
  const tail = { blobs: op.blobs, t: op.t };
  return `${JSON.stringify(head).slice(0, -1)},"body":${op.body_text},${JSON.stringify(tail).slice(1)}`;
}
