// @ts-check
// 这次要办: everything that waits at an outlet, the visit first, and what it costs to leave it.
import { atRisk } from "../at_risk.js";
import { isWordOver, openWork } from "../db/overlay_work.js";
import { t } from "../i18n/index.js";
import { firstDay } from "../rules/months.js";
import { dayText, monthText, yuanText } from "../ui/format.js";
import { icon, stateText } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { clockText } from "./clock_card.js";
import { clockOf, plannedWords } from "./clock_words.js";
import { workIcon, workText } from "./outlet_work.js";

/** @typedef {import("../company.js").Company} Company */

/** @param {Company} company @param {any} outlet */
export function hereSection(company, outlet) {
  const rows = openWork(company, outlet.id);
  const { owed, counted, waiting } = outlet.standing;
  const missing = Math.max(0, owed - counted - waiting);
  const n = rows.length + Math.min(1, missing);
  if (!n) return churnOver(company, outlet);
  const policy = company.policyOf(firstDay(company.month));
  const { reasons, yuan } = atRisk(outlet, rows, company, policy);
  const costOf = (/** @type {any} */ row) => reasons.find((reason) => reason.row === row)?.yuan ?? 0;
  return html`<section class="section" aria-labelledby="here">
    <div class="section-head"><h2 id="here">${t("here", { n })}</h2>${yuan ? html`<span class="small neg strong num">${t("here.cost", { yuan: yuanText(yuan) })}</span>` : nothing}</div>
    <div class="card flush rows discs">${missing ? visitRow(company, outlet, missing, Number(policy["wage.missed_visit_yuan"])) : nothing}${rows.map((row) => workRow(company, row, costOf(row)))}</div></section>
    ${churnOver(company, outlet)}`;
}

/** Whether the outlet has left is the office's to say by now. @param {Company} company @param {any} outlet */
function churnOver({ work, today }, outlet) {
  const found = work.churnCases.find((one) => one.outlet_id === outlet.id && one.isOpen && isWordOver(one, today));
  if (!found) return nothing;
  return html`<section class="section" aria-labelledby="churn-over"><h2 id="churn-over">${t("work.churn")}</h2>
    <p class="card small">${t("churn.over.text", { day: dayText(found.due_on) })}</p></section>`;
}

/** @param {Company} company @param {any} outlet @param {number} missing @param {number} fine */
function visitRow(company, { standing: { plannedOn, state, isTooLate }, isOthers }, missing, fine) {
  return html`<div class="row top"><span class="disc">${icon("pin")}</span><span class="body"><span class="name">${t("here.visit", { month: monthText(company.month), n: missing })}</span>
    <span class="small quiet">${plannedOn ? html`${plannedWords(plannedOn, company.today)}${t("semicolon")}` : nothing}${isTooLate ? html`<b>${t("lost")}</b>${t("semicolon")}` : nothing}${isOthers ? nothing : t(isTooLate ? "lost.fine" : "here.visit.text", { yuan: yuanText(fine) })}</span>
      ${stateText(state, t(`state.${state}`))}</span></div>`;
}

/** @param {Company} company @param {any} row @param {number} yuan what it costs once its day is over, 0 where it costs nothing more */
function workRow(company, row, yuan) {
  const clock = clockOf(company, row);
  return html`<a class="row top" href="#${row.path}" data-testid="work-${row.work}"><span class="disc">${workIcon(row.work)}</span>
    <span class="body"><span class="name">${t(`work.${row.work}`)}</span><span class="small quiet clamp" translate="no">${workText(row)}</span>${clockText(clock)}${yuan ? html`<span class="small quiet">${t(`here.cost.${row.work}`, { yuan: yuanText(yuan) })}</span>` : nothing}${row.pending ? html`<span class="small">${stateText("waiting", t("work.on_phone"))}</span>` : nothing}</span></a>`;
}
