// @ts-check
// How many visits an outlet owes and got (RULEBOOK §4): the same rule as server/domain/visit_frequency.py, on the same vectors.
import { addDays, daysBetween, firstDay, lastDay, monthOf } from "./months.js";

/**
 * Visits owed in a month by the class on its first day.
 * @param {{outlet_class: string, approved_on: string | null, account_made_on: string | null, churned_on: string | null}} outlet
 * @param {string} month @param {import("./policy.js").Policy} policy @returns {number}
 */
export function visitsOwed(outlet, month, policy) {
  const latest = policy["visit.owed_in_account_month"] === "true" ? lastDay(month) : firstDay(month);
  if (!outlet.approved_on || !outlet.account_made_on || outlet.account_made_on > latest) return 0;
  if (firstDay(month) <= outlet.approved_on) return 0;
  if (isPastChurn(outlet, month)) return 0;
  return Number(policy[`visit.owed_${outlet.outlet_class.toLowerCase()}`]);
}

/** Whether churn was decided before the month: nothing is owed or planned there any more (RULEBOOK §11).
 * @param {{churned_on?: string | null}} outlet @param {string} month @returns {boolean} */
export function isPastChurn({ churned_on }, month) {
  return Boolean(churned_on) && monthOf(/** @type {string} */ (churned_on)) < month;
}

/**
 * The dates that count: different ones, each at least the minimum gap after the one before, earliest first.
 * @param {string[]} dates @param {import("./policy.js").Policy} policy @returns {string[]}
 */
export function countedDates(dates, policy) {
  const gapDays = gapOf(policy);
  /** @type {string[]} */
  const counted = [];
  for (const date of [...new Set(dates)].sort()) {
    const last = counted.at(-1);
    if (last === undefined || daysBetween(last, date) >= gapDays) counted.push(date);
  }
  return counted;
}

/**
 * How many visits can still count in a month, with one on each day that the minimum gap allows from today on.
 * @param {string[]} counted dates that count, earliest first @param {string} today @param {string} month @param {import("./policy.js").Policy} policy
 * @returns {number}
 */
export function visitsStillPossible(counted, today, month, policy) {
  const gapDays = gapOf(policy);
  const last = counted.at(-1);
  const free = last === undefined ? today : addDays(last, gapDays);
  const first = [free, today, firstDay(month)].sort().at(-1);
  return Math.max(0, Math.floor(daysBetween(/** @type {string} */ (first), lastDay(month)) / gapDays) + 1);
}

/** @param {import("./policy.js").Policy} policy @returns {number} days from one visit that counts to the next, at least */
function gapOf(policy) {
  return Math.max(1, Number(policy["visit.min_gap_days"]));
}

/**
 * @param {number} owed @param {number} counted @param {number} waiting @param {string} today @param {string} month
 * @returns {"none" | "done" | "waiting" | "overdue" | "due"}
 */
export function monthState(owed, counted, waiting, today, month) {
  if (owed === 0) return "none";
  if (counted >= owed) return "done";
  if (counted + waiting >= owed) return "waiting";
  return today > lastDay(month) ? "overdue" : "due";
}

/**
 * The class in force on a month's first day; the present class where nothing is dated.
 * @param {{outlet_class: string, class_history?: {outlet_class: string, valid_from: string}[]}} outlet @param {string} month
 * @returns {string}
 */
export function classOfMonth(outlet, month) {
  const dated = (outlet.class_history ?? []).filter((change) => change.valid_from <= firstDay(month));
  return dated.at(-1)?.outlet_class ?? outlet.outlet_class;
}
