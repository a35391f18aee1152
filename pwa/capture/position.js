// @ts-check
/** The phone's position, read afresh while the person waits for it, never from a cache. */
import { notePositionRead } from "./position_log.js";

/**
 * @typedef {{lat: number, lon: number, accuracy_m: number|null, taken_at: string, source: "gps"}} Fix WGS-84 as the device gave it
 * @typedef {{code: "position_denied"|"position_unavailable"|"position_timeout"}} PositionProblem
 */

const TIMEOUT_MS = 30_000;
/** @type {Record<number, PositionProblem["code"]>} */
const CODES = { 1: "position_denied", 2: "position_unavailable", 3: "position_timeout" };

/**
 * Report every fix until stopped; a problem does not end the watch, except a denied permission.
 * @param {import("./position_log.js").Purpose} why noted with the first fix
 * @param {(fix: Fix) => void} onFix
 * @param {(problem: PositionProblem) => void} onProblem
 * @returns {() => void} stop
 */
export function watchFix(why, onFix, onProblem) {
  const positions = globalThis.navigator?.geolocation;
  if (!positions) {
    onProblem({ code: "position_unavailable" });
    return () => {};
  }
  let isNoted = false;
  const watch = positions.watchPosition(
    (position) => {
      if (!isNoted) notePositionRead(why);
      isNoted = true;
      onFix(fixOf(position));
    },
    (fault) => onProblem({ code: CODES[fault.code] ?? "position_unavailable" }),
    { enableHighAccuracy: true, maximumAge: 0, timeout: TIMEOUT_MS },
  );
  return () => positions.clearWatch(watch);
}

/**
 * Pure. `taken_at` is the device's own reading of when.
 * @param {{coords: {latitude: number, longitude: number, accuracy: number}, timestamp: number}} position
 * @returns {Fix}
 */
export function fixOf({ coords, timestamp }) {
  const accuracy_m = Number.isFinite(coords.accuracy) ? coords.accuracy : null;
  return { lat: coords.latitude, lon: coords.longitude, accuracy_m, taken_at: new Date(timestamp).toISOString(), source: "gps" };
}
