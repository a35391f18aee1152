// @ts-check
// Nobody signs: the reason instead, where policy allows it.
import { t } from "../i18n/index.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/**
 * @typedef {object} Refusing whether nobody signs, and why; kept with the draft as `signature_refusal`
 * @property {boolean} refuses
 * @property {string} refusal
 */

/** @param {Refusing} state @param {(changes: {signature_refusal: string}) => Promise<void>} change @param {string} words what it means to save without */
export function refusalField(state, change, words) {
  const type = (/** @type {InputEvent} */ event) => {
    state.refusal = /** @type {HTMLTextAreaElement} */ (event.target).value;
    void change({ signature_refusal: state.refusal });
  };
  return html`<div class="field"><label for="refusal">${t("sign.refusal")}</label><div class="input area"><textarea id="refusal" data-testid="refusal" maxlength="1000" .value=${state.refusal} @input=${type}></textarea></div></div>
    <p class="small quiet">${words}</p>`;
}

/** Beside whatever else can be chosen about the signature. @param {Refusing} state @param {boolean} isAllowed @param {() => void} draw */
export function refusalTurn(state, isAllowed, draw) {
  const turn = () => {
    state.refuses = !state.refuses;
    draw();
  };
  return isAllowed
    ? html`<button class="button quiet" data-testid="refuse" @click=${turn}>${state.refuses ? t("sign.sign_after_all") : t("sign.refuses")}</button>`
    : nothing;
}
