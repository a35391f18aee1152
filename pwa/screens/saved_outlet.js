// @ts-check
// A new outlet was saved: it is on the phone, what comes next, and what can be done there at once.
import { lacksIdentity, missingForApproval } from "../forms/outlet_fields.js";
import { t } from "../i18n/index.js";
import { icon, isReaching, shape } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @param {import("../app.js").App} app @param {{outletId: string}} params */
export async function savedOutletScreen(app, { outletId }) {
  await app.refresh();
  return { title: () => t("saved"), view: () => view(app, outletId) };
}

/** @param {import("../app.js").App} app @param {string} outletId */
function view(app, outletId) {
  const outlet = app.company?.outletById.get(outletId);
  const row = app.company?.outbox.find((one) => one.entity.id === outletId && one.form.startsWith("new_outlet."));
  const missing = outlet ? missingForApproval(outlet) : [];
  const isIdentityMissing = outlet && lacksIdentity(outlet, app.company?.month ?? "", app.company?.sheets ?? []);
  return html`<main class="main state-page alone" data-testid="saved-outlet">
      <span class="emblem" data-state="done">${icon("phone-check")}</span>
      <div class="stack s"><h1 tabindex="-1">${t("saved")}</h1>${outlet ? html`<p class="strong" translate="no">${outlet.name}</p>` : nothing}<p class="quiet">${t("saved.text")}</p></div>
      <div class="card flush rows indent left">
        ${line("done", t("record.new_outlet"), t("journey.phone"))} ${row?.photosTotal ? line("done", t("saved.photos", { n: row.photosTotal }), t("journey.phone")) : nothing}
        ${line(...companyLine(row, isReaching(app)))}
      </div>
      ${outlet && !outlet.id_masked ? html`<a class="button wide" href="#/outlets/${outletId}/identity" data-testid="identity-now">${icon("key")}${t("identity.enter")}</a>` : nothing}
      <p class="small quiet">${missing.length ? t("file.missing", { names: missing.map((name) => t(`field.${name}`)).join(t("list_comma")) }) : t(isIdentityMissing ? "saved_outlet.may_submit" : "saved_outlet.submit")}</p>
      ${isIdentityMissing ? html`<p class="small">${t("file.no_identity")}</p>` : nothing}
    </main>
    <footer class="bottom"><div class="actions"><a class="button side" href="#/outlets/${outletId}/visit" data-testid="visit-now">${t("saved_outlet.visit")}</a>
      <a class="button primary" href="#/outlets/${outletId}" data-testid="open-outlet">${t("saved_outlet.open")}</a></div></footer>`;
}

/** What the company has of it. @param {import("../outbox/rows.js").OutboxRow | undefined} row @param {boolean} isOnline @returns {["done" | "waiting" | "overdue", string, string]} */
function companyLine(row, isOnline) {
  const name = t("saved.company");
  if (row?.state === "attention") return ["overdue", name, t("chip.attention")];
  if (row?.state === "accepted") return ["done", name, t("journey.received")];
  if (row?.state === "sent") return ["waiting", name, t("journey.photos", { n: row.photosSent, m: row.photosTotal })];
  return ["waiting", name, t(isOnline ? "journey.sending" : "journey.wait")];
}

/** @param {"done" | "waiting" | "overdue"} state @param {string} name @param {string} words */
function line(state, name, words) {
  return html`<div class="row"><span class="lead">${shape(state)}</span><span class="body"><span class="name">${name}</span></span><span class="small strong state" data-state=${state}>${words}</span></div>`;
}
