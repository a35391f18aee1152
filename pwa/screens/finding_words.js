// @ts-check
// What a finding is called, what it costs, and how it stands with what this phone still has to send.
import { own, t } from "../i18n/index.js";
import { moneyText } from "../ui/format.js";
import { html } from "../vendor/lit-html/lit-html.js";

/** @typedef {import("../ui/parts.js").State} State */
/** @typedef {{state: State, words: string, canObject: boolean, waiting: import("../outbox/rows.js").OutboxRow | null}} FindingStanding
 *  `waiting` is an objection of this phone that the company's answer does not show yet */

const SHAPES = /** @type {Record<string, State>} */ ({ proposed: "waiting", upheld: "overdue", dismissed: "done" });

/** The kind in words; kinds that the company added bring theirs. @param {any} finding @returns {string} */
export function findingName(finding) {
  return finding.kind_zh ? own({ zh: finding.kind_zh, en: finding.kind_en }) : t(`finding.${finding.kind}`);
}

/** Such as `−50.00`; struck out once it costs nothing. @param {any} finding */
export function findingAmount(finding) {
  return amountOf(finding, moneyText(finding.amount_yuan));
}

/** The same with its unit. @param {any} finding */
export function findingYuan(finding) {
  return amountOf(finding, t("yuan", { n: moneyText(finding.amount_yuan) }));
}

/** @param {any} finding @param {string} amount */
function amountOf({ is_award, state }, amount) {
  const words = `${is_award ? "+" : "−"}${amount}`;
  return state === "dismissed" ? html`<s>${words}</s>` : words;
}

/** @param {any} finding @param {import("../company.js").Company} company @returns {FindingStanding} */
export function standingOfFinding(finding, company) {
  const known = new Set(finding.objections.map((/** @type {any} */ one) => one.id));
  const waiting = company.outbox.find((row) => isOpenObjection(row, finding) && !known.has(row.entity.id)) ?? null;
  const isAsked = waiting !== null || finding.objections.some((/** @type {any} */ one) => one.answer === "");
  const isInTime = finding.object_until !== null && finding.object_until !== undefined && company.today <= finding.object_until;
  const words = t(isAsked && finding.state !== "dismissed" ? "finding.state.objected" : `finding.state.${finding.state}`);
  const state = isAsked && finding.state === "upheld" ? "waiting" : SHAPES[finding.state];
  return { state, words, canObject: isInTime && waiting === null && !finding.is_award, waiting };
}

/** One that was refused leaves the finding as it was. @param {import("../outbox/rows.js").OutboxRow} row @param {any} finding */
function isOpenObjection(row, finding) {
  return row.entity.type === "finding_objection" && row.body.finding_id === finding.id && row.code !== "quarantined";
}
