// @ts-check
// 再多做一点: what the visits and trainings that are missing would bring, and one more new customer.
import { openVisitAward } from "../at_risk.js";
import { trainingPlan } from "../db/overlay_work.js";
import { t } from "../i18n/index.js";
import { firstDay } from "../rules/months.js";
import { oneMoreCustomer } from "../rules/new_customer_bonus.js";
import { ownOutlets } from "../standing.js";
import { icon } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @typedef {import("../company.js").Company} Company */

/** @param {Company} company @param {any} sheet of the running month, or undefined */
export function moreSection(company, sheet) {
  if (sheet?.state === "closed" || !company.hasPulled) return nothing;
  const policy = company.policyOf(firstDay(company.month));
  return html`<section class="section" aria-labelledby="more"><h2 id="more">${t("month.more")}</h2>
    <div class="card flush rows discs">${visitsRow(company, policy)} ${trainingsRow(company, policy)} ${customerRow(sheet, policy)}</div></section>`;
}

/** What is missing of the plan of visits. @param {Company} company @param {import("../rules/policy.js").Policy} policy */
function visitsRow(company, policy) {
  const award = openVisitAward(company);
  if (!award) return nothing;
  const text = t("month.more.text", { n: award.owed - award.left, m: award.owed });
  return row("#/outlets", "shop", t("month.more.visits", { n: award.left }), text, policy["wage.award_visits_yuan"]);
}

/** @param {Company} company @param {import("../rules/policy.js").Policy} policy */
function trainingsRow({ work, month, outlets }, policy) {
  const own = new Set(ownOutlets(outlets).map((outlet) => outlet.id));
  const plan = trainingPlan(work, month);
  const [planned, left] = [plan.planned, plan.left].map((rows) => rows.filter((one) => own.has(one.outlet_id)));
  if (!left.length) return nothing;
  const text = t("month.more.trainings.text", { n: planned.length - left.length, m: planned.length });
  const href = `#/outlets/${left[0].outlet_id}/training`;
  return row(href, "train", t("month.more.trainings", { n: left.length }), text, policy["wage.award_trainings_yuan"]);
}

/** @param {any} sheet @param {import("../rules/policy.js").Policy} policy */
function customerRow(sheet, policy) {
  const line = sheet?.lines.find((/** @type {any} */ one) => one.kind === "new_customers" && !one.of_month);
  const { count, unitYuan, gainYuan } = oneMoreCustomer(Number(line?.quantity ?? 0), policy);
  const words = policy["bonus.tier_mode"] === "whole" ? "month.more.customer.whole" : "month.more.customer.marginal";
  const text = t(words, { n: count, yuan: unitYuan, least: Number(policy["customer.least_transfer_yuan"]) });
  return row("#/outlets/new", "plus", t("month.more.customer"), text, gainYuan);
}

/** @param {string} href @param {string} sign @param {string} name @param {string} text @param {string | number} yuan */
function row(href, sign, name, text, yuan) {
  return html`<a class="row" href=${href}><span class="disc">${icon(sign)}</span><span class="body"><span class="name">${name}</span><span class="small quiet">${text}</span></span>
    <span class="amount pos num">+${t("yuan", { n: Number(yuan) })}</span></a>`;
}
