// @ts-check
// The business day that the screens show: by the phone's clock and by how far the company's is known to be from it (SYNC §4).
import { businessDate } from "./rules/months.js";

/** Whether what is shown belongs to another day than it is now. @param {{today: string, clockOffsetMs: number} | null} company @param {number} nowMs @returns {boolean} */
export function isDayOver(company, nowMs) {
  return company !== null && businessDate(nowMs + company.clockOffsetMs) !== company.today;
}
