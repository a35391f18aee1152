// @ts-check
// 本月: the wage so far, every line with its reason, and the visits that do not count.
import { language, t } from "../i18n/index.js";
import { monthOf } from "../rules/months.js";
import { dayText, moneyText, momentText, monthText } from "../ui/format.js";
import { empty, shape, tabs } from "../ui/parts.js";
import { syncChip } from "../ui/sync_chip.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { findingAmount, findingName, standingOfFinding } from "./finding_words.js";
import { reasonWords, visitState } from "./outlet_history.js";
import { moreSection } from "./month_more.js";
import { slipStanding } from "./payslip_words.js";
import { sheetLines } from "./wage_lines.js";

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
          ? html`<div data-testid="wage-total"><p class="quiet small">${t("month.until", { when: momentText(sheet.computed_at, company.today) })}</p><p class="big num">${language() === "en" ? "¥" : ""}${moneyText(sheet.total_yuan)}${language() === "en" ? nothing : html`<span class="unit">${t("unit.yuan")}</span>`}</p></div>
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
function findings(company) {
  if (!company.findings.length) return nothing;
  const own = [...company.findings].sort((a, b) => b.created_at.localeCompare(a.created_at));
  return html`<section class="section" aria-labelledby="findings"><h2 id="findings">${t("month.findings")}</h2>
    <div class="card flush rows indent">${own.map((one) => findingRow(one, company))}</div></section>`;
}

/** @param {any} one @param {import("../company.js").Company} company */
function findingRow(one, company) {
  const standing = standingOfFinding(one, company);
  return html`<a class="row top" href="#/findings/${one.id}" data-testid="finding-row"><span class="lead first">${shape(standing.state)}</span>
    <span class="body"><span class="name">${findingName(one)}</span><span class="small quiet">${monthText(one.month)} · <span translate="no">${one.outlet_name ?? ""}</span></span>
      ${standing.canObject ? html`<span class="small strong pos">${t("finding.can_object", { day: dayText(one.object_until) })}</span>` : nothing}</span>
    <span class="end"><span class="amount num ${one.state === "upheld" ? (one.is_award ? "pos" : "neg") : "faint"}">${findingAmount(one)}</span><span class="small quiet">${standing.words}</span></span></a>`;
}

/** Months before this one. @param {import("../company.js").Company} company */
function payslips(company) {
  const earlier = company.sheets.filter((sheet) => sheet.month < company.month);
  if (!earlier.length) return nothing;
  return html`<section class="section" aria-labelledby="slips"><h2 id="slips">${t("payslips")}</h2><div class="card flush rows indent">${earlier.map(
    (sheet) => {
      const standing = slipStanding(sheet, company);
      return html`<a class="row" href="#/payslips/${sheet.month}" data-testid="payslip-row"><span class="lead">${shape(standing.state)}</span><span class="body"><span class="name">${monthText(sheet.month)}</span><span class="small quiet">${standing.words}</span></span><span class="amount num">${moneyText(sheet.total_yuan)}</span></a>`;
    },
  )}</div></section>`;
}
