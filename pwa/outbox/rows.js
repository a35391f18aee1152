// @ts-check
/** What the outbox screen says about each operation. Pure. */
import { bodyOf } from "../db/bodies.js";

/**
 * @typedef {import("../db/capture_schema.js").StoredOp} StoredOp
 * @typedef {"on_phone"|"sending"|"sent"|"accepted"|"review"|"refused"|"attention"} RowState sent: photos still on their way;
 *   accepted: all is there; review: a supervisor decides, which is no error; refused: people decided against it
 * @typedef {{op_id: string, code: string, reason: string, by_name: string|null, at: string}} Verdict what became of an operation
 *   after its result, as the feed brings it
 * @typedef {object} OutboxRow
 * @property {string} opId
 * @property {number} n
 * @property {string} form
 * @property {{type: string, id: string}} entity
 * @property {string} scope
 * @property {any} body
 * @property {RowState} state
 * @property {string|null} code the server's result
 * @property {StoredOp["problem"]} problem
 * @property {Verdict|null} verdict
 * @property {number} photosTotal
 * @property {number} photosSent
 * @property {boolean} hasFiles photos or a signature
 * @property {string} savedAt
 * @property {boolean} [isAcknowledged] the person knows that it had no effect, and nothing more is asked of them
 */

/** Results that are final and need nobody; `edited` is what a supervisor made of a parked one. */
export const FINE_CODES = new Set(["applied", "merged", "noop", "conflict_recorded", "out_of_scope_accepted", "edited"]);

/** Problems that leave nothing to do: the record came too late or twice, and stays at the company until somebody there closes it. */
const WITHOUT_EFFECT = new Set([
  "finding_dismissed",
  "objection_known",
  "objection_late",
  "already_delivered",
  "complaint_closed",
  "complaint_void",
  "case_decided",
  "word_late",
  "identity_not_yours",
]);

/**
 * @param {StoredOp} op
 * @param {Map<string, string>} uploadStates by hash
 * @param {Set<string>} sending ids of operations in the request under way
 * @param {Verdict|null} [verdict]
 * @returns {OutboxRow}
 */
export function outboxRow(op, uploadStates, sending, verdict = null) {
  const body = bodyOf(op);
  const photos = photoHashes(op, body);
  const state = rowState(op, uploadStates, sending, verdict);
  const isGone = state === "sent" && op.blobs.some((sha256) => uploadStates.get(sha256) === "gone");
  return {
    opId: op.op_id,
    n: op.n,
    form: op.form,
    entity: op.entity,
    scope: op.scope,
    body,
    state: isGone ? "attention" : state,
    code: op.code,
    problem: isGone ? { code: "photo_gone" } : op.problem,
    verdict,
    photosTotal: photos.length,
    photosSent: photos.filter((sha256) => uploadStates.get(sha256) === "confirmed").length,
    hasFiles: op.blobs.length > 0,
    savedAt: op.saved_at,
  };
}

/**
 * @param {StoredOp} op
 * @param {Map<string, string>} uploadStates
 * @param {Set<string>} sending
 * @param {Verdict|null} [verdict]
 * @returns {RowState}
 */
export function rowState(op, uploadStates, sending, verdict = null) {
  if (op.state === "pending") {
    if (sending.has(op.op_id)) return "sending";
    return op.problem ? "attention" : "on_phone";
  }
  const code = verdict?.code ?? op.code ?? "";
  if (code === "parked") return "review";
  if (code === "rejected") return "refused";
  if (!FINE_CODES.has(code)) return "attention";
  return op.blobs.every((sha256) => uploadStates.get(sha256) === "confirmed") ? "accepted" : "sent";
}

/** Whether the outbox shows it although it was settled long ago: somebody still has to do something. @param {OutboxRow} row */
export function isOpen(row) {
  return row.state === "sent" || row.state === "review" || (row.state === "attention" && row.code === "quarantined");
}

/** Whether it stands in the way until the person looks at it. @param {OutboxRow} row */
export function needsLook(row) {
  return row.state === "attention" && !row.isAcknowledged;
}

/** Whether to have looked is all that there is to do. @param {OutboxRow} row */
export function mayAcknowledge(row) {
  return needsLook(row) && row.code === "quarantined" && WITHOUT_EFFECT.has(row.problem?.code ?? "");
}

/** Photos as the person counts them: without the signature's picture. @param {StoredOp} op @param {any} body */
function photoHashes(op, body) {
  if (!Array.isArray(body.photos)) return op.blobs.filter((sha256) => sha256 !== body.signature?.sha256);
  return [
    ...new Set(
      /** @type {({sha256: string} | string)[]} */ (body.photos).map((photo) => (typeof photo === "string" ? photo : photo.sha256)),
    ),
  ];
}
