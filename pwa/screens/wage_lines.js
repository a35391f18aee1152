// @ts-check
// The lines of a wage sheet, each with its rule and the records behind it that this phone holds.
import { language, t } from "../i18n/index.js";
import { dayText, moneyText, monthText } from "../ui/format.js";
import { shape } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { findingName } from "./finding_words.js";
import { visitState } from "./outlet_history.js";

/** @param {any} sheet @param {import("../company.js").Company} company */
export function sheetLines(sheet, company) {
  return html`<section class="section" aria-labelledby="lines"><h2 id="lines">${t("month.lines")}</h2>
    <div class="card flush rows indent">${sheet.lines.map((/** @type {any} */ line) => lineRow(line, sheet.state, company))}</div></section>`;
}

/** @param {any} line @param {string} sheetState @param {import("../company.js").Company} company */
function lineRow(line, sheetState, company) {
  const isEnglish = language() === "en";
  const isMinus = line.amount_yuan.startsWith("-");
  const sure = sheetState === "closed" || line.kind === "base";
  const standing = line.is_estimate ? t("month.estimate") : sure ? t("month.sure") : t("month.so_far");
  const label = isEnglish ? line.label_en : line.label_zh;
  return html`<div class="row top"><span class="lead first">${shape(isMinus ? "overdue" : sure ? "done" : "due")}</span>
    <span class="body"><span class="name">${line.of_month ? t("month.adjustment", { month: monthText(line.of_month, company.month), kind: label }) : label}</span><span class="small quiet">${isEnglish ? line.rule_en : line.rule_zh}</span>
      ${line.evidence.length ? records(line.evidence, company) : nothing}</span>
    <span class="end"><span class="amount num ${isMinus ? "neg" : ""}">${moneyText(line.amount_yuan)}</span><span class="small quiet">${standing}</span></span></div>`;
}

/** @param {{kind: string, id: string}[]} evidence @param {import("../company.js").Company} company */
function records(evidence, company) {
  const known = evidence.map((one) => recordLink(one, company)).filter((link) => link !== nothing);
  const left = evidence.length - known.length;
  return html`<details class="records"><summary class="small strong">${t("line.records", { n: evidence.length })}</summary>
    ${known}${left ? html`<p class="small quiet">${t("line.records.more", { n: left })}</p>` : nothing}</details>`;
}

/** @param {{kind: string, id: string}} one @param {import("../company.js").Company} company */
function recordLink({ kind, id }, company) {
  if (kind === "visit") {
    const visit = company.visits.find((known) => known.id === id);
    if (!visit) return nothing;
    return html`<a class="line record" href="#/visits/${id}">${shape(visitState(visit))}<span class="grow" translate="no">${company.outletById.get(visit.outlet_id)?.name ?? ""}</span><span class="small quiet">${dayText(visit.visited_on)}</span></a>`;
  }
  if (kind === "finding") {
    const finding = company.findings.find((known) => known.id === id);
    return finding
      ? html`<a class="line record" href="#/findings/${id}"><span class="grow">${findingName(finding)}</span><span class="small quiet" translate="no">${finding.outlet_name ?? ""}</span></a>`
      : nothing;
  }
  if (kind === "wage_sheet") {
    const month = id.split(":")[1];
    const words = t("payslip.title", { month: monthText(month, company.month) });
    return company.sheets.some((sheet) => sheet.month === month)
      ? html`<a class="line record" href="#/payslips/${month}"><span class="grow">${words}</span></a>`
      : nothing;
  }
  const outlet = kind === "outlet" ? company.outletById.get(id) : null;
  return outlet ? html`<a class="line record" href="#/outlets/${id}"><span class="grow" translate="no">${outlet.name}</span></a>` : nothing;
}
