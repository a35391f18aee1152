// @ts-check
// The lines of a wage sheet, each with its rule and the records behind it that this phone holds.
import { language, own, t } from "../i18n/index.js";
import { previousMonth } from "../rules/months.js";
import { dayText, exactYuanText, moneyText, monthText } from "../ui/format.js";
import { shape } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { findingName } from "./finding_words.js";
import { visitState } from "./outlet_history.js";

/** @param {any} sheet @param {import("../company.js").Company} company */
export function sheetLines(sheet, company) {
  return html`<section class="section" aria-labelledby="lines"><h2 id="lines">${t("month.lines")}</h2>
    <div class="card flush rows indent">${sheet.lines.map((/** @type {any} */ line) => lineRow(line, sheet.state, company))}${(sheet.unpaid ?? []).map((/** @type {any} */ one) => unpaidRow(one, sheet.state))}</div></section>`;
}

/** A month's sum at the head of a screen. @param {string} amount */
export function wageSum(amount) {
  const words = moneyText(amount);
  if (language() === "en") return words.startsWith("−") ? `−¥${words.slice(1)}` : `¥${words}`;
  return html`${words}<span class="unit">${t("unit.yuan")}</span>`;
}

/** What brings nothing, and why. @param {any} one @param {string} sheetState */
function unpaidRow(one, sheetState) {
  return html`<div class="row top" data-testid="unpaid-${one.kind}"><span class="lead first">${shape("none")}</span>
    <span class="body"><span class="name">${own({ zh: one.label_zh, en: one.label_en })}</span><span class="small quiet">${own({ zh: one.rule_zh, en: one.rule_en })}</span>
      <span class="small strong">${own({ zh: one.reason_zh, en: one.reason_en })}</span></span>
    <span class="end"><span class="amount num">${moneyText("0")}</span><span class="small quiet">${t(sheetState === "closed" ? "month.sure" : "month.so_far")}</span></span></div>`;
}

/** @param {any} line @param {string} sheetState @param {import("../company.js").Company} company */
function lineRow(line, sheetState, company) {
  const isEnglish = language() === "en";
  const isMinus = line.amount_yuan.startsWith("-");
  const sure = sheetState === "closed" || line.kind === "base";
  const standing = line.is_estimate ? t("month.estimate") : sure ? t("month.sure") : t("month.so_far");
  const label = isEnglish ? line.label_en : line.label_zh;
  return html`<div class="row top"><span class="lead first">${shape(isMinus ? "overdue" : sure ? "done" : "due")}</span>
    <span class="body"><span class="name">${line.of_month ? t("month.adjustment", { month: monthText(line.of_month, company.month), kind: label }) : label}</span><span class="small quiet">${isEnglish ? line.rule_en : line.rule_zh}</span></span>
    <span class="end"><span class="amount num ${isMinus ? "neg" : ""}">${moneyText(line.amount_yuan)}</span><span class="small quiet">${standing}</span></span>
    ${behind(line, company)}</div>`;
}

/** The figures that the rule makes the amount of, where there are any, and the records. @param {any} line @param {import("../company.js").Company} company */
function behind(line, company) {
  const words = reckoningWords(line);
  if (!words && !line.evidence.length) return nothing;
  return html`<div class="under">${words ? html`<p class="small num">${words}</p>` : nothing} ${line.evidence.length ? records(line.evidence, company) : nothing}</div>`;
}

/** @param {any} line @returns {string} */
function reckoningWords({ kind, quantity, unit_yuan, of_month, is_estimate, evidence }) {
  if (of_month) return "";
  if (kind === "volume") {
    const rate = Number((Number(unit_yuan) * 1000).toFixed(4));
    return t(is_estimate ? "line.volume.so_far" : "line.volume", { yuan: signedYuan(quantity), rate });
  }
  if (kind === "new_customers")
    return unit_yuan ? t("line.outlets", { n: quantity, yuan: exactYuanText(unit_yuan) }) : t("line.tiers", { n: quantity });
  return unit_yuan && evidence[0]?.kind === "finding" ? t("line.findings", { n: quantity, yuan: exactYuanText(unit_yuan) }) : "";
}

/** `−481.70 元`, `−¥481.70`. @param {string} amount @returns {string} */
function signedYuan(amount) {
  return `${amount.startsWith("-") ? "−" : ""}${exactYuanText(amount.replace("-", ""))}`;
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
  if (kind === "training") {
    const training = company.work.trainings.find((known) => known.id === id);
    if (!training) return nothing;
    return html`<a class="line record" href="#/outlets/${training.outlet_id}"><span class="grow" translate="no">${company.outletById.get(training.outlet_id)?.name ?? ""}</span><span class="small quiet">${dayText(training.trained_on)}</span></a>`;
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
  if (kind === "outlet_volume") return volumeLink(id, company);
  const outlet = kind === "outlet" ? company.outletById.get(id) : null;
  return outlet ? html`<a class="line record" href="#/outlets/${id}"><span class="grow" translate="no">${outlet.name}</span></a>` : nothing;
}

/** An outlet's month and the one before, by the figures of its trend. @param {string} id `<outlet>:<month>` @param {import("../company.js").Company} company */
function volumeLink(id, company) {
  const [outletId, month] = id.split(":");
  const outlet = company.outletById.get(outletId);
  if (!outlet) return nothing;
  const amounts = new Map(company.volumes.get(outletId)?.map((one) => [one.month, one.yuan]));
  const monthWords = (/** @type {string} */ one) => {
    const yuan = amounts.get(one);
    const name = `${monthText(one, company.month)}${one === company.month ? t("line.volume.until_now") : ""}`;
    return t("line.volume.month", { month: name, yuan: yuan === undefined ? t("volume.none") : signedYuan(yuan) });
  };
  return html`<a class="line record" href="#/outlets/${outletId}"><span class="grow"><span translate="no">${outlet.name}</span>${[month, previousMonth(month)].map((one) => html`<br /><span class="small quiet num">${monthWords(one)}</span>`)}</span></a>`;
}
