// @ts-check
// What is said once a paper form is saved: that it is on the phone, and what else waits at the outlet.
import { openWork } from "../db/overlay_work.js";
import { t } from "../i18n/index.js";

/** @typedef {import("./paper_form.js").Paper} Paper */

/** @param {import("../company.js").Company | null} company @param {import("../db/capture.js").Captured} record @param {Pick<Paper, "ground" | "home">} paper @returns {string} */
export function savedWords(company, record, { ground, home }) {
  const kind = record.form.split(".")[0];
  const words = t("paper.saved", { name: t(`record.${kind}`) });
  if (home || !company?.outletById.has(ground.outlet.id)) return words; // a visit goes on, or today
  const held = kind === "training" ? heldBy(/** @type {any} */ (record.body)) : [];
  const isDone = (/** @type {any} */ row) => [record.entity.id, ground.about?.id].includes(row.id) || held.includes(row.work);
  const waiting = openWork(company, ground.outlet.id).filter((row) => !isDone(row));
  return waiting.length ? `${words}${t("sentence_gap")}${t("paper.saved.next", { work: t(`work.${waiting[0].work}`) })}` : words;
}

/** The works that a training does: a new customer's is no part of the plan (RULEBOOK §11). @param {{is_new_customer: boolean}} body @returns {string[]} */
function heldBy({ is_new_customer }) {
  return is_new_customer ? ["first_training"] : ["first_training", "training"];
}
