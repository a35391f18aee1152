// @ts-check
// The fields of paper forms: a line, several lines, one of a few answers, a fact that is known already.
import { t } from "../i18n/index.js";
import { icon } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @typedef {import("./paper_form.js").Form} Form */

/** @param {Form} form @param {string} name */
function under(form, name) {
  const fault = form.fault(name);
  return fault ? html`<span class="error" id="bad-${name}" tabindex="-1">${icon("warn", "s")}${fault}</span>` : nothing;
}

/** @param {string} name @param {boolean} isOptional */
function label(name, isOptional) {
  return html`<label for="p-${name}"><span>${t(`paper.${name}`)}</span>${isOptional ? html` <span class="hint">${t("paper.optional")}</span>` : nothing}</label>`;
}

/** A line of text. @param {Form} form @param {string} name @param {{most: number, type?: string, mode?: "numeric" | "tel", isOptional?: boolean}} more */
export function line(form, name, { most, type = "text", mode, isOptional = false }) {
  const typed = (/** @type {InputEvent} */ event) => void form.change({ [name]: /** @type {HTMLInputElement} */ (event.target).value });
  const isWrong = Boolean(form.fault(name));
  return html`<div class="field">${label(name, isOptional)}
    <div class="input"><input id="p-${name}" data-testid="p-${name}" type=${type} inputmode=${mode ?? nothing} maxlength=${most} autocomplete="off" aria-invalid=${isWrong ? "true" : nothing} aria-describedby=${isWrong ? `bad-${name}` : nothing} .value=${form.draft[name]} @input=${typed} /></div>
    ${under(form, name)}</div>`;
}

/** Several lines of text. @param {Form} form @param {string} name @param {{isOptional?: boolean, most?: number, rows?: number}} [more] */
export function area(form, name, { isOptional = false, most = 2000, rows = 3 } = {}) {
  const typed = (/** @type {InputEvent} */ event) => void form.change({ [name]: /** @type {HTMLTextAreaElement} */ (event.target).value });
  const isWrong = Boolean(form.fault(name));
  return html`<div class="field">${label(name, isOptional)}
    <div class="input area"><textarea id="p-${name}" data-testid="p-${name}" rows=${rows} maxlength=${most} aria-invalid=${isWrong ? "true" : nothing} aria-describedby=${isWrong ? `bad-${name}` : nothing} .value=${form.draft[name]} @input=${typed}></textarea></div>
    ${under(form, name)}</div>`;
}

/** One of a few answers; the words are `paper.<name>.<value>`. @param {Form} form @param {string} name @param {string[]} values @param {{isWide?: boolean}} [more] */
export function choice(form, name, values, { isWide = false } = {}) {
  return html`<div class="field"><span class="label" id="l-${name}">${t(`paper.${name}`)}</span>
    <div class="choices ${isWide ? "wide" : ""}" role="radiogroup" aria-labelledby="l-${name}">${values.map(
      (value) =>
        html`<button class="choice" role="radio" aria-checked=${form.draft[name] === value} data-testid="p-${name}-${value}" @click=${() => void form.change({ [name]: value })}>${t(`paper.${name}.${value}`)}</button>`,
    )}</div>${under(form, name)}</div>`;
}

/** What is known already: pairs of words and text. @param {[string, string][]} pairs */
export function facts(pairs) {
  return html`<div class="card"><dl class="kv">${pairs.filter(([, text]) => text).map(([words, text]) => html`<div><dt>${words}</dt><dd translate="no">${text}</dd></div>`)}</dl></div>`;
}
