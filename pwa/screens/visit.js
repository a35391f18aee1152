// @ts-check
// A visit from check-in to signature: one step after the other, each kept at once.
import { byCompanyClock } from "../business_day.js";
import { databases } from "../company.js";
import { deleteDraft, loadDraft, savedAt, saveRecord } from "../db/capture.js";
import { openVisit } from "../forms/outlet_visit.js";
import {
  answersOf,
  askedForm,
  discarded,
  draftKey,
  isOfAnotherDay,
  renewed,
  reopened,
  toldComplaint,
  visitBody,
} from "../forms/visit_draft.js";
import { t } from "../i18n/index.js";
import { go, replace } from "../router.js";
import { distanceText } from "../ui/format.js";
import { firstMissing, versionFor } from "../rules/checklist.js";
import { businessDate, businessTime } from "../rules/months.js";
import { bringUp, focusHeading } from "../ui/focus.js";
import { empty, progressBars, stateText, topbar } from "../ui/parts.js";
import { pictureUrls } from "../ui/picture_urls.js";
import { saveFaultText } from "../ui/save_faults.js";
import { offerUndo } from "../ui/undo_toast.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { checkInStep } from "./visit_check_in.js";
import { checklistStep } from "./visit_checklist.js";
import { photosStep } from "./visit_photos.js";
import { signStep } from "./visit_sign.js";
import { summaryStep } from "./visit_summary.js";

/**
 * @typedef {object} Flow what the steps share
 * @property {import("../app.js").App} app
 * @property {any} outlet its document, or what the draft kept of it
 * @property {string} home where one goes back to
 * @property {any} form with the questions that are asked as the answers stand
 * @property {import("../forms/visit_draft.js").VisitDraft} draft
 * @property {(changes: any, blobs?: any[]) => Promise<void>} change
 * @property {(words: string, changes: any) => void} takeOut a change that can be taken back for a while; what it takes away, in words
 * @property {() => void} draw
 * @property {(step: import("../forms/visit_draft.js").VisitDraft["step"]) => Promise<void>} goTo
 * @property {() => Promise<void>} save
 * @property {() => void} discard empty a visit that was begun, which can be taken back for a while
 * @property {() => Promise<void>} drop let the draft go, and go home
 * @property {() => string} error
 * @property {(words: string, where?: string) => void} complain say what is missing, and go to where it is
 * @property {() => string | null} problem why the last draft was not kept
 * @property {(sha256: string) => string} pictureUrl
 * @property {(sha256: string) => boolean} isPhotoLost whether the draft names it, and its bytes are gone
 * @property {() => unknown} bar
 * @property {import("../rules/policy.js").Policy} policy
 */

/** @typedef {Awaited<ReturnType<typeof import("../forms/visit_draft.js").openDraft>>} Kept */

const STEPS = { check_in: checkInStep, checklist: checklistStep, photos: photosStep, summary: summaryStep, sign: signStep };

/** @param {import("../app.js").App} app @param {{outletId: string}} params */
export async function visitScreen(app, { outletId }) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  const { capture } = await databases(/** @type {any} */ (app.session).personId);
  await dropSaved(capture, company, outletId);
  const leftAt = await savedAt(capture, draftKey(outletId));
  const begun = await openVisit(capture, outletId, company.outletById.get(outletId), app.draw);
  if (!begun)
    return {
      title: () => t("visit"),
      view: () => html`${topbar(t("visit"), { back: "#/outlets" })}<main class="main">${empty("shop", "outlet.gone")}</main>`,
    };
  const { kept } = begun;
  const outlet = { ...begun.outlet, name: begun.outlet.name || t("outlet") };
  await bringToToday(kept, versionFor(company.checklists, outlet)?.id ?? null, leftAt);
  const home = company.outletById.has(outletId) ? `/outlets/${outletId}` : "/today";
  return visitFlow(app, { capture, outlet, home, kept });
}

/** @param {Kept} kept @param {string | null} version that is asked now @param {string | null} leftAt when it was changed last */
async function bringToToday(kept, version, leftAt) {
  const { draft } = kept;
  if (draft.checklist_version === undefined) await kept.change({ checklist_version: draft.checked_in_at ? null : version });
  const now = new Date();
  const isOld = isOfAnotherDay(draft, now);
  if (isOld) await kept.change(renewed(draft));
  if (draft.checked_in_at) return;
  const isOfToday = isOld || leftAt === null || businessDate(leftAt) === businessDate(now);
  const changes = reopened(draft, version, isOfToday);
  if (Object.keys(changes).length) await kept.change(changes);
}

/**
 * The steps of a draft, from where it stands to its record.
 * @param {import("../app.js").App} app
 * @param {{capture: any, outlet: any, home: string, kept: Kept}} begun
 */
export function visitFlow(app, { capture, outlet, home, kept }) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  const pictures = pictureUrls(capture, app.draw, kept.isSaved);
  let error = "";
  let isSaving = false;
  /** @type {{view: () => unknown, close?: () => void}} */
  let step;

  /** @type {Flow} */
  const flow = {
    app,
    outlet,
    home,
    get form() {
      return askedForm(company.form, company.checklists, kept.draft);
    },
    draft: kept.draft,
    policy: company.policyOf(company.today),
    draw: app.draw,
    change: kept.change,
    takeOut: (words, changes) => offerUndo({ words, ...kept.takeOut(changes) }),
    error: () => error,
    pictureUrl: pictures.of,
    isPhotoLost: pictures.isLost,
    problem: kept.problem,
    complain: (words, where = "[role=alert]") => {
      error = words;
      app.draw();
      if (words) bringUp(where);
    },
    goTo: async (name) => {
      error = "";
      if (await renew()) return;
      const missing = name === "summary" ? missingAt(flow) : -1;
      await kept.change(missing < 0 ? { step: name } : { step: "checklist", question: missing });
      enter();
      app.draw();
      if (missing >= 0) return flow.complain(t("checklist.missing"));
      scrollTo(0, 0);
      focusHeading();
    },
    discard: () => {
      error = "";
      const offer = kept.takeOut(discarded(kept.draft, versionFor(company.checklists, outlet)?.id ?? null));
      const undo = () => offer.undo().then(begin);
      offerUndo({ ...offer, words: t("undo.visit"), undo });
      begin();
    },
    drop: async () => {
      await kept.close();
      await deleteDraft(capture, kept.key);
      go(home);
    },
    save,
    bar: () => visitBar(flow, kept),
  };

  /** Back to the check-in from a visit that has none, or one of another day: its time and place would be the wrong ones. @returns {Promise<boolean>} whether it went there */
  async function renew() {
    const isOld = isOfAnotherDay(kept.draft, new Date());
    if (kept.draft.checked_in_at && !isOld) return false;
    await kept.change(isOld ? renewed(kept.draft) : { step: "check_in" });
    begin();
    return true;
  }

  /** Show the draft's step from its beginning. */
  function begin() {
    enter();
    app.draw();
    scrollTo(0, 0);
    focusHeading();
  }

  function enter() {
    step?.close?.();
    step = STEPS[kept.draft.step](flow);
  }

  /** Save the record; "Saved" is shown only when the phone's storage said so. */
  async function save() {
    if (isSaving) return;
    isSaving = true; // before anything is waited for: of two taps one saves
    if (!(await renew())) await makeRecord();
    isSaving = false;
  }

  async function makeRecord() {
    await kept.close();
    const { visit_id } = kept.draft;
    try {
      const { record, complaint } = recordOf(kept.draft, flow);
      await saveRecord(capture, record, kept.key, complaint ? [complaint] : []);
      replace(`/saved/${visit_id}`);
    } catch (fault) {
      const code = /** @type {any} */ (fault).code;
      if (code === "already_saved") {
        await deleteDraft(capture, kept.key); // another window saved it
        return replace(`/saved/${visit_id}`);
      }
      kept.reopen();
      pictures.noteFault(fault);
      flow.complain(saveFaultText(fault));
    }
  }

  enter();
  return {
    title: () => `${titleOf(kept.draft)} ${outlet.name}`,
    view: () => step.view(),
    close: () => {
      step?.close?.();
      pictures.close();
    },
  };
}

/** The visit, and the owner's complaint or null. @param {import("../forms/visit_draft.js").VisitDraft} draft @param {Flow} flow */
function recordOf(draft, { outlet, form }) {
  const savedAt = new Date().toISOString();
  const body = visitBody(draft, form, savedAt);
  const photos = body.photos.map((/** @type {any} */ { sha256, bytes }) => ({ sha256, size: bytes }));
  const record = {
    kind: /** @type {const} */ ("record"),
    form: "visit.v3",
    entity: { type: "visit", id: body.visit_id },
    scope: `outlet:${outlet.id}`,
    baseV: null,
    body,
    blobs: [...photos, ...(body.signature ? [{ sha256: body.signature.sha256 }] : [])],
  };
  return { record, complaint: toldComplaint(draft, outlet, t("role.owner"), savedAt) };
}

/** A draft whose visit another window has saved is none. @param {any} capture @param {import("../company.js").Company} company @param {string} outletId */
async function dropSaved(capture, company, outletId) {
  const left = await loadDraft(capture, draftKey(outletId));
  if (left && company.visits.some((one) => one.id === left.visit_id)) await deleteDraft(capture, draftKey(outletId));
}

/** The place of the first question that is open again, or -1: by an answer given later, or a photo dropped. @param {Flow} flow */
function missingAt({ draft, form }) {
  const questions = form.checklist.filter((/** @type {any} */ question) => !draft.answers[question.key]?.isSkipped);
  const missing = firstMissing(
    questions,
    answersOf(draft),
    draft.photos.map((photo) => photo.sha256),
  );
  return form.checklist.indexOf(missing);
}

/** @param {import("../forms/visit_draft.js").VisitDraft} draft */
function titleOf(draft) {
  return t(draft.corrects ? "correction" : "visit");
}

/** @param {Flow} flow @param {any} kept */
function visitBar(flow, kept) {
  const { app, draft, form, outlet } = flow;
  const total = form.checklist.length;
  const answered = form.checklist.filter((/** @type {any} */ question) => draft.answers[question.key]).length;
  const since = draft.checked_in_at ? t("visit.since", { time: businessTime(byCompanyClock(app.company, draft.checked_in_at)) }) : "";
  const place = draft.distance_m === null ? "" : ` · ${distanceText(draft.distance_m)}`;
  const saved = kept.problem() ? stateText("overdue", t("draft.failed")) : kept.isSaved() ? stateText("done", t("draft.saved")) : nothing;
  return html`${topbar(titleOf(draft), {
    onClose: () => go(flow.home),
    end: html`<span class="end small faint" role="status" data-testid="draft-state">${saved}</span>`,
    below: html`<p class="tiny faint"><span translate="no">${outlet.name.split("（")[0]}</span> · ${since}${place}</p>${progressBars(draft.step === "checklist" ? draft.question : answered, total, draft.step === "checklist")}`,
  })}`;
}
