// @ts-check
// The checklist: one question open at a time, last answers as defaults, "n of m, next".
import { own, t } from "../i18n/index.js";
import { isAnswer, isOptional } from "../rules/checklist.js";
import { dayText } from "../ui/format.js";
import { go } from "../router.js";
import { bringUp } from "../ui/focus.js";
import { faultBanner, icon, shape, stateText } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { answerField } from "./checklist_fields.js";
import { answerWords, choiceOf, isChoice } from "./checklist_words.js";
import { discardButton } from "./visit_begun.js";
import { lookAgain, registerHere } from "./visit_follow_ups.js";

const WRITTEN = ["number", "text", "date"];

/** @param {import("./visit.js").Flow} flow */
export function checklistStep(flow) {
  const listOf = (/** @type {string | null | undefined} */ id) =>
    flow.app.company?.checklists.find((version) => version.id === id)?.checklist_id;
  const mine = listOf(flow.draft.checklist_version);
  const last = (flow.app.company?.visits ?? []).find(
    (visit) => visit.outlet_id === flow.outlet.id && visit.checklist.length > 0 && listOf(visit.checklist_version) === mine,
  );
  const before = Object.fromEntries((last?.checklist ?? []).map((/** @type {any} */ one) => [one.key, one.answer]));
  const state = { isNoting: false, shots: { busy: "", isFull: false } };
  return { view: () => view(flow, state, before, last?.visited_on ?? "") };
}

/** @typedef {{isNoting: boolean, shots: import("./visit_shots.js").State}} State isNoting: whether the open question's note is shown though it is empty */

/** @param {import("./visit.js").Flow} flow @param {State} state @param {Record<string, string>} before @param {string} beforeOn */
function view(flow, state, before, beforeOn) {
  const { draft, form } = flow;
  const questions = form.checklist;
  const at = Math.min(draft.question, questions.length - 1);
  return html`${flow.bar()}
    <main class="main">
      ${at > 0 ? html`<div class="card flush">${questions.slice(0, at).map((/** @type {any} */ question, /** @type {number} */ place) => answered(flow, state, question, place))}</div>` : nothing}
      ${at === 0 && !draft.corrects ? lookAgain(flow) : nothing}
      ${openQuestion(flow, state, questions[at], at, before, beforeOn)} ${faultBanner(flow.error())}
      ${at < questions.length - 1 ? html`<div class="card flush">${questions.slice(at + 1).map((/** @type {any} */ question) => ahead(question, before))}</div>` : nothing}
      ${at === 0 ? discardButton(flow) : nothing}
    </main>
    <footer class="bottom"><div class="actions">
      <button class="button back" aria-label=${t("checklist.back")} @click=${() => back(flow, state, at)}>${icon("back")}</button>
      <button class="button primary split" data-testid="checklist-next" @click=${() => next(flow, state, at, before)}><span>${t(at === questions.length - 1 ? "checklist.done" : "checklist.next")}</span><small class="num">${at + 1} / ${questions.length}</small></button>
    </div></footer>`;
}

/** @param {import("./visit.js").Flow} flow @param {State} state @param {any} question @param {number} place */
function answered(flow, state, question, place) {
  const value = flow.draft.answers[question.key]?.answer;
  const mark = choiceOf(question, value)?.is_problem ? "overdue" : value ? "done" : "none";
  return html`<button class="answered wide-button" @click=${() => openAt(flow, state, place)}><span class="q">${own(question)}</span><span class="a" data-state=${mark}>${shape(mark)}${answerWords(question, value) || "—"}</span></button>`;
}

/** @param {any} question @param {Record<string, string>} before */
function ahead(question, before) {
  const words = lastWords(question, before);
  return html`<div class="answered ahead"><span class="q">${own(question)}</span><span class="a" data-state="none">${words ? html`${shape("none")}${t("checklist.last", { answer: words })}` : nothing}</span></div>`;
}

/** A photo of last time says nothing in words. @param {any} question @param {Record<string, string>} before */
function lastWords(question, before) {
  return question.type === "photo" ? "" : answerWords(question, before[question.key]);
}

/** What stands there before anything is tapped: only choices are taken over from last time. @param {any} question @param {any} given @param {Record<string, string>} before @returns {string | undefined} */
function shownValue(question, given, before) {
  return given?.answer ?? (isChoice(question) ? before[question.key] : undefined);
}

/** @param {import("./visit.js").Flow} flow @param {State} state @param {any} question @param {number} at @param {Record<string, string>} before @param {string} beforeOn */
function openQuestion(flow, state, question, at, before, beforeOn) {
  const given = flow.draft.answers[question.key];
  const value = shownValue(question, given, before);
  const last = lastWords(question, before);
  return html`<div class="question">
    <p class="line between small"><b class="pos num">${t("checklist.of", { n: at + 1, m: flow.form.checklist.length })}</b>
      ${last ? html`<span class="quiet">${t("checklist.last_on", { date: dayText(beforeOn), answer: last })}</span>` : nothing}</p>
    <h2 id="question" tabindex="-1">${own(question)}${isOptional(question) ? html` <span class="hint">${t("optional")}</span>` : nothing}</h2>
    ${isChoice(question) ? choices(flow, question, value) : answerField(flow, state.shots, question, value ?? "", (typed) => void answer(flow, question, typed))}
    ${value === undefined || question.type === "text" ? nothing : noteField(flow, state, question, value, given)}
    ${question.key === "owner_complaint" && value === "yes" ? complaintField(flow) : nothing}
    ${question.key !== "owner_complaint" && choiceOf(question, value)?.is_problem && !flow.draft.corrects ? registerHere(flow, question.key, () => answer(flow, question, value ?? "")) : nothing}
  </div>`;
}

/** @param {import("./visit.js").Flow} flow @param {any} question @param {string | undefined} value */
function choices(flow, question, value) {
  return html`<div class="choices" role="radiogroup" aria-labelledby="question">
    ${question.choices.map((/** @type {any} */ choice) => choiceButton(flow, question, choice, value === choice.value))}
  </div>`;
}

/** @param {import("./visit.js").Flow} flow @param {any} question @param {any} choice @param {boolean} isChosen */
function choiceButton(flow, question, choice, isChosen) {
  return html`<button class="choice ${choice.is_problem ? "bad" : ""}" role="radio" aria-checked=${isChosen} data-testid="answer-${choice.value}" @click=${() => answer(flow, question, choice.value)}>
    ${icon(choice.is_problem ? "warn" : "check")}${own(choice)}</button>`;
}

/** @param {import("./visit.js").Flow} flow @param {State} state @param {any} question @param {string} value @param {any} given */
function noteField(flow, state, question, value, given) {
  const open = () => {
    state.isNoting = true;
    flow.draw();
    bringUp("#note");
  };
  const type = (/** @type {InputEvent} */ event) =>
    void answer(flow, question, value, /** @type {HTMLInputElement} */ (event.target).value);
  if (!state.isNoting && !given?.note)
    return html`<button class="button" data-testid="add-note" @click=${open}>${icon("edit")}${t("checklist.add_note")}</button>`;
  return html`<div class="field"><label for="note">${t("checklist.note")} <span class="hint">${t("optional")}</span></label><div class="input"><input id="note" maxlength="400" autocomplete="off" .value=${given?.note ?? ""} @input=${type} /></div></div>`;
}

/** @param {import("./visit.js").Flow} flow */
function complaintField(flow) {
  const type = (/** @type {InputEvent} */ event) =>
    void flow.change({ complaint_note: /** @type {HTMLTextAreaElement} */ (event.target).value });
  return html`<div class="field"><label for="complaint">${t("complaint.what")}</label><div class="input area"><textarea id="complaint" maxlength="1000" .value=${flow.draft.complaint_note} @input=${type}></textarea></div></div>
    <p class="small">${stateText("due", t(flow.draft.complaint_id ? "complaint.told" : "complaint.sent_before"))}</p>`;
}

/** @param {import("./visit.js").Flow} flow @param {any} question @param {string} value @param {string} [note] */
function answer(flow, question, value, note) {
  if (flow.error()) flow.complain("");
  const known = flow.draft.answers[question.key];
  return flow.change({ answers: { ...flow.draft.answers, [question.key]: { answer: value, note: note ?? known?.note ?? "" } } });
}

/** A default that is the same as last time is confirmed by "next". @param {import("./visit.js").Flow} flow @param {State} state @param {number} at @param {Record<string, string>} before */
async function next(flow, state, at, before) {
  const question = flow.form.checklist[at];
  const typed = (flow.draft.answers[question.key]?.answer || shownValue(question, null, before) || "").trim();
  const value = question.type === "number" ? typed.normalize("NFKC") : typed; // full-width digits are digits
  const isSkipped = value === "" && question.type === "photo" && state.shots.isFull;
  const photos = flow.draft.photos.map((photo) => photo.sha256);
  if (!isSkipped && !(value === "" && isOptional(question)) && !isAnswer(question, value, photos))
    return flow.complain(t(`checklist.needed.${question.type ?? "choice"}`), WRITTEN.includes(question.type) ? "#answer" : undefined);
  if (isSkipped) await flow.change({ answers: { ...flow.draft.answers, [question.key]: { answer: "", note: "", isSkipped } } });
  else await answer(flow, question, value);
  if (question.key === "owner_complaint" && value === "yes" && !flow.draft.complaint_note.trim())
    return flow.complain(t("complaint.missing"), "#complaint");
  if (at < flow.form.checklist.length - 1) await openAt(flow, state, at + 1);
  else await flow.goTo("photos");
}

/** @param {import("./visit.js").Flow} flow @param {State} state @param {number} at */
async function back(flow, state, at) {
  if (flow.error()) flow.complain("");
  if (at > 0) await openAt(flow, state, at - 1);
  else if (flow.draft.corrects) go(flow.home);
  else await flow.goTo("check_in");
}

/** @param {import("./visit.js").Flow} flow @param {State} state @param {number} at */
async function openAt(flow, state, at) {
  state.isNoting = false;
  await flow.change({ question: at });
  bringUp("#question");
}
