// @ts-check
// One outlet: what to do here now, its class with the reason, its file and its history.
import { loadDraft } from "../db/capture.js";
import { databases } from "../company.js";
import { t } from "../i18n/index.js";
import { firstDay } from "../rules/months.js";
import { awayM, onlyPhotosMissing } from "../standing.js";
import { dayText, distanceText, maskedPhone, moneyText, monthText, yuanText } from "../ui/format.js";
import { banner, chip, classLetter, icon, shape, topbar } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { draftKey } from "../forms/visit_draft.js";
import { empty } from "./today.js";

const HISTORY_ROWS = 8;

/** @param {import("../app.js").App} app @param {{outletId: string}} params */
export async function outletScreen(app, { outletId }) {
  const { capture } = await databases(/** @type {any} */ (app.session).personId);
  const draft = await loadDraft(capture, draftKey(outletId));
  const outlet = () => app.company?.outletById.get(outletId);
  return {
    title: () => outlet()?.name ?? t("outlet"),
    view: () => (outlet() ? view(app, outlet(), draft) : gone()),
  };
}

function gone() {
  return html`${topbar(t("outlet"), { back: "#/outlets" })}<main class="main">${empty("shop", "outlet.gone")}</main>`;
}

/** @param {import("../app.js").App} app @param {any} outlet @param {any} draft */
function view(app, outlet, draft) {
  const away = awayM(outlet, app.here);
  return html`${topbar(t("outlet"), { back: "#/outlets" })}
    <main class="main">
      <section class="stack">
        <div class="stack s">
          <h2 class="outlet-name" translate="no">${outlet.name}</h2>
          <p class="small quiet"><span translate="no">${outlet.address}</span>${away === null ? nothing : html` · <b class="num">${distanceText(away)}</b>`}</p>
          <div class="line one">${classLetter(outlet.outlet_class)}<span class="small quiet">${classReason(outlet)}</span></div>
          <div class="wrap">${standingChip(outlet)} ${fileChip(outlet)}</div>
        </div>
        ${quick(outlet)}
      </section>
      ${draft ? banner("due", t("draft.name"), t("draft.text")) : nothing} ${here(app, outlet)} ${file(outlet)} ${history(app, outlet)}
    </main>
    <footer class="bottom"><div class="actions"><a class="button primary wide" href="#/outlets/${outlet.id}/visit" data-testid="check-in">${icon("pin")}${draft ? t("draft.continue") : t("check_in.go")}</a></div></footer>`;
}

/** @param {any} outlet @returns {string} why the outlet has its class, in words */
export function classReason(outlet) {
  const { monthly_fee_yuan: fee, chain_outlets: chain, floor_area_m2: area } = outlet.class_inputs;
  const values = { fee: fee ? moneyText(fee) : "", chain: chain ?? "", area: area ? Number(area) : "" };
  return outlet.class_reasons.map((/** @type {string} */ code) => t(`class.${code.split(".")[1]}`, values)).join(t("comma"));
}

/** @param {any} outlet */
function standingChip(outlet) {
  const { state, counted, owed } = outlet.standing;
  return chip(state, t(`standing.long.${state}`, { n: counted, m: owed }));
}

/** @param {any} outlet */
function fileChip(outlet) {
  const isFine = outlet.state === "approved" || outlet.state === "archived";
  return chip(isFine ? "done" : outlet.state === "returned" ? "overdue" : "waiting", t(`file.${outlet.state}`));
}

/** @param {any} outlet */
function quick(outlet) {
  const place = `geo:${outlet.lat},${outlet.lon}?q=${outlet.lat},${outlet.lon}(${encodeURIComponent(outlet.name)})`;
  return html`<div class="quick">
    ${outlet.lat === null ? nothing : html`<a href=${place}>${icon("navigate")}${t("navigate")}</a>`} ${outlet.phone ? html`<a href="tel:${outlet.phone}">${icon("phone")}${t("call")}</a>` : nothing}
  </div>`;
}

/** @param {import("../app.js").App} app @param {any} outlet */
function here(app, outlet) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  const { owed, counted, waiting } = outlet.standing;
  const missing = owed - counted - waiting;
  if (missing <= 0) return nothing;
  const fine = Number(company.policyOf(firstDay(company.month))["wage.missed_visit_yuan"]);
  return html`<section class="section" aria-labelledby="here">
    <div class="section-head"><h2 id="here">${t("here", { n: 1 })}</h2><span class="small neg strong num">${t("here.cost", { yuan: yuanText(fine) })}</span></div>
    <div class="card flush rows indent"><div class="row"><span class="lead">${shape("due")}</span><span class="body"><span class="name">${t("here.visit", { month: monthText(company.month), n: missing })}</span>
      <span class="small quiet">${t("here.visit.text", { yuan: yuanText(fine) })}</span></span></div></div>
  </section>`;
}

/** @param {any} outlet */
function file(outlet) {
  const lines = [
    [t("file.person"), outlet.person_in_charge],
    [t("file.phone"), maskedPhone(outlet.phone)],
    [t("file.where"), outlet.position_text],
    [t("file.agent"), outlet.agent_name],
    [t("file.account"), outlet.account_no],
    [t("file.households"), outlet.households_nearby],
    [t("file.payments"), outlet.monthly_payments],
  ].filter(([, value]) => value !== null && value !== "");
  return html`<section class="section" aria-labelledby="file"><div class="section-head"><h2 id="file">${t("file")}</h2></div>
    <div class="card tight"><dl class="kv">${lines.map(([name, value]) => html`<div><dt>${name}</dt><dd class="num" translate="no">${value}</dd></div>`)}</dl></div></section>`;
}

/** @param {import("../app.js").App} app @param {any} outlet */
function history(app, outlet) {
  const visits = (app.company?.visits ?? []).filter((visit) => visit.outlet_id === outlet.id).slice(0, HISTORY_ROWS);
  return html`<section class="section" aria-labelledby="history"><div class="section-head"><h2 id="history">${t("history")}</h2></div>
    ${visits.length ? html`<div class="card flush rows indent">${visits.map(visitRow)}</div>` : html`<p class="small quiet">${t("history.none")}</p>`}</section>`;
}

/** @param {any} visit */
export function visitRow(visit) {
  const state = visitState(visit);
  return html`<a class="row" href="#/visits/${visit.id}" data-testid="visit-row"><span class="lead">${shape(state)}</span>
    <span class="body"><span class="name">${t("visit")}</span><span class="small quiet num">${dayText(visit.visited_on)} · <span translate="no">${visit.rep_name}</span> · ${t(`verdict.${state}`)}</span></span>
    <span class="faint">${icon("next", "s")}</span></a>`;
}

/** @param {any} visit @returns {"done" | "waiting" | "overdue"} */
export function visitState(visit) {
  if (visit.pending || visit.needs_review || onlyPhotosMissing(visit)) return "waiting";
  return visit.counts ? "done" : "overdue";
}
