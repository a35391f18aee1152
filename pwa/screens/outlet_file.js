// @ts-check
// 客户资料: the outlet's file, and why it has its class, in words.
import { t } from "../i18n/index.js";
import { exactYuanText, fullDayText, limitYuanText, maskedPhone } from "../ui/format.js";
import { DOCUMENT_KINDS } from "../rules/resident_id.js";
import { icon, stateText } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @param {any} outlet @param {import("../rules/policy.js").Policy} policy @returns {string} such as "月收费额 45,120 元，在 2 万元到 8 万元之间" */
export function classReason(outlet, policy) {
  const { monthly_fee_yuan: fee, chain_outlets: chain, floor_area_m2: area } = outlet.class_inputs;
  const values = {
    fee: fee == null ? "" : exactYuanText(fee),
    chain: chain ?? "",
    area: area == null ? "" : Number(area),
    a_fee: limitYuanText(policy["class.a_fee_yuan"]),
    b_fee: limitYuanText(policy["class.b_fee_yuan"]),
    a_area: policy["class.a_area_m2"],
    b_area: policy["class.b_area_m2"],
    a_chain: policy["class.a_chain_outlets"],
    b_chain: policy["class.b_chain_outlets"],
  };
  const reasons = outlet.class_reasons.map((/** @type {string} */ code) => t(`class.${code}`, values));
  const isBelowAll = outlet.class_reasons.every((/** @type {string} */ code) => code.startsWith("C.") && code !== "C.unknown");
  return isBelowAll ? t("class.C.all", { parts: reasons.join(t("list_comma")) }) : reasons.join(t("semicolon"));
}

/** Fields that the app itself puts into words. */
const OWN_WORDS = new Set([
  "file.identity",
  "field.is_franchised_or_own_hall",
  "field.are_materials_complete",
  "field.are_materials_placed_right",
  "field.is_tidy",
]);

/** @param {import("../forms/outlet_fields.js").Cashier} cashier */
export function cashierText({ name, is_certified }) {
  return is_certified === null ? name : t(is_certified ? "cashier.certified" : "cashier.not_certified", { name });
}

/** @param {boolean | null | undefined} value @returns {string} */
export function yesNoText(value) {
  return typeof value === "boolean" ? t(value ? "yes" : "no") : "";
}

/** @param {any} outlet */
export function fileSection(outlet) {
  const inputs = outlet.class_inputs;
  const lines = [
    ["file.code", outlet.code],
    ["file.rep", outlet.rep_name],
    ["file.person", outlet.person_in_charge],
    ["file.identity", outlet.id_masked ? identityLine(outlet) : ""],
    ["file.phone", outlet.phone ? maskedPhone(outlet.phone) : ""],
    ["field.contact", outlet.contact],
    ["file.where", outlet.position_text],
    ["file.agent", outlet.agent_name],
    ["file.account", outlet.account_no],
    ["file.account_made_on", outlet.account_made_on ? fullDayText(outlet.account_made_on) : ""],
    ["file.chain", inputs.chain_outlets],
    ["file.area", inputs.floor_area_m2 == null ? null : `${Number(inputs.floor_area_m2)} m²`],
    ["file.fee", inputs.monthly_fee_yuan == null ? null : exactYuanText(inputs.monthly_fee_yuan)],
    ["file.payments", outlet.monthly_payments],
    ["file.households", outlet.households_nearby],
    ["field.cashiers", (outlet.cashiers ?? []).map(cashierText).join(t("list_comma"))],
    ["field.is_franchised_or_own_hall", yesNoText(inputs.is_franchised_or_own_hall)],
    ["field.are_materials_complete", yesNoText(outlet.are_materials_complete)],
    ["field.are_materials_placed_right", yesNoText(outlet.are_materials_placed_right)],
    ["field.is_tidy", yesNoText(outlet.is_tidy)],
  ].filter(([, value]) => value !== null && value !== undefined && value !== "");
  return html`<section class="section" aria-labelledby="file"><div class="section-head"><h2 id="file">${t("file")}</h2>${outlet.refused ? nothing : html`<a class="more" href="#/outlets/${outlet.id}/file" data-testid="edit-file">${t("change")}</a>`}</div>
    <div class="card tight"><dl class="kv">${lines.map(([key, value]) => html`<div><dt>${t(key)}</dt><dd class="num" translate=${OWN_WORDS.has(key) ? nothing : "no"}>${value}</dd></div>`)}</dl></div>
    ${outlet.refused ? nothing : html`<a class="button wide" href="#/outlets/${outlet.id}/identity" data-testid="enter-identity">${icon("key")}${identityTurn(outlet)}</a>`}</section>`;
}

/** The document by its kind and mask, and whether the company has it. @param {any} outlet */
function identityLine(outlet) {
  return html`<span data-testid="identity">${identityText(outlet)}${outlet.is_identity_unsent ? html`<br />${stateText("waiting", t("identity.unsent"))}` : nothing}</span>`;
}

/** What the button says that leads to the number. @param {any} outlet its document @returns {string} */
export function identityTurn({ id_masked }) {
  return t(id_masked ? "identity.replace" : "identity.enter");
}

/** The kind and the masked number of a file that has one. @param {any} outlet its document */
export function identityText({ id_kind, id_masked }) {
  return html`${DOCUMENT_KINDS.includes(id_kind) ? html`${t(`identity.kind.${id_kind}`)}<br />` : nothing}<span class="num" translate="no">${id_masked}</span>`;
}
