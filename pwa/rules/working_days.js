// @ts-check
// Working days of the Chinese calendar with make-up days 调休 (RULEBOOK §6, §11).
import { addDays, weekday } from "./months.js";

/** @typedef {{year: number, is_provisional: boolean, off: string[], on: string[]}} WorkingYear */
/** @typedef {Record<string, WorkingYear>} WorkingYears by year, such as "2026" */

/** @param {string} date @param {WorkingYears} years @returns {boolean} */
export function isWorkingDay(date, years) {
  const year = years[date.slice(0, 4)];
  if (year?.off.includes(date)) return false;
  if (year?.on.includes(date)) return true;
  return weekday(date) % 6 !== 0;
}

/** The last day of a deadline of `count` working days; the day of the event is day 0. @param {string} date @param {number} count @param {WorkingYears} years */
export function addWorkingDays(date, count, years) {
  let day = date;
  for (let left = count; left > 0; ) {
    day = addDays(day, 1);
    if (isWorkingDay(day, years)) left -= 1;
  }
  return day;
}

/** Working days behind `after`, up to and with `until`. @param {string} after @param {string} until @param {WorkingYears} years */
export function workingDaysBetween(after, until, years) {
  let days = 0;
  for (let day = addDays(after, 1); day <= until; day = addDays(day, 1)) if (isWorkingDay(day, years)) days += 1;
  return days;
}
