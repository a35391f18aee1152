// @ts-check
// The business day and the times that the screens show: by the phone's clock and by how far the company's is known to be from it (SYNC §4).
import { businessDate } from "./rules/months.js";

/**
 * An instant of the phone's clock by the company's, as far as it is known: for what is shown, signed or drawn on a photo. Records name the phone's.
 * @param {{clockOffsetMs?: number} | null | undefined} company @param {string | number | Date} instant @returns {Date}
 */
export function byCompanyClock(company, instant) {
  return new Date(new Date(instant).getTime() + (company?.clockOffsetMs ?? 0));
}

/** Whether what is shown belongs to another day than it is now. @param {{today: string, clockOffsetMs: number} | null} company @param {number} nowMs @returns {boolean} */
export function isDayOver(company, nowMs) {
  return company !== null && businessDate(nowMs + company.clockOffsetMs) !== company.today;
}
