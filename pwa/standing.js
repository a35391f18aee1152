// @ts-check
// Where an outlet stands this month, by the data on this phone. Pure.
import { distanceM } from "./rules/geo.js";
import { monthOf } from "./rules/months.js";
import { MOST_IN_TOUR, tour, wayM } from "./rules/tour.js";
import { classOfMonth, countedDates, monthState, visitsOwed } from "./rules/visit_frequency.js";

/**
 * `owed`: visits that the month asks for, by the rule or as many as are planned where that is more; `plannedOn`: the day of the
 * plan that the next of them has, null without one.
 * @typedef {{owed: number, counted: number, waiting: number, state: "done" | "due" | "overdue" | "none" | "waiting",
 *   visitedToday: boolean, outletClass: string, plannedOn: string | null}} Standing
 */

/**
 * @param {any} outlet @param {any[]} visits of this outlet @param {string} month @param {string} today
 * @param {import("./rules/policy.js").Policy} policy of the month
 * @param {string[]} [planned] days set for this outlet, of any month @returns {Standing}
 */
export function standingOf(outlet, visits, month, today, policy, planned = []) {
  const outletClass = classOfMonth(outlet, month);
  const days = planned.filter((day) => monthOf(day) === month).sort();
  const owed = Math.max(visitsOwed({ ...outlet, outlet_class: outletClass }, month, policy), outlet.approved_on ? days.length : 0);
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
    plannedOn: days[counted + waiting] ?? null,
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
  return outlets.filter((outlet) => !outlet.standsInFor);
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

/**
 * @typedef {object} Route
 * @property {any[]} visited today
 * @property {{stop: any, legM: number | null}[]} legs to what is due, in order; metres from the stop before, of the first from here
 * @property {number | null} lengthM the whole way in metres; null without a position, and for more stops than a day holds
 */

/**
 * Where to go today: first what the plan has for today or had before, then what else is due; each a short tour once a position is
 * known, else as due.
 * @param {any[]} outlets @param {{lat: number, lon: number} | null} here @param {string} today @returns {Route}
 */
export function routeToday(outlets, here, today) {
  const due = dueOutlets(outlets, here);
  const visited = outlets.filter((outlet) => outlet.standing.visitedToday);
  if (!here) {
    const legs = planFirst(due, today).map((stop) => ({ stop, legM: null }));
    return { visited: visited.filter((outlet) => !due.includes(outlet)), legs, lengthM: null };
  }
  const [planned, others] = byPlan(
    due.filter((outlet) => !outlet.standing.visitedToday),
    today,
  );
  const first = tour(here, planned);
  const end = first.filter(({ legM }) => legM !== null).at(-1)?.stop ?? here;
  const legs = [...first, ...tour(end, others)];
  return { visited, legs, lengthM: legs.length > MOST_IN_TOUR ? null : wayM(legs) };
}

/** Whether the plan wants a visit by today. @param {any} outlet @param {string} today @returns {boolean} */
export function isPlanned({ standing }, today) {
  return standing.plannedOn !== null && standing.plannedOn <= today;
}

/** @param {any[]} due @param {string} today @returns {[any[], any[]]} those that the plan wants by today, and the others */
function byPlan(due, today) {
  return [due.filter((outlet) => isPlanned(outlet, today)), due.filter((outlet) => !isPlanned(outlet, today))];
}

/** @param {any[]} due @param {string} today */
function planFirst(due, today) {
  return byPlan(due, today).flat();
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
