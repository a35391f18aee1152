// @ts-check
/** Which of this phone's operations the replica does not show yet. */
import { cursorOf } from "./replica.js";

/** @typedef {import("./capture_schema.js").StoredOp} StoredOp */

/**
 * Operations that the replica does not show yet: pending ones, acknowledged ones until an applied pull covers them, and
 * those that the company could not take in, which no pull ever shows.
 * @param {import("./captured_work.js").CapturedWork} work
 * @param {import("./connection.js").Database} replica
 * @returns {Promise<StoredOp[]>} by number
 */
export async function opsToOverlay({ ops, clientId }, replica) {
  const { applied } = await cursorOf(replica);
  const isOpen = (/** @type {StoredOp} */ op) => op.code === "quarantined" || !isCovered(op, clientId, applied);
  return ops.filter(isOpen).sort((a, b) => a.n - b.n);
}

/**
 * Whether a pull that was applied to its end shows this operation. Pure.
 * @param {Pick<StoredOp, "state"|"n">} op
 * @param {string|null} clientId
 * @param {{client_id: string|null, last_n: number}|null} applied
 */
export function isCovered(op, clientId, applied) {
  return op.state === "acked" && applied !== null && applied.client_id === clientId && applied.last_n >= op.n;
}
