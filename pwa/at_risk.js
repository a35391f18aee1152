// @ts-check
// What an own outlet can still cost this month, by kind and yuan, and the award that visits can still earn. Pure.
import { monthOf } from "./rules/months.js";
import { detour, MOST_IN_TOUR } from "./rules/tour.js";
import { awayM, byName, ownOutlets } from "./standing.js";

/**
 * `row` is the open work with its deadline, null for visits; `yuan` what is deducted once it is missed and upheld.
 * @typedef {{work: "delivery" | "complaint" | "churn" | "visit", yuan: number, row: any}} Reason
 * @typedef {{reasons: Reason[], yuan: number}} AtRisk
 * @typedef {AtRisk & {outlet: any, detourM: number | null}} Savable
 */

const PRICE_KEYS = /** @type {Record<string, string>} */ ({
  delivery: "wage.late_materials_yuan",
  complaint: "wage.complaint_unhandled_yuan",
  churn: "wage.churned_yuan",
});

/**
 * What can still be saved at an outlet: nothing at one of somebody else, nor what is past its day already. Late materials cost once a
 * month, missed visits once, however many (RULEBOOK §11).
 * @param {any} outlet @param {any[]} open rows of `openWork`, of other outlets too @param {Pick<import("./company.js").Company, "today" | "work">} company @param {import("./rules/policy.js").Policy} policy of the month @returns {AtRisk}
 */
export function atRisk(outlet, open, { today, work }, policy) {
  if (outlet.isOthers) return { reasons: [], yuan: 0 };
  const { owed, counted, waiting, isTooLate } = outlet.standing;
  const rows = open.filter((row) => row.outlet_id === outlet.id && row.work in PRICE_KEYS && row.due_on >= today);
  const late = work.requests.filter((one) => one.outlet_id === outlet.id && one.due_on < (one.delivered_on ?? today));
  /** @type {Reason[]} */
  const reasons = rows.map((row, at) => ({
    work: row.work,
    yuan: isPaidFor([...late, ...rows.slice(0, at).filter((one) => one.work === "delivery")], row)
      ? 0
      : Number(policy[PRICE_KEYS[row.work]]),
    row,
  }));
  if (owed > counted + waiting && !isTooLate) reasons.push({ work: "visit", yuan: Number(policy["wage.missed_visit_yuan"]), row: null });
  return { reasons, yuan: reasons.reduce((sum, { yuan }) => sum + yuan, 0) };
}

/** Whether other late materials of the month cost already what these would. @param {any[]} others requests @param {any} row @returns {boolean} */
function isPaidFor(others, row) {
  return row.work === "delivery" && others.some((one) => monthOf(one.due_on) === monthOf(row.due_on));
}

/**
 * Own outlets at which something can still be saved: the most yuan first, then what adds least to the way, then by name. Only the
 * nearest of very many have their detour reckoned.
 * @param {Pick<import("./company.js").Company, "outlets" | "today" | "work">} company @param {any[]} open rows of `openWork` @param {import("./rules/policy.js").Policy} policy of the month
 * @param {any[]} stops in the order of today's way @param {{lat: number, lon: number} | null} here @returns {Savable[]}
 */
export function savableOutlets(company, open, policy, stops, here) {
  const way = stops.slice(0, MOST_IN_TOUR);
  const far = (/** @type {number | null} */ metres) => Math.round(metres ?? Number.MAX_SAFE_INTEGER);
  return ownOutlets(company.outlets)
    .map((outlet) => ({ outlet, away: far(awayM(outlet, here)), ...atRisk(outlet, open, company, policy) }))
    .filter(({ yuan }) => yuan > 0)
    .sort((a, b) => b.yuan - a.yuan || a.away - b.away)
    .map(({ away: _, ...row }, place) => ({ ...row, detourM: here && place < MOST_IN_TOUR ? detour(here, way, row.outlet) : null }))
    .sort((a, b) => b.yuan - a.yuan || far(a.detourM) - far(b.detourM) || byName(a.outlet, b.outlet));
}

/** The award for the plan of visits while it can still be earned: an upheld miss has lost it, and so has one that no visit can prevent
 * any more; null also where nothing is left to do. @param {{outlets: any[], findings: any[], month: string}} company @returns {{left: number, owed: number} | null} */
export function openVisitAward({ outlets, findings, month }) {
  const standings = ownOutlets(outlets).map((outlet) => outlet.standing);
  const owed = standings.reduce((sum, { owed }) => sum + owed, 0);
  const left = standings.reduce((sum, { owed, counted, waiting }) => sum + Math.max(0, owed - counted - waiting), 0);
  const isMissed = findings.some((one) => one.kind === "missed_visit" && one.month === month && one.state === "upheld");
  return !left || isMissed || standings.some(({ isTooLate }) => isTooLate) ? null : { left, owed };
}
