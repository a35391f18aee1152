// @ts-check
// Work besides visits: its words and pictures, and what can be taken down at an outlet.
import { t } from "../i18n/index.js";
import { previousMonth } from "../rules/months.js";
import { monthText } from "../ui/format.js";
import { icon } from "../ui/parts.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { findingName } from "./finding_words.js";

const PICTURES = /** @type {Record<string, string>} */ ({
  complaint: "speech",
  delivery: "box",
  churn: "flag",
  training: "train",
  first_training: "train",
  follow_up: "doc",
  callback: "phone",
});

/** What it is about, in a line. @param {any} row of `openWork` @returns {string} */
export function workText(row) {
  if (row.work === "complaint") return row.account;
  if (row.work === "delivery") return row.contents;
  if (row.work === "follow_up") return row.problem;
  if (row.work === "first_training") return t("work.first_training.text");
  if (row.work === "callback") return t("work.callback.text", { what: findingName(row) });
  return row.work === "training" ? row.content || t("work.training.text") : churnText(row);
}

/** The months by which the company listed the outlet. @param {{month: string}} churnCase @returns {string} */
function churnText({ month }) {
  const last = previousMonth(month);
  return t("work.churn.text", { month: monthText(last, month), before: monthText(previousMonth(last), month) });
}

/** @param {string} work */
export function workIcon(work, size = "") {
  return icon(PICTURES[work], size);
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
