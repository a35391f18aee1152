// @ts-check
// Where an outlet's file is on its way to approval: why it was returned, what it lacks, what became of changes.
import { saveRecord } from "../db/capture.js";
import { lacksIdentity, missingForApproval } from "../forms/outlet_fields.js";
import { t } from "../i18n/index.js";
import { uuid7 } from "../ids.js";
import { needsLook } from "../outbox/rows.js";
import { bringUp } from "../ui/focus.js";
import { momentText } from "../ui/format.js";
import { banner, faultBanner, icon, stateText } from "../ui/parts.js";
import { saveFaultText } from "../ui/save_faults.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { attentionBanner, settledRow } from "./sync_rows.js";

const MOST_RESULTS = 3;

/** @typedef {{error: string, isSaving: boolean}} State */

/** @param {import("../app.js").App} app @param {any} outlet @param {any} capture @param {State} state */
export function fileWay(app, outlet, capture, state) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  const isOpen = (outlet.state === "draft" || outlet.state === "returned") && !outlet.refused;
  const isIdentityMissing = lacksIdentity(outlet, company.month, company.sheets);
  return html`${outlet.state === "returned" ? returned(outlet, company) : nothing} ${onPhone(outlet)}
    ${isOpen ? submitCard(outlet, state, isIdentityMissing, () => submit(app, outlet, capture, state)) : nothing} ${isIdentityMissing && !isOpen ? banner("due", t("file.no_identity"), "", identityLink(outlet)) : nothing}
    ${outlet.state === "submitted" ? banner("waiting", t("file.lies_there"), t(outlet.is_submission_unsent ? "file.submitted.unsent" : "file.submitted.text")) : nothing}
    ${results(outlet, company)}`;
}

/** The manager's reason. @param {any} outlet @param {import("../company.js").Company} company */
function returned(outlet, company) {
  const step = outlet.file_step?.state === "returned" ? outlet.file_step : null;
  const text = step
    ? html`<span class="note-text" translate="no">${step.reason}</span><br /><span class="quiet num"><span translate="no">${step.by_name}</span> · ${momentText(step.at, company.today)}</span>`
    : "";
  return html`<div data-testid="returned">${banner("overdue", t("file.returned"), text)}</div>`;
}

/** What the company does not know yet. @param {any} outlet */
function onPhone(outlet) {
  if (outlet.refused)
    return banner("overdue", t("file.refused"), t("file.refused.text"), html`<a class="button" href="#/sync">${t("sync")}</a>`);
  if (outlet.pending) return banner("waiting", t("file.on_phone"), t("file.on_phone.text"));
  if (!outlet.unsent?.length) return nothing;
  const names = outlet.unsent.map((/** @type {string} */ name) => t(`field.${name}`)).join(t("list_comma"));
  return html`<div data-testid="unsent-changes">${banner("waiting", t("file.unsent"), t("file.unsent.text", { names }))}</div>`;
}

/** @param {any} outlet */
function identityLink({ id }) {
  return html`<a class="button wide" href="#/outlets/${id}/identity" data-testid="identity-missing">${icon("key")}${t("identity.enter")}</a>`;
}

/** The ID number holds nothing up: without it the file is approved all the same. @param {any} outlet @param {State} state @param {boolean} isIdentityMissing @param {() => void} send */
function submitCard(outlet, state, isIdentityMissing, send) {
  const missing = missingForApproval(outlet);
  const names = missing.map((name) => t(`field.${name}`)).join(t("list_comma"));
  return html`<section class="card stack s" aria-labelledby="submit"><div class="line between"><h2 id="submit">${t("file.submit.title")}</h2>${missing.length ? stateText("due", t("file.missing.count", { n: missing.length })) : stateText("done", t(isIdentityMissing ? "file.may_submit" : "file.complete"))}</div>
    <p class="small quiet" data-testid="file-missing">${missing.length ? t("file.missing", { names }) : t("file.submit.text")}</p>
    ${isIdentityMissing ? html`<p class="small">${t("file.no_identity")}</p>${identityLink(outlet)}` : nothing} ${faultBanner(state.error)}
    ${
      missing.length
        ? html`<a class="button wide" href="#/outlets/${outlet.id}/file/${missing[0]}" data-testid="fill-in-file">${icon("edit")}${t("file.fill_in")}</a>`
        : html`<button class="button wide" data-testid="submit-file" ?disabled=${state.isSaving} @click=${send}>${icon("send")}${t("file.submit")}</button>`
    }</section>`;
}

/** @param {import("../app.js").App} app @param {any} outlet @param {any} capture @param {State} state */
async function submit(app, outlet, capture, state) {
  if (state.isSaving) return;
  Object.assign(state, { isSaving: true, error: "" });
  const entity = { type: "outlet_step", id: uuid7() };
  const body = { outlet_id: outlet.id };
  try {
    await saveRecord(capture, { kind: "record", form: "outlet_submit.v1", entity, scope: `outlet:${outlet.id}`, body, blobs: [] });
    await app.refresh();
  } catch (fault) {
    state.error = saveFaultText(fault);
  }
  state.isSaving = false;
  app.draw();
  if (state.error) bringUp("[role=alert]");
}

/** Changes and ID documents of this phone with which something was: parked, overwritten, not taken. @param {any} outlet @param {import("../company.js").Company} company */
function results(outlet, company) {
  const isOfFile = (/** @type {any} */ row) => row.form.startsWith("outlet_edit.") || row.form.startsWith("identity.");
  const rows = company.outbox.filter((row) => isOfFile(row) && row.body.outlet_id === outlet.id && (row.problem || row.verdict));
  if (!rows.length) return nothing;
  const [wrong, told] = [rows.filter(needsLook), rows.filter((row) => !needsLook(row))];
  return html`<section class="section" aria-labelledby="changes" data-testid="edit-results"><h2 id="changes">${t("file.changes")}</h2>
    ${wrong.slice(0, MOST_RESULTS).map((row) => attentionBanner(row, company))}
    ${told.length ? html`<div class="card flush rows indent">${told.slice(0, MOST_RESULTS).map((row) => settledRow(row, company))}</div>` : nothing}</section>`;
}
