// @ts-check
// Fields of an outlet's file as a person fills them in: the same for a new outlet and for a change.
import { FIELDS } from "../forms/outlet_fields.js";
import { t } from "../i18n/index.js";
import { icon } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/**
 * What the fields are drawn from.
 * @typedef {object} Sheet
 * @property {(name: string) => any} typed
 * @property {(name: string, typed: any, blobs?: any[], more?: {photo_facts: import("../forms/photo_facts.js").PhotoFact[]}) => Promise<void>} set keeps it in the draft
 * @property {(name: string, typed: any, words: string) => void} takeOut as `set`, of something that can be brought back for a while; what it takes away, in words
 * @property {(name: string) => string} fault of the field, or ""
 * @property {(name: string) => string} note what to know before changing it, or ""
 */

const MODES = /** @type {const} */ ({ count: "numeric", decimal: "decimal" });
const UNITS = /** @type {Record<string, string>} */ ({
  floor_area_m2: "unit.m2",
  monthly_fee_yuan: "unit.yuan",
  monthly_payments: "unit.payments",
  households_nearby: "unit.households",
});

/** A line of text or a number. @param {Sheet} sheet @param {string} name @param {{hint?: string, placeholder?: string, type?: string, offered?: string[]}} [more] `hint` and `placeholder` are keys; `offered` to choose from, or type another */
export function lineField(sheet, name, { hint, placeholder, type = "text", offered = [] } = {}) {
  const { kind, most } = FIELDS[name];
  const fault = sheet.fault(name);
  const typed = (/** @type {InputEvent} */ event) => void sheet.set(name, /** @type {HTMLInputElement} */ (event.target).value);
  const unit = UNITS[name] ? t(UNITS[name]) : "";
  const mode = kind === "count" || kind === "decimal" ? MODES[kind] : nothing;
  return html`<div class="field"><label for="f-${name}"><span>${t(`field.${name}`)}</span>${hint ? html` <span class="hint">${t(hint)}</span>` : nothing}</label>
    <div class="input"><input id="f-${name}" data-testid="f-${name}" type=${type} inputmode=${mode} maxlength=${most ?? 16} autocomplete="off" placeholder=${placeholder ? t(placeholder) : nothing}
      aria-invalid=${fault ? "true" : nothing} aria-describedby=${fault ? `bad-${name}` : nothing} list=${offered.length ? `offered-${name}` : nothing} .value=${sheet.typed(name)} @input=${typed} />${unit ? html`<span class="unit-after">${unit}</span>` : nothing}</div>
    ${offered.length ? html`<datalist id="offered-${name}">${offered.map((one) => html`<option value=${one}></option>`)}</datalist>` : nothing}
    ${underField(sheet, name)}</div>`;
}

/** What is wrong with a field, or what to know about it. @param {Sheet} sheet @param {string} name */
export function underField(sheet, name) {
  const fault = sheet.fault(name);
  if (fault) return html`<span class="error" id="bad-${name}">${icon("warn", "s")}${t(`fault.field.${fault}`)}</span>`;
  return sheet.note(name) ? html`<span class="tiny faint">${sheet.note(name)}</span>` : nothing;
}

/** Yes, no, or not said. @param {Sheet} sheet @param {string} name */
export function yesNoField(sheet, name) {
  return html`<div class="field"><span class="label" id="l-${name}">${t(`field.${name}`)}</span>
    ${yesNoChoices(`l-${name}`, `f-${name}`, sheet.typed(name), (value) => void sheet.set(name, value))}${underField(sheet, name)}</div>`;
}

/** A tap on the chosen answer takes it back. @param {string} labelledBy @param {string} testId @param {boolean | null} chosen @param {(value: boolean | null) => void} choose */
export function yesNoChoices(labelledBy, testId, chosen, choose) {
  return html`<div class="choices" role="group" aria-labelledby=${labelledBy}>${[true, false].map(
    (value) =>
      html`<button class="choice" role="checkbox" aria-checked=${chosen === value} data-testid="${testId}-${value ? "yes" : "no"}" @click=${() => choose(chosen === value ? null : value)}>${t(value ? "yes" : "no")}</button>`,
  )}</div>`;
}

/** A count with two large buttons beside it. @param {Sheet} sheet @param {string} name @param {string} hint */
export function stepperField(sheet, name, hint) {
  const count = Number.parseInt(sheet.typed(name), 10);
  const to = (/** @type {number} */ value) => void sheet.set(name, String(Math.max(0, value)));
  const typed = (/** @type {InputEvent} */ event) => void sheet.set(name, /** @type {HTMLInputElement} */ (event.target).value);
  const now = Number.isNaN(count) ? 0 : count;
  return html`<div class="field"><label for="f-${name}"><span>${t(`field.${name}`)}</span> <span class="hint">${t(hint)}</span></label>
    <div class="stepper"><button aria-label=${t("stepper.less")} data-testid="less-${name}" @click=${() => to(now - 1)}>${icon("minus")}</button>
      <input id="f-${name}" data-testid="f-${name}" class="num" inputmode="numeric" maxlength="8" autocomplete="off" placeholder=${t("field.unknown")} aria-invalid=${sheet.fault(name) ? "true" : nothing} .value=${sheet.typed(name)} @input=${typed} />
      <button aria-label=${t("stepper.more")} data-testid="more-${name}" @click=${() => to(now + 1)}>${icon("plus")}</button></div>
    ${underField(sheet, name)}</div>`;
}
