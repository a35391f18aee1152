// @ts-check
// What stays open at an outlet, in its visit: to be looked at again, to be registered in place, and for the owner to read.
import { openFollowUps } from "../db/overlay_work.js";
import { t } from "../i18n/index.js";
import { dayText } from "../ui/format.js";
import { icon, shape } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @typedef {import("./visit.js").Flow} Flow */

/** Of this outlet, the next deadline first. @param {Flow} flow */
function openHere({ app, outlet }) {
  return app.company ? openFollowUps(app.company.work, outlet.id) : [];
}

/** Before the first question. @param {Flow} flow */
export function lookAgain(flow) {
  const rows = openHere(flow).filter((row) => !row.pending);
  if (!rows.length) return nothing;
  return html`<section class="section" aria-labelledby="again"><h2 id="again">${t("follow_up.again", { n: rows.length })}</h2>
    <div class="card flush rows discs">${rows.map(
      (row) =>
        html`<a class="row top" href="#/follow-ups/${row.id}" data-testid="look-again"><span class="disc">${icon("doc")}</span><span class="body"><span class="name clamp" translate="no">${row.problem}</span><span class="small quiet">${words(row)}</span></span><span class="faint">${icon("next", "s")}</span></a>`,
    )}</div></section>`;
}

/** Under an answer that names a problem. @param {Flow} flow */
export function registerHere({ outlet }) {
  return html`<a class="button" href="#/outlets/${outlet.id}/follow-up" data-testid="register-follow-up">${icon("doc")}${t("follow_up.register")}</a>
    <p class="small quiet">${t("follow_up.register.text")}</p>`;
}

/** What the owner reads. @param {Flow} flow */
export function staysOpen(flow) {
  const rows = openHere(flow);
  if (!rows.length) return nothing;
  return html`<h3>${t("follow_up.open", { n: rows.length })}</h3>
    ${rows.map((row) => html`<div class="banner" data-state="waiting">${shape("waiting")}<div class="body"><span class="name" translate="no">${row.problem}</span><p>${words(row)}</p></div></div>`)}`;
}

/** @param {any} row */
function words(row) {
  return t("follow_up.who", { owner: t(`paper.owner.${row.owner}`), date: dayText(row.due_on) });
}
