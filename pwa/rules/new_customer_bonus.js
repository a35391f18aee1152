// @ts-check
// 新增客户绩效 by tiers (RULEBOOK §10): the same rule as `tier_yuan` and `_new_customers` of server/domain/wage_lines.py.

/** Yuan for one customer at a count: up to 10, 11 to 20, 21 or more. @param {number} count @param {import("./policy.js").Policy} policy @returns {number} */
export function tierYuan(count, policy) {
  if (count <= Number(policy["bonus.tier1_most_customers"])) return Number(policy["bonus.tier1_yuan"]);
  if (count <= Number(policy["bonus.tier2_most_customers"])) return Number(policy["bonus.tier2_yuan"]);
  return Number(policy["bonus.tier3_yuan"]);
}

/**
 * What one more new customer brings: the tier reached pays for every one (`whole`), or for those in it only (`marginal`).
 * @param {number} count so far @param {import("./policy.js").Policy} policy of the month
 * @returns {{count: number, unitYuan: number, gainYuan: number}} the count with one more, its price, and the difference in yuan
 */
export function oneMoreCustomer(count, policy) {
  const unitYuan = tierYuan(count + 1, policy);
  const isWhole = policy["bonus.tier_mode"] === "whole";
  const gain = isWhole ? unitYuan * (count + 1) - tierYuan(count, policy) * count : unitYuan;
  return { count: count + 1, unitYuan, gainYuan: Math.round(gain * 100) / 100 };
}
