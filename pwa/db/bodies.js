// @ts-check
/** The records of operations as values: each is read out of its text once, for the outbox and for the screens. */

/** @type {WeakMap<object, any>} by operation as it was read */
const known = new WeakMap();

/** Not to be changed by whoever asks. @param {import("./capture_schema.js").StoredOp} op with its text opened @returns {any} */
export function bodyOf(op) {
  if (!known.has(op)) known.set(op, JSON.parse(op.body_text));
  return known.get(op);
}
