// @ts-check
// Locking by itself: the page starts anew, and with it goes the key. Drafts are kept at every change, so nothing else does.
import { lockSeen } from "../db/seals.js";

const LOOK_MS = 5000;
const SIGNS = ["pointerdown", "keydown", "scroll"];

let touchedAt = Date.now();
let limitMs = Number.POSITIVE_INFINITY;
let isWatching = false;

/** Follow the present person's lock, as it is now. @param {string|null} personId */
export async function keepLocking(personId) {
  const lock = personId === null ? null : await lockSeen(personId);
  limitMs = lock && lock.key === null ? lock.minutes * 60_000 : Number.POSITIVE_INFINITY;
  touchedAt = Date.now();
  if (!isWatching && Number.isFinite(limitMs)) watch();
}

/** Close the lock at once. */
export function lockNow() {
  document.body.hidden = true; // nothing is to be read while the page starts anew
  location.reload();
}

function watch() {
  isWatching = true;
  const touch = () => {
    if (!look()) touchedAt = Date.now();
  };
  for (const sign of SIGNS) addEventListener(sign, touch, { capture: true, passive: true });
  addEventListener("visibilitychange", look); // timers stand still in the background
  setInterval(look, LOOK_MS);
}

/** @returns {boolean} whether it locked */
function look() {
  if (Date.now() - touchedAt < limitMs) return false;
  limitMs = Number.POSITIVE_INFINITY;
  lockNow();
  return true;
}
