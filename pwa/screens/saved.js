// @ts-check
// Saved: durable on the phone, what it counts for, and where to go next.
import { t } from "../i18n/index.js";
import { dueOutlets, progressByClass } from "../standing.js";
import { distanceText } from "../ui/format.js";
import { icon, shape } from "../ui/parts.js";
import { awayM } from "../standing.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { reasonWords } from "./past_visit.js";

/** @param {import("../app.js").App} app @param {{visitId: string}} params */
export async function savedScreen(app, { visitId }) {
  await app.refresh();
  return { title: () => t("saved"), view: () => view(app, visitId) };
}

/** @param {import("../app.js").App} app @param {string} visitId */
function view(app, visitId) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  const visit = company.visits.find((one) => one.id === visitId);
  const row = company.outbox.find((one) => one.entity.id === visitId);
  const next = dueOutlets([...company.outlets], app.here)[0];
  const isSent = row && row.state !== "on_phone" && row.state !== "sending";
  return html`<main class="main state-page alone" data-testid="saved">
      <span class="emblem" data-state="done">${icon("phone-check")}</span>
      <div class="stack s"><h1 tabindex="-1">${t("saved")}</h1><p class="quiet">${t("saved.text")}</p></div>
      <div class="card flush rows indent left">
        ${line("done", t("saved.record"), t("journey.phone"))} ${line("done", t("saved.photos", { n: row?.photosTotal ?? 0 }), t("journey.phone"))}
        ${isSent ? line("done", t("saved.company"), t("journey.received")) : line("waiting", t("saved.company"), app.engine?.status().online ? t("journey.sending") : t("journey.wait"))}
      </div>
      ${visit ? verdictCard(company, visit) : nothing}
    </main>
    <footer class="bottom"><div class="actions"><a class="button ${next ? "side" : "primary"}" href="#/today" data-testid="to-today">${t("saved.today")}</a>
      ${next ? html`<a class="button primary" href="#/outlets/${next.id}">${t("saved.next")}${nextDistance(next, app.here)}</a>` : nothing}</div></footer>`;
}

/** @param {any} outlet @param {any} here */
function nextDistance(outlet, here) {
  const away = awayM(outlet, here);
  return away === null ? nothing : html` <small class="num">${distanceText(away)}</small>`;
}

/** @param {"done" | "waiting"} state @param {string} name @param {string} words */
function line(state, name, words) {
  return html`<div class="row"><span class="lead">${shape(state)}</span><span class="body"><span class="name">${name}</span></span><span class="small strong state" data-state=${state}>${words}</span></div>`;
}

/** What the visit counts for, by the rules on this phone. @param {import("../company.js").Company} company @param {any} visit */
function verdictCard(company, visit) {
  const outlet = company.outletById.get(visit.outlet_id);
  const progress = progressByClass(company.outlets).find(({ letter }) => letter === outlet?.standing.outletClass);
  const words = visit.counts ? t("saved.counts") : reasonWords(visit.reasons);
  return html`<div class="card stack s left">
    ${
      progress?.owed
        ? html`<p class="line between"><b>${t("saved.class", { letter: progress.letter })}</b><span class="strong num">${progress.done} / ${progress.owed}</span></p>
      <progress class="bar" max=${progress.owed} value=${progress.done} aria-label=${t("saved.class", { letter: progress.letter })}></progress>`
        : nothing
    }
    <p class="small quiet">${words}</p></div>`;
}
