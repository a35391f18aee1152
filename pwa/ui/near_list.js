// @ts-check
// Of a long list only the parts are drawn that are near what is seen, by nodes that are used again: a phone scrolls thousands of rows as lightly as a few.
import { AsyncDirective } from "../vendor/lit-html/async-directive.js";
import { directive } from "../vendor/lit-html/directive.js";
import { nothing, render } from "../vendor/lit-html/lit-html.js";

/** Parts are no lower; so many rows as each has to be laid out before a frame is seen. */
const PART_ROWS = 2;
const LEAST_PART_PX = 64 * PART_ROWS;
/** What is as near as that to the part of the page that is seen is drawn before it is seen. */
const NEAR_PX = 1000;
/** As many fill a page. */
const FIRST_PARTS = 10;
/** Of what is seen already; they have to be laid out before it is. */
const MOST_AT_ONCE = 3;
const MOVES = ["scroll", "resize"];

/** @typedef {{above: number[], end: number}} Near what of a list is drawn: the parts behind those that are as high as `above` says, px, and before `end` */

/**
 * @typedef {object} List
 * @property {any[]} all its rows
 * @property {number} turn another one for rows in another order: no node becomes another row under a finger
 * @property {Near} near
 * @property {(rows: any[], at: number) => unknown} draw a part
 * @property {(rows: number, down: () => void) => unknown} more what stands at its end while so many rows are still to come
 */

/** The beginning of a list. @returns {Near} */
export function beginning() {
  return { above: [], end: FIRST_PARTS };
}

/** To a row, wherever it stands in the list by now, with a part above it; to the beginning where it stands no more. @param {Near} near @param {number} row its place, or -1 */
export function goTo(near, row) {
  const first = Math.max(0, Math.floor(row / PART_ROWS) - 1);
  const likely = near.above.at(-1) ?? LEAST_PART_PX;
  while (near.above.length < first) near.above.push(likely);
  near.above.length = first;
  near.end = first + FIRST_PARTS;
}

/** On the element of a list. It draws itself while the page is scrolled; nothing else of the page is drawn then. */
class NearList extends AsyncDirective {
  /** What is drawn, in its order; nodes that are not needed go to `spare`. @type {HTMLElement[]} */
  parts = [];
  /** @type {HTMLElement[]} */
  spare = [];
  /** Which is the first of `parts`. */
  first = 0;
  /** For those before. */
  room = document.createElement("div");
  roomPx = 0;
  end = document.createElement("div");
  /** The frame that was asked for, 0 for none. */
  frame = 0;
  /** The turn behind others that wait, which needs no frame. */
  turns = new MessageChannel();
  /** @type {List} */
  list = { all: [], turn: 0, near: beginning(), draw: () => nothing, more: () => nothing };

  /** @param {List} _list */
  render(_list) {
    return nothing;
  }

  /** @param {any} place @param {[List]} lists @override */
  update({ element }, [list]) {
    if (!this.end.parentNode) {
      this.end.className = "list-end";
      element.append(this.room, this.end);
      this.reconnected();
    }
    if (list.turn !== this.list.turn) this.forget();
    this.list = list;
    shorten(list.near, Math.ceil(list.all.length / PART_ROWS));
    this.drawAll();
  }

  reconnected() {
    this.turns.port1.onmessage = () => this.look();
    for (const move of MOVES) addEventListener(move, this.lookSoon, { passive: true });
  }

  disconnected() {
    for (const move of MOVES) removeEventListener(move, this.lookSoon);
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.turns.port1.onmessage = null;
  }

  lookSoon = () => {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.look();
    });
  };

  /** A part of what has come near is drawn, and laid out as the next turn looks: no turn is long, whatever a frame takes. */
  look() {
    const { clientHeight } = document.documentElement;
    const roomEnd = this.room.getBoundingClientRect().bottom;
    const isEndNear = this.end.getBoundingClientRect().top < clientHeight + NEAR_PX;
    if (this.first > 0 && roomEnd > clientHeight) this.jump();
    else if (this.first > 0 && roomEnd > -NEAR_PX) this.goUp(roomEnd + NEAR_PX);
    else if (this.rowsBelow() > 0 && isEndNear) this.goDown();
  }

  /** To what is seen, where nothing of it is drawn. */
  jump() {
    const { near } = this.list;
    near.above.length = partAt(near.above, -this.room.getBoundingClientRect().top);
    near.end = near.above.length + FIRST_PARTS;
    this.drawAll();
  }

  /** @param {number} missing px */
  goUp(missing) {
    let px = missing;
    const most = missing > NEAR_PX ? MOST_AT_ONCE : 1;
    for (let more = most; more > 0 && px > 0 && this.first > 0; more -= 1) px -= this.addAbove();
    while (this.parts.length > mostNear()) this.dropLast();
    this.settle();
  }

  /** By one part: the page ends with what is drawn, so that nobody sees room below. */
  goDown = () => {
    this.dropFirst(Math.max(0, this.parts.length + 1 - mostNear()));
    this.addBelow();
    this.settle();
  };

  forget() {
    for (const part of this.parts) part.remove();
    this.parts = [];
    this.spare = [];
  }

  drawAll() {
    const { above, end } = this.list.near;
    if (this.first !== above.length || this.parts.length > end - above.length) {
      while (this.parts.length) this.dropLast();
      this.first = above.length;
    }
    for (const [number, part] of this.parts.entries()) this.drawPart(part, this.first + number);
    while (this.first + this.parts.length < end) this.addBelow();
    this.roomPx = above.reduce((sum, px) => sum + px, 0);
    this.settle();
  }

  /** @param {HTMLElement} part @param {number} at */
  drawPart(part, at) {
    part.className = at > 0 ? "list-part later" : "list-part";
    render(this.list.draw(this.list.all.slice(at * PART_ROWS, (at + 1) * PART_ROWS), at), part);
  }

  addBelow() {
    const part = this.spare.pop() ?? document.createElement("div");
    this.drawPart(part, this.first + this.parts.length);
    this.parts.push(part);
    this.end.before(part);
  }

  /** @returns {number} the room that it takes, px */
  addAbove() {
    const px = /** @type {number} */ (this.list.near.above.pop());
    this.roomPx -= px;
    this.first -= 1;
    const part = this.spare.pop() ?? document.createElement("div");
    this.drawPart(part, this.first);
    this.parts.unshift(part);
    this.room.after(part);
    return px;
  }

  /** @param {number} count of parts that give way to room */
  dropFirst(count) {
    const gone = this.parts.splice(0, count);
    for (const px of gone.map((part) => part.getBoundingClientRect().height)) {
      this.list.near.above.push(px);
      this.roomPx += px;
    }
    for (const part of gone) part.remove();
    this.spare.push(...gone);
    this.first += count;
  }

  dropLast() {
    const part = /** @type {HTMLElement} */ (this.parts.pop());
    part.remove();
    this.spare.push(part);
  }

  rowsBelow() {
    return this.list.all.length - (this.first + this.parts.length) * PART_ROWS;
  }

  settle() {
    const { near, more } = this.list;
    near.end = this.first + this.parts.length;
    this.room.style.blockSize = `${this.roomPx}px`;
    const rows = this.rowsBelow();
    render(rows > 0 ? more(rows, this.goDown) : nothing, this.end);
    this.turns.port2.postMessage(null);
  }
}

/** @type {(list: List) => unknown} */
export const nearList = directive(NearList);

/** So many parts are drawn that those that come at one end take none away that are near, though parts differ. */
function mostNear() {
  return Math.ceil((document.documentElement.clientHeight + 2 * NEAR_PX) / LEAST_PART_PX) + 2 * MOST_AT_ONCE;
}

/** To what a list has now: at its end a page of it stays. @param {Near} near @param {number} parts that it has */
function shorten(near, parts) {
  near.end = Math.min(near.end, parts);
  near.above.length = Math.min(near.above.length, Math.max(0, near.end - FIRST_PARTS));
}

/** The part that stands so far below the beginning of the list. @param {number[]} heights @param {number} px */
function partAt(heights, px) {
  let at = 0;
  for (let below = heights[0]; at < heights.length && below <= px; below += heights[at]) at += 1;
  return at;
}
