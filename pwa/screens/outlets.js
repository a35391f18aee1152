// @ts-check
// 网点: own outlets, searched by name, street or number, or narrowed to what is due. Only the rows near what is seen are drawn.
import { databases } from "../company.js";
import { loadDraft } from "../db/capture.js";
import { DRAFT_KEY, isBegun } from "../forms/new_outlet_draft.js";
import { language, t } from "../i18n/index.js";
import { placeOf } from "../router.js";
import { awayM, byName } from "../standing.js";
import { distanceText } from "../ui/format.js";
import { classLetter, empty, icon, stateText, tabs, topbar } from "../ui/parts.js";
import { syncChip } from "../ui/sync_chip.js";
import { beginning, goTo, nearList } from "../ui/near_list.js";
import { guard } from "../vendor/lit-html/directives/guard.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @type {any[]} */
const NO_OUTLETS = [];
/** How soon an outlet is shown, by its file where that waits for the rep, or by how it stands. @type {Record<string, number>} */
const RANKS = { returned: 0, draft: 1, due: 2, overdue: 2, waiting: 3, done: 4, none: 5 };
const FILTERS = /** @type {const} */ (["all", "due", "waiting", "done"]);

/**
 * @typedef {{query: string, filter: string, near: import("../ui/near_list.js").Near}} State
 * @typedef {{href: string, top: number}} Seen the first row that was seen, and where it stood, px from the top
 * @typedef {{of: unknown[], rows: any[], turn: number}} Found `rows` as they were found for what stands in `of`; `turn` counts their orders
 * @typedef {{personId: string, outletId: string, state: State, row: Seen | null}} Left
 */

/** The list as it was left for one of its outlets. @type {Left | null} */
let left = null;

/** @param {import("../app.js").App} app */
export async function outletsScreen(app) {
  const { personId } = /** @type {import("../session.js").Session} */ (app.session);
  const back = left?.personId === personId && left.outletId === app.from.params.outletId ? left : null;
  const state = back?.state ?? { query: "", filter: "all", near: beginning() };
  const { capture } = await databases(personId);
  const draft = await loadDraft(capture, DRAFT_KEY);
  let isShown = false;
  const goBack = () => {
    isShown = true;
    if (back) bringBack(app, back, found.rows);
  };
  const close = () => {
    const { outletId } = placeOf(location.hash).params;
    if (isShown) left = outletId ? { personId, outletId, state, row: firstSeen() } : null;
  };
  /** @type {Found} */
  const found = { of: [], rows: [], turn: 0 };
  return { title: () => t("tab.outlets"), view: () => view(app, state, draft, found), goBack, close };
}

/** @returns {Seen | null} null at the beginning of the list */
function firstSeen() {
  if (scrollY === 0) return null;
  /** @param {Iterable<Element>} all */
  const seenOf = (all) => [...all].find((one) => one.getBoundingClientRect().bottom > 0);
  const row = /** @type {HTMLAnchorElement | undefined} */ (seenOf(document.querySelectorAll(".list-part > .row")));
  return row ? { href: row.hash, top: row.getBoundingClientRect().top } : null;
}

/** By the row and not by pixels: others may come first now, and the phone may have been turned. @param {import("../app.js").App} app @param {Left} back @param {any[]} rows */
function bringBack(app, { state, row: first, outletId }, rows) {
  if (first && !rowTo(first.href)) {
    goTo(
      state.near,
      rows.findIndex((outlet) => hrefOf(outlet) === first.href),
    );
    app.draw();
  }
  const row = first && rowTo(first.href);
  row?.scrollIntoView();
  if (row) scrollBy(0, row.getBoundingClientRect().top - first.top);
  rowTo(`#/outlets/${outletId}`)?.focus({ preventScroll: true });
}

/** Once the rows are drawn in their other order: the focus goes with its outlet, and the page stays where a list that was empty for a moment let it go. */
function keepPlace() {
  const focused = /** @type {HTMLAnchorElement | null} */ (document.querySelector(".list-part > .row:focus"));
  const [top, hash] = [scrollY, focused?.hash];
  queueMicrotask(() => {
    if (scrollY !== top) scrollTo(0, top);
    if (hash) rowTo(hash)?.focus({ preventScroll: true });
  });
}

/** @param {any} outlet */
function hrefOf(outlet) {
  return `#/outlets/${outlet.id}`;
}

/** @param {string} href @returns {HTMLElement | null} */
function rowTo(href) {
  return document.querySelector(`.list-part > .row[href="${href}"]`);
}

/** @param {import("../app.js").App} app @param {State} state @param {import("../forms/new_outlet_draft.js").NewOutletDraft | null} draft of a new outlet @param {Found} before */
function view(app, state, draft, before) {
  const all = app.company?.outlets ?? NO_OUTLETS;
  const { rows, turn } = foundAgain(before, all, state, app.here);
  const change = (/** @type {Partial<State>} */ changes) => {
    Object.assign(state, { near: beginning() }, changes);
    app.draw();
  };
  const search = (/** @type {InputEvent} */ event) => change({ query: /** @type {HTMLInputElement} */ (event.target).value });
  return html`${topbar(t("tab.outlets"), { end: syncChip(app) })}
    <main class="main">
      <div class="input">${icon("search", "s")}<input type="search" data-testid="outlet-search" aria-label=${t("outlets.search")} placeholder=${t("outlets.search")} .value=${state.query} @input=${search} /></div>
      ${app.company?.hasPulled ? newOutletLink(draft) : nothing}
      ${all.length ? guard([language(), all, state.filter], () => filters(all, state, change)) : nothing}
      <p class="visually-hidden" role="status">${t("outlets.count", { n: rows.length })}</p>
      ${rows.length ? list(app, rows, turn, state) : all.length ? empty("search", "outlets.none") : empty("shop", "today.no_outlets")}
    </main>
    <footer class="bottom">${tabs("outlets", app.engine?.status().unsent ?? 0)}</footer>`;
}

/** @param {import("../forms/new_outlet_draft.js").NewOutletDraft | null} draft */
function newOutletLink(draft) {
  const isGoingOn = draft !== null && isBegun(draft);
  const name = isGoingOn ? draft.typed.name.trim() : "";
  return html`<a class="button wide" href="#/outlets/new" data-testid="new-outlet">${icon(isGoingOn ? "edit" : "plus")}<span>${t(isGoingOn ? "new_outlet.go_on" : "new_outlet.do")}${name ? html`${t("colon")}<span translate="no">${name}</span>` : nothing}</span></a>`;
}

/** @param {any[]} all @param {State} state @param {(changes: Partial<State>) => void} change */
function filters(all, state, change) {
  return html`<div class="choices four" role="radiogroup" aria-label=${t("outlets.filter")}>${FILTERS.map(
    (
      name,
    ) => html`<button class="choice flat" role="radio" aria-checked=${state.filter === name} data-testid="filter-${name}" @click=${() => change({ filter: name })}>
      <span>${t(`outlets.filter.${name}`)}<br /><span class="num">${all.filter((outlet) => isIn(outlet, name)).length}</span></span></button>`,
  )}</div>`;
}

/** @param {import("../app.js").App} app @param {any[]} all @param {number} turn @param {State} state */
function list(app, all, turn, { near }) {
  const draw = (/** @type {any[]} */ outlets, /** @type {number} */ at) =>
    guard([language(), all, at], () => outlets.map((outlet) => row(outlet, app)));
  const more = (/** @type {number} */ n, /** @type {() => void} */ down) =>
    html`<button id="more-rows" class="button wide" @click=${down}>${t("outlets.more", { n })}</button>`;
  return html`<button class="button wide skip" data-testid="skip-list" @click=${toTabs}>${t("outlets.skip")}</button>
    <div id="outlet-rows" class="card flush rows classes" ${nearList({ all, turn, near, draw, more })}></div>`;
}

/** Past the rows, which go on as they are walked through: for keys, hidden until the focus is on it. */
function toTabs() {
  /** @type {HTMLElement | null} */ (document.querySelector(".tabs > .tab"))?.focus();
}

/** @param {any} outlet @param {string} filter */
function isIn(outlet, filter) {
  const { state } = outlet.standing;
  if (filter === "due") return state === "due" || state === "overdue";
  if (filter === "done") return state === "done" || state === "none";
  return filter === "all" || state === filter;
}

/** Thousands are put in order only when there is something else to find. @param {Found} before @param {any[]} all @param {State} state @param {any} here @returns {Found} */
function foundAgain(before, all, state, here) {
  const of = [all, state.query, state.filter, here];
  if (of.every((one, at) => one === before.of[at])) return before;
  const rows = matching(all, state, here);
  const isMoved = rows.length !== before.rows.length || rows.some((one, at) => one.id !== before.rows[at].id);
  if (isMoved && before.turn > 0) keepPlace();
  return Object.assign(before, { of, rows, turn: before.turn + Number(isMoved) });
}

/** Files that wait for the rep first, then what is due, then what is near. @param {any[]} outlets @param {State} state @param {any} here @returns {any[]} */
export function matching(outlets, { query, filter }, here) {
  const words = query.trim().toLowerCase();
  const hits = outlets.filter(
    (outlet) => isIn(outlet, filter) && (!words || `${outlet.name} ${outlet.address} ${outlet.code}`.toLowerCase().includes(words)),
  );
  const far = (/** @type {any} */ outlet) => awayM(outlet, here) ?? 0;
  return hits.sort((a, b) => rankOf(a) - rankOf(b) || far(a) - far(b) || byName(a, b));
}

/** @param {any} outlet @returns {number} */
function rankOf(outlet) {
  return RANKS[outlet.state] ?? RANKS[outlet.standing.state];
}

/** @param {any} outlet @param {import("../app.js").App} app */
function row(outlet, app) {
  const away = awayM(outlet, app.here);
  return html`<a class="row top" href=${hrefOf(outlet)} data-testid="outlet-row">
    ${classLetter(outlet.standing.outletClass)}
    <span class="body"><span class="name" translate="no">${outlet.name}</span><span class="small quiet" translate="no">${outlet.address}</span>${outlet.standsInFor ? html`<span class="small quiet">${t("outlet.stands_in")} <span translate="no">${outlet.standsInFor}</span></span>` : nothing}</span>
    <span class="end">${standingText(outlet)}${away === null ? nothing : html`<span class="small quiet num">${distanceText(away)}</span>`}</span>
  </a>`;
}

/** @param {any} outlet */
export function standingText(outlet) {
  const { state, counted, owed } = outlet.standing;
  if (outlet.pending) return stateText("waiting", t("file.on_phone"));
  if (outlet.refused) return stateText("overdue", t("file.refused"));
  if (outlet.state === "returned") return stateText("overdue", t("file.returned"));
  if (outlet.state === "draft" || outlet.state === "submitted") return stateText("waiting", t(`file.${outlet.state}`));
  return stateText(state, t(`standing.${state}`, { n: counted, m: owed }));
}
