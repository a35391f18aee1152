// @ts-check
// What the app records, when, and who sees it.
import { positionReads } from "../capture/position_log.js";
import { t } from "../i18n/index.js";
import { isNoticeDue, NOTICE_VERSION } from "../notice.js";
import { businessDate } from "../rules/months.js";
import { acceptNotice } from "../session_notice.js";
import { momentText } from "../ui/format.js";
import { banner, icon, stateText, topbar } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

const POINTS = ["position", "camera", "work", "phone", "who", "rights"];

/** @param {import("../app.js").App} app */
export function privacyScreen(app) {
  const way = app.session ? { back: "#/me" } : history.length > 1 ? { onBack: () => history.back() } : { back: "#/sign-in" }; // a code of a sign-in link is asked for there still
  const accept = async () => {
    if (app.session) await acceptNotice(app.session.personId);
    void app.engine?.syncNow();
    app.draw();
  };
  return {
    title: () => t("privacy"),
    view: () => html`${topbar(t("privacy"), way)}<main class="main"><p class="small quiet">${t("privacy.version", { n: NOTICE_VERSION })}</p>
      ${app.session ? accepted(app, app.session) : nothing}
      ${POINTS.map((point) => html`<section class="card stack xs"><h2>${t(`privacy.${point}`)}</h2><p>${t(`privacy.${point}.text`)}</p></section>`)} ${app.session ? ownCopy(app.session) : nothing} ${app.session ? reads(app) : nothing}</main>
      ${isNoticeDue(app.session) ? html`<footer class="bottom"><div class="actions"><button class="button primary wide" data-testid="accept-notice" @click=${accept}>${icon("check")}${t("privacy.accept")}</button></div></footer>` : nothing}`,
  };
}

/** What was accepted last, and whether the company knows. @param {import("../app.js").App} app @param {import("../session.js").Session} session */
function accepted(app, session) {
  if (!session.notice || isNoticeDue(session)) return banner("due", t("privacy.new"), t("privacy.new.here"));
  const today = app.company?.today ?? businessDate(new Date());
  const words = t(session.notice.isSent ? "privacy.accepted" : "privacy.accepted.later", { when: momentText(session.notice.at, today) });
  return html`<p class="small" data-testid="notice-accepted">${stateText(session.notice.isSent ? "done" : "waiting", words)}</p>`;
}

/** The console makes the copy, and asks for a sign-in of its own. @param {import("../session.js").Session} session */
function ownCopy({ personId }) {
  return html`<a class="button wide" href="/people/${personId}" target="_blank" rel="noopener" data-testid="own-copy">${icon("download")}${t("privacy.copy")}</a>`;
}

/** When the position was read on this phone; where it was stands with the visits only. @param {import("../app.js").App} app */
function reads(app) {
  const all = positionReads();
  const today = app.company?.today ?? businessDate(new Date());
  return html`<section class="section" aria-labelledby="reads" data-testid="position-reads"><h2 id="reads">${t("privacy.reads")}</h2>
    ${all.length ? html`<div class="card tight"><dl class="kv">${all.map(({ at, why }) => html`<div><dt class="num">${momentText(at, today)}</dt><dd>${t(`privacy.reads.${why}`)}</dd></div>`)}</dl></div>` : html`<p class="small quiet">${t("privacy.reads.none")}</p>`}</section>`;
}
