// @ts-check
/** The phone's clocks against the server's: readings at capture, and the offset between the two. */
import { uuid7 } from "../ids.js";

/** One id per loaded page: monotonic readings compare only within it. */
const BOOT = uuid7();
const MOST_SAMPLES = 8;
const DRIFT_MS = 1000;

/** @typedef {{offset_ms: number, rtt_ms: number}} ClockSample */

/** @returns {{wall: string, mono: number, boot: string}} */
export function readClocks() {
  return { wall: new Date().toISOString(), mono: Math.round(performance.now()), boot: BOOT };
}

/**
 * Server time less phone time, as seen by one answer.
 * @param {{serverNow: string, receivedAtMs: number, rttMs: number}} reading
 * @returns {ClockSample}
 */
export function clockSample({ serverNow, receivedAtMs, rttMs }) {
  return { offset_ms: Math.round(Date.parse(serverNow) + rttMs / 2 - receivedAtMs), rtt_ms: Math.round(rttMs) };
}

/**
 * The last eight samples with the new one; those that contradict it were taken before the phone's clock was set.
 * @param {ClockSample[]} samples oldest first
 * @param {ClockSample} fresh
 * @returns {ClockSample[]}
 */
export function withSample(samples, fresh) {
  const agrees = (/** @type {ClockSample} */ one) =>
    Math.abs(one.offset_ms - fresh.offset_ms) <= (one.rtt_ms + fresh.rtt_ms) / 2 + DRIFT_MS;
  return [...samples.filter(agrees), fresh].slice(-MOST_SAMPLES);
}

/**
 * The offset of the sample with the least round trip; null before the first answer.
 * @param {ClockSample[]} samples
 * @returns {number|null}
 */
export function offsetOf(samples) {
  if (samples.length === 0) return null;
  return samples.reduce((best, one) => (one.rtt_ms <= best.rtt_ms ? one : best)).offset_ms;
}
