// @ts-check
// What waits at an outlet besides a visit, what was taken down here and is on its way, and what can be taken down.
import { openWork } from "../db/overlay_work.js";
import { t } from "../i18n/index.js";
import { icon, stateText } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { clockText } from "./clock_card.js";
import { clockOf } from "./clock_words.js";
import { findingName } from "./finding_words.js";

/** @typedef {import("../company.js").Company} Company */

const PICTURES = /** @type {Record<string, string>} */ ({
  complaint: "speech",
  delivery: "box",
  churn: "flag",
  training: "train",
  follow_up: "doc",
  callback: "phone",
});

/** What it is about, in a line. @param {any} row of `openWork` @returns {string} */
export function workText(row) {
  if (row.work === "complaint") return row.account;
  if (row.work === "delivery") return row.contents;
  if (row.work === "follow_up") return row.problem;
  if (row.work === "callback") return t("work.callback.text", { what: findingName(row) });
  return row.work === "training" ? row.content || t("work.training.text") : t("work.churn.text");
}

/** @param {string} work */
export function workIcon(work, size = "") {
  return icon(PICTURES[work], size);
}

/** @param {Company} company @param {any} outlet */
export function workSection(company, outlet) {
  const rows = openWork(company.work, company.month, outlet.id);
  if (!rows.length) return nothing;
  return html`<section class="section" aria-labelledby="work"><h2 id="work">${t("work.here")}</h2><div class="card flush rows discs">${rows.map((row) => workRow(company, row))}</div></section>`;
}

/** @param {Company} company @param {any} row */
function workRow(company, row) {
  const clock = clockOf(company, row);
  return html`<a class="row top" href="#${row.path}" data-testid="work-${row.work}"><span class="disc">${workIcon(row.work)}</span>
    <span class="body"><span class="name">${t(`work.${row.work}`)}</span><span class="small quiet clamp" translate="no">${workText(row)}</span>${row.pending ? html`<span class="small">${stateText("waiting", t("work.on_phone"))}</span>` : nothing}</span>
    <span class="end">${clockText(clock)}</span></a>`;
}

/** @param {any} outlet */
export function takeDownSection(outlet) {
  const ways = /** @type {const} */ ([
    ["complaint", "complaint/new"],
    ["delivery", "request"],
    ["training", "training"],
    ["follow_up", "follow-up"],
  ]);
  return html`<section class="section" aria-labelledby="take-down"><h2 id="take-down">${t("work.take_down")}</h2>
    <div class="quick pairs">${ways.map(([work, path]) => html`<a href="#/outlets/${outlet.id}/${path}" data-testid="take-${work}">${workIcon(work)}${t(`work.take.${work}`)}</a>`)}</div></section>`;
}
