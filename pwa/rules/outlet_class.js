// @ts-check
// Outlet class 网点类型 (RULEBOOK §3, 附表一): the same rule as server/domain/outlet_class.py, on the same vectors.
import { compareDecimals } from "./decimal.js";

/**
 * @typedef {{chain_outlets?: number | null, is_franchised_or_own_hall?: boolean | null,
 *   floor_area_m2?: string | null, monthly_fee_yuan?: string | null}} ClassInputs unknown values are null
 */

/**
 * The class and every condition that made it, such as `B.fee`. The highest class met wins; all unknown is C.
 * @param {ClassInputs} inputs @param {import("./policy.js").Policy} policy
 * @returns {{outletClass: "A" | "B" | "C", reasons: string[]}}
 */
export function outletClass(inputs, policy) {
  const met = metConditions(inputs, policy);
  for (const letter of /** @type {const} */ (["A", "B", "C"])) {
    const reasons = met.filter((code) => code.startsWith(letter));
    if (reasons.length > 0) return { outletClass: letter, reasons };
  }
  return { outletClass: "C", reasons: ["C.unknown"] };
}

/** @param {ClassInputs} inputs @param {import("./policy.js").Policy} policy @returns {string[]} */
function metConditions(inputs, policy) {
  const met = [];
  if (inputs.chain_outlets != null) met.push(`${chainClass(inputs.chain_outlets, policy)}.chain`);
  if (inputs.is_franchised_or_own_hall) met.push("A.own_hall");
  if (inputs.floor_area_m2 != null) {
    met.push(`${sizeClass(inputs.floor_area_m2, policy["class.a_area_m2"], policy["class.b_area_m2"])}.area`);
  }
  if (inputs.monthly_fee_yuan != null) {
    met.push(`${sizeClass(inputs.monthly_fee_yuan, policy["class.a_fee_yuan"], policy["class.b_fee_yuan"])}.fee`);
  }
  return met;
}

/** @param {number} outlets @param {import("./policy.js").Policy} policy */
function chainClass(outlets, policy) {
  if (outlets >= Number(policy["class.a_chain_outlets"])) return "A";
  return outlets >= Number(policy["class.b_chain_outlets"]) ? "B" : "C";
}

/** @param {string} size @param {string} aboveForA @param {string} leastForB */
function sizeClass(size, aboveForA, leastForB) {
  if (compareDecimals(size, aboveForA) > 0) return "A";
  return compareDecimals(size, leastForB) >= 0 ? "B" : "C";
}
