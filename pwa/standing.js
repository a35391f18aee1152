// @ts-check
// Where an outlet stands this month, by the data on this phone. Pure.
import { distanceM } from "./rules/geo.js";
import { monthOf } from "./rules/months.js";
import { MOST_IN_TOUR, tour, wayM } from "./rules/tour.js";
import { classOfMonth, countedDates, isPastChurn, monthState, visitsOwed, visitsStillPossible } from "./rules/visit_frequency.js";

/**
 * `owed`: visits that the month asks for, by the rule or as many as are planned where that is more; `plannedOn`: the day of the
 * plan that the next of them has, null without one, and once it has passed the outlet is overdue; `isTooLate`: the days left and the
 * minimum gap no longer allow as many as are owed.
 * @typedef {{owed: number, counted: number, waiting: number, state: "done" | "due" | "overdue" | "none" | "waiting",
 *   visitedToday: boolean, outletClass: string, plannedOn: string | null, isTooLate: boolean}} Standing
 */

/**
 * @param {any} outlet @param {any[]} visits of this outlet @param {string} month @param {string} today
 * @param {import("./rules/policy.js").Policy} policy of the month
 * @param {string[]} [planned] days set for this outlet, of any month @returns {Standing}
 */
export function standingOf(outlet, visits, month, today, policy, planned = []) {
  const outletClass = classOfMonth(outlet, month);
  const days = isPastChurn(outlet, month) ? [] : planned.filter((day) => monthOf(day) === month).sort();
  const owed = Math.max(visitsOwed({ ...outlet, outlet_class: outletClass }, month, policy), outlet.approved_on ? days.length : 0);
  const inMonth = visits.filter((visit) => monthOf(visit.visited_on) === month);
  const counting = inMonth.filter((visit) => visit.counts).map((visit) => visit.visited_on);
  const hoped = inMonth.filter((visit) => visit.needs_review || onlyPhotosMissing(visit)).map((visit) => visit.visited_on);
  const counted = countedDates(counting, policy).length;
  const dates = countedDates([...counting, ...hoped], policy);
  const waiting = dates.length - counted;
  const plannedOn = days[dates.length] ?? null;
  const state = monthState(owed, counted, waiting, today, month);
  return {
    owed,
    counted,
    waiting,
    state: state === "due" && plannedOn !== null && plannedOn < today ? "overdue" : state,
    visitedToday: inMonth.some((visit) => visit.visited_on === today),
    outletClass,
    plannedOn,
    isTooLate: owed - dates.length > visitsStillPossible(dates, today, month, policy),
  };
}

/** A visit that counts as soon as its photos have arrived. @param {any} visit @returns {boolean} */
export function onlyPhotosMissing(visit) {
  return !visit.counts && visit.reasons.length > 0 && visit.reasons.every((/** @type {string} */ code) => code === "photos_pending");
}

/** Whose outlet this is, where the person stands in for somebody on leave today; "" for an own one.
 * @param {{rep_id?: string | null}} outlet @param {any} person @param {string} today @returns {string} */
export function standsInFor(outlet, person, today) {
  const leaves = person.stands_in ?? [];
  const leave = leaves.find((/** @type {any} */ one) => one.rep_id === outlet.rep_id && one.starts_on <= today && today <= one.ends_on);
  return leave?.rep_name ?? "";
}

/** Those for which the person answers: what is made elsewhere, for somebody on leave, brings them nothing. @param {any[]} outlets */
export function ownOutlets(outlets) {
  return outlets.filter((outlet) => !outlet.isOthers);
}

/** Done and owed of each class, at own outlets. @param {any[]} outlets @returns {{letter: string, done: number, owed: number}[]} */
export function progressByClass(outlets) {
  return ["A", "B", "C"].map((letter) => {
    const own = ownOutlets(outlets).filter((outlet) => outlet.standing.outletClass === letter);
    const sum = (/** @type {(standing: Standing) => number} */ take) => own.reduce((total, outlet) => total + take(outlet.standing), 0);
    return { letter, done: sum((s) => Math.min(s.counted + s.waiting, s.owed)), owed: sum((s) => s.owed) };
  });
}

const NAMES = new Intl.Collator("zh");

/** In the order of a Chinese list of names. @param {{name: string}} a @param {{name: string}} b */
export function byName(a, b) {
  return NAMES.compare(a.name, b.name);
}

/** Outlets that still owe visits, nearest first where a position is known. @param {any[]} outlets @param {{lat: number, lon: number} | null} here */
export function dueOutlets(outlets, here) {
  const due = outlets.filter((outlet) => outlet.standing.owed > outlet.standing.counted + outlet.standing.waiting);
  return due.sort((a, b) => order(a, here) - order(b, here) || byName(a, b));
}

/** Those of the due that cannot be saved any more, by name. @param {any[]} due @returns {any[]} */
export function lostOutlets(due) {
  return due.filter((outlet) => outlet.standing.isTooLate).sort(byName);
}

/**
 * @typedef {object} Route
 * @property {any[]} visited today
 * @property {{stop: any, legM: number | null}[]} legs to what is due, in order; metres from the stop before, of the first from here
 * @property {number | null} lengthM the whole way in metres; null without a position, and for more stops than a day holds
 */

/**
 * Where to go today: first what the plan has for today or had before, then what else is due, in the end what is too late for this month;
 * each a short tour once a position is known, else as due.
 * @param {any[]} outlets @param {{lat: number, lon: number} | null} here @param {string} today @returns {Route}
 */
export function routeToday(outlets, here, today) {
  const open = dueOutlets(outlets, here).filter((outlet) => !outlet.standing.visitedToday); // a second visit of a day counts for nothing
  const visited = outlets.filter((outlet) => outlet.standing.visitedToday);
  if (!here) {
    const legs = inTurn(open, today)
      .flat()
      .map((stop) => ({ stop, legM: null }));
    return { visited, legs, lengthM: null };
  }
  /** @type {{stop: any, legM: number | null}[]} */
  const legs = [];
  for (const part of inTurn(open, today)) {
    const end = legs.filter(({ legM }) => legM !== null).at(-1)?.stop ?? here;
    legs.push(...tour(end, part));
  }
  return { visited, legs, lengthM: legs.length > MOST_IN_TOUR ? null : wayM(legs) };
}

/** Whether the plan wants a visit by today. @param {any} outlet @param {string} today @returns {boolean} */
export function isPlanned({ standing }, today) {
  return standing.plannedOn !== null && standing.plannedOn <= today;
}

/** @param {any[]} due @param {string} today @returns {any[][]} those that the plan wants by today, the others, and those that it is too late for */
function inTurn(due, today) {
  const open = due.filter((outlet) => !outlet.standing.isTooLate);
  const late = due.filter((outlet) => outlet.standing.isTooLate);
  return [open.filter((outlet) => isPlanned(outlet, today)), open.filter((outlet) => !isPlanned(outlet, today)), late];
}

/** @param {any} outlet @param {{lat: number, lon: number} | null} here @returns {number} */
function order(outlet, here) {
  return awayM(outlet, here) ?? (outlet.standing.outletClass === "A" ? 0 : 1);
}

/** Metres from a position to an outlet; null when either is unknown. @param {any} outlet @param {{lat: number, lon: number} | null} here @returns {number | null} */
export function awayM(outlet, here) {
  if (!here || !Number.isFinite(outlet.lat) || !Number.isFinite(outlet.lon)) return null;
  return distanceM(here.lat, here.lon, outlet.lat, outlet.lon);
}
