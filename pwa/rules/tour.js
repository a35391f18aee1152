// @ts-check
// A short way past outlets: nearest neighbour, then better by 2-opt and by moving single stops. Straight lines, for nobody's phone knows the streets without a network.
import { distanceM } from "./geo.js";

/** @typedef {{lat: number, lon: number}} Place WGS-84 degrees */

/** Only so many stops from the beginning are put in a better order: a cheap phone draws the list within a blink. */
const MOST_IMPROVED = 30;
const MOST_ROUNDS = 20;
/** Nobody visits more in a day: the farther ones follow by their distance from here. */
export const MOST_IN_TOUR = 100;
/** Gains below it are rounding, and would go on for ever. */
const LEAST_GAIN_M = 0.01;

/**
 * The stops in the order of a short way from `here`, which ends at the last one; those without a position come last, in the order given.
 * @template {{lat?: number | null, lon?: number | null}} T
 * @param {Place} here @param {T[]} stops
 * @returns {{stop: T, legM: number | null}[]} `legM`: metres from the stop before, of the first from `here`; null without a position
 */
export function tour(here, stops) {
  const [near, far] = byNearness(here, stops.filter(hasPlace));
  const way = [...improved(here, nearestNext(here, near)), ...far];
  const placed = way.map((stop, place) => ({ stop, legM: metres(place ? way[place - 1] : here, stop) }));
  return [...placed, ...stops.filter((stop) => !hasPlace(stop)).map((stop) => ({ stop, legM: null }))];
}

/** The whole way. @param {{legM: number | null}[]} legs of a tour @returns {number} metres */
export function wayM(legs) {
  return legs.reduce((sum, { legM }) => sum + (legM ?? 0), 0);
}

/**
 * By how many metres the way grows with this stop in it, at the place where that costs least; the order of the others stays.
 * @template {{lat?: number | null, lon?: number | null}} T
 * @param {Place} here @param {T[]} stops in the order of the way, with or without `stop` among them @param {T} stop
 * @returns {number | null} null when the stop has no position
 */
export function detour(here, stops, stop) {
  if (!hasPlace(stop)) return null;
  const others = stops.filter((other) => other !== stop && hasPlace(other));
  const grown = others.map((next, place) => {
    const before = place ? others[place - 1] : here;
    return metres(before, stop) + metres(stop, next) - metres(before, next);
  });
  return Math.max(0, Math.min(...grown, metres(others.at(-1) ?? here, stop)));
}

/** @param {{lat?: number | null, lon?: number | null}} stop @returns {boolean} */
function hasPlace(stop) {
  return Number.isFinite(stop.lat) && Number.isFinite(stop.lon);
}

/** @param {any} a @param {any} b @returns {number} */
function metres(a, b) {
  return distanceM(a.lat, a.lon, b.lat, b.lon);
}

/** Those of a day's tour, and the rest. @template T @param {Place} here @param {T[]} stops @returns {[T[], T[]]} */
function byNearness(here, stops) {
  if (stops.length <= MOST_IN_TOUR) return [stops, []];
  const away = stops.map((stop) => ({ stop, m: metres(here, stop) })).sort((a, b) => a.m - b.m);
  const sorted = away.map(({ stop }) => stop);
  return [sorted.slice(0, MOST_IN_TOUR), sorted.slice(MOST_IN_TOUR)];
}

/** Each time the nearest of those left; of equally near ones the first. @template T @param {Place} here @param {T[]} stops @returns {T[]} */
function nearestNext(here, stops) {
  const left = new Set(stops);
  /** @type {T[]} */
  const way = [];
  while (left.size) {
    const next = nearest(way.at(-1) ?? here, left);
    left.delete(next);
    way.push(next);
  }
  return way;
}

/** @template T @param {unknown} from @param {Set<T>} stops at least one @returns {T} */
function nearest(from, stops) {
  let [found] = stops;
  let least = Number.POSITIVE_INFINITY;
  for (const stop of stops) {
    const away = metres(from, stop);
    if (away < least) [found, least] = [stop, away];
  }
  return found;
}

/** @template T @param {Place} here @param {T[]} way @returns {T[]} the same stops, those of its beginning in a better order */
function improved(here, way) {
  const places = [here, ...way.slice(0, MOST_IMPROVED + 1)]; // the one after those that move holds their end
  const apart = places.map((a) => places.map((b) => metres(a, b)));
  const order = places.map((_, number) => number);
  const last = Math.min(way.length, MOST_IMPROVED);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const turned = turnParts(order, apart, last);
    if (!moveStops(order, apart, last) && !turned) break;
  }
  return [...order.slice(1).map((number) => way[number - 1]), ...way.slice(MOST_IMPROVED + 1)];
}

/** Turn around every part of the order that is shorter backwards. @param {number[]} order @param {number[][]} apart @param {number} last that may move @returns {boolean} whether any was */
function turnParts(order, apart, last) {
  let isShorter = false;
  for (let from = 1; from < last; from += 1)
    for (let to = from + 1; to <= last; to += 1) {
      const [before, first, end, after] = [order[from - 1], order[from], order[to], order[to + 1]];
      const saved = leg(apart, before, first) + leg(apart, end, after) - leg(apart, before, end) - leg(apart, first, after);
      if (saved < LEAST_GAIN_M) continue;
      order.splice(from, to - from + 1, ...order.slice(from, to + 1).reverse());
      isShorter = true;
    }
  return isShorter;
}

/** Put every stop where it costs least. @param {number[]} order @param {number[][]} apart @param {number} last that may move @returns {boolean} whether any moved */
function moveStops(order, apart, last) {
  let isShorter = false;
  const cost = (/** @type {number} */ place, /** @type {number} */ stop) =>
    leg(apart, order[place - 1], stop) + leg(apart, stop, order[place]) - leg(apart, order[place - 1], order[place]);
  for (let from = 1; from <= last; from += 1) {
    const [stop] = order.splice(from, 1);
    let to = from;
    for (let place = 1; place <= last; place += 1) if (cost(place, stop) < cost(to, stop) - LEAST_GAIN_M) to = place;
    order.splice(to, 0, stop);
    if (to !== from) isShorter = true;
  }
  return isShorter;
}

/** Nothing follows the very last stop. @param {number[][]} apart @param {number} a @param {number | undefined} b @returns {number} metres */
function leg(apart, a, b) {
  return b === undefined ? 0 : apart[a][b];
}
