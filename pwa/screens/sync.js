// @ts-check
// 发送情况: honest about where every record is, why, and what to do.
import { databases } from "../company.js";
import { acknowledge } from "../db/captured_work.js";
import { t } from "../i18n/index.js";
import { needsLook } from "../outbox/rows.js";
import { businessTime } from "../rules/months.js";
import { bringUp, focusHeading } from "../ui/focus.js";
import { momentText } from "../ui/format.js";
import { chip, faultBanner, icon, isSignedOut, signedOutBanner, topbar } from "../ui/parts.js";
import { saveFaultText } from "../ui/save_faults.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { roomSection } from "./sync_room.js";
import { attentionBanner, settledRow, wayRow } from "./sync_rows.js";
import { wayOf } from "./sync_words.js";

const MOST_SETTLED = 20;

/** @typedef {{tried: string, isTrying: boolean, error: string, isRefused: boolean}} State error: why something was not put aside; isRefused: the browser did not promise to keep the data */

/** @param {import("../app.js").App} app */
export function syncScreen(app) {
  /** @type {State} */
  const state = { tried: "", isTrying: false, error: "", isRefused: false };
  return { title: () => t("sync"), view: () => (app.company && app.engine ? view(app, app.company, app.engine.status(), state) : nothing) };
}

/** @param {import("../app.js").App} app @param {import("../company.js").Company} company @param {import("../outbox/engine.js").EngineStatus} status @param {State} state */
function view(app, company, status, state) {
  const of = (/** @type {string[]} */ ...states) => company.outbox.filter((row) => states.includes(row.state));
  return html`${topbar(t("sync"), { back: "#/me", end: exportLink(app) })}
    <main class="main">
      ${summary(status, company)} ${isSignedOut(app) ? signedOutBanner(status.unsent) : nothing} ${faultBanner(state.error)}
      ${section(
        "sync.look",
        company.outbox.filter(needsLook).map((row) => attentionBanner(row, company, () => acknowledgeRow(app, state, row))),
      )}
      ${list(
        "sync.under_way",
        of("on_phone", "sending", "sent").map((row) => wayRow(row, company, status.online)),
        "",
      )}
      ${list(
        "sync.review",
        of("review").map((row) => settledRow(row, company)),
      )}
      ${list(
        "sync.settled",
        of("accepted", "refused", "attention")
          .filter((row) => !needsLook(row))
          .slice(0, MOST_SETTLED)
          .map((row) => settledRow(row, company)),
      )}
      ${roomSection(app, status.storage, state)}
    </main>
    <footer class="bottom"><div class="actions">
      <p class="note tiny faint center" role="status">${state.tried}</p>
      <button class="button primary wide" data-testid="sync-now" aria-busy=${state.isTrying} @click=${() => tryNow(app, state)}>${icon("sync")}${t("sync.now")}</button></div></footer>`;
}

/** @param {import("../app.js").App} app @param {State} state @param {import("../outbox/rows.js").OutboxRow} row */
async function acknowledgeRow(app, state, row) {
  const { capture } = await databases(/** @type {any} */ (app.session).personId);
  try {
    await acknowledge(capture, row.opId);
  } catch (fault) {
    state.error = saveFaultText(fault);
    app.draw();
    return bringUp("[role=alert]");
  }
  state.error = "";
  await app.refresh();
  focusHeading(); // the button is gone
}

/** @param {import("../app.js").App} app */
function exportLink(app) {
  return html`<a class="icon-button" href="#/export/${app.session?.personId}" aria-label=${t("export")} data-testid="export">${icon("download")}</a>`;
}

/** Try, and say what came of it. @param {import("../app.js").App} app @param {State} state */
async function tryNow(app, state) {
  const { engine } = app;
  if (!engine || state.isTrying) return;
  Object.assign(state, { isTrying: true, tried: "" });
  app.draw();
  await engine.syncNow();
  Object.assign(state, {
    isTrying: false,
    tried: t("sync.tried", { time: businessTime(new Date()), words: wayOf(engine.status()).words }),
  });
  app.draw();
}

/** @param {import("../outbox/engine.js").EngineStatus} status @param {import("../company.js").Company} company */
function summary(status, company) {
  const way = wayOf(status);
  const oldest = status.oldestUnsentAt ? t("sync.oldest", { when: momentText(status.oldestUnsentAt, company.today) }) : t("sync.all_sent");
  return html`<div class="card stack s" data-testid="sync-summary">
    <div class="line between">${chip(way.state, way.words)}<span class="small quiet">${status.lastSyncedAt ? t("sync.last", { when: momentText(status.lastSyncedAt, company.today) }) : t("sync.never")}</span></div>
    <p><span class="big num">${status.unsent}<span class="unit">${t("sync.unit")}</span></span></p>
    <p class="small quiet">${oldest}${status.photosUnsent ? html`<br />${t("sync.photos", { n: status.photosUnsent })}` : nothing}</p>
    ${way.what ? html`<p class="small">${way.what}</p>` : nothing}
  </div>`;
}

/** A part of the screen; nothing when it is empty. @param {string} key @param {unknown[]} parts */
function section(key, parts) {
  return parts.length ? html`<section class="section" aria-labelledby=${key}><h2 id=${key}>${t(key)}</h2>${parts}</section>` : nothing;
}

/** @param {string} key @param {unknown[]} rows @param {string} [kind] */
function list(key, rows, kind = "indent") {
  return section(key, rows.length ? [html`<div class="card flush rows ${kind}">${rows}</div>`] : []);
}
