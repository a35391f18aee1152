// @ts-check
// The lists of today: what can still be saved this month, and the way in its order.
import { t } from "../i18n/index.js";
import { awayM } from "../standing.js";
import { distanceText, yuanText } from "../ui/format.js";
import { classLetter, icon, shape, stateText } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

const RESCUE_ROWS = 3;
const ROUTE_ROWS = 12;

/** @param {any[]} due @param {number} fine yuan for each outlet missed @param {any} here */
export function rescueSection(due, fine, here) {
  return html`<section class="section" aria-labelledby="rescue">
    <div class="section-head"><h2 id="rescue">${t("rescue")} <span class="neg num">${yuanText(fine * due.length)}</span></h2>
      <a class="more" href="#/outlets">${t("rescue.all", { n: due.length })}</a></div>
    <div class="card flush rows indent">${due.slice(0, RESCUE_ROWS).map((outlet) => rescueRow(outlet, fine, here))}</div>
  </section>`;
}

/** @param {any} outlet @param {number} fine @param {any} here */
function rescueRow(outlet, fine, here) {
  const { owed, counted, waiting } = outlet.standing;
  return html`<a class="row top" href="#/outlets/${outlet.id}" data-testid="outlet-row">
    <span class="lead first">${shape("due")}</span>
    <span class="body"><span class="name" translate="no">${outlet.name}</span><span class="small quiet">${t("rescue.owes", { n: owed - counted - waiting })}</span></span>
    <span class="end"><span class="amount neg num">${yuanText(fine)}</span>${distance(outlet, here)}</span>
  </a>`;
}

/** @param {import("../app.js").App} app @param {any[]} done @param {any[]} due */
export function routeSection(app, done, due) {
  const all = [...done, ...due].slice(0, ROUTE_ROWS);
  return html`<section class="section" aria-labelledby="route">
    <div class="section-head"><h2 id="route">${t(due.length ? "route" : "route.done")}</h2><span class="small quiet num">${t("route.count", { n: done.length + due.length })}</span></div>
    <div class="card flush rows indent">${all.map((outlet, place) => routeRow(outlet, place + 1, app))}</div>
    ${app.here || !due.length ? nothing : html`<button class="button soft wide" data-testid="sort-by-way" @click=${() => sortByWay(app)}>${icon("route")}${t("route.sort")}</button>`}
  </section>`;
}

/** @param {any} outlet @param {number} number @param {import("../app.js").App} app */
function routeRow(outlet, number, app) {
  const { standing } = outlet;
  const state = standing.visitedToday ? stateText("done", t("state.visited")) : stateText("due", t("state.due"));
  const turn = Math.min(standing.owed, standing.counted + standing.waiting + (standing.visitedToday ? 0 : 1));
  return html`<a class="row top" href="#/outlets/${outlet.id}" data-testid="outlet-row">
    <span class="lead num strong faint first">${number}</span>
    <span class="body"><span class="name" translate="no">${outlet.name}</span>
      <span class="line small quiet">${classLetter(standing.outletClass, "mini")}<span class="grow">${standing.owed ? t("route.turn", { n: turn, m: standing.owed }) : t("standing.none")}</span></span></span>
    <span class="end">${state}${distance(outlet, app.here)}</span>
  </a>`;
}

/** @param {any} outlet @param {any} here */
function distance(outlet, here) {
  const away = awayM(outlet, here);
  return away === null ? nothing : html`<span class="small quiet num">${distanceText(away)}</span>`;
}

/** The position is read at this tap only. @param {import("../app.js").App} app */
function sortByWay(app) {
  navigator.geolocation?.getCurrentPosition(
    ({ coords }) => {
      app.here = { lat: coords.latitude, lon: coords.longitude };
      app.draw();
    },
    () => app.draw(),
    { maximumAge: 60_000, timeout: 10_000 },
  );
}
