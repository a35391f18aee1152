// @ts-check
// Of a long list only the parts are drawn that are near what is seen: a phone holds thousands of rows as lightly as a few.
import { ref } from "../vendor/lit-html/directives/ref.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { NEAR_PX, whenNear } from "./when_near.js";

/** Parts that are so far from what is seen are let go; more than what calls them, or they would come and go all the time. */
const FAR_PX = 2 * NEAR_PX;

/** @typedef {{first: number, end: number, heights: number[]}} Near parts from `first` to before `end` are drawn; `heights` of all that ever were, px */

/** The beginning of a list. @param {number} parts @returns {Near} */
export function beginning(parts) {
  return { first: 0, end: parts, heights: [] };
}

/** One part more below; those far above go. @param {Near} near @param {HTMLElement} list */
export function goDown(near, list) {
  const { top } = measured(near, list);
  near.first = Math.max(near.first, partAt(near.heights, -top - FAR_PX));
  near.end += 1;
}

/** The parts above that are near now, however far that was; those far below go. @param {Near} near @param {HTMLElement} list */
export function goUp(near, list) {
  const { top } = measured(near, list);
  near.first = Math.min(near.first, partAt(near.heights, -top - NEAR_PX));
  near.end = Math.min(near.end, partAt(near.heights, innerHeight - top + FAR_PX) + 1);
}

/** What parts that were let go above leave room for. @param {Near} near @param {() => void} up */
export function roomAbove({ first, heights }, up) {
  if (first === 0) return nothing;
  const px = heights.slice(0, first).reduce((sum, height) => sum + height, 0);
  const keepRoom = ref((/** @type {Element | undefined} */ element) => {
    if (element) /** @type {HTMLElement} */ (element).style.blockSize = `${px}px`;
  });
  return html`<div ${keepRoom} ${whenNear(up)}></div>`;
}

/** @param {Near} near @param {HTMLElement} list */
function measured(near, list) {
  [...list.querySelectorAll(".list-part")].forEach((part, at) => {
    near.heights[near.first + at] = part.getBoundingClientRect().height;
  });
  return list.getBoundingClientRect();
}

/** The part that stands so far below the beginning of the list. @param {number[]} heights @param {number} px */
function partAt(heights, px) {
  let below = 0;
  const at = heights.findIndex((height) => {
    below += height;
    return below > px;
  });
  return at < 0 ? heights.length : at;
}
