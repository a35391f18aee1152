// @ts-check
// 联系人: who is in charge, how to reach the shop, and the cashiers with their certificates.
import { MOST_CASHIERS } from "../forms/outlet_fields.js";
import { t } from "../i18n/index.js";
import { icon } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { lineField, underField, yesNoChoices } from "./file_fields.js";

/** @param {import("./file_fields.js").Sheet} sheet @param {string} turn what the button to the ID number says @param {boolean} [hasContact] whether this phone's document has the second contact */
export function contactFields(sheet, turn, hasContact = true) {
  return html`${lineField(sheet, "person_in_charge", { hint: "field.person_in_charge.hint" })} ${lineField(sheet, "phone", { type: "tel" })}
    ${hasContact ? lineField(sheet, "contact", { hint: "field.contact.hint" }) : nothing}
    <p class="small quiet" data-testid="identity-where">${t("file.identity.where", { turn })}</p>`;
}

/** The name of the 代理商: one of those in use that this phone's outlets have, or another. @param {import("./file_fields.js").Sheet} sheet @param {import("../company.js").Company} company */
export function agentField(sheet, { outlets }) {
  const retired = new Set(outlets.filter((one) => one.is_agent_retired).map((one) => one.agent_name));
  const names = outlets.map((one) => one.agent_name).filter((name) => name && !retired.has(name));
  const offered = [...new Set(names)].sort();
  return lineField(sheet, "agent_name", { hint: "field.agent_name.hint", offered });
}

/** @param {import("./file_fields.js").Sheet} sheet */
export function cashierFields(sheet) {
  const cashiers = sheet.typed("cashiers");
  const keep = (/** @type {any[]} */ changed) => void sheet.set("cashiers", changed);
  const add = () => keep([...cashiers, { name: "", is_certified: null }]);
  return html`<section class="section" aria-labelledby="cashiers"><div class="section-head"><h2 id="cashiers">${t("field.cashiers")}</h2><span class="small quiet">${t("cashiers.hint")}</span></div>
    ${cashiers.map((/** @type {any} */ one, /** @type {number} */ at) =>
      cashierCard(
        one,
        at,
        (changes) =>
          keep(cashiers.map((/** @type {any} */ other, /** @type {number} */ place) => (place === at ? { ...one, ...changes } : other))),
        () =>
          sheet.takeOut(
            "cashiers",
            cashiers.filter((/** @type {any} */ _, /** @type {number} */ place) => place !== at),
            t("undo.cashier"),
          ),
      ),
    )}
    ${underField(sheet, "cashiers")}
    ${cashiers.length < MOST_CASHIERS ? html`<button class="button wide" data-testid="add-cashier" @click=${add}>${icon("plus")}${t("cashiers.add")}</button>` : nothing}</section>`;
}

/** @param {import("../forms/outlet_fields.js").Cashier} cashier @param {number} at @param {(changes: any) => void} change @param {() => void} drop */
function cashierCard(cashier, at, change, drop) {
  const typed = (/** @type {InputEvent} */ event) => change({ name: /** @type {HTMLInputElement} */ (event.target).value });
  return html`<div class="card stack s" data-testid="cashier">
    <div class="field"><label for="cashier-${at}"><span>${t("cashiers.name", { n: at + 1 })}</span></label>
      <div class="input"><input id="cashier-${at}" data-testid="cashier-${at}" maxlength="60" autocomplete="off" .value=${cashier.name} @input=${typed} />
        <button class="end" data-testid="drop-cashier-${at}" aria-label=${t("cashiers.drop", { n: at + 1 })} @click=${drop}>${icon("close", "s")}</button></div></div>
    <div class="field"><span class="label" id="certified-${at}">${t("cashiers.certified")}</span>
      ${yesNoChoices(`certified-${at}`, `certified-${at}`, cashier.is_certified, (is_certified) => change({ is_certified }))}</div></div>`;
}
