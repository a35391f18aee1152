// @ts-check
// A visit that was made: what was found, and whether it counts, in plain words.
import { databases } from "../company.js";
import { mayCorrect, savedVisit } from "../forms/correction_draft.js";
import { questionsOf } from "../rules/checklist.js";
import { own, t } from "../i18n/index.js";
import { businessTime } from "../rules/months.js";
import { dayWithWeekday, distanceText } from "../ui/format.js";
import { banner, chip, empty, icon, journey, shape, topbar } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { answerWords, choiceOf } from "./checklist_words.js";
import { reasonWords, verdictWords, visitState } from "./outlet_history.js";
import { photosSection, picturesOf } from "./past_photos.js";
import { photosOfVisit } from "./photo_lists.js";
import { fateOf, problemWords } from "./sync_words.js";
import { flagsCard } from "./visit_flags.js";

/** @param {import("../app.js").App} app @param {{visitId: string}} params */
export async function pastVisitScreen(app, { visitId }) {
  const find = () => app.company?.visits.find((visit) => visit.id === visitId);
  const { capture } = await databases(/** @type {any} */ (app.session).personId);
  const isHere = (await savedVisit(capture, visitId).catch(() => null)) !== null;
  const pictures = await picturesOf(app);
  return { title: () => t("visit"), view: () => (find() ? view(app, find(), isHere, pictures) : gone()), close: pictures.close };
}

function gone() {
  return html`${topbar(t("visit"), { back: "#/outlets" })}<main class="main">${empty("shop", "past_visit.gone")}</main>`;
}

/** @param {import("../app.js").App} app @param {any} visit @param {boolean} isHere whether this phone still has the record as it was saved @param {import("../ui/past_pictures.js").PastPictures} pictures */
function view(app, visit, isHere, pictures) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  const outlet = company.outletById.get(visit.outlet_id);
  const row = company.outbox.find((one) => one.entity.id === visit.id);
  const state = visitState(visit);
  return html`${topbar(t("visit"), { back: outlet ? `#/outlets/${outlet.id}` : "#/outlets", small: html`<span translate="no">${outlet?.name ?? ""}</span>` })}
    <main class="main">
      <div class="card stack s"><div class="line between">${chip(state, verdictWords(visit))}<span class="small quiet num">${dayWithWeekday(visit.visited_on)}</span></div>
        ${visit.reasons.length ? html`<p>${reasonWords(visit.reasons)}</p>` : nothing}
        ${visit.review ? html`<p class="small quiet">${t(`review.${visit.review.decision}`)} <span translate="no">${visit.review.by_name}${t("colon")}${visit.review.reason}</span></p>` : nothing}
        ${row && row.state !== "accepted" ? journey(row, app.engine?.status().online ?? true) : nothing}</div>
      ${row ? troubleBanner(row) : nothing} ${correctionLinks(company, visit)}
      ${flagsCard(visit, company.person.id)}
      <div class="card tight"><dl class="kv">
        <div><dt>${t("owner.when")}</dt><dd class="num">${t("owner.from_to", { from: businessTime(visit.checked_in_at), to: businessTime(visit.checked_out_at) })}</dd></div>
        <div><dt>${t("past_visit.distance")}</dt><dd class="num">${visit.distance_m === null ? "—" : distanceText(visit.distance_m)}</dd></div>
        ${visit.presence_reason ? html`<div><dt>${t("past_visit.presence")}</dt><dd>${t(`presence.${visit.presence_reason}`)}</dd></div>` : nothing}
        <div><dt>${t("past_visit.signer")}</dt><dd translate="no">${visit.signer_name ?? "—"}</dd></div>
      </dl></div>
      ${photosSection(pictures, photosOfVisit(visit))}
      <section class="section"><h2>${t("past_visit.checklist")}</h2><div class="card flush">${visit.checklist.map((/** @type {any} */ one) => answerRow(company, visit, one))}</div></section>
      ${visit.condition ? html`<div class="card stack xs"><b>${t("visit.condition")}</b><p class="note-text" translate="no">${visit.condition}</p></div>` : nothing}
      ${visit.handling ? html`<div class="card stack xs"><b>${t("visit.handling")}</b><p class="note-text" translate="no">${visit.handling}</p></div>` : nothing}
    </main>
    ${mayCorrect(company, visit) ? correctionFooter(visit, isHere) : nothing}`;
}

/** From a visit to what corrects it, and back. @param {import("../company.js").Company} company @param {any} visit */
function correctionLinks(company, visit) {
  const later = company.visits.find((one) => one.corrects === visit.id);
  const earlier = company.visits.find((one) => one.id === visit.corrects);
  if (!later && !earlier) return nothing;
  const link = (/** @type {any} */ other, /** @type {string} */ words) =>
    html`<a class="row" href="#/visits/${other.id}"><span class="body"><span class="name">${t(words)}</span></span><span class="faint">${icon("next", "s")}</span></a>`;
  return html`<div class="card flush rows">${later ? link(later, "correction.later") : nothing}${earlier ? link(earlier, "correction.earlier") : nothing}</div>`;
}

/** @param {any} visit @param {boolean} isHere */
function correctionFooter(visit, isHere) {
  if (!isHere)
    return html`<footer class="bottom"><div class="actions"><p class="note small quiet center">${t("correction.not_here")}</p></div></footer>`;
  return html`<footer class="bottom"><div class="actions"><a class="button wide" href="#/visits/${visit.id}/correction" data-testid="correct-visit">${icon("edit")}${t("correction.do")}</a></div></footer>`;
}

/** Why the company has not taken it in, and what to do. @param {import("../outbox/rows.js").OutboxRow} row */
function troubleBanner(row) {
  if (row.state === "refused") {
    const { text, by } = fateOf(row);
    return banner("overdue", t("fate.refused"), html`${text} <span translate="no">${by}</span>`);
  }
  if (row.state !== "attention") return nothing;
  const { why, what } = problemWords(row);
  return banner("overdue", t("sync.attention"), `${why}${t("sentence_gap")}${what}`);
}

/** @param {import("../company.js").Company} company @param {any} visit @param {any} given */
function answerRow(company, visit, given) {
  const question = questionsOf(company.form, company.checklists, visit.checklist_version).find((one) => one.key === given.key);
  const words = question ? answerWords(question, given.answer) : "";
  if (!question || !words) return nothing;
  const state = choiceOf(question, given.answer)?.is_problem ? "overdue" : "done";
  return html`<div class="answered"><span class="q">${own(question)}${given.note ? html`<span class="small quiet" translate="no"> ${given.note}</span>` : nothing}</span><span class="a" data-state=${state}>${shape(state)}${words}</span></div>`;
}
