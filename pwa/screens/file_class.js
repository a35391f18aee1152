// @ts-check
// The class as it comes out while one types, with the reason and with what each condition says for itself.
import { CLASS_FIELDS, readTyped } from "../forms/outlet_fields.js";
import { t } from "../i18n/index.js";
import { outletClass } from "../rules/outlet_class.js";
import { exactYuanText } from "../ui/format.js";
import { classLetter, shape } from "../ui/parts.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { classReason } from "./outlet_file.js";

/** @param {(name: string) => any} typed @param {import("../rules/policy.js").Policy} policy */
export function classCard(typed, policy) {
  const inputs = Object.fromEntries(CLASS_FIELDS.map((name) => [name, readTyped(name, typed(name)).value]));
  const verdict = outletClass(inputs, policy);
  const reason = classReason({ class_inputs: inputs, class_reasons: verdict.reasons }, policy);
  return html`<section class="card stack" aria-live="polite" aria-labelledby="class-now" data-testid="class-now">
    <div class="line one">${classLetter(verdict.outletClass, "large")}<div><h2 id="class-now">${t("class.now", { letter: verdict.outletClass })}</h2><p class="small quiet">${reason}</p></div></div>
    <ul class="stack xs small">${CLASS_FIELDS.map((name) => conditionLine(name, inputs[name], verdict.outletClass, policy))}</ul></section>`;
}

/** @param {string} name @param {any} value @param {string} letter of the verdict @param {import("../rules/policy.js").Policy} policy */
function conditionLine(name, value, letter, policy) {
  if (value === null || value === false)
    return html`<li class="line one quiet">${shape(value === false ? "none" : "waiting")}<span>${t(value === false ? "condition.no_hall" : `condition.${name}.unknown`)}</span></li>`;
  const own = outletClass({ [name]: value }, policy).outletClass;
  const shown = name === "monthly_fee_yuan" ? exactYuanText(value) : name === "floor_area_m2" ? String(Number(value)) : value;
  const words = t(`condition.${name}`, { n: shown, letter: own });
  if (own !== letter) return html`<li class="line one">${shape("none")}<span>${words}</span></li>`;
  return html`<li class="line one strong pos">${shape("done")}<span>${words}${t("condition.decides")}</span></li>`;
}
