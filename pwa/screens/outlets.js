// @ts-check
// 网点: own outlets, searched by name, street or number.
import { t } from "../i18n/index.js";
import { awayM } from "../standing.js";
import { distanceText } from "../ui/format.js";
import { classLetter, icon, stateText, tabs, topbar } from "../ui/parts.js";
import { syncChip } from "../ui/sync_chip.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { empty } from "./today.js";

const FIRST_ROWS = 60;
const ORDER = { due: 0, overdue: 0, waiting: 1, done: 2, none: 3 };

/** @param {import("../app.js").App} app */
export function outletsScreen(app) {
  const state = { query: "", shown: FIRST_ROWS };
  return { title: () => t("tab.outlets"), view: () => view(app, state) };
}

/** @param {import("../app.js").App} app @param {{query: string, shown: number}} state */
function view(app, state) {
  const found = matching(app.company?.outlets ?? [], state.query);
  const search = (/** @type {InputEvent} */ event) => {
    state.query = /** @type {HTMLInputElement} */ (event.target).value;
    state.shown = FIRST_ROWS;
    app.draw();
  };
  const more = () => {
    state.shown += FIRST_ROWS;
    app.draw();
  };
  return html`${topbar(t("tab.outlets"), { end: syncChip(app) })}
    <main class="main">
      <div class="input">${icon("search", "s")}<input type="search" aria-label=${t("outlets.search")} placeholder=${t("outlets.search")} .value=${state.query} @input=${search} /></div>
      <p class="small quiet" role="status">${t("outlets.count", { n: found.length })}</p>
      ${
        found.length
          ? html`<div class="card flush rows">${repeat(
              found.slice(0, state.shown),
              (/** @type {any} */ outlet) => outlet.id,
              (/** @type {any} */ outlet) => row(outlet, app),
            )}</div>`
          : empty("search", "outlets.none")
      }
      ${found.length > state.shown ? html`<button class="button wide" @click=${more}>${t("outlets.more", { n: found.length - state.shown })}</button>` : nothing}
    </main>
    <footer class="bottom">${tabs("outlets", app.engine?.status().unsent ?? 0)}</footer>`;
}

/** @param {any[]} outlets @param {string} query @returns {any[]} what is due first */
function matching(outlets, query) {
  const words = query.trim().toLowerCase();
  const hits = words
    ? outlets.filter((outlet) => `${outlet.name} ${outlet.address} ${outlet.code}`.toLowerCase().includes(words))
    : [...outlets];
  const rank = (/** @type {any} */ outlet) => /** @type {any} */ (ORDER)[outlet.standing.state];
  return hits.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, "zh"));
}

/** @param {any} outlet @param {import("../app.js").App} app */
function row(outlet, app) {
  const away = awayM(outlet, app.here);
  return html`<a class="row top" href="#/outlets/${outlet.id}" data-testid="outlet-row">
    ${classLetter(outlet.standing.outletClass)}
    <span class="body"><span class="name" translate="no">${outlet.name}</span><span class="small quiet" translate="no">${outlet.address}</span></span>
    <span class="end">${standingText(outlet)}${away === null ? nothing : html`<span class="small quiet num">${distanceText(away)}</span>`}</span>
  </a>`;
}

/** @param {any} outlet */
export function standingText(outlet) {
  const { state, counted, owed } = outlet.standing;
  if (outlet.state === "draft" || outlet.state === "submitted" || outlet.state === "returned")
    return stateText("waiting", t(`file.${outlet.state}`));
  return stateText(state, t(`standing.${state}`, { n: counted, m: owed }));
}
