// @ts-check
// What an outlet moved by month, as bars on one scale. Pure.
import { previousMonth } from "./months.js";

const MONTHS = 6;

/** @typedef {{month: string, yuan: number | null, percent: number, isUnderWay: boolean}} Bar `yuan` null: nothing was imported */

/** One bar a month from the first with transactions on; more refunds than payments have no length. Pure. @param {{month: string, yuan: string}[]} volume @param {string} present month @returns {Bar[]} */
export function volumeBars(volume, present) {
  const amounts = new Map(volume.map(({ month, yuan }) => [month, Number(yuan)]));
  const months = [present];
  while (months.length < MONTHS) months.unshift(previousMonth(months[0]));
  const first = months.findIndex((month) => amounts.has(month));
  if (first < 0) return [];
  const most = Math.max(...months.map((month) => amounts.get(month) ?? 0));
  return months.slice(first).map((month) => {
    const yuan = amounts.get(month) ?? null;
    const percent = most > 0 ? Math.round((Math.max(yuan ?? 0, 0) / most) * 100) : 0;
    return { month, yuan, percent, isUnderWay: month === present };
  });
}

/** The last whole month by the one before, in percent; null where one is missing or was nothing. Pure. @param {Bar[]} bars @returns {number | null} */
export function volumeTrend(bars) {
  const [before, last] = bars.filter((bar) => !bar.isUnderWay).slice(-2);
  if (!last || last.yuan === null || !before.yuan || before.yuan < 0) return null;
  return Math.round((last.yuan / before.yuan - 1) * 100);
}
