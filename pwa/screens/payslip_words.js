// @ts-check
// How a payslip stands, with what this phone still has to send, and what its sums say.
import { t } from "../i18n/index.js";
import { moneyText } from "../ui/format.js";

/** @typedef {{state: import("../ui/parts.js").State, words: string, last: string, waiting: import("../outbox/rows.js").OutboxRow[]}} SlipStanding
 *  `last` is the newest step that is more than a look, "seen" for looks alone, "" for none; `waiting` are steps that the company does not show yet, oldest first */

const SHAPES = /** @type {Record<string, import("../ui/parts.js").State>} */ ({ confirmed: "done", objected: "waiting", answered: "due" });

/** @param {any} sheet @param {import("../company.js").Company} company @returns {SlipStanding} */
export function slipStanding(sheet, company) {
  const steps = sheet.steps ?? [];
  const waiting = company.outbox.filter((row) => isOpenStep(row, sheet, steps)).reverse();
  const done = [...steps, ...waiting.map((row) => row.body)];
  const told = done.filter(({ action }) => action !== "seen").at(-1);
  const looked = done.length ? "seen" : "";
  const last = told && told.says !== "of_trial" ? told.action : looked; // agreeing to the trial sheet is no more than a look
  if (sheet.state !== "closed") return { state: "none", words: t("payslip.state.draft"), last, waiting };
  return { state: SHAPES[last] ?? "due", words: t(`payslip.state.${last in SHAPES ? last : "open"}`), last, waiting };
}

/** Saved here, not refused, and newer than what the company tells of this slip. @param {import("../outbox/rows.js").OutboxRow} row @param {any} sheet @param {any[]} steps */
function isOpenStep(row, sheet, steps) {
  if (row.entity.type !== "payslip_step" || row.body.month !== sheet.month || row.code === "quarantined") return false;
  if (row.code === null) return true;
  return row.code !== "noop" && !steps.some((step) => step.id === row.entity.id);
}

/**
 * What the sheet adds up, without what is nothing: the limit stands beside deductions only, and what was not deducted says why (RULEBOOK §10).
 * @param {any} sheet @returns {{name: string, amount: string, note: string}[]}
 */
export function slipSums(sheet) {
  const yuan = (/** @type {string} */ name) => Number(sheet[`${name}_yuan`]);
  const notes = /** @type {Record<string, string>} */ ({
    shortfall: shortfallWords(sheet, yuan),
    limit: yuan("withheld") > yuan("limit") ? t("payslip.limit.over") : "",
  });
  return ["gross", "deductions", "shortfall", "limit", "adjustments"]
    .filter((name) => (name === "limit" ? yuan("deductions") : yuan(name)))
    .map((name) => {
      const amount = `${name === "shortfall" ? "+" : ""}${moneyText(sheet[`${name}_yuan`])}`;
      return { name: t(`payslip.${name}`), amount, note: notes[name] ?? "" };
    });
}

/** What the limit kept from being deducted, and what lies below nothing. @param {any} sheet @param {(name: string) => number} yuan @returns {string} */
function shortfallWords(sheet, yuan) {
  const cents = (/** @type {string} */ name) => Math.round(yuan(name) * 100);
  const capped = cents("deductions") - cents("withheld");
  const words = [];
  if (cents("carried")) words.push(t("payslip.shortfall.carried", { yuan: moneyText(sheet.carried_yuan) }));
  else if (capped > 0) words.push(t("payslip.shortfall.capped"));
  if (cents("shortfall") > capped) words.push(t("payslip.shortfall.zero"));
  return words.join(t("semicolon"));
}
