// @ts-check
// 发送情况: honest about where every record is.
import { t } from "../i18n/index.js";
import { isSpaceLow } from "../outbox/storage.js";
import { bytesText, momentText } from "../ui/format.js";
import { banner, chip, icon, journey, shape, signedOutBanner, stateText, topbar } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

const PHOTO_BYTES = 350_000;

/** @param {import("../app.js").App} app */
export function syncScreen(app) {
  return { title: () => t("sync"), view: () => (app.company && app.engine ? view(app, app.company) : nothing) };
}

/** @param {import("../app.js").App} app @param {import("../company.js").Company} company */
function view(app, company) {
  const status = /** @type {NonNullable<typeof app.engine>} */ (app.engine).status();
  const attention = company.outbox.filter((row) => row.state === "attention");
  const underWay = company.outbox.filter((row) => ["on_phone", "sending", "sent"].includes(row.state));
  const settled = company.outbox.filter((row) => ["accepted", "review", "refused"].includes(row.state)).slice(0, 20);
  return html`${topbar(t("sync"), { back: "#/me" })}
    <main class="main">
      ${summary(status, company)} ${signedOut(app, status)}
      ${
        attention.length
          ? section(
              "sync.look",
              attention.map((row) => banner("overdue", nameOf(row, company), t(`problem.${row.problem?.code ?? "invalid_record"}`))),
            )
          : nothing
      }
      ${underWay.length ? section("sync.under_way", html`<div class="card flush rows">${underWay.map((row) => wayRow(row, company, status.online))}</div>`) : nothing}
      ${settled.length ? section("sync.settled", html`<div class="card flush rows indent">${settled.map((row) => settledRow(row, company))}</div>`) : nothing}
      ${room(status)}
    </main>
    <footer class="bottom"><div class="actions"><button class="button primary wide" data-testid="sync-now" @click=${() => app.engine?.syncNow()}>${icon("sync")}${t("sync.now")}</button></div></footer>`;
}

/** @param {any} status @param {import("../company.js").Company} company */
function summary(status, company) {
  const [state, words] = phaseOf(status);
  const oldest = status.oldestUnsentAt ? t("sync.oldest", { when: momentText(status.oldestUnsentAt, company.today) }) : t("sync.all_sent");
  return html`<div class="card stack s">
    <div class="line between">${chip(state, words)}<span class="small quiet">${status.lastSyncedAt ? t("sync.last", { when: momentText(status.lastSyncedAt, company.today) }) : t("sync.never")}</span></div>
    <p><span class="big num">${status.unsent}<span class="unit">${t("sync.unit")}</span></span></p>
    <p class="small quiet">${oldest}${status.photosUnsent ? html`<br />${t("sync.photos", { n: status.photosUnsent })}` : nothing}</p>
  </div>`;
}

/** @param {any} status @returns {["done" | "waiting" | "overdue", string]} */
function phaseOf(status) {
  if (status.signedOut) return ["overdue", t("phase.signed_out")];
  if (!status.online) return ["waiting", t("phase.offline")];
  if (["pushing", "pulling", "uploading", "recovering"].includes(status.phase)) return ["waiting", t(`phase.${status.phase}`)];
  if (status.lastError) return ["waiting", t("phase.unreachable")];
  return ["done", t("phase.idle")];
}

/** @param {import("../app.js").App} app @param {any} status */
function signedOut(app, status) {
  if (!status.signedOut && !app.session?.isSignedOut) return nothing;
  return signedOutBanner(status.unsent);
}

/** @param {string} key @param {unknown} content */
function section(key, content) {
  return html`<section class="section" aria-labelledby=${key}><h2 id=${key}>${t(key)}</h2>${content}</section>`;
}

/** @param {import("../outbox/rows.js").OutboxRow} row @param {import("../company.js").Company} company */
function nameOf(row, company) {
  const outlet = company.outletById.get(row.body.outlet_id);
  return html`${t("visit")} · <span translate="no">${outlet?.name ?? t("sync.other_outlet")}</span>`;
}

/** @param {import("../outbox/rows.js").OutboxRow} row @param {import("../company.js").Company} company @param {boolean} isOnline */
function wayRow(row, company, isOnline) {
  return html`<div class="journey-row row-wrap" data-testid="outbox-row" data-state=${row.state}><p class="line between"><b>${nameOf(row, company)}</b><span class="small quiet num">${momentText(row.savedAt, company.today)}</span></p>${journey(row, isOnline)}</div>`;
}

/** @param {import("../outbox/rows.js").OutboxRow} row @param {import("../company.js").Company} company */
function settledRow(row, company) {
  const isParked = row.state === "review";
  const words = isParked ? t("sync.parked") : row.code === "out_of_scope_accepted" ? t("sync.elsewhere") : t("sync.arrived");
  return html`<div class="row" data-testid="outbox-row" data-state=${row.state}><span class="lead">${shape(isParked ? "waiting" : "done")}</span>
    <span class="body"><span class="name">${nameOf(row, company)}</span><span class="small quiet">${momentText(row.savedAt, company.today)} · ${t("journey.photos", { n: row.photosSent, m: row.photosTotal })}</span></span>
    <span class="small strong state" data-state=${isParked ? "waiting" : "done"}>${words}</span></div>`;
}

/** @param {any} status */
function room({ storage }) {
  if (!storage.quota) return nothing;
  const free = storage.quota - (storage.usage ?? 0);
  const isLow = isSpaceLow(storage);
  return section(
    "sync.room",
    html`<div class="card stack s"><p class="line between"><span>${t("sync.room.photos", { n: Math.floor(free / PHOTO_BYTES).toLocaleString("en") })}</span><span class="small quiet num">${bytesText(free)}</span></p>
      <progress class="bar" data-state=${isLow ? "overdue" : "done"} max="100" value=${Math.ceil(((storage.usage ?? 0) / storage.quota) * 100)} aria-label=${t("sync.room.used")}></progress>
      ${isLow ? html`<p>${stateText("overdue", t("sync.room.low"))}</p>` : nothing}
      <p class="small">${storage.persisted ? stateText("done", t("sync.room.kept")) : stateText("none", t("sync.room.not_kept"))}</p></div>`,
  );
}
