// @ts-check
// What the four steps of a new outlet ask: where it is, how large, who is there, what it looks like.
import { regionOf } from "../forms/new_outlet_draft.js";
import { t } from "../i18n/index.js";
import { go } from "../router.js";
import { likelySame } from "../rules/duplicates.js";
import { distanceText } from "../ui/format.js";
import { banner } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { classCard } from "./file_class.js";
import { lineField, stepperField, yesNoField } from "./file_fields.js";
import { agentField, cashierFields, contactFields } from "./file_people.js";

/** @typedef {import("./new_outlet.js").Finding} Finding */

/** @param {Finding} finding */
export function placeStep(finding) {
  const { app, sheet, taker } = finding;
  const company = /** @type {import("../company.js").Company} */ (app.company);
  return html`${regionChoice(finding)} ${lineField(sheet, "name")} ${duplicateWarning(finding)} ${lineField(sheet, "address", { hint: "field.address.hint" })}
    ${lineField(sheet, "position_text", { hint: "field.position_text.hint" })} ${taker.view(company.policyOf(company.today))}`;
}

/** Only for who works in several regions. @param {Finding} finding */
function regionChoice({ app, draft, change }) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  const own = company.regions.filter((region) => company.person.region_ids.includes(region.id));
  if (own.length < 2) return nothing;
  const chosen = regionOf(draft, company.person.region_ids);
  return html`<div class="field"><span class="label" id="region">${t("new_outlet.region")}</span><div class="choices wide" role="radiogroup" aria-labelledby="region">
    ${own.map((region) => html`<button class="choice start" role="radio" aria-checked=${region.id === chosen} @click=${() => void change({ region_id: region.id })}><span class="radio"></span><span translate="no">${region.name}</span></button>`)}</div></div>`;
}

/** The outlet of this phone that it may be; one at a time, the nearest first. @param {Finding} finding */
function duplicateWarning({ app, draft, change }) {
  const outlets = (app.company?.outlets ?? []).filter((outlet) => !draft.others.includes(outlet.id));
  const [found] = likelySame(draft.typed.name, draft.typed.position ?? app.here, outlets);
  if (!found) return nothing;
  const { outlet, away } = found;
  const isOther = () => void change({ others: [...draft.others, outlet.id] });
  const text = html`<b translate="no">${outlet.name}</b><br />${away === null ? t("duplicate.same_name") : t("duplicate.near", { d: distanceText(away) })}`;
  const actions = html`<button class="button" data-testid="same-outlet" @click=${() => go(`/outlets/${outlet.id}`)}>${t("duplicate.open")}</button>
    <button class="button" data-testid="other-outlet" @click=${isOther}>${t("duplicate.other")}</button>`;
  return html`<div data-testid="duplicate">${banner("due", t("duplicate"), text, actions)}</div>`;
}

/** @param {Finding} finding */
export function sizeStep({ app, sheet }) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  return html`${sizeFields(sheet)} ${classCard(sheet.typed, company.policyOf(company.today))}`;
}

/** @param {import("./file_fields.js").Sheet} sheet */
export function sizeFields(sheet) {
  return html`${stepperField(sheet, "chain_outlets", "field.chain_outlets.hint")} ${yesNoField(sheet, "is_franchised_or_own_hall")}
    <div class="tiles">${["floor_area_m2", "monthly_fee_yuan", "monthly_payments", "households_nearby"].map((name) => lineField(sheet, name, { placeholder: "field.unknown" }))}</div>`;
}

/** @param {Finding} finding */
export function peopleStep({ app, sheet }) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  return html`${contactFields(sheet, t("identity.enter"))} ${cashierFields(sheet)} ${agentField(sheet, company)} ${lineField(sheet, "account_no", { hint: "field.account_no.hint" })}`;
}

/** @param {Finding} finding */
export function photosStep({ sheet, photos }) {
  return html`<section class="section" aria-labelledby="photos"><div class="section-head"><h2 id="photos">${t("file.photos")}</h2></div>${photos()}</section>
    <p class="small quiet">${t("new_outlet.photos.later")}</p>${shopFields(sheet)}`;
}

/** @param {import("./file_fields.js").Sheet} sheet */
export function shopFields(sheet) {
  return html`${["are_materials_complete", "are_materials_placed_right", "is_tidy"].map((name) => yesNoField(sheet, name))}`;
}
