// @ts-check
// Who signs: somebody the outlet's file knows, or another person with name and role.
import { t } from "../i18n/index.js";
import { bringUp } from "../ui/focus.js";
import { icon } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @typedef {{outlet: any, change: (changes: any) => Promise<void>, draw: () => void}} Signing where the signer is kept */

const ROLES = ["owner", "cashier", "other"];

/** @param {Signing} at @param {any} state */
export function otherSigner(at, state) {
  const choose = () => {
    Object.assign(state, { signer: { name: "", role: "other" }, isOther: true });
    at.draw();
    bringUp("#signer-name", "nearest"); // the pad stays in sight
  };
  return html`<button class="button quiet" data-testid="signer-other" aria-pressed=${state.isOther} @click=${choose}>${icon("person", "s")}${t("sign.other")}</button>`;
}

/** @param {Signing} at @param {any} state */
export function signerChoices(at, state) {
  const choose = (/** @type {any} */ signer, /** @type {boolean} */ isOther) => {
    Object.assign(state, { signer, isOther });
    void at.change({ signer });
  };
  const listed = at.outlet.signers;
  return html`<div class="stack s small">
    ${
      listed.length
        ? html`<div class="field"><span class="label" id="signer">${t("sign.signer")}</span>
      <div class="choices wide" role="radiogroup" aria-labelledby="signer">
        ${listed.map((/** @type {any} */ one) => personChoice(one, !state.isOther && state.signer.name === one.name && state.signer.role === one.role, choose))}
      </div></div>`
        : nothing
    }
    ${state.isOther ? otherPerson(state, choose) : nothing}</div>`;
}

/** @param {any} one @param {boolean} isChosen @param {(signer: any, isOther: boolean) => void} choose */
function personChoice(one, isChosen, choose) {
  return html`<button class="choice" role="radio" aria-checked=${isChosen} @click=${() => choose({ name: one.name, role: one.role }, false)}>
    <span><span translate="no">${one.name}</span><br />${t(`role.${one.role}`)}</span></button>`;
}

/** @param {any} state @param {(signer: any, isOther: boolean) => void} choose */
function otherPerson(state, choose) {
  const type = (/** @type {InputEvent} */ event) =>
    choose({ ...state.signer, name: /** @type {HTMLInputElement} */ (event.target).value }, true);
  return html`<div class="field"><label for="signer-name">${t("sign.name")}</label>
      <div class="input"><input id="signer-name" data-testid="signer-name" maxlength="60" autocomplete="off" .value=${state.signer.name} @input=${type} /></div></div>
    <div class="field"><span class="label" id="signer-role">${t("sign.role")}</span><div class="choices" role="radiogroup" aria-labelledby="signer-role">
      ${ROLES.map((role) => html`<button class="choice" role="radio" aria-checked=${state.signer.role === role} data-testid="role-${role}" @click=${() => choose({ ...state.signer, role }, true)}>${t(`role.${role}`)}</button>`)}</div></div>`;
}
