// @ts-check
// 今日: what to do today, by money at risk and by way.
import { t } from "../i18n/index.js";
import { firstDay, lastDay } from "../rules/months.js";
import { isWorkingDay, workingDaysBetween } from "../rules/working_days.js";
import { awayM, dueOutlets, progressByClass } from "../standing.js";
import { dayWithWeekday, distanceText, yuanText } from "../ui/format.js";
import { banner, classLetter, icon, ring, shape, stateText, tabs } from "../ui/parts.js";
import { syncChip } from "../ui/sync_chip.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

const RESCUE_ROWS = 3;
const ROUTE_ROWS = 12;

/** @param {import("../app.js").App} app */
export function todayScreen(app) {
  return { title: () => t("tab.today"), view: () => view(app) };
}

/** @param {import("../app.js").App} app */
function view(app) {
  const company = app.company;
  if (!company) return nothing;
  const due = dueOutlets([...company.outlets], app.here);
  const left = workingDaysLeft(company);
  return html`<header class="hero">
      <div class="hero-head"><div><h1 tabindex="-1">${dayWithWeekday(company.today)}</h1><p class="quiet small">${t("today.left", { n: left })}</p></div>${syncChip(app)}</div>
      <div class="rings">${progressByClass(company.outlets).map(({ letter, done, owed }) => ring(letter, done, owed))}</div>
    </header>
    <main class="main">${notices(app)} ${company.hasPulled ? body(app, due) : skeleton(app)}</main>
    <footer class="bottom">
      ${due[0] ? html`<div class="actions">${nextButton(due[0], app.here)}</div>` : nothing} ${tabs("today", app.engine?.status().unsent ?? 0)}
    </footer>`;
}

/** @param {import("../company.js").Company} company @returns {number} working days from today to the month's end */
function workingDaysLeft(company) {
  const own = isWorkingDay(company.today, company.workingYears) ? 1 : 0;
  return own + workingDaysBetween(company.today, lastDay(company.month), company.workingYears);
}

/** @param {import("../app.js").App} app */
function notices(app) {
  const status = app.engine?.status();
  if (app.session?.isSignedOut || status?.signedOut) {
    const action = html`<a class="button" href="#/sign-in/password">${t("sync.sign_in", { n: status?.unsent ?? 0 })}</a>`;
    return banner("due", t("sync.signed_out"), t("sync.signed_out.text"), action);
  }
  if (status && !status.online) return banner("waiting", t("offline"), t("offline.text"));
  return nothing;
}

/** @param {any} outlet @param {any} here */
function nextButton(outlet, here) {
  const away = awayM(outlet, here);
  return html`<a class="button primary split wide" href="#/outlets/${outlet.id}" data-testid="next-outlet"
    ><span>${t("today.next", { name: "" })}<span translate="no">${outlet.name.split("（")[0]}</span></span>${away === null ? nothing : html`<small class="num">${distanceText(away)}</small>`}</a>`;
}

/** @param {import("../app.js").App} app @param {any[]} due */
function body(app, due) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  if (company.outlets.length === 0) return empty("shop", "today.no_outlets");
  const done = company.outlets.filter((outlet) => outlet.standing.visitedToday);
  return html`${due.length ? rescue(app, due) : empty("check", "today.all_done")} ${due.length || done.length ? route(app, done, due) : nothing}`;
}

/** What can still be saved this month. @param {import("../app.js").App} app @param {any[]} due */
function rescue(app, due) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  const fine = Number(company.policyOf(firstDay(company.month))["wage.missed_visit_yuan"]);
  return html`<section class="section" aria-labelledby="rescue">
    <div class="section-head"><h2 id="rescue">${t("rescue")} <span class="neg num">${yuanText(fine * due.length)}</span></h2>
      <a class="more" href="#/outlets">${t("rescue.all", { n: due.length })}</a></div>
    <div class="card flush rows indent">${due.slice(0, RESCUE_ROWS).map((outlet) => rescueRow(outlet, fine, app.here))}</div>
  </section>`;
}

/** @param {any} outlet @param {number} fine @param {any} here */
function rescueRow(outlet, fine, here) {
  const away = awayM(outlet, here);
  const missing = outlet.standing.owed - outlet.standing.counted - outlet.standing.waiting;
  return html`<a class="row top" href="#/outlets/${outlet.id}" data-testid="outlet-row">
    <span class="lead first">${shape("due")}</span>
    <span class="body"><span class="name" translate="no">${outlet.name}</span><span class="small quiet">${t("rescue.owes", { n: missing })}</span></span>
    <span class="end"><span class="amount neg num">${yuanText(fine)}</span>${away === null ? nothing : html`<span class="small quiet num">${distanceText(away)}</span>`}</span>
  </a>`;
}

/** @param {import("../app.js").App} app @param {any[]} done @param {any[]} due */
function route(app, done, due) {
  const all = [...done, ...due].slice(0, ROUTE_ROWS);
  return html`<section class="section" aria-labelledby="route">
    <div class="section-head"><h2 id="route">${t("route")}</h2><span class="small quiet">${t("route.count", { n: done.length + due.length })}</span></div>
    <div class="card flush rows indent">${all.map((outlet, place) => routeRow(outlet, place + 1, app.here))}</div>
    ${app.here ? nothing : html`<button class="button soft wide" @click=${() => sortByWay(app)}>${icon("route")}${t("route.sort")}</button>`}
  </section>`;
}

/** @param {any} outlet @param {number} number @param {any} here */
function routeRow(outlet, number, here) {
  const { standing } = outlet;
  const away = awayM(outlet, here);
  const state = standing.visitedToday ? stateText("done", t("state.visited")) : stateText("due", t("state.due"));
  return html`<a class="row top" href="#/outlets/${outlet.id}" data-testid="outlet-row">
    <span class="lead num strong faint first">${number}</span>
    <span class="body"><span class="name" translate="no">${outlet.name}</span>
      <span class="line small quiet">${classLetter(standing.outletClass, "mini")}<span class="grow">${t("route.turn", { n: Math.min(standing.owed, standing.counted + standing.waiting + 1), m: standing.owed })}</span></span></span>
    <span class="end">${state}${away === null ? nothing : html`<span class="small quiet num">${distanceText(away)}</span>`}</span>
  </a>`;
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

/** @param {string} picture @param {string} key */
export function empty(picture, key) {
  return html`<section class="state-page card"><span class="emblem" data-state="done">${icon(picture)}</span>
    <div class="stack s"><h2>${t(key)}</h2><p class="quiet">${t(`${key}.text`)}</p></div></section>`;
}

/** Before the first pull. @param {import("../app.js").App} app */
function skeleton(app) {
  const isOffline = app.engine && !app.engine.status().online;
  if (isOffline) return empty("offline", "today.first_offline");
  return html`<div class="stack" role="status" aria-label=${t("loading")}><div class="skeleton line"></div><div class="skeleton block"></div><div class="skeleton block"></div></div>`;
}
