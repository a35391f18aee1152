// @ts-check
// Business days and calendar months in Shanghai (RULEBOOK §11). Dates are `2026-11-24`, months `2026-11`.

const SHANGHAI_MS = 8 * 3600 * 1000; // no summer time since 1991

/** The Shanghai date of an instant. @param {string | number | Date} instant @returns {string} */
export function businessDate(instant) {
  return new Date(new Date(instant).getTime() + SHANGHAI_MS).toISOString().slice(0, 10);
}

/** The Shanghai clock time of an instant, `09:41`. @param {string | number | Date} instant @returns {string} */
export function businessTime(instant) {
  return new Date(new Date(instant).getTime() + SHANGHAI_MS).toISOString().slice(11, 16);
}

/** @param {string} date @returns {string} */
export function monthOf(date) {
  return date.slice(0, 7);
}

/** @param {string} month @returns {string} */
export function firstDay(month) {
  return `${month}-01`;
}

/** Asked of thousands of outlets, and always for the same few months. @type {Map<string, string>} */
const lastDays = new Map();

/** @param {string} month @returns {string} */
export function lastDay(month) {
  const known = lastDays.get(month);
  if (known !== undefined) return known;
  const [year, number] = month.split("-").map(Number);
  const day = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
  lastDays.set(month, day);
  return day;
}

/** @param {string} month @returns {string} */
export function nextMonth(month) {
  return addDays(lastDay(month), 1).slice(0, 7);
}

/** @param {string} month @returns {string} */
export function previousMonth(month) {
  return addDays(firstDay(month), -1).slice(0, 7);
}

/** @param {string} month @param {number} count @returns {string} */
export function monthsBefore(month, count) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 - count)).toISOString().slice(0, 7);
}

/** @param {string} date @param {number} days @returns {string} */
export function addDays(date, days) {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Days from one date to another. @param {string} from @param {string} to @returns {number} */
export function daysBetween(from, to) {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** 0 is Sunday. @param {string} date @returns {number} */
export function weekday(date) {
  return new Date(Date.parse(date)).getUTCDay();
}
