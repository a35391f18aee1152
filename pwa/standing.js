// @ts-check
// Where an outlet stands this month, by the data on this phone. Pure.
import { distanceM } from "./rules/geo.js";
import { monthOf } from "./rules/months.js";
import { MOST_IN_TOUR, tour, wayM } from "./rules/tour.js";
import { classOfMonth, countedDates, monthState, visitsOwed } from "./rules/visit_frequency.js";

/**
 * @typedef {{owed: number, counted: number, waiting: number, state: "done" | "due" | "overdue" | "none" | "waiting",
 *   visitedToday: boolean, outletClass: string}} Standing
 */

/**
 * @param {any} outlet @param {any[]} visits of this outlet @param {string} month @param {string} today
 * @param {import("./rules/policy.js").Policy} policy of the month @returns {Standing}
 */
export function standingOf(outlet, visits, month, today, policy) {
  const outletClass = classOfMonth(outlet, month);
  const owed = visitsOwed({ ...outlet, outlet_class: outletClass }, month, policy);
  const inMonth = visits.filter((visit) => monthOf(visit.visited_on) === month);
  const counting = inMonth.filter((visit) => visit.counts).map((visit) => visit.visited_on);
  const hoped = inMonth.filter((visit) => visit.needs_review || onlyPhotosMissing(visit)).map((visit) => visit.visited_on);
  const counted = countedDates(counting, policy).length;
  const waiting = countedDates([...counting, ...hoped], policy).length - counted;
  return {
    owed,
    counted,
    waiting,
    state: monthState(owed, counted, waiting, today, month),
    visitedToday: inMonth.some((visit) => visit.visited_on === today),
    outletClass,
  };
}

/** A visit that counts as soon as its photos have arrived. @param {any} visit @returns {boolean} */
export function onlyPhotosMissing(visit) {
  return !visit.counts && visit.reasons.length > 0 && visit.reasons.every((/** @type {string} */ code) => code === "photos_pending");
}

/** Done and owed of each class. @param {any[]} outlets @returns {{letter: string, done: number, owed: number}[]} */
export function progressByClass(outlets) {
  return ["A", "B", "C"].map((letter) => {
    const own = outlets.filter((outlet) => outlet.standing.outletClass === letter);
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

/**
 * @typedef {object} Route
 * @property {any[]} visited today
 * @property {{stop: any, legM: number | null}[]} legs to what is due, in order; metres from the stop before, of the first from here
 * @property {number | null} lengthM the whole way in metres; null without a position, and for more stops than a day holds
 */

/** Where to go today: a short tour once a position is known, else as due. @param {any[]} outlets @param {{lat: number, lon: number} | null} here @returns {Route} */
export function routeToday(outlets, here) {
  const due = dueOutlets(outlets, here);
  const visited = outlets.filter((outlet) => outlet.standing.visitedToday);
  if (!here) {
    const legs = due.map((stop) => ({ stop, legM: null }));
    return { visited: visited.filter((outlet) => !due.includes(outlet)), legs, lengthM: null };
  }
  const ahead = due.filter((outlet) => !outlet.standing.visitedToday);
  const legs = tour(here, ahead);
  return { visited, legs, lengthM: legs.length > MOST_IN_TOUR ? null : wayM(legs) };
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
