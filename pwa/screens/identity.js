// @ts-check
// 证件号码 of an outlet's person in charge: checked while it is typed, sealed when it is saved. No draft of it is kept.
import { databases } from "../company.js";
import { saveRecord } from "../db/capture.js";
import { identityRecord } from "../forms/identity.js";
import { t } from "../i18n/index.js";
import { replace } from "../router.js";
import { DOCUMENT_KINDS, documentFault, documentNumber, RESIDENT_DIGITS, RESIDENT_ID } from "../rules/resident_id.js";
import { bringUp } from "../ui/focus.js";
import { banner, empty, faultBanner, icon, stateText, topbar } from "../ui/parts.js";
import { saveFaultText } from "../ui/save_faults.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { identityText, identityTurn } from "./outlet_file.js";

const MOST_LETTERS = 60;
const LEAST_OTHER = 5;

/** @typedef {{kind: string, typed: string, isTried: boolean, error: string, isSaving: boolean}} State `typed` lives no longer than this screen */

/** @param {import("../app.js").App} app @param {{outletId: string}} params */
export async function identityScreen(app, { outletId }) {
  const outlet = () => app.company?.outletById.get(outletId);
  const { capture } = await databases(/** @type {any} */ (app.session).personId);
  /** @type {State} */
  const state = { kind: outlet()?.id_kind || RESIDENT_ID, typed: "", isTried: false, error: "", isSaving: false };

  /** @param {Partial<State>} changes */
  function change(changes) {
    Object.assign(state, { error: "", isTried: false }, changes);
    app.draw();
  }

  async function save() {
    const company = /** @type {import("../company.js").Company} */ (app.company);
    const number = documentNumber(state.typed);
    if (state.isSaving || !company.identityKey) return;
    state.isTried = true;
    if (faultOf(state, company.today)) {
      app.draw();
      return bringUp("#bad-number");
    }
    state.isSaving = true;
    try {
      await saveRecord(capture, await identityRecord(outletId, state.kind, number, company.identityKey, new Date().toISOString()));
      state.typed = "";
      replace(`/outlets/${outletId}`);
    } catch (fault) {
      Object.assign(state, { isSaving: false, error: saveFaultText(fault, t("identity.broken")) });
      app.draw();
      bringUp("[role=alert]");
    }
  }

  return {
    title: () => t("identity"),
    view: () => (outlet() && !outlet().refused ? view(app, outlet(), state, { change, save }) : gone()),
    close: () => void Object.assign(state, { typed: "" }),
  };
}

function gone() {
  return html`${topbar(t("identity"), { back: "#/outlets" })}<main class="main">${empty("shop", "outlet.gone")}</main>`;
}

/** What is wrong with what was typed, its key without `identity.bad.`. @param {State} state @param {string} today */
function faultOf({ kind, typed }, today) {
  const number = documentNumber(typed);
  return number ? documentFault(kind, number, today) : "required";
}

/** A number that is not whole yet is not wrong yet. @param {State} state */
function isUnderWay({ kind, typed }) {
  return documentNumber(typed).length < (kind === RESIDENT_ID ? RESIDENT_DIGITS : LEAST_OTHER);
}

/** @param {import("../app.js").App} app @param {any} outlet @param {State} state @param {{change: (changes: Partial<State>) => void, save: () => Promise<void>}} acts */
function view(app, outlet, state, { change, save }) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  return html`${topbar(identityTurn(outlet), { back: `#/outlets/${outlet.id}`, small: html`<span translate="no">${outlet.name}</span>` })}
    <main class="main">
      ${company.identityKey ? nothing : noKey()}
      ${outlet.id_masked ? html`<div class="card"><dl class="kv"><div><dt>${t("identity.known")}</dt><dd>${identityText(outlet)}</dd></div></dl></div>` : nothing}
      ${company.identityKey ? fields(state, company.today, change) : nothing}
      ${faultBanner(state.error)}
    </main>
    ${
      company.identityKey
        ? html`<footer class="bottom"><div class="actions"><button class="button primary wide" data-testid="save-identity" ?disabled=${state.isSaving} @click=${save}>${icon("lock")}${t("identity.save")}</button></div></footer>`
        : nothing
    }`;
}

/** Nothing is asked that could not be sealed. */
function noKey() {
  const sync = html`<a class="button" href="#/sync">${icon("sync")}${t("sync")}</a>`;
  return html`<div data-testid="identity-no-key">${banner("due", t("identity.no_key"), t("identity.no_key.text"), sync)}</div>`;
}

/** @param {State} state @param {string} today @param {(changes: Partial<State>) => void} change */
function fields(state, today, change) {
  return html`<div class="field"><span class="label" id="l-kind">${t("identity.kind")}</span><div class="choices wide documents" role="radiogroup" aria-labelledby="l-kind">${DOCUMENT_KINDS.map(
    (kind) =>
      html`<button class="choice start" role="radio" aria-checked=${state.kind === kind} data-testid="identity-${kind}" @click=${() => change({ kind })}><span class="radio"></span>${t(`identity.kind.${kind}`)}</button>`,
  )}</div></div>
    ${numberField(state, today, (typed) => change({ typed }))}
    <p class="small quiet">${t("identity.no_draft")}</p>`;
}

/** The browser must not keep it either: neither for filling in nor for a page that it brings back. @param {State} state @param {string} today @param {(typed: string) => void} type */
function numberField(state, today, type) {
  const fault = faultOf(state, today);
  const isShown = fault !== "" && (state.isTried || (state.typed !== "" && !isUnderWay(state)));
  const count = state.kind === RESIDENT_ID ? t("identity.digits", { n: documentNumber(state.typed).length, m: RESIDENT_DIGITS }) : "";
  const typed = (/** @type {InputEvent} */ event) => type(/** @type {HTMLInputElement} */ (event.target).value);
  return html`<div class="field"><label for="number"><span>${t("identity.number")}</span> <span class="hint num">${count}</span></label>
    <div class="input"><input id="number" class="num" data-testid="identity-number" maxlength=${MOST_LETTERS} autocomplete="off" autocapitalize="characters" autocorrect="off" spellcheck="false"
      aria-invalid=${isShown ? "true" : nothing} aria-describedby=${isShown ? "bad-number" : nothing} .value=${state.typed} @input=${typed} /></div>
    ${isShown ? html`<span class="error" id="bad-number">${icon("warn", "s")}${t(`identity.bad.${fault}`)}</span>` : nothing}
    ${fault === "" ? html`<span data-testid="identity-fits">${stateText("done", t("identity.fits"))}</span>` : nothing}</div>`;
}
