// @ts-check
/** Outlets as the screens show them: the server's rows with this phone's own new outlets, changes and submissions on top. Pure. */
import { bodyOf } from "./bodies.js";
import { newDocument, withValues } from "./outlet_document.js";

/** @typedef {import("./capture_schema.js").StoredOp} StoredOp */

const WAITS = new Set(["parked", "quarantined"]);

/**
 * New outlets have `pending: true` (`pending: false` and `refused: true` when the company could not take them in);
 * `unsent` names the fields whose change is still on its way, `is_identity_unsent` says it of the ID document, which shows
 * until a pull brings it.
 * @param {any[]} docs
 * @param {StoredOp[]} ops that the replica does not show yet, by number
 * @param {{person: {id: string, name: string}, policy: import("../rules/policy.js").Policy,
 *   verdictOf: (opId: string) => import("../outbox/rows.js").Verdict | null}} context
 * @returns {any[]} documents of their own: the rows stay as they came
 */
export function overlayOutlets(docs, ops, context) {
  const outlets = new Map(docs.map((doc) => [doc.id, doc]));
  for (const op of ops) {
    const put = PUTS[op.form];
    if (!put) continue;
    const body = bodyOf(op);
    const before = outlets.get(body.outlet_id);
    const after = put(op, body, before, context);
    if (after) outlets.set(body.outlet_id, after);
  }
  return [...outlets.values()];
}

/** @type {Record<string, (op: StoredOp, body: any, before: any, context: any) => any>} */
const PUTS = { "new_outlet.v1": putNew, "outlet_edit.v1": putEdit, "outlet_submit.v1": putSubmitted, "identity.v1": putIdentity };

/** @param {StoredOp} op @param {any} body @param {any} before @param {any} context */
function putNew(op, body, before, { person, policy, verdictOf }) {
  if (before) return null; // the feed has brought it
  const verdict = verdictOf(op.op_id);
  if (verdict) return null; // people took it in, and the feed brings it, or they did not
  const isRefused = op.code === "quarantined";
  return { ...newDocument(body, person, policy), pending: !isRefused, refused: isRefused, unsent: [] };
}

/** @param {StoredOp} op @param {any} body @param {any} before @param {any} context */
function putEdit(op, body, before, { policy }) {
  if (!before || WAITS.has(op.code ?? "")) return null;
  const names = Object.keys(body.fields);
  const values = Object.fromEntries(names.filter((name) => !waits(before, name)).map((name) => [name, body.fields[name].mine]));
  return { ...withValues(before, values, policy), unsent: [...new Set([...(before.unsent ?? []), ...names])] };
}

/** Whether a field's change will wait for the office: until then visits are judged by the old position, and pay by the old account (server/outlets/edits.py). @param {any} outlet @param {string} name */
export function waits(outlet, name) {
  if (outlet.state !== "approved" && outlet.state !== "archived") return false;
  return (name === "position" && Number.isFinite(outlet.lat)) || (name === "account_no" && Boolean(outlet.account_no));
}

/** @param {StoredOp} op @param {any} _body @param {any} before */
function putSubmitted(op, _body, before) {
  if (!before || WAITS.has(op.code ?? "") || !["draft", "returned"].includes(before.state)) return null;
  return { ...before, state: "submitted", is_submission_unsent: true };
}

/**
 * All that this phone itself knows of the number it has sealed. What the company answered with a problem (an older document, people who
 * were erased) did not change the file, though the answer is `noop`.
 * @param {StoredOp} op @param {any} body @param {any} before
 */
function putIdentity(op, body, before) {
  if (!before || op.problem || WAITS.has(op.code ?? "")) return null;
  return { ...before, id_kind: body.kind, id_masked: body.masked, is_identity_unsent: op.state === "pending" };
}
