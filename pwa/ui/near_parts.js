// @ts-check
// Of a long list only the parts are drawn that are near what is seen, by nodes that are used again: a phone scrolls thousands of rows as lightly as a few.
import { ref } from "../vendor/lit-html/directives/ref.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { NEAR_PX, whenNear } from "./when_near.js";

/** Parts are no lower; so many rows as each has to be laid out before the next frame. */
export const PART_ROWS = 2;
const LEAST_PART_PX = 64 * PART_ROWS;
const FIRST_PARTS = 10;
/** Above they come faster: there is room already, and a finger goes through it at any speed. */
const MOST_AT_ONCE = 3;

/** @typedef {{first: number, end: number, heights: number[]}} Near parts from `first` to before `end` are drawn; `heights` of all that ever were, px */

/** The beginning of a list. @returns {Near} */
export function beginning() {
  return { first: 0, end: FIRST_PARTS, heights: [] };
}

/**
 * The parts of a list that are near, with room for those above. More above or below come as they come near.
 * @param {any[]} all the rows of the list @param {number} turn another one for rows in another order: no node becomes another row under a finger
 * @param {Near} near @param {(rows: any[], at: number) => unknown} draw a part @param {() => void} up when more above is near
 */
export function nearParts(all, turn, near, draw, up) {
  near.end = Math.min(near.end, Math.ceil(all.length / PART_ROWS)); // the list may have become shorter
  const slots = mostNear();
  near.first = Math.max(0, near.end - slots);
  const ats = Array.from({ length: near.end - near.first }, (_, number) => near.first + number);
  const rowsOf = (/** @type {number} */ at) => all.slice(at * PART_ROWS, (at + 1) * PART_ROWS);
  return html`${near.first > 0 ? roomAbove(near.heights.slice(0, near.first), up) : nothing}${repeat(
    ats,
    (/** @type {number} */ at) => `${turn}/${at % slots}`,
    (/** @type {number} */ at) => html`<div class="list-part ${at > 0 ? "later" : ""}">${draw(rowsOf(at), at)}</div>`,
  )}`;
}

/** One part more below. @param {Near} near @param {HTMLElement} list */
export function goDown(near, list) {
  measure(near, list);
  near.end += 1;
}

/** Some of the parts above that are near now; all at once where nothing drawn is near any more. Those far below go. @param {Near} near @param {HTMLElement} list */
export function goUp(near, list) {
  measure(near, list);
  const missing = near.first - partAt(near.heights, -list.getBoundingClientRect().top - NEAR_PX);
  const isFar = missing > near.end - near.first;
  near.end -= isFar ? missing : Math.max(1, Math.min(missing, MOST_AT_ONCE));
}

/** To a row, wherever it stands in the list by now; to the beginning where it stands no more. @param {Near} near @param {number} row its place, or -1 */
export function goTo(near, row) {
  const at = Math.max(0, Math.floor(row / PART_ROWS));
  const likely = near.heights.at(-1) ?? LEAST_PART_PX;
  while (near.heights.length < at) near.heights.push(likely);
  near.end = at + Math.ceil(mostNear() / 2);
}

/** So many parts are drawn that when one comes at one end, what goes at the other is farther than what calls for more, though parts differ. */
function mostNear() {
  return Math.ceil((document.documentElement.clientHeight + 2 * NEAR_PX) / LEAST_PART_PX) + 4;
}

/** @param {number[]} heights @param {() => void} up */
function roomAbove(heights, up) {
  const px = heights.reduce((sum, height) => sum + height, 0);
  const keepRoom = ref((/** @type {Element | undefined} */ element) => {
    if (element) /** @type {HTMLElement} */ (element).style.blockSize = `${px}px`;
  });
  return html`<div ${keepRoom} ${whenNear(up)}></div>`;
}

/** @param {Near} near @param {HTMLElement} list */
function measure(near, list) {
  [...list.querySelectorAll(".list-part")].forEach((part, number) => {
    near.heights[near.first + number] = part.getBoundingClientRect().height;
  });
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
