// @ts-check
/** When this phone's position was read and what for, without the position: for the person to see, on this phone only. */

const KEY = "xundian-position-reads";
const MOST = 30;

/** @typedef {"check_in" | "outlet" | "order"} Purpose at an outlet's door, for an outlet's file, to put outlets in order */

/** @returns {{at: string, why: Purpose}[]} newest first */
export function positionReads() {
  return JSON.parse(localStorage.getItem(KEY) ?? "[]");
}

/** @param {Purpose} why */
export function notePositionRead(why) {
  localStorage.setItem(KEY, JSON.stringify([{ at: new Date().toISOString(), why }, ...positionReads()].slice(0, MOST)));
}
