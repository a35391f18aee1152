// @ts-check
// Saved: durable on the phone, what it counts for, and where to go next.
import { openWork } from "../db/overlay_work.js";
import { t } from "../i18n/index.js";
import { awayM, progressByClass, routeToday } from "../standing.js";
import { firstDay } from "../rules/months.js";
import { distanceText, yuanText } from "../ui/format.js";
import { icon, isReaching, shape } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { clockText } from "./clock_card.js";
import { clockOf } from "./clock_words.js";
import { reasonWords } from "./outlet_history.js";
import { workText } from "./outlet_work.js";
import { problemWords } from "./sync_words.js";

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
  const todo = visit && company.outletById.has(visit.outlet_id) ? workLeft(company, visit.outlet_id) : undefined;
  const next = routeToday(company.outlets, app.here, company.today).legs[0]?.stop;
  return html`<main class="main state-page alone" data-testid="saved">
      <span class="emblem" data-state="done">${icon("phone-check")}</span>
      <div class="stack s"><h1 tabindex="-1">${t("saved")}</h1><p class="quiet">${t("saved.text")}</p></div>
      <div class="card flush rows indent left">
        ${line("done", t(visit?.signer_name ? "saved.record" : "saved.record_only"), t("journey.phone"))} ${line("done", t("saved.photos", { n: row?.photosTotal ?? 0 }), t("journey.phone"))}
        ${line(...companyLine(row, isReaching(app)))}
      </div>
      ${visit ? verdictCard(company, visit, row) : nothing} ${todo ? todoCard(company, todo) : nothing}
    </main>
    <footer class="bottom"><div class="actions"><a class="button ${todo || next ? "side" : "primary"}" href="#/today" data-testid="to-today">${t("saved.today")}</a>
      ${todo ? html`<a class="button primary" href="#${todo.path}" data-testid="saved-do">${t(`saved.do.${todo.work}`)}</a>` : next ? nextButton(next, app.here) : nothing}</div></footer>`;
}

/** The next thing that can be done here: not what was taken down just now, nor a training that was arranged for a later day.
 * @param {import("../company.js").Company} company @param {string} outletId @returns {any} */
export function workLeft(company, outletId) {
  const { today } = company;
  return openWork(company, outletId).find((row) => !row.pending && row.registered_on !== today && !(row.planned_on > today));
}

/** @param {import("../company.js").Company} company @param {any} row of `openWork` */
function todoCard(company, row) {
  return html`<div class="card stack xs left" data-testid="saved-todo"><p class="small quiet">${t("saved.todo")}</p>
    <p class="line between"><b>${t(`work.${row.work}`)}</b>${clockText(clockOf(company, row))}</p><p class="small quiet" translate="no">${workText(row)}</p></div>`;
}

/** @param {any} outlet @param {any} here */
function nextButton(outlet, here) {
  const away = awayM(outlet, here);
  return html`<a class="button primary" href="#/outlets/${outlet.id}" data-testid="saved-next"><span>${t("today.next")}<span translate="no">${outlet.name.split("（")[0]}</span>${away === null ? nothing : html` <small class="num">${distanceText(away)}</small>`}</span></a>`;
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

/** What the visit counts for, by the rules on this phone. @param {import("../company.js").Company} company @param {any} visit @param {import("../outbox/rows.js").OutboxRow | undefined} row */
function verdictCard(company, visit, row) {
  const outlet = company.outletById.get(visit.outlet_id);
  const progress = progressByClass(company.outlets).find(({ letter }) => letter === outlet?.standing.outletClass);
  const words = row?.state === "attention" ? problemWords(row).why : visit.counts ? t("saved.counts") : reasonWords(visit.reasons);
  return html`<div class="card stack s left">
    ${
      progress?.owed
        ? html`<p class="line between"><b>${t("saved.class", { letter: progress.letter })}</b><span class="strong num">${progress.done} / ${progress.owed}</span></p>
      <progress class="bar" max=${progress.owed} value=${progress.done} aria-label=${t("saved.class", { letter: progress.letter })}></progress>`
        : nothing
    }
    <p class="small quiet">${words}</p>
    ${outlet?.standing.owed ? html`<p class="small quiet">${outletWords(company, outlet)}</p>` : nothing}</div>`;
}

/** What is still owed here. @param {import("../company.js").Company} company @param {any} outlet @returns {string} */
function outletWords(company, outlet) {
  const { owed, counted, waiting } = outlet.standing;
  const missing = owed - counted - waiting;
  if (missing > 0) return t("saved.outlet_owes", { n: missing });
  const fine = Number(company.policyOf(firstDay(company.month))["wage.missed_visit_yuan"]);
  return t(waiting ? "saved.outlet_waits" : "saved.outlet_done", { yuan: yuanText(fine) });
}
