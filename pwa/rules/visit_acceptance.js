// @ts-check
// Whether a visit counts (RULEBOOK §4): the same rule as server/domain/visit_acceptance.py, on the same vectors.

/**
 * @typedef {{is_checklist_complete: boolean, storefront_photos: number, has_signature: boolean, are_photos_stored: boolean,
 *   distance_m: number | null, accuracy_m: number | null, has_fix: boolean, outlet_has_position: boolean,
 *   review?: null | "accepted" | "rejected"}} VisitFacts distances in metres
 * @typedef {{counts: boolean, needsReview: boolean, reasons: string[], allowedM: number}} VisitVerdict
 */

/**
 * A visit counts when it is complete and in place, or complete and accepted, and not rejected.
 * @param {VisitFacts} facts @param {import("./policy.js").Policy} policy @returns {VisitVerdict}
 */
export function visitVerdict(facts, policy) {
  const allowed = allowedM(facts.accuracy_m, policy);
  const missing = missingParts(facts);
  const place = placeFault(facts, allowed);
  if (facts.review === "rejected") return verdict(false, false, ["rejected", ...missing], allowed);
  if (place && facts.review === "accepted") return verdict(missing.length === 0, false, [...missing, "accepted_by_supervisor"], allowed);
  const reasons = place ? [...missing, place] : missing;
  const needsReview = place !== null && missing.every((code) => code === "photos_pending");
  return verdict(reasons.length === 0, needsReview, reasons, allowed);
}

/** @param {boolean} counts @param {boolean} needsReview @param {string[]} reasons @param {number} allowed @returns {VisitVerdict} */
function verdict(counts, needsReview, reasons, allowed) {
  return { counts, needsReview, reasons, allowedM: allowed };
}

/**
 * The fence and the fix's own accuracy, at most so much of it; unknown accuracy adds nothing.
 * @param {number | null} accuracyM @param {import("./policy.js").Policy} policy @returns {number}
 */
export function allowedM(accuracyM, policy) {
  return Number(policy["visit.fence_radius_m"]) + Math.min(accuracyM ?? 0, Number(policy["visit.fence_accuracy_cap_m"]));
}

/** @param {VisitFacts} facts @returns {string[]} */
function missingParts(facts) {
  const missing = [];
  if (!facts.is_checklist_complete) missing.push("checklist_incomplete");
  if (facts.storefront_photos < 1) missing.push("storefront_photo_missing");
  if (!facts.has_signature) missing.push("signature_missing");
  if (!facts.are_photos_stored) missing.push("photos_pending");
  return missing;
}

/** @param {VisitFacts} facts @param {number} allowed @returns {string | null} */
function placeFault(facts, allowed) {
  if (!facts.has_fix) return "no_fix";
  if (!facts.outlet_has_position || facts.distance_m === null) return "no_outlet_position";
  return facts.distance_m > allowed ? "outside_fence" : null;
}
