// @ts-check
// Dates, distances and money as people read them.
import { language, t } from "../i18n/index.js";
import { businessDate, businessTime, weekday } from "../rules/months.js";

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** `3月24日`, `24 March`. @param {string} date @returns {string} */
export function dayText(date) {
  const [, month, day] = date.split("-").map(Number);
  return language() === "en" ? `${day} ${MONTHS[month - 1]}` : `${month}月${day}日`;
}

/** `24 March`, `24 Nov`: English, short enough for a heading. @param {string} date @returns {string} */
export function shortDay(date) {
  const [day, month] = dayText(date).split(" ");
  return `${day} ${month.length > 5 ? month.slice(0, 3) : month}`;
}

/** `2026年3月24日`, `24 March 2026`. @param {string} date @returns {string} */
export function fullDayText(date) {
  const year = date.slice(0, 4);
  return language() === "en" ? `${dayText(date)} ${year}` : `${year}年${dayText(date)}`;
}

/** @param {string} date @returns {string} */
export function weekdayText(date) {
  return t(`weekday.${weekday(date)}`);
}

/** `3月24日 周二`, `Tue 24 March`. @param {string} date @returns {string} */
export function dayWithWeekday(date) {
  return language() === "en" ? `${weekdayText(date)} ${shortDay(date)}` : `${dayText(date)} ${weekdayText(date)}`;
}

/** `3 月`, `March`; `2025 年 3 月`, `March 2025` where it is of another year than the present month. @param {string} month @param {string} [present] @returns {string} */
export function monthText(month, present = month) {
  const [year, number] = month.split("-");
  const isOfYear = present.startsWith(year);
  if (language() === "en") return `${MONTHS[Number(number) - 1]}${isOfYear ? "" : ` ${year}`}`;
  return `${isOfYear ? "" : `${year} 年 `}${Number(number)} 月`;
}

/** `今天 09:41`, or the date before it. @param {string | Date} instant @param {string} today @returns {string} */
export function momentText(instant, today) {
  const date = businessDate(instant);
  return `${date === today ? t("today") : dayText(date)} ${businessTime(instant)}`;
}

/** Metres below a kilometre, else kilometres. @param {number} metres @returns {string} */
export function distanceText(metres) {
  if (metres < 995) return t("metres", { n: metres < 20 ? Math.round(metres) : Math.round(metres / 10) * 10 || 0 });
  return t("kilometres", { n: (metres / 1000).toFixed(1) });
}

/** `1,654.50`. @param {string | number} amount @returns {string} */
export function moneyText(amount) {
  const [whole, fen = "00"] = String(amount).replace("-", "").split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${String(amount).startsWith("-") ? "−" : ""}${grouped}.${fen.padEnd(2, "0").slice(0, 2)}`;
}

/** Whole yuan with its word: `20 元`, `¥20`. @param {number} amount @returns {string} */
export function yuanText(amount) {
  return t("yuan", { n: amount });
}

/** Large sums in short: `4.5 万元`, `¥44,794`. @param {string | number} amount @returns {string} */
export function roundYuanText(amount) {
  const yuan = Number(amount);
  if (language() === "en" || yuan < 10_000) return t("yuan", { n: yuan.toLocaleString("en", { maximumFractionDigits: 0 }) });
  return t("ten_thousand_yuan", { n: String(Math.round(yuan / 1000) / 10) });
}

/** Every yuan, and the fen where there are any: `80,040 元`, `¥80,040`. @param {string | number} amount @returns {string} */
export function exactYuanText(amount) {
  return t("yuan", { n: moneyText(amount).replace(/\.00$/, "") });
}

/** What an amount is measured by: short only where that leaves nothing out. @param {string | number} amount @returns {string} */
export function limitYuanText(amount) {
  return Number(amount) % 10_000 === 0 ? roundYuanText(amount) : exactYuanText(amount);
}

/** @param {number} bytes @returns {string} */
export function bytesText(bytes) {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.max(1, Math.round(bytes / 1e6))} MB`;
}

/** `138****2046`. @param {string} number @returns {string} */
export function maskedPhone(number) {
  return number.length >= 8 ? `${number.slice(0, 3)}****${number.slice(-4)}` : number;
}
