// @ts-check
/** How results settle operations and how a new client numbers them. Pure. */

/** @typedef {import("../db/capture_schema.js").StoredOp} StoredOp */

/**
 * The operation with its terminal result. A code this app does not know is kept too: the server has consumed the number.
 * @param {StoredOp} op
 * @param {{code: string, v?: number|null, problem?: StoredOp["problem"]}} result
 * @param {string} at
 * @returns {StoredOp}
 */
export function afterResult(op, result, at) {
  return { ...op, state: "acked", code: result.code, problem: result.problem ?? null, v: result.v ?? null, acked_at: at };
}

/**
 * Operations with the results that the server holds of them now: a copy of this phone may have sent again what a restored
 * backup had forgotten. Where the id was somebody else's, the result is of their work.
 * @param {StoredOp[]} ops
 * @param {{op_id: string, code: string, v?: number|null, problem?: StoredOp["problem"]}[]} results
 * @returns {StoredOp[]}
 */
export function learned(ops, results) {
  const byId = new Map(results.map((result) => [result.op_id, result]));
  return ops.map((op) => {
    const result = byId.get(op.op_id);
    const isOther = op.problem?.code === "op_id_reused";
    return result && op.state === "acked" && !isOther ? afterResult(op, result, op.acked_at ?? "") : op;
  });
}

/**
 * Numbers for a new client: what is pending, and what the server no longer knows, from 1 on in the order of capture
 * numbers. What stays acknowledged gets 0, so that the first pull applied under the new client covers it.
 * @param {StoredOp[]} ops
 * @param {Set<string>} unknownIds
 * @returns {{ops: StoredOp[], nextN: number}}
 */
export function renumbered(ops, unknownIds) {
  const isOffered = (/** @type {StoredOp} */ op) => op.state === "pending" || unknownIds.has(op.op_id);
  const settled = ops.filter((op) => !isOffered(op)).map((op) => ({ ...op, n: 0 }));
  const offered = ops
    .filter(isOffered)
    .sort(inOrder)
    .map((op, index) => offeredAgain(op, index + 1));
  return { ops: [...settled, ...offered], nextN: offered.length + 1 };
}

/** Acknowledged ones came first; ids ascend with time and settle what an earlier renumbering set to 0. */
export function inOrder(/** @type {StoredOp} */ a, /** @type {StoredOp} */ b) {
  const rank = (/** @type {StoredOp} */ op) => (op.state === "acked" ? 0 : 1);
  return rank(a) - rank(b) || a.n - b.n || (a.op_id < b.op_id ? -1 : 1);
}

/** @param {StoredOp} op @param {number} n @returns {StoredOp} */
function offeredAgain(op, n) {
  if (op.state === "pending") return { ...op, n };
  return { ...op, n, state: "pending", code: null, problem: null, v: null, acked_at: null };
}
