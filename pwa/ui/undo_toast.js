// @ts-check
// What was just done, and the way back where there is one: one bar above the buttons, for a while.
import { t } from "../i18n/index.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { icon } from "./parts.js";

/**
 * @typedef {object} Offer
 * @property {string} words what was taken away, or done
 * @property {() => boolean} isOpen whether it can still be brought back as it was
 * @property {() => unknown} [undo] without one it only says so
 * @property {() => unknown} end it was not wanted back
 */

const SHOWN_MS = 8000;

/** @type {Offer | null} */
let offer = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let redraw = () => {};

/** One at a time: the one before ends. @param {Offer} made */
export function offerUndo(made) {
  end();
  offer = made;
  addEventListener("hashchange", end, { once: true });
  wait();
  redraw();
}

/** Until one goes elsewhere: said on the page that one has just come to. @param {string} words */
export function sayDone(words) {
  offerUndo({ words, isOpen: () => true, end: () => {} });
}

function end() {
  const ended = offer;
  clear();
  if (ended?.isOpen()) ended.end();
  if (ended) redraw();
}

function undo() {
  const taken = offer;
  clear();
  taken?.undo?.();
  redraw();
}

function clear() {
  offer = null;
  clearTimeout(timer);
  removeEventListener("hashchange", end);
}

function wait() {
  clearTimeout(timer);
  timer = setTimeout(end, SHOWN_MS);
}

/** The time does not run while somebody is on it with a keyboard or a screen reader. */
function hold() {
  clearTimeout(timer);
}

/** Always on the page, so that screen readers hear what comes into it. @param {() => void} draw */
export function undoBar(draw) {
  redraw = draw;
  if (offer && !offer.isOpen()) clear();
  return html`<div class="toast-place" role="status" aria-live="polite">${
    offer
      ? html`<div class="toast" data-testid="undo-toast" @focusin=${hold} @focusout=${wait}><span>${offer.words}</span>${offer.undo ? html`<button class="do" data-testid="undo" @click=${undo}>${icon("undo", "s")}${t("undo")}</button>` : nothing}</div>`
      : nothing
  }</div>`;
}
