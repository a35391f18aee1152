// @ts-check
// 往来记录: visits, trainings, deliveries, complaints and solved follow-ups of an outlet, the unsent ones too, and in plain words why a visit does not count.
import { t } from "../i18n/index.js";
import { onlyPhotosMissing } from "../standing.js";
import { dayText } from "../ui/format.js";
import { icon, shape } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

const FIRST_ROWS = 6;

/** @param {import("../app.js").App} app @param {any} outlet @param {{isHistoryLong: boolean}} state */
export function historySection(app, outlet, state) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  const rows = pastOf(company, outlet.id);
  const shown = state.isHistoryLong ? rows : rows.slice(0, FIRST_ROWS);
  const more = () => {
    state.isHistoryLong = true;
    app.draw();
  };
  return html`<section class="section" aria-labelledby="history"><div class="section-head"><h2 id="history">${t("history")}</h2></div>
    ${shown.length ? html`<div class="card flush rows indent">${shown.map(({ visit, other }) => (visit ? visitRow(visit, company.person.id) : otherRow(other)))}</div>` : html`<p class="small quiet">${t("history.none")}</p>`}
    ${shown.length < rows.length ? html`<button class="button wide" @click=${more}>${t("history.all", { n: rows.length })}</button>` : nothing}</section>`;
}

/** Everything of an outlet, newest first. @param {import("../company.js").Company} company @param {string} outletId @returns {{on: string, visit?: any, other?: any}[]} */
function pastOf({ visits, work }, outletId) {
  const isHere = (/** @type {any} */ row) => row.outlet_id === outletId;
  const trainings = work.trainings.map((one) => ({
    ...one,
    on: one.trained_on,
    name: t("history.training"),
    text: [one.trainer_name, t("history.training.text", { n: one.attendee_count }), ...unsigned(one)].join(" · "),
  }));
  const deliveries = work.requests
    .filter((one) => one.delivered_on)
    .map((one) => ({ ...one, on: one.delivered_on, name: t("history.delivery"), text: [one.contents, ...unsigned(one)].join(" · ") }));
  const complaints = work.complaints
    .filter((one) => !one.isOpen)
    .map((one) => ({ ...one, on: one.resolved_on ?? one.received_on, name: t("history.complaint"), text: one.account }));
  const followUps = work.followUps
    .filter((one) => one.solved_on)
    .map((one) => ({ ...one, on: one.solved_on, name: t("history.follow_up"), text: one.problem }));
  const others = [...trainings, ...deliveries, ...complaints, ...followUps].filter(isHere);
  return [
    ...visits.filter(isHere).map((visit) => ({ on: visit.visited_on, visit })),
    ...others.map((other) => ({ on: other.on, other })),
  ].sort((a, b) => b.on.localeCompare(a.on));
}

/** @param {any} one a training or delivery @returns {string[]} */
function unsigned(one) {
  return one.is_unsigned ? [t("history.unsigned")] : [];
}

/** @param {any} other a training, delivery, complaint or follow-up */
function otherRow(other) {
  return html`<div class="row top" data-testid="history-row"><span class="lead first">${shape(other.pending ? "waiting" : "done")}</span>
    <span class="body"><span class="name">${other.name}</span><span class="small quiet"><span class="num">${dayText(other.on)}</span> · <span translate="no">${other.text}</span></span></span></div>`;
}

/** @param {any} visit @param {string} personId whose phone it is: others' flags are none of their business */
function visitRow(visit, personId) {
  const state = visitState(visit);
  const flagged = visit.rep_id === personId && visit.flags?.length > 0;
  return html`<a class="row top" href="#/visits/${visit.id}" data-testid="visit-row"><span class="lead first">${shape(state)}</span>
    <span class="body"><span class="name">${t("visit")} · ${verdictWords(visit)}</span><span class="small quiet"><span class="num">${dayText(visit.visited_on)}</span> · <span translate="no">${visit.rep_name}</span>${visit.counts ? nothing : html` · ${reasonWords(visit.reasons)}`}${flagged ? html` · ${t("flags.score", { score: visit.score })}` : nothing}</span></span>
    <span class="faint">${icon("next", "s")}</span></a>`;
}

/** @param {any} visit @returns {"done" | "waiting" | "overdue"} */
export function visitState(visit) {
  if (visit.pending || visit.needs_review || onlyPhotosMissing(visit)) return "waiting";
  return visit.counts ? "done" : "overdue";
}

/** Whether a visit counts, in a word or two. @param {any} visit @returns {string} */
export function verdictWords(visit) {
  if (visit.pending) return t("verdict.pending");
  return t(visit.needs_review ? "verdict.review" : `verdict.${visitState(visit)}`);
}

/** Why a visit does not count (yet), as a sentence; photos on their way are named only when nothing else is wrong. @param {string[]} reasons @returns {string} */
export function reasonWords(reasons) {
  const telling = reasons.filter((code) => code !== "photos_pending");
  return (telling.length ? telling : reasons).map((code) => t(`reason.${code}`)).join(t("semicolon"));
}
