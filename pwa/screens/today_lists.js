// @ts-check
// The lists of today: what can still be saved this month, and the way in its order.
import { notePositionRead } from "../capture/position_log.js";
import { language, t } from "../i18n/index.js";
import { openVisitAward, savableOutlets } from "../at_risk.js";
import { openWork } from "../db/overlay_work.js";
import { firstDay } from "../rules/months.js";
import { isPlanned, lostOutlets } from "../standing.js";
import { distanceText, shortDay, yuanText } from "../ui/format.js";
import { classLetter, icon, shape, stateText } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { clockOf } from "./clock_words.js";
import { allButton } from "./today_all.js";

const RESCUE_ROWS = 3;
const DENIED = 1; // of GeolocationPositionError
/** The browser's own time limit does not run while it asks for permission. */
const LONGEST_LOCATING_MS = 15_000;
const ROUTE_ROWS = 12;
/** A fix is no better. */
const ON_THE_WAY_M = 50;

/** What can still be saved, and apart from it what cannot. @param {import("../app.js").App} app @param {any[]} due own ones that owe visits @param {import("../standing.js").Route} route @param {{isRescueOpen: boolean}} state */
export function rescueSection(app, due, route, state) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  const policy = company.policyOf(firstDay(company.month));
  const stops = route.legs.map(({ stop }) => stop);
  const savable = savableOutlets(company, openWork(company), policy, stops, app.here);
  const award = openVisitAward(company) ? Number(policy["wage.award_visits_yuan"]) : 0;
  const fine = Number(policy["wage.missed_visit_yuan"]);
  return html`${savable.length ? savableSection(app, savable, award, state) : nothing} ${lostSection(lostOutlets(due), fine)}`;
}

/** @param {import("../app.js").App} app @param {import("../at_risk.js").Savable[]} savable @param {number} award yuan, 0 once it is lost @param {{isRescueOpen: boolean}} state */
function savableSection(app, savable, award, state) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  const yuan = savable.reduce((sum, one) => sum + one.yuan, 0);
  const shown = state.isRescueOpen ? savable : savable.slice(0, RESCUE_ROWS);
  return html`<section class="section" aria-labelledby="rescue">
    <div class="section-head"><h2 id="rescue">${t("rescue")} <span class="neg num">${yuanText(yuan)}</span></h2><span class="small quiet num">${t("route.count", { n: savable.length })}</span></div>
    <div class="card flush rows indent">${shown.map((one) => rescueRow(company, one))}</div>
    ${savable.length > RESCUE_ROWS ? allButton(app, state, "isRescueOpen", { n: savable.length, testId: "all-rescue" }) : nothing}
    ${award ? html`<p class="small" data-testid="rescue-award">${t("rescue.award", { yuan: yuanText(award) })}</p>` : nothing}
    ${app.here ? html`<p class="tiny quiet">${t("rescue.note")}</p>` : nothing}
  </section>`;
}

/** @param {any[]} lost @param {number} fine */
function lostSection(lost, fine) {
  if (!lost.length) return nothing;
  return html`<section class="section" aria-labelledby="lost">
    <div class="section-head"><h2 id="lost">${t("lost")}</h2><span class="small quiet num">${t("route.count", { n: lost.length })}</span></div>
    <p class="small quiet">${t("lost.text", { yuan: yuanText(fine) })}</p>
    <div class="card flush rows indent">${lost.slice(0, RESCUE_ROWS).map(lostRow)}</div>
    ${lost.length > RESCUE_ROWS ? html`<p class="small quiet">${t("lost.more", { n: lost.length - RESCUE_ROWS })}</p>` : nothing}
  </section>`;
}

/** @param {any} outlet */
function lostRow(outlet) {
  return html`<a class="row top" href="#/outlets/${outlet.id}" data-testid="outlet-row">
    <span class="lead first">${shape("none")}</span>
    <span class="body"><span class="name" translate="no">${outlet.name}</span><span class="small quiet">${owesText(outlet)}</span></span>
  </a>`;
}

/** @param {import("../company.js").Company} company @param {import("../at_risk.js").Savable} savable */
function rescueRow(company, { outlet, reasons, yuan, detourM }) {
  const clocks = reasons.filter(({ row }) => row).map(({ row }) => ({ row, ...clockOf(company, row) }));
  const words = [
    ...clocks.map(({ row, words }) => t("rescue.work", { work: t(`work.${row.work}`), clock: words })),
    ...(reasons.some(({ work }) => work === "visit") ? [owesText(outlet)] : []),
  ];
  const state = clocks.some((clock) => clock.state === "overdue") ? "overdue" : clocks.length ? "due" : outlet.standing.state;
  return html`<a class="row top" href="#/outlets/${outlet.id}" data-testid="outlet-row">
    <span class="lead first">${shape(state)}</span>
    <span class="body"><span class="name" translate="no">${outlet.name}</span><span class="small quiet">${words.join(" · ")}</span></span>
    <span class="end"><span class="amount neg num">${yuanText(yuan)}</span>${detourM === null ? nothing : quietly(detourText(detourM))}</span>
  </a>`;
}

/** @param {any} outlet @returns {string} */
function owesText({ standing: { owed, counted, waiting } }) {
  return t("rescue.owes", { n: owed - counted - waiting });
}

/** @param {number} metres @returns {string} */
function detourText(metres) {
  return metres < ON_THE_WAY_M ? t("rescue.on_the_way") : t("rescue.detour", { far: distanceText(metres) });
}

/** @typedef {{wayProblem: string, isLocating: boolean, isRouteOpen: boolean}} WayState wayProblem: why the position could not be read, or ""; isRouteOpen: every stop, not the first few only */

/** @param {import("../app.js").App} app @param {import("../standing.js").Route} route @param {WayState} state */
export function routeSection(app, { visited, legs, lengthM }, state) {
  const today = app.company?.today ?? "";
  const planned = legs.filter(({ stop }) => isPlanned(stop, today)).length;
  const shown = state.isRouteOpen ? legs : legs.slice(0, ROUTE_ROWS);
  const next = shown.map(({ stop, legM }, place) => routeRow(stop, app.here ? legText(legM, place) : "", place + 1, today));
  const done = visited.map((outlet, place) => routeRow(outlet, "", place + 1, today));
  return html`<section class="section" aria-labelledby="route">
    <div class="section-head"><h2 id="route">${t(legs.length ? "route" : "route.done")}</h2><span class="small quiet num">${t("route.count", { n: legs.length || visited.length })}${planned ? ` · ${t("route.planned", { n: planned })}` : nothing}${lengthM ? ` · ${t("route.whole", { far: distanceText(lengthM) })}` : nothing}</span></div>
    ${rowsCard(legs.length ? next : done)}
    ${legs.length > ROUTE_ROWS ? allButton(app, state, "isRouteOpen", { n: legs.length, testId: "all-route" }) : nothing}
    ${lengthM ? html`<p class="tiny quiet">${t("route.note")}</p>` : nothing}
    ${state.wayProblem ? html`<p class="small cau" role="status" data-testid="no-way">${t(state.wayProblem)}</p>` : nothing}
    ${legs.length ? html`<button class="button soft wide" data-testid="sort-by-way" aria-busy=${state.isLocating} @click=${() => sortByWay(app, state)}>${icon("route")}${sortWords(app, state)}</button>` : nothing}
    ${legs.length && visited.length ? html`<details class="records" data-testid="visited-today"><summary class="small strong">${t("route.visited", { n: visited.length })}</summary>${rowsCard(done)}</details>` : nothing}
  </section>`;
}

/** @param {unknown[]} rows */
function rowsCard(rows) {
  return html`<div class="card flush rows indent">${rows}</div>`;
}

/** @param {import("../app.js").App} app @param {WayState} state @returns {string} */
function sortWords({ here }, { isLocating }) {
  if (isLocating) return t("route.locating");
  return t(here ? "route.sort_again" : "route.sort");
}

/** @param {number | null} legM @param {number} place among the legs @returns {string} */
function legText(legM, place) {
  if (legM === null) return t("route.no_place");
  return t(place ? "route.leg" : "route.leg_first", { far: distanceText(legM) });
}

/** @param {any} outlet @param {string} way what to say of the way there, or "" @param {number} number @param {string} today */
function routeRow(outlet, way, number, today) {
  const { standing } = outlet;
  const state = standing.visitedToday ? stateText("done", t("state.visited")) : stateText(standing.state, t(`state.${standing.state}`));
  const turn = Math.min(standing.owed, standing.counted + standing.waiting + (standing.visitedToday ? 0 : 1));
  return html`<a class="row top" href="#/outlets/${outlet.id}" data-testid="outlet-row">
    <span class="lead num strong faint first">${number}</span>
    <span class="body"><span class="name" translate="no">${outlet.name}</span>
      <span class="line small quiet">${classLetter(standing.outletClass, "mini")}<span class="grow">${standing.owed ? html`<span class="nowrap num">${t("route.turn", { n: turn })}</span>` : t("standing.none")}${standing.plannedOn && !standing.visitedToday ? html` · <span class="nowrap ${isPlanned(outlet, today) ? "strong" : ""}">${shortPlan(standing.plannedOn, today)}</span>` : nothing}</span></span></span>
    <span class="end">${state}${way ? quietly(way) : nothing}</span>
  </a>`;
}

/** In the room of a row; that it is late is said at its end. @param {string} day of the plan @param {string} today @returns {string} */
function shortPlan(day, today) {
  if (day === today) return t("route.plan_today");
  return t("route.plan", { day: language() === "en" ? shortDay(day) : day.slice(5) });
}

/** @param {string} words */
function quietly(words) {
  return html`<span class="small quiet num">${words}</span>`;
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

/** The position is read at this tap only. @param {import("../app.js").App} app @param {WayState} state */
export function sortByWay(app, state) {
  if (state.isLocating) return;
  const show = (/** @type {Partial<WayState>} */ changes) => {
    Object.assign(state, changes);
    app.draw();
  };
  const { geolocation } = navigator;
  if (!geolocation) return show({ wayProblem: "route.no_positions" });
  const end = (/** @type {string} */ wayProblem) => {
    clearTimeout(waiting);
    show({ isLocating: false, wayProblem });
  };
  show({ isLocating: true, wayProblem: "" });
  waiting = setTimeout(end, LONGEST_LOCATING_MS, "route.unknown"); // a later answer is taken too
  geolocation.getCurrentPosition(
    ({ coords }) => {
      app.here = { lat: coords.latitude, lon: coords.longitude };
      notePositionRead("order");
      end("");
    },
    ({ code }) => end(code === DENIED ? "route.denied" : "route.unknown"),
    { maximumAge: app.here ? 0 : 60_000, timeout: 10_000 },
  );
}
