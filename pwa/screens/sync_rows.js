// @ts-check
// A record in the outbox: on its way with its stages, needing a look, or settled with what became of it.
import { t } from "../i18n/index.js";
import { mayAcknowledge } from "../outbox/rows.js";
import { momentText } from "../ui/format.js";
import { banner, journey, shape } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { fateOf, isOfNoOutlet, isSetAside, kindWords, outletName, problemWords } from "./sync_words.js";

/** @typedef {import("../outbox/rows.js").OutboxRow} OutboxRow */
/** @typedef {import("../company.js").Company} Company */

/** What it is and where. @param {OutboxRow} row @param {Company} company */
function nameOf(row, company) {
  if (isOfNoOutlet(row)) return kindWords(row);
  const outlet = outletName(row, company);
  return html`${kindWords(row)} · ${outlet ? html`<span translate="no">${outlet}</span>` : t("sync.other_outlet")}`;
}

/** Something stands in its way: why, and what to do. @param {OutboxRow} row @param {Company} company @param {() => void} [acknowledge] where the person may put it aside */
export function attentionBanner(row, company, acknowledge) {
  const { why, what } = problemWords(row);
  const isShown = row.entity.type === "visit" && company.visits.some((visit) => visit.id === row.entity.id);
  const see = isShown ? html`<a class="button" href="#/visits/${row.entity.id}">${t("sync.see_visit")}</a>` : nothing;
  const rescue = isSetAside(row) ? html`<a class="button" href="#/export/${company.person.id}">${t("export")}</a>` : nothing;
  const known =
    acknowledge && mayAcknowledge(row)
      ? html`<button class="button" data-testid="acknowledge" @click=${acknowledge}>${t("sync.acknowledge")}</button>`
      : nothing;
  const actions = [known, rescue, see].filter((one) => one !== nothing);
  const text = html`${why}${t("sentence_gap")}${what}<br /><span class="quiet num">${momentText(row.savedAt, company.today)}${photosOf(row)}</span>`;
  return html`<div data-testid="outbox-row" data-state=${row.state}>${banner("overdue", nameOf(row, company), text, actions.length ? actions : undefined)}</div>`;
}

/** On its way. @param {OutboxRow} row @param {Company} company @param {boolean} isOnline */
export function wayRow(row, company, isOnline) {
  return html`<div class="journey-row row-wrap" data-testid="outbox-row" data-state=${row.state}><p class="line between"><b>${nameOf(row, company)}</b><span class="small quiet num">${momentText(row.savedAt, company.today)}</span></p>${journey(row, isOnline)}</div>`;
}

/** Settled, or waiting for a supervisor. @param {OutboxRow} row @param {Company} company */
export function settledRow(row, company) {
  const { state, words, text, by } = fateOf(row);
  return html`<div class="row" data-testid="outbox-row" data-state=${row.state}><span class="lead">${shape(state)}</span>
    <span class="body"><span class="name">${nameOf(row, company)}</span><span class="small quiet"><span class="num">${momentText(row.savedAt, company.today)}</span>${photosOf(row)}</span></span>
    <span class="small strong state" data-state=${state}>${words}</span>
    ${text ? html`<span class="small full">${text}${by ? html` <span class="quiet" translate="no">${by}</span>` : nothing}</span>` : nothing}</div>`;
}

/** @param {OutboxRow} row @returns {string} */
function photosOf(row) {
  return row.photosTotal ? ` · ${t("journey.photos", { n: row.photosSent, m: row.photosTotal })}` : "";
}
