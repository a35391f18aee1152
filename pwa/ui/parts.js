// @ts-check
// The pieces that screens are made of; the classes are those of css/.
import { t } from "../i18n/index.js";
import { html, nothing, svg } from "../vendor/lit-html/lit-html.js";

/** @typedef {"done" | "due" | "overdue" | "none" | "waiting"} State */

/** @param {string} name of a symbol in index.html, without `i-` @param {string} [size] */
export function icon(name, size = "") {
  return html`<svg class="icon ${size}" aria-hidden="true"><use href="#i-${name}"></use></svg>`;
}

/** @param {State} state */
export function shape(state) {
  return html`<svg class="shape" data-state=${state} aria-hidden="true"><use href="#s-${state}"></use></svg>`;
}

/** A worded state in a row. @param {State} state @param {string} words */
export function stateText(state, words) {
  return html`<span class="state small" data-state=${state}>${shape(state)}${words}</span>`;
}

/** A filled state: the screen's verdict. @param {State} state @param {string} words */
export function chip(state, words) {
  return html`<span class="chip" data-state=${state}>${shape(state)}${words}</span>`;
}

/** @param {string} letter @param {string} [size] */
export function classLetter(letter, size = "") {
  return html`<span class="class ${size}" translate="no">${letter}</span>`;
}

/**
 * The bar of an inner screen. @param {string} title
 * @param {{back?: string, onBack?: () => void, onClose?: () => void, small?: unknown, end?: unknown, below?: unknown}} [options]
 */
export function topbar(title, { back, onBack, onClose, small, end, below } = {}) {
  return html`<header class="topbar ${below ? "with-progress" : ""}">
    ${back ? html`<a class="icon-button" href=${back} aria-label=${t("back")}>${icon("back")}</a>` : nothing}
    ${onBack ? html`<button class="icon-button" @click=${onBack} aria-label=${t("back")}>${icon("back")}</button>` : nothing}
    ${onClose ? html`<button class="icon-button" @click=${onClose} aria-label=${t("close.keep")}>${icon("close")}</button>` : nothing}
    <h1 class="title" tabindex="-1">${title}${small ? html`<small>${small}</small>` : nothing}</h1>
    ${end ?? nothing}${below ? html`<div class="full">${below}</div>` : nothing}
  </header>`;
}

/** Why something could not go on, read out at once; nothing while all is well. @param {unknown} [fault] words, or a banner that says what to do */
export function faultBanner(fault) {
  return fault ? html`<div role="alert">${typeof fault === "string" ? banner("overdue", fault, "") : fault}</div>` : nothing;
}

/** @param {State} state @param {unknown} name @param {unknown} text @param {unknown} [actions] @param {unknown} [picture] instead of the state's shape */
export function banner(state, name, text, actions, picture) {
  return html`<div class="banner" data-state=${state} role="status">
    ${picture ?? shape(state)}
    <div class="body">
      <span class="name">${name}</span>
      ${text ? html`<p>${text}</p>` : nothing} ${actions ? html`<div class="do">${actions}</div>` : nothing}
    </div>
  </div>`;
}

/** The company no longer takes this phone's sign-in; capture goes on. @param {number} unsent */
export function signedOutBanner(unsent) {
  const words = unsent ? t("sync.sign_in", { n: unsent }) : t("sync.sign_in_again");
  const action = html`<a class="button" href="#/sign-in/password" data-testid="sign-in-again">${words}</a>`;
  return banner("due", t("sync.signed_out"), t("sync.signed_out.text"), action);
}

/** Whether the company takes nothing from this phone before its owner signs in again. @param {import("../app.js").App} app @returns {boolean} */
export function isSignedOut(app) {
  return Boolean(app.session?.isSignedOut || app.engine?.status().signedOut);
}

/** Whether records get through to the company: a network may be there that leads nowhere, or to somebody else. @param {import("../app.js").App} app @returns {boolean} */
export function isReaching(app) {
  const status = app.engine?.status();
  return Boolean(status?.online) && !["unreachable", "foreign"].includes(status?.lastError?.code ?? "");
}

/** Nothing to show: what that means and what to do. @param {string} picture @param {string} key @param {string} [text] instead of the key's own */
export function empty(picture, key, text) {
  return html`<section class="state-page card"><span class="emblem" data-state="done">${icon(picture)}</span>
    <div class="stack s"><h2>${t(key)}</h2><p class="quiet">${text ?? t(`${key}.text`)}</p></div></section>`;
}

/** Bars of a flow: done ones filled, the present one outlined. @param {number} done @param {number} total @param {boolean} [isAsking] */
export function progressBars(done, total, isAsking = true) {
  const bars = Array.from({ length: total }, (_, place) => (place < done ? "on" : place === done && isAsking ? "now" : ""));
  return html`<div class="progress" role="img" aria-label=${t("progress", { n: Math.min(done, total), m: total })}>
    ${bars.map((kind) => html`<i class=${kind}></i>`)}
  </div>`;
}

/** How much of an outlet class is done. @param {string} letter @param {number} done @param {number} owed */
export function ring(letter, done, owed) {
  const share = owed ? Math.min(100, Math.round((done / owed) * 100)) : 0;
  const missing = Math.max(0, owed - done);
  const words = missing ? t("ring.missing", { n: missing }) : owed ? t("ring.done") : t("ring.none");
  return html`<div class="ring" role="img" aria-label="${t("class.of", { letter })} ${done}/${owed} ${words}">
    <div class="dial">
      <svg viewBox="0 0 76 76">
        <circle class="track" cx="38" cy="38" r="33"></circle>
        ${share ? svg`<circle class="arc" cx="38" cy="38" r="33" pathLength="100" stroke-dasharray="${share} 100"></circle>` : nothing}
      </svg>
      <span class="value num">${done}<small>/${owed}</small></span>
    </div>
    <div class="label"><b>${t("class.of", { letter })}</b><span class="quiet">${words}</span></div>
  </div>`;
}

/** The four tabs of the root screens. @param {string} current @param {number} unsent */
export function tabs(current, unsent) {
  const all = /** @type {const} */ ([
    ["today", "today"],
    ["outlets", "shop"],
    ["month", "wallet"],
    ["me", "person"],
  ]);
  return html`<nav class="tabs" aria-label=${t("tabs")}>
    ${all.map(
      ([name, picture]) =>
        html`<a class="tab" href="#/${name}" aria-current=${name === current ? "page" : nothing}>
          <span class="pill">${icon(picture)}</span>${t(`tab.${name}`)}
          ${name === "me" && unsent ? html`<span class="count num" aria-label=${t("sync.unsent", { n: unsent })}>${unsent}</span>` : nothing}
        </a>`,
    )}
  </nav>`;
}

/** Where a record is on its way to the company. @param {boolean} isOnline @param {import("../outbox/rows.js").OutboxRow} row */
export function journey(row, isOnline) {
  const place = { on_phone: 1, sending: 1, sent: 3, accepted: 4, review: 4, refused: 2, attention: 2 }[row.state];
  const steps = [
    t("journey.phone"),
    place > 1 ? t("journey.sent") : row.state === "sending" ? t("journey.sending") : isOnline ? t("journey.send") : t("journey.wait"),
    place > 2 ? t("journey.received") : t("journey.receive"),
    ...filesStep(row),
  ];
  return html`<ol class="journey">
    ${steps.map((words, step) => {
      const state = step < place ? "done" : step === place ? "waiting" : "none";
      return html`<li class=${step < place ? "on" : step === place ? "now" : ""}>${shape(state)}${words}</li>`;
    })}
  </ol>`;
}

/** Photos, or a signature alone; nothing for a record without files. @param {import("../outbox/rows.js").OutboxRow} row @returns {string[]} */
function filesStep(row) {
  if (row.photosTotal > 0) return [t("journey.photos", { n: row.photosSent, m: row.photosTotal })];
  return row.hasFiles ? [t("journey.signature")] : [];
}
