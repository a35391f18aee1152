// @ts-check
// How much of a deadline is left, in working days, and which day the plan names.
import { t } from "../i18n/index.js";
import { workingDaysBetween } from "../rules/working_days.js";
import { dayText } from "../ui/format.js";

/** @typedef {{state: "overdue" | "due" | "none" | "waiting", words: string, used: number, all: number}} Clock */

/** @param {import("../company.js").Company} company @param {any} row of `openWork`, or with `due_on` and the day it began; null due days are open @returns {Clock} */
export function clockOf(company, row) {
  if (row.work === "first_training") return { state: "due", words: t("clock.at_once"), used: 0, all: 0 };
  return row.work === "training" ? trainingClock(company, row) : deadlineClock(company, row);
}

/** The plan's day is only a plan: while the month lasts, its training counts. @param {import("../company.js").Company} company @param {any} row @returns {Clock} */
function trainingClock(company, row) {
  const { planned_on } = row;
  const end = { ...deadlineClock(company, row), used: 0, all: 0 };
  if (planned_on >= company.today && end.state !== "overdue")
    return { ...end, state: planned_on === company.today ? "due" : "none", words: plannedWords(planned_on, company.today) };
  if (end.state !== "none") return end;
  if (!planned_on) return { ...end, words: t("clock.this_month") };
  return { ...end, state: "due", words: t("clock.still_counts", { plan: plannedWords(planned_on, company.today) }) };
}

/** @param {string} day of the plan @param {string} today @returns {string} */
export function plannedWords(day, today) {
  if (day === today) return t("plan.today");
  return t(day < today ? "plan.late" : "plan.on", { day: dayText(day) });
}

/** @param {import("../company.js").Company} company @param {any} row @returns {Clock} */
function deadlineClock({ today, workingYears }, row) {
  if (!row.due_on) return { state: "none", words: t("clock.this_month"), used: 0, all: 0 };
  const began = row.received_on ?? row.requested_on ?? row.listed_on ?? row.registered_on ?? today;
  const all = workingDaysBetween(began, row.due_on, workingYears);
  if (row.due_on < today) return { state: "overdue", words: t("clock.overdue", { date: dayText(row.due_on) }), used: all, all };
  const left = workingDaysBetween(today, row.due_on, workingYears);
  if (row.due_on === today) return { state: "overdue", words: t("clock.today"), used: all, all };
  if (left === 0) return { state: "due", words: t("clock.until", { date: dayText(row.due_on) }), used: all, all }; // at a weekend
  return { state: left === 1 ? "due" : "none", words: t("clock.left", { n: left }), used: Math.max(0, all - left), all };
}
