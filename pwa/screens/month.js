// @ts-check
// 本月: the wage so far, every line with its reason, and the visits that do not count.
import { t } from "../i18n/index.js";
import { monthOf, monthsBefore } from "../rules/months.js";
import { dayText, moneyText, momentText, monthText } from "../ui/format.js";
import { empty, shape, tabs } from "../ui/parts.js";
import { syncChip } from "../ui/sync_chip.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { findingAmount, findingName, standingOfFinding } from "./finding_words.js";
import { reasonWords, visitState } from "./outlet_history.js";
import { moreSection } from "./month_more.js";
import { slipStanding } from "./payslip_words.js";
import { sheetLines, wageSum } from "./wage_lines.js";

/** What is older and settled is folded away: findings after three months, payslips after a year. */
const FINDING_MONTHS = 3;
const PAYSLIP_MONTHS = 12;

/** @param {import("../app.js").App} app */
export function monthScreen(app) {
  return { title: () => t("tab.month"), view: () => (app.company ? view(app, app.company) : nothing) };
}

/** @param {import("../app.js").App} app @param {import("../company.js").Company} company */
function view(app, company) {
  const sheet = company.sheets.find((one) => one.month === company.month);
  return html`<header class="hero">
      <div class="hero-head"><h1 tabindex="-1">${t("month.title", { month: monthText(company.month) })}</h1>${syncChip(app)}</div>
      ${
        sheet
          ? html`<div data-testid="wage-total"><p class="quiet small">${t("month.until", { when: momentText(sheet.computed_at, company.today) })}</p><p class="big num">${wageSum(sheet.total_yuan)}</p></div>
        <p class="small quiet">${t(sheet.state === "closed" ? "month.closed" : "month.draft")}</p>`
          : nothing
      }
    </header>
    <main class="main">
      ${moreSection(company, sheet)} ${sheet ? sheetLines(sheet, company) : empty("wallet", "month.none")} ${notCounting(company)} ${findings(company)} ${payslips(company)}
    </main>
    <footer class="bottom">${tabs("month", app.engine?.status().unsent ?? 0)}</footer>`;
}

/** @param {import("../company.js").Company} company */
function notCounting(company) {
  const visits = company.visits.filter(
    (visit) =>
      visit.rep_id === company.person.id &&
      monthOf(visit.visited_on) === company.month &&
      !visit.counts &&
      !visit.reasons.includes("replaced"),
  );
  if (!visits.length) return nothing;
  return html`<section class="section" aria-labelledby="not"><h2 id="not">${t("month.not_counting", { n: visits.length })}</h2>
    <div class="card flush rows indent">${visits.map(
      (visit) => html`<a class="row top" href="#/visits/${visit.id}"><span class="lead first">${shape(visitState(visit))}</span>
      <span class="body"><span class="name" translate="no">${company.outletById.get(visit.outlet_id)?.name ?? ""}</span><span class="small quiet">${dayText(visit.visited_on)} · ${reasonWords(visit.reasons)}</span></span></a>`,
    )}</div></section>`;
}

/** @param {import("../company.js").Company} company */
export function findings(company) {
  if (!company.findings.length) return nothing;
  const own = [...company.findings].sort((a, b) => b.created_at.localeCompare(a.created_at));
  const isOld = (/** @type {any} */ one) => one.month < monthsBefore(company.month, FINDING_MONTHS) && isSettled(one, company);
  return html`<section class="section" aria-labelledby="findings"><h2 id="findings">${t("month.findings")}</h2>
    ${folded(own, isOld, (one) => findingRow(one, company))}</section>`;
}

/** Nobody is still to decide about it or to object to it. @param {any} one @param {import("../company.js").Company} company */
function isSettled(one, company) {
  const { state, canObject } = standingOfFinding(one, company);
  return state !== "waiting" && !canObject;
}

/** @param {any[]} all @param {(one: any) => boolean} isOld @param {(one: any) => unknown} row */
function folded(all, isOld, row) {
  const [shown, old] = [all.filter((one) => !isOld(one)), all.filter(isOld)];
  const rows = (/** @type {any[]} */ some) => html`<div class="card flush rows indent">${some.map(row)}</div>`;
  return html`${shown.length ? rows(shown) : nothing}
    ${old.length ? html`<details class="records" data-testid="earlier"><summary class="small strong">${t("month.earlier", { n: old.length })}</summary>${rows(old)}</details>` : nothing}`;
}

/** @param {any} one @param {import("../company.js").Company} company */
function findingRow(one, company) {
  const standing = standingOfFinding(one, company);
  return html`<a class="row top" href="#/findings/${one.id}" data-testid="finding-row"><span class="lead first">${shape(standing.state)}</span>
    <span class="body"><span class="name">${findingName(one)}</span><span class="small quiet">${monthText(one.month, company.month)} · <span translate="no">${one.outlet_name ?? ""}</span></span>
      ${standing.canObject ? html`<span class="small strong pos">${t("finding.can_object", { day: dayText(one.object_until) })}</span>` : nothing}</span>
    <span class="end"><span class="amount num ${one.state === "upheld" ? (one.is_award ? "pos" : "neg") : "faint"}">${findingAmount(one)}</span><span class="small quiet">${standing.words}</span></span></a>`;
}

/** Months before this one. @param {import("../company.js").Company} company */
export function payslips(company) {
  const earlier = company.sheets.filter((sheet) => sheet.month < company.month);
  if (!earlier.length) return nothing;
  const isOld = (/** @type {any} */ sheet) =>
    sheet.month < monthsBefore(company.month, PAYSLIP_MONTHS) && slipStanding(sheet, company).state === "done";
  return html`<section class="section" aria-labelledby="slips"><h2 id="slips">${t("payslips")}</h2>
    ${folded(earlier, isOld, (sheet) => payslipRow(sheet, company))}</section>`;
}

/** @param {any} sheet @param {import("../company.js").Company} company */
function payslipRow(sheet, company) {
  const standing = slipStanding(sheet, company);
  return html`<a class="row" href="#/payslips/${sheet.month}" data-testid="payslip-row"><span class="lead">${shape(standing.state)}</span><span class="body"><span class="name">${monthText(sheet.month, company.month)}</span><span class="small quiet">${standing.words}</span></span><span class="amount num">${moneyText(sheet.total_yuan)}</span></a>`;
}
