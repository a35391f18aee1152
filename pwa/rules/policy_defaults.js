// @ts-check
// Made from server/domain/policy.py by `python -m server.policy_export`.

/** @type {Record<string, string>} */
export const POLICY_DEFAULTS = {
  "class.a_chain_outlets": "10",
  "class.b_chain_outlets": "3",
  "class.a_area_m2": "200",
  "class.b_area_m2": "100",
  "class.a_fee_yuan": "80000",
  "class.b_fee_yuan": "20000",
  "visit.owed_a": "2",
  "visit.owed_b": "1",
  "visit.owed_c": "1",
  "visit.min_gap_days": "0",
  "visit.fence_radius_m": "200",
  "visit.fence_accuracy_cap_m": "100",
  "visit.position_accuracy_max_m": "100",
  "visit.required_photo_slots": "storefront,counter",
  "photo.gallery_allowed": "false",
  "photo.max_side_px": "1600",
  "wage.base_yuan": "1100.00",
  "wage.award_visits_yuan": "100.00",
  "wage.missed_visit_yuan": "20.00",
  "wage.deduction_limit_share": "0.20",
  "wage.minimum_yuan": "0",
  "wage.cap_deductions": "false",
  "sync.acked_retention_days": "14",
  "sync.skew_flag_ms": "300000",
};
