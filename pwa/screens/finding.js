// @ts-check
// 这一笔，为什么: a finding with its rule and records, what was said against it, and the form to say so, without a network too.
import { databases } from "../company.js";
import { saveRecord } from "../db/capture.js";
import { isSaid, newObjection, objectionKey, objectionRecord } from "../forms/objection_draft.js";
import { keptDraft } from "../forms/kept_draft.js";
import { own, t } from "../i18n/index.js";
import { bringUp } from "../ui/focus.js";
import { dayText, momentText, monthText } from "../ui/format.js";
import { chip, empty, faultBanner, icon, journey, shape, stateText, topbar } from "../ui/parts.js";
import { pictureUrls } from "../ui/picture_urls.js";
import { saveFaultText } from "../ui/save_faults.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { findingName, findingYuan, standingOfFinding } from "./finding_words.js";
import { objectionForm } from "./objection.js";
import { visitState } from "./outlet_history.js";
import { photoTaker } from "./photo_taker.js";

/** @param {import("../app.js").App} app @param {{findingId: string}} params */
export async function findingScreen(app, { findingId }) {
  const { capture } = await databases(/** @type {any} */ (app.session).personId);
  const kept = await keptDraft(capture, objectionKey(findingId), newObjection(findingId), app.draw);
  const pictures = pictureUrls(capture, app.draw, kept.isSaved);
  const find = () => app.company?.findings.find((one) => one.id === findingId);
  const state = { error: /** @type {unknown} */ (""), isSaving: false, isBusy: false };
  const taker = photoTaker(app, capture, kept, state, () => ({ title: t("objection.photo"), isGalleryAllowed: true }));

  /** Save the record; "on the phone" is shown only when the phone's storage said so. */
  async function send() {
    if (state.isSaving) return;
    if (!isSaid(kept.draft)) {
      state.error = t(kept.draft.ground ? "objection.say" : "objection.choose");
      app.draw();
      return bringUp("[role=alert]");
    }
    Object.assign(state, { isSaving: true, error: "" });
    await kept.close();
    try {
      const record = objectionRecord(kept.draft, t(`objection.ground.${kept.draft.ground}`));
      await saveRecord(capture, { ...record, scope: `user:${app.company?.person.id}` }, kept.key);
      Object.assign(kept.draft, newObjection(findingId)); // a later decision may be objected to again
    } catch (fault) {
      const code = /** @type {any} */ (fault).code;
      pictures.noteFault(fault);
      if (code !== "already_saved") state.error = saveFaultText(fault);
    }
    kept.reopen();
    state.isSaving = false;
    app.draw();
    if (state.error) bringUp("[role=alert]");
  }

  return {
    title: () => (find() ? findingName(find()) : t("month.findings")),
    view: () => (find() ? view(find(), { app, kept, pictures, state, taker, send }) : gone()),
    close: pictures.close,
  };
}

function gone() {
  return html`${topbar(t("finding.why"), { back: "#/month" })}<main class="main">${empty("doc", "finding.gone")}</main>`;
}

/** @param {any} finding @param {import("./objection.js").Writing} writing */
function view(finding, writing) {
  const { app, kept } = writing;
  const company = /** @type {import("../company.js").Company} */ (app.company);
  const standing = standingOfFinding(finding, company);
  const told = kept.problem() ? stateText("overdue", t("draft.failed")) : kept.isSaved() ? stateText("done", t("draft.saved")) : nothing;
  const end = standing.canObject ? html`<span class="end small faint" role="status">${told}</span>` : nothing;
  return html`${topbar(t("finding.why"), { back: "#/month", end })}
    <main class="main">
      ${headCard(finding, standing, company.month)} ${records(finding, company)} ${said(finding, company)}
      ${standing.waiting ? waitingCard(app, standing.waiting) : nothing}
      ${standing.canObject ? objectionForm(writing) : closedNote(finding, standing)}
      ${faultBanner(writing.state.error)}
    </main>
    ${
      standing.canObject
        ? html`<footer class="bottom"><div class="actions"><button class="button primary wide" data-testid="send-objection" ?disabled=${writing.state.isSaving} @click=${writing.send}>${icon("object")}${t("objection.send")}</button></div></footer>`
        : nothing
    }`;
}

/** @param {any} finding @param {import("./finding_words.js").FindingStanding} standing @param {string} present month */
function headCard(finding, standing, present) {
  const rule = finding.rule_zh ? own({ zh: finding.rule_zh, en: finding.rule_en }) : "";
  const cost = finding.state === "upheld" ? (finding.is_award ? "pos" : "neg") : "faint";
  return html`<div class="card stack s"><div class="line between"><h2>${findingName(finding)}</h2><span class="amount num ${cost}">${findingYuan(finding)}</span></div>
    <p class="small quiet">${monthText(finding.month, present)}${finding.outlet_name ? html` · <span translate="no">${finding.outlet_name}</span>` : nothing}</p>
    ${rule ? html`<p class="small">${t("finding.rule", { rule })}</p>` : nothing}
    ${finding.reason ? html`<p class="small note-text" translate="no">${finding.reason}</p>` : nothing}
    <span class="line">${chip(standing.state, standing.words)}</span>
    ${finding.state === "proposed" ? html`<p class="small quiet">${t("finding.costs_nothing_yet")}</p>` : nothing}</div>`;
}

/** What it rests on, as far as this phone holds it. @param {any} finding @param {import("../company.js").Company} company */
function records(finding, company) {
  const outlet = company.outletById.get(finding.outlet_id);
  const named = new Set(
    (finding.evidence ?? []).filter((/** @type {any} */ one) => one.kind === "visit").map((/** @type {any} */ one) => one.id),
  );
  const visits = company.visits.filter((visit) => named.has(visit.id));
  if (!outlet && !visits.length) return nothing;
  return html`<section class="section" aria-labelledby="proof"><h2 id="proof">${t("finding.records")}</h2><div class="card flush rows discs">
    ${visits.map(
      (
        visit,
      ) => html`<a class="row" href="#/visits/${visit.id}"><span class="disc">${icon("today")}</span><span class="body"><span class="name">${t("visit")}</span>
      <span class="small quiet">${dayText(visit.visited_on)}</span></span>${shape(visitState(visit))}</a>`,
    )}
    ${outlet ? html`<a class="row" href="#/outlets/${outlet.id}"><span class="disc">${icon("shop")}</span><span class="body"><span class="name" translate="no">${outlet.name}</span><span class="small quiet">${t("finding.outlet")}</span></span><span class="faint">${icon("next", "s")}</span></a>` : nothing}
  </div></section>`;
}

/** @param {any} finding @param {import("../company.js").Company} company */
function said(finding, company) {
  if (!finding.objections.length) return nothing;
  return html`<section class="section" aria-labelledby="said"><h2 id="said">${t("finding.said")}</h2>${finding.objections.map(
    (/** @type {any} */ one) => html`<div class="card stack s" data-testid="objection">
      <p class="note-text" translate="no">${one.text}</p><p class="small quiet num">${momentText(one.at, company.today)}${one.photos.length ? ` · ${t("objection.photos", { n: one.photos.length })}` : ""}</p>
      ${
        one.answer
          ? html`<p>${stateText(one.answer === "accepted" ? "done" : "overdue", t(`objection.answer.${one.answer}`))}</p><p class="small" translate="no">${[one.answered_by, one.answer_reason].filter(Boolean).join(t("colon"))}</p>`
          : html`<p>${stateText("waiting", t("objection.unanswered"))}</p>`
      }</div>`,
  )}</section>`;
}

/** @param {import("../app.js").App} app @param {import("../outbox/rows.js").OutboxRow} row */
function waitingCard(app, row) {
  return html`<section class="section" aria-labelledby="sent"><h2 id="sent">${t("finding.said")}</h2><div class="card stack s" data-testid="objection-waiting">
    <p class="note-text" translate="no">${row.body.text}</p>${journey(row, app.engine?.status().online ?? true)}<p class="small quiet">${t("objection.kept")}</p></div></section>`;
}

/** Why nothing can be said here. @param {any} finding @param {import("./finding_words.js").FindingStanding} standing */
function closedNote(finding, standing) {
  if (standing.waiting || finding.is_award) return nothing;
  if (finding.state === "dismissed") return html`<p class="small quiet">${t("finding.dismissed.text")}</p>`;
  if (finding.objections.some((/** @type {any} */ one) => one.answer === "")) return nothing;
  return html`<p class="small quiet">${t(finding.objections.length ? "finding.answered.text" : "finding.late.text")}</p>`;
}
