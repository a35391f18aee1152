// @ts-check
// What has a deadline: complaints, deliveries, churn cases and planned trainings, the next one first.
import { byDeadline, openWork } from "../db/overlay_work.js";
import { t } from "../i18n/index.js";
import { businessDate } from "../rules/months.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { clockBars, clockText } from "./clock_card.js";
import { clockOf } from "./clock_words.js";
import { standingOfFinding } from "./finding_words.js";
import { workIcon, workText } from "./outlet_work.js";

const FIRST_TILES = 6;

/** @param {import("../app.js").App} app @param {{isAllShown: boolean}} state */
export function clocksSection(app, state) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  const own = openWork(company).filter((row) => company.outletById.has(row.outlet_id));
  const rows = [...own, ...callbackRows(company)].sort(byDeadline);
  if (!rows.length) return nothing;
  const more = () => {
    state.isAllShown = true;
    app.draw();
  };
  return html`<section class="section" aria-labelledby="clocks"><div class="section-head"><h2 id="clocks">${t("clocks")}</h2><span class="small quiet num">${t("clocks.count", { n: rows.length })}</span></div>
    <div class="tiles">${rows.slice(0, state.isAllShown ? rows.length : FIRST_TILES).map((row) => tile(company, row))}</div>
    ${state.isAllShown || rows.length <= FIRST_TILES ? nothing : html`<button class="button wide" data-testid="all-clocks" @click=${more}>${t("clocks.all", { n: rows.length })}</button>`}</section>`;
}

/** What call-backs found and may still be objected to; the call itself is the office's. @param {import("../company.js").Company} company @returns {any[]} */
function callbackRows(company) {
  return company.findings
    .filter(
      (finding) =>
        finding.evidence.some((/** @type {any} */ one) => one.kind === "callback") && standingOfFinding(finding, company).canObject,
    )
    .map((finding) => ({
      ...finding,
      work: "callback",
      due_on: finding.object_until,
      registered_on: businessDate(finding.created_at),
      path: `/findings/${finding.id}`,
    }));
}

/** @param {import("../company.js").Company} company @param {any} row */
function tile(company, row) {
  const clock = clockOf(company, row);
  return html`<a class="tile" href="#${row.path}" data-testid="clock-${row.work}"><span class="line small strong">${workIcon(row.work, "s")}${t(`work.${row.work}`)}</span>${clockText(clock)}${clockBars(clock)}
    <span class="small quiet clamp" translate="no">${company.outletById.get(row.outlet_id)?.name ?? row.outlet_name}<br />${workText(row)}</span></a>`;
}
