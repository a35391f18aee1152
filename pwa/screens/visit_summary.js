// @ts-check
// The page that the owner reads, in large type, before signing.
import { byCompanyClock } from "../business_day.js";
import { countedAnswers, problemsFound } from "../forms/visit_draft.js";
import { own, t } from "../i18n/index.js";
import { businessDate, businessTime } from "../rules/months.js";
import { fullDayText } from "../ui/format.js";
import { icon, shape, topbar } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { answerWords, isChoice } from "./checklist_words.js";
import { registeredUnder, staysOpen } from "./visit_follow_ups.js";

/** @typedef {import("./visit.js").Flow} Flow */

/** @param {Flow} flow */
export function summaryStep(flow) {
  return { view: () => view(flow) };
}

/** @param {Flow} flow */
function view(flow) {
  const { draft, form, outlet, app } = flow;
  const problems = problemsFound(draft, form).filter(({ question }) => question.key !== "owner_complaint");
  const { fine, left } = countedAnswers(draft, form);
  const hasComplaint = draft.answers.owner_complaint?.answer === "yes";
  const since = byCompanyClock(app.company, draft.checked_in_at ?? Date.now());
  return html`${topbar(t("owner.hand_over"), { onBack: () => flow.goTo("photos") })}
    <main class="main owner">
      <div class="stack xs"><h2 class="owner-title">${t(draft.corrects ? "owner.title.correction" : "owner.title")}</h2><p class="quiet small"><span translate="no">${outlet.name}</span> · ${fullDayText(businessDate(since))}</p></div>
      <div class="card tight"><dl class="kv">
        <div><dt>${t("owner.who")}</dt><dd translate="no">${app.company?.person.name}</dd></div>
        <div><dt>${t("owner.when")}</dt><dd class="num">${t("owner.from_to", { from: businessTime(since), to: businessTime(byCompanyClock(app.company, draft.checked_out_at ?? Date.now())) })}</dd></div>
        <div><dt>${t("owner.fine")}</dt><dd class="pos">${t("owner.items", { n: fine })}</dd></div>
        ${left ? html`<div><dt>${t("owner.left")}</dt><dd>${t("owner.items", { n: left })}</dd></div>` : nothing}
        <div><dt>${t("owner.complaint")}</dt><dd>${hasComplaint ? draft.complaint_note : t("owner.no_complaint")}</dd></div>
      </dl></div>
      ${problems.length ? html`<h3>${t("owner.problems", { n: problems.length })}</h3>` : nothing}
      ${problems.map((problem) => problemBanner(flow, problem))}
      ${otherAnswers(flow, problems)} ${staysOpen(flow, problems)}
      ${draft.condition ? html`<div class="card stack xs"><b>${t("visit.condition")}</b><p class="note-text" translate="no">${draft.condition}</p></div>` : nothing}
      ${draft.handling ? html`<div class="card stack xs"><b>${t("visit.handling")}</b><p class="note-text" translate="no">${draft.handling}</p></div>` : nothing}
      <div class="photo-strip">${draft.photos.map((photo) => html`<img src=${flow.pictureUrl(photo.sha256) || "/m/icons/icon.svg"} alt=${t(`photo.${photo.slot}`)} />`)}</div>
    </main>
    <footer class="bottom"><div class="actions"><p class="note small quiet center">${t("owner.advice")}</p>
      <button class="button side" @click=${() => flow.goTo("photos")}>${t("owner.change")}</button>
      <button class="button primary" data-testid="to-sign" @click=${() => flow.goTo("sign")}>${icon("pen")}${t("owner.sign")}</button></div></footer>`;
}

/** @param {Flow} flow @param {import("./checklist_words.js").Problem} problem */
function problemBanner(flow, problem) {
  const { question, choice, note } = problem;
  return html`<div class="banner" data-state="due">${shape("due")}<div class="body"><span class="name">${own(question)}${t("colon")}${own(choice)}</span>${note ? html`<p translate="no">${note}</p>` : nothing}${registeredUnder(flow, problem)}</div></div>`;
}

/** What was answered in figures and words, and what was noted beside an answer, for the owner to read too. @param {Flow} flow @param {import("./checklist_words.js").Problem[]} problems they show their own */
function otherAnswers({ draft, form }, problems) {
  const rows = form.checklist
    .filter((/** @type {any} */ question) => !problems.some((problem) => problem.question.key === question.key))
    .map((/** @type {any} */ question) => ({ question, ...draft.answers[question.key] }))
    .filter((/** @type {any} */ row) => row.answer && (row.note || (!isChoice(row.question) && row.question.type !== "photo")));
  if (!rows.length) return nothing;
  return html`<div class="card tight" data-testid="other-answers"><dl class="kv">${rows.map((/** @type {any} */ row) => html`<div><dt>${own(row.question)}</dt><dd translate="no">${answerWords(row.question, row.answer)}${row.note ? html`<p class="small note-text">${row.note}</p>` : nothing}</dd></div>`)}</dl></div>`;
}
