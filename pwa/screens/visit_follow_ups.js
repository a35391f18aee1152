// @ts-check
// What stays open at an outlet, in its visit: to be looked at again, to be registered in place, and for the owner to read.
import { openFollowUps } from "../db/overlay_work.js";
import { t } from "../i18n/index.js";
import { uuid7 } from "../ids.js";
import { go } from "../router.js";
import { dayText } from "../ui/format.js";
import { banner, icon, shape } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { problemLine } from "./checklist_words.js";

/** @typedef {import("./visit.js").Flow} Flow */

/** Of this outlet, the next deadline first. @param {Flow} flow */
function openHere({ app, outlet }) {
  return app.company ? openFollowUps(app.company.work, outlet.id) : [];
}

/** What is registered for what a question found. @param {Flow} flow @param {string} key of the question */
function registeredFor({ app, draft }, key) {
  return app.company?.work.followUps.find((row) => row.id === draft.follow_ups[key]);
}

/** Before the first question. @param {Flow} flow */
export function lookAgain(flow) {
  const rows = openHere(flow).filter((row) => !row.pending && !Object.values(flow.draft.follow_ups).includes(row.id));
  if (!rows.length) return nothing;
  return html`<section class="section" aria-labelledby="again"><h2 id="again">${t("follow_up.again", { n: rows.length })}</h2>
    <div class="card flush rows discs">${rows.map(
      (row) =>
        html`<a class="row top" href="#/follow-ups/${row.id}" data-testid="look-again"><span class="disc">${icon("doc")}</span><span class="body"><span class="name clamp" translate="no">${row.problem}</span><span class="small quiet">${words(row)}</span></span><span class="faint">${icon("next", "s")}</span></a>`,
    )}</div></section>`;
}

/** Under an answer that names a problem: the way to register it, once. @param {Flow} flow @param {string} key of the question @param {() => Promise<void>} confirm the answer, which may be that of last time */
export function registerHere(flow, key, confirm) {
  const { draft, outlet } = flow;
  const registered = registeredFor(flow, key);
  if (registered)
    return html`<div data-testid="registered-follow-up">${banner("waiting", t("follow_up.done"), registeredWords(registered))}</div>`;
  const register = async () => {
    await confirm();
    const id = draft.follow_ups[key] ?? uuid7();
    await flow.change({ follow_ups: { ...draft.follow_ups, [key]: id } });
    go(`/outlets/${outlet.id}/follow-up/${id}`);
  };
  return html`<button class="button" data-testid="register-follow-up" @click=${register}>${icon("doc")}${t("follow_up.register")}</button>
    <p class="small quiet">${t("follow_up.register.text")}</p>`;
}

/** Under a problem that the owner reads: who sees to it, and what was registered where it says more. @param {Flow} flow @param {import("./checklist_words.js").Problem} problem */
export function registeredUnder(flow, problem) {
  const row = registeredFor(flow, problem.question.key);
  if (!row) return nothing;
  return html`${row.problem === problemLine(problem) ? nothing : html`<p translate="no">${row.problem}</p>`}<p>${t("follow_up.done")} · ${words(row)}</p>`;
}

/** @param {any} row */
function registeredWords(row) {
  return html`<span translate="no">${row.problem}</span><br />${words(row)}`;
}

/** What the owner reads besides the problems of this visit, which name their own. @param {Flow} flow @param {import("./checklist_words.js").Problem[]} problems */
export function staysOpen(flow, problems) {
  const named = problems.map(({ question }) => flow.draft.follow_ups[question.key]);
  const rows = openHere(flow).filter((row) => !named.includes(row.id));
  if (!rows.length) return nothing;
  return html`<h3>${t("follow_up.open", { n: rows.length })}</h3>
    ${rows.map((row) => html`<div class="banner" data-state="waiting">${shape("waiting")}<div class="body"><span class="name" translate="no">${row.problem}</span><p>${words(row)}</p></div></div>`)}`;
}

/** @param {any} row */
function words(row) {
  return t("follow_up.who", { owner: t(`paper.owner.${row.owner}`), date: dayText(row.due_on) });
}
