// @ts-check
// The policy in force on a day, from the dated values that the server sent (RULEBOOK §11).
import { POLICY_DEFAULTS } from "./policy_defaults.js";

/** @typedef {Record<string, string>} Policy every key of the catalogue with its value as text */
/** @typedef {Record<string, [string, string][]>} DatedValues key → [valid from, value], ascending */

/**
 * The values in force on a day; a change dated the 1st is in force on the 1st.
 * @param {string} date @param {DatedValues} [dated] @returns {Policy}
 */
export function policyOn(date, dated = {}) {
  /** @type {Policy} */
  const policy = { ...POLICY_DEFAULTS };
  for (const [key, values] of Object.entries(dated)) {
    if (!(key in POLICY_DEFAULTS)) continue;
    for (const [validFrom, value] of values) if (validFrom <= date) policy[key] = value;
  }
  return policy;
}
