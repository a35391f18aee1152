// @ts-check
// Outlets of this phone that a new one may be, by name and distance (SYNC §4): the rule of server/outlets/duplicates.py.
import { distanceM } from "./geo.js";
import { areNamesAlike, letters } from "./shop_names.js";

export const NEAR_M = 200;

/**
 * Nearest first. Without a position only the very same name tells.
 * @param {string} name @param {{lat: number, lon: number} | null} place @param {any[]} outlets @returns {{outlet: any, away: number | null}[]}
 */
export function likelySame(name, place, outlets) {
  const found = outlets
    .map((outlet) => ({ outlet, away: awayFrom(place, outlet) }))
    .filter(({ outlet, away }) => isLikely(name, away, outlet));
  return found.sort((a, b) => (a.away ?? 0) - (b.away ?? 0));
}

/** @param {{lat: number, lon: number} | null} place @param {any} outlet @returns {number | null} */
function awayFrom(place, outlet) {
  if (!place || !Number.isFinite(outlet.lat) || !Number.isFinite(outlet.lon)) return null;
  return distanceM(place.lat, place.lon, outlet.lat, outlet.lon);
}

/** @param {string} name @param {number | null} away @param {any} outlet */
function isLikely(name, away, outlet) {
  if (away !== null) return away <= NEAR_M && areNamesAlike(name, outlet.name);
  const wanted = letters(name).join("");
  return wanted !== "" && wanted === letters(outlet.name).join("");
}
