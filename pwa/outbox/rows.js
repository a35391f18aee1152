// @ts-check
/** What the outbox screen says about each operation. Pure. */

/**
 * @typedef {import("../db/capture_schema.js").StoredOp} StoredOp
 * @typedef {"on_phone"|"sending"|"sent"|"accepted"|"attention"} RowState sent: photos still on their way; accepted: all is there
 * @typedef {object} OutboxRow
 * @property {string} opId
 * @property {number} n
 * @property {string} form
 * @property {{type: string, id: string}} entity
 * @property {string} scope
 * @property {any} body
 * @property {RowState} state
 * @property {string|null} code the server's result; "parked" means that a supervisor decides, which is no error
 * @property {StoredOp["problem"]} problem
 * @property {number} photosTotal
 * @property {number} photosSent
 * @property {string} savedAt
 */

/** Results that are final and need nobody. */
export const FINE_CODES = new Set(["applied", "merged", "noop", "conflict_recorded", "out_of_scope_accepted"]);

/**
 * @param {StoredOp} op
 * @param {Map<string, string>} uploadStates by hash
 * @param {Set<string>} sending ids of operations in the request under way
 * @returns {OutboxRow}
 */
export function outboxRow(op, uploadStates, sending) {
  const body = JSON.parse(op.body_text);
  const photos = photoHashes(op, body);
  const isGone = op.blobs.some((sha256) => uploadStates.get(sha256) === "gone");
  return {
    opId: op.op_id,
    n: op.n,
    form: op.form,
    entity: op.entity,
    scope: op.scope,
    body,
    state: isGone ? "attention" : rowState(op, uploadStates, sending),
    code: op.code,
    problem: op.problem ?? (isGone ? { code: "photo_gone" } : null),
    photosTotal: photos.length,
    photosSent: photos.filter((sha256) => uploadStates.get(sha256) === "confirmed").length,
    savedAt: op.saved_at,
  };
}

/**
 * @param {StoredOp} op
 * @param {Map<string, string>} uploadStates
 * @param {Set<string>} sending
 * @returns {RowState}
 */
export function rowState(op, uploadStates, sending) {
  if (op.state === "pending") {
    if (sending.has(op.op_id)) return "sending";
    return op.problem ? "attention" : "on_phone";
  }
  if (!FINE_CODES.has(op.code ?? "")) return "attention";
  return op.blobs.every((sha256) => uploadStates.get(sha256) === "confirmed") ? "accepted" : "sent";
}

/** Photos as the person counts them: without the signature's picture. @param {StoredOp} op @param {any} body */
function photoHashes(op, body) {
  if (!Array.isArray(body.photos)) return op.blobs;
  return [...new Set(/** @type {{sha256: string}[]} */ (body.photos).map((photo) => photo.sha256))];
}
