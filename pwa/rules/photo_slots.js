// @ts-check
// The photos that a visit needs. Pure.
import { POLICY_DEFAULTS } from "./policy_defaults.js";

const SLOTS = ["storefront", "counter", "other"];

/** In the policy's order, whatever stands between them; the usual ones where it names none that a visit has. @param {string} text @returns {string[]} */
export function slotsIn(text) {
  const named = new Set(text.split(/[\s,，、;；]+/).filter((slot) => SLOTS.includes(slot)));
  return named.size ? [...named] : POLICY_DEFAULTS["visit.required_photo_slots"].split(",");
}
