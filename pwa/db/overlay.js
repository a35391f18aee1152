// @ts-check
/** The screen's truth: the server's rows with this phone's own unsettled work on top. Pure. */
import { bodyOf } from "./bodies.js";
import { distanceM } from "../rules/geo.js";
import { businessDate, firstDay, monthOf } from "../rules/months.js";
import { visitVerdict } from "../rules/visit_acceptance.js";

export { isCovered, opsToOverlay } from "./overlay_ops.js";

/**
 * @typedef {import("./capture_schema.js").StoredOp} StoredOp
 * @typedef {object} OverlayContext
 * @property {{id: string, name: string}} person
 * @property {(outletId: string) => any} outletOf the outlet's document, or null
 * @property {(day: string) => any} policyOf the policy of a date; the first day of a visit's month decides (RULEBOOK §11)
 * @property {(body: any) => boolean} isChecklistComplete whether the record answers what it was asked
 * @property {(opId: string) => import("../outbox/rows.js").Verdict | null} [verdictOf] what people decided about an operation after its result
 */

/**
 * Visits with unsettled ones on top, judged as the server will once their photos are in. One that the company could not
 * take in stays in view and counts for nothing.
 * @param {any[]} visitDocs
 * @param {StoredOp[]} pendingOps
 * @param {OverlayContext} context
 * @returns {any[]} those on their way have `pending: true`
 */
export function overlayVisits(visitDocs, pendingOps, context) {
  const docs = new Map(visitDocs.map((doc) => [doc.id, doc]));
  for (const op of pendingOps) {
    if (op.entity.type !== "visit" || op.kind !== "record" || docs.has(op.entity.id)) continue;
    const body = bodyOf(op);
    if (!isVisit(body)) continue;
    const verdict = context.verdictOf?.(op.op_id) ?? null;
    if (op.code === "quarantined" && verdict !== null && verdict.code !== "rejected") continue; // taken in after all: the feed brings it
    const visit = pendingVisit(op, body, context);
    const replaced = op.code !== "quarantined" && body.corrects && docs.get(body.corrects);
    docs.set(op.entity.id, op.code === "quarantined" ? uncounted(visit, verdict) : replaced ? asCorrection(visit, replaced) : visit);
    if (replaced) docs.set(replaced.id, { ...replaced, counts: false, needs_review: false, reasons: [...replaced.reasons, "replaced"] });
  }
  return [...docs.values()];
}

/** What can be shown at all: a record that was refused for its shape must not take the screens down. @param {any} body */
function isVisit(body) {
  const isTime = (/** @type {unknown} */ text) => Number.isFinite(Date.parse(String(text)));
  return [body.photos, body.checklist].every(Array.isArray) && isTime(body.checked_in_at) && isTime(body.checked_out_at);
}

/** What stands for a visit that was not accepted is looked at first. @param {any} visit @param {any} replaced */
function asCorrection(visit, replaced) {
  if (!replaced.reasons.some((/** @type {string} */ code) => code === "rejected" || code === "corrects_rejected")) return visit;
  return { ...visit, counts: false, needs_review: true, reasons: [...visit.reasons, "corrects_rejected"] };
}

/** Kept by the company as it is, but not in force. @param {any} visit @param {import("../outbox/rows.js").Verdict | null} verdict */
function uncounted(visit, verdict) {
  return { ...visit, pending: false, counts: false, needs_review: false, reasons: [verdict ? "not_taken_in" : "quarantined"] };
}

/** @param {StoredOp} op @param {any} body @param {OverlayContext} context */
function pendingVisit(op, body, context) {
  const corrected = (/** @type {string} */ wall) => new Date(Date.parse(wall) + (op.t.offset_ms ?? 0)).toISOString();
  const checkedInAt = corrected(body.checked_in_at);
  const visitedOn = businessDate(checkedInAt);
  const outlet = context.outletOf(body.outlet_id);
  const facts = factsOf(body, outlet, context.isChecklistComplete(body));
  const verdict = visitVerdict(facts, context.policyOf(firstDay(monthOf(visitedOn))));
  return {
    id: body.visit_id,
    outlet_id: body.outlet_id,
    rep_id: context.person.id,
    rep_name: context.person.name,
    form: op.form,
    corrects: body.corrects ?? null,
    visited_on: visitedOn,
    checked_in_at: checkedInAt,
    checked_out_at: corrected(body.checked_out_at),
    fix: body.fix && { ...body.fix, taken_at: corrected(body.fix.taken_at) },
    distance_m: facts.distance_m,
    presence_reason: body.presence_reason,
    presence_note: body.presence_note,
    has_complaint: body.has_complaint,
    condition: body.condition,
    handling: body.handling,
    checklist: body.checklist,
    checklist_version: body.checklist_version ?? null,
    photos: body.photos.map((/** @type {any} */ { slot, sha256, taken_at }) => ({
      slot,
      sha256,
      taken_at: corrected(taken_at),
      is_stored: false,
    })),
    signer_name: body.signature?.signer_name ?? null,
    signer_role: body.signature?.signer_role ?? null,
    has_signature: body.signature !== null,
    is_complete: facts.is_checklist_complete && facts.storefront_photos > 0 && facts.has_signature,
    counts: verdict.counts,
    needs_review: verdict.needsReview,
    reasons: verdict.reasons,
    review: null,
    pending: true,
  };
}

/** @param {any} body @param {any} outlet @param {boolean} isChecklistComplete */
function factsOf(body, outlet, isChecklistComplete) {
  const outletHasPosition = Number.isFinite(outlet?.lat) && Number.isFinite(outlet?.lon);
  const { fix } = body;
  return {
    is_checklist_complete: isChecklistComplete,
    storefront_photos: body.photos.filter((/** @type {any} */ photo) => photo.slot === "storefront").length,
    has_signature: body.signature !== null,
    are_photos_stored: true,
    distance_m: fix && outletHasPosition ? distanceM(outlet.lat, outlet.lon, fix.lat, fix.lon) : null,
    accuracy_m: fix?.accuracy_m ?? null,
    has_fix: fix !== null,
    outlet_has_position: outletHasPosition,
    review: null,
  };
}
