// @ts-check
// A deadline as a bar for each working day, the used ones filled, and always in words.
import { t } from "../i18n/index.js";
import { dayText } from "../ui/format.js";
import { chip, stateText } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { clockOf } from "./clock_words.js";

const MOST_BARS = 8;

/** @typedef {import("./clock_words.js").Clock} Clock */

/** @param {Clock} clock */
export function clockBars({ state, used, all }) {
  if (!all || all > MOST_BARS) return nothing;
  return html`<div class="clock" data-state=${state} aria-hidden="true">${Array.from({ length: all }, (_, at) => html`<i class=${at < used ? "used" : ""}></i>`)}</div>`;
}

/** In a row or tile. @param {Clock} clock */
export function clockText({ state, words }) {
  return stateText(state, words);
}

/** At the top of a form. @param {import("../app.js").App} app @param {any} row */
export function clockCard(app, row) {
  const clock = clockOf(/** @type {import("../company.js").Company} */ (app.company), row);
  return html`<div class="card stack s"><div class="line between">${chip(clock.state, clock.words)}<span class="small quiet">${row.due_on ? t("clock.until", { date: dayText(row.due_on) }) : nothing}</span></div>${clockBars(clock)}</div>`;
}
