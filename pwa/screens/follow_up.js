// @ts-check
// 登记备案 (附表四): what cannot be solved on site, who sees to it and by when; and how it is when somebody comes again.
import { databases } from "../company.js";
import { loadDraft } from "../db/capture.js";
import { isAnythingIn } from "../forms/begun.js";
import { followUpLookRecord, followUpRecord, missing, newPaper } from "../forms/paper_drafts.js";
import { askedForm, draftKey, problemsFound } from "../forms/visit_draft.js";
import { t } from "../i18n/index.js";
import { dayText } from "../ui/format.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { problemLine } from "./checklist_words.js";
import { clockCard } from "./clock_card.js";
import { area, choice, facts } from "./paper_fields.js";
import { nothingToFill, paperForm, paperGround } from "./paper_form.js";

const OWNERS = ["rep", "supervisor", "ops", "service"];
const DAYS = ["3", "5", "10"];
const MOST_PHOTOS = 3;
const MOST_LETTERS = 2000; // as sync/follow_up_form.py takes

/** What the visit under way found is written down already: at the question that it is registered for, or all that is not registered yet. @param {import("../app.js").App} app @param {{outletId: string, followUpId?: string}} params */
export async function newFollowUpScreen(app, { outletId, followUpId }) {
  const company = app.company;
  const key = followUpId ? `follow_up:${outletId}:${followUpId}` : `follow_up:${outletId}`;
  const visit = await visitUnderWay(app, outletId);
  const ground = (await paperGround(app, key, outletId)) ?? (visit && groundOfVisit(visit));
  if (!company || !ground) return nothingToFill(t("paper.follow_up"), outletId);
  const problem = visit ? problemWords(visit, askedForm(company.form, company.checklists, visit), followUpId) : "";
  const fresh = newPaper({ problem, owner: "", working_days: "5" });
  return paperForm(app, {
    key,
    fresh: followUpId ? { ...fresh, record_id: followUpId } : fresh,
    title: t("paper.follow_up"),
    ground,
    home: homeOf(outletId, visit),
    steps: [{ name: "what", view: register, faults }],
    record: (draft, at) => followUpRecord(outletId, draft, at),
    saveWords: t("paper.follow_up.save"),
    photoTitle: t("paper.follow_up.photo"),
  });
}

/** @param {import("../app.js").App} app @param {{followUpId: string}} params */
export async function followUpScreen(app, { followUpId }) {
  const key = `follow_up_look:${followUpId}`;
  const found = app.company?.work.followUps.find((one) => one.id === followUpId) ?? null;
  const ground = await paperGround(app, key, found?.outlet_id ?? "", found);
  if (!ground) return nothingToFill(t("paper.look"), found?.outlet_id ?? "");
  const { outlet, about: followUp } = ground;
  return paperForm(app, {
    key,
    fresh: newPaper({ is_solved: "", note: "" }),
    title: t("paper.look"),
    ground,
    home: homeOf(outlet.id, await visitUnderWay(app, outlet.id)),
    steps: [{ name: "look", view: (form) => look(form, followUp), faults: lookFaults }],
    record: (draft, at) => followUpLookRecord(followUp, draft, at),
    saveWords: t("paper.look.save"),
    photoTitle: t("paper.follow_up.photo"),
  });
}

/** @param {any} draft @returns {Record<string, string>} */
function lookFaults(draft) {
  const found = missing(draft, ["is_solved", "note"]);
  if (found.note) found.note = "paper.missing.look";
  return found;
}

/** The draft of a visit in which something stands, or null. @param {import("../app.js").App} app @param {string} outletId */
async function visitUnderWay(app, outletId) {
  const { capture } = await databases(/** @type {any} */ (app.session).personId);
  const draft = await loadDraft(capture, draftKey(outletId));
  return draft && isAnythingIn(draft) ? draft : null;
}

/** What a visit goes on with whose outlet has left the phone. @param {any} visit @returns {import("../forms/paper_ground.js").Ground} */
function groundOfVisit({ outlet_id, outlet }) {
  return { outlet: outlet ?? { id: outlet_id, name: "", signers: [] }, about: null };
}

/** Back to the visit that it was written down in. @param {string} outletId @param {any} visit @returns {string | undefined} */
function homeOf(outletId, visit) {
  return visit ? `/outlets/${outletId}/visit` : undefined;
}

/** @param {any} draft @returns {Record<string, string>} */
function faults(draft) {
  const found = missing(draft, ["problem", "owner"]);
  if ([...draft.problem.trim()].length > MOST_LETTERS) found.problem = "paper.bad.problem";
  return found;
}

/** As much of them as the form takes. @param {any} visit @param {any} form @param {string} [followUpId] @returns {string} */
function problemWords(visit, form, followUpId) {
  const found = problemsFound(visit, form).filter(({ question }) => question.key !== "owner_complaint");
  const lines = found.filter(({ question }) => visit.follow_ups?.[question.key] === followUpId).map(problemLine);
  return [...lines.join("\n")].slice(0, MOST_LETTERS).join("");
}

/** @param {import("./paper_form.js").Form} form */
function register(form) {
  return html`<p class="small quiet">${t("paper.follow_up.text")}</p>
    ${area(form, "problem")} ${choice(form, "owner", OWNERS, { isWide: true })} ${choice(form, "working_days", DAYS)} ${photos(form)}`;
}

/** @param {import("./paper_form.js").Form} form @param {any} followUp */
function look(form, followUp) {
  return html`${clockCard(form.app, followUp)}
    ${facts([
      [t("paper.problem"), followUp.problem],
      [t("paper.owner"), t(`paper.owner.${followUp.owner}`)],
      [t("follow_up.registered"), dayText(followUp.registered_on)],
    ])}
    ${choice(form, "is_solved", ["yes", "no"])} ${area(form, "note")} ${photos(form)}`;
}

/** @param {import("./paper_form.js").Form} form */
function photos(form) {
  const words = { title: t("paper.follow_up.photo"), add: t("paper.follow_up.photo.add"), most: MOST_PHOTOS, testId: "paper-photo" };
  return html`<section class="section" aria-labelledby="photos"><div class="section-head"><h2 id="photos">${t("paper.follow_up.photo")}</h2><span class="small quiet">${t("paper.optional")}</span></div>${form.photos(words)}</section>`;
}
