// @ts-check
// The checklist: one question open at a time, last answers as defaults, "n of m, next".
import { own, t } from "../i18n/index.js";
import { dayText } from "../ui/format.js";
import { bringUp } from "../ui/focus.js";
import { icon, shape, stateText } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { errorBanner } from "./visit.js";
import { lookAgain, registerHere } from "./visit_follow_ups.js";

/** @param {import("./visit.js").Flow} flow */
export function checklistStep(flow) {
  const last = (flow.app.company?.visits ?? []).find((visit) => visit.outlet_id === flow.outlet.id && visit.checklist.length > 0);
  const before = Object.fromEntries((last?.checklist ?? []).map((/** @type {any} */ one) => [one.key, one.answer]));
  const state = { isNoting: false };
  return { view: () => view(flow, state, before, last?.visited_on ?? "") };
}

/** @typedef {{isNoting: boolean}} State whether the open question's note is shown though it is empty */

/** @param {import("./visit.js").Flow} flow @param {State} state @param {Record<string, string>} before @param {string} beforeOn */
function view(flow, state, before, beforeOn) {
  const { draft, form } = flow;
  const questions = form.checklist;
  const at = Math.min(draft.question, questions.length - 1);
  return html`${flow.bar()}
    <main class="main">
      ${at > 0 ? html`<div class="card flush">${questions.slice(0, at).map((/** @type {any} */ question, /** @type {number} */ place) => answered(flow, state, question, place))}</div>` : nothing}
      ${at === 0 ? lookAgain(flow) : nothing}
      ${openQuestion(flow, state, questions[at], at, before, beforeOn)} ${errorBanner(flow)}
      ${at < questions.length - 1 ? html`<div class="card flush">${questions.slice(at + 1).map((/** @type {any} */ question) => ahead(question, before))}</div>` : nothing}
    </main>
    <footer class="bottom"><div class="actions">
      <button class="button back" aria-label=${t("checklist.back")} @click=${() => back(flow, state, at)}>${icon("back")}</button>
      <button class="button primary split" data-testid="checklist-next" @click=${() => next(flow, state, at, before)}><span>${t(at === questions.length - 1 ? "checklist.done" : "checklist.next")}</span><small class="num">${at + 1} / ${questions.length}</small></button>
    </div></footer>`;
}

/** @param {any} question @param {string | undefined} value */
function choiceOf(question, value) {
  return question.choices.find((/** @type {any} */ choice) => choice.value === value);
}

/** @param {import("./visit.js").Flow} flow @param {State} state @param {any} question @param {number} place */
function answered(flow, state, question, place) {
  const choice = choiceOf(question, flow.draft.answers[question.key]?.answer);
  const mark = choice?.is_problem ? "overdue" : "done";
  return html`<button class="answered wide-button" @click=${() => openAt(flow, state, place)}><span class="q">${own(question)}</span><span class="a" data-state=${mark}>${shape(mark)}${choice ? own(choice) : "—"}</span></button>`;
}

/** @param {any} question @param {Record<string, string>} before */
function ahead(question, before) {
  const choice = choiceOf(question, before[question.key]);
  return html`<div class="answered ahead"><span class="q">${own(question)}</span><span class="a" data-state="none">${choice ? html`${shape("none")}${t("checklist.last", { answer: own(choice) })}` : nothing}</span></div>`;
}

/** @param {import("./visit.js").Flow} flow @param {State} state @param {any} question @param {number} at @param {Record<string, string>} before @param {string} beforeOn */
function openQuestion(flow, state, question, at, before, beforeOn) {
  const given = flow.draft.answers[question.key];
  const value = given?.answer ?? before[question.key];
  const last = choiceOf(question, before[question.key]);
  return html`<div class="question">
    <p class="line between small"><b class="pos num">${t("checklist.of", { n: at + 1, m: flow.form.checklist.length })}</b>
      ${last ? html`<span class="quiet">${t("checklist.last_on", { date: dayText(beforeOn), answer: own(last) })}</span>` : nothing}</p>
    <h2 id="question" tabindex="-1">${own(question)}</h2>
    <div class="choices" role="radiogroup" aria-labelledby="question">
      ${question.choices.map((/** @type {any} */ choice) => choiceButton(flow, question, choice, value === choice.value))}
    </div>
    ${value === undefined ? nothing : noteField(flow, state, question, value, given)}
    ${question.key === "owner_complaint" && value === "yes" ? complaintField(flow) : nothing}
    ${question.key !== "owner_complaint" && choiceOf(question, value)?.is_problem ? registerHere(flow) : nothing}
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
    <p class="small">${stateText("due", t("complaint.told"))}</p>`;
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
  const value = flow.draft.answers[question.key]?.answer || before[question.key];
  if (!value) return flow.complain(t("checklist.choose"));
  await answer(flow, question, value);
  if (question.key === "owner_complaint" && value === "yes" && !flow.draft.complaint_note.trim())
    return flow.complain(t("complaint.missing"), "#complaint");
  if (at < flow.form.checklist.length - 1) await openAt(flow, state, at + 1);
  else await flow.goTo("photos");
}

/** @param {import("./visit.js").Flow} flow @param {State} state @param {number} at */
async function back(flow, state, at) {
  if (flow.error()) flow.complain("");
  if (at > 0) await openAt(flow, state, at - 1);
  else await flow.goTo("check_in");
}

/** @param {import("./visit.js").Flow} flow @param {State} state @param {number} at */
async function openAt(flow, state, at) {
  state.isNoting = false;
  await flow.change({ question: at });
  bringUp("#question");
}
