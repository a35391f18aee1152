// @ts-check
// Answers of a checklist in words.
import { own, ownUnit, t } from "../i18n/index.js";
import { dayText } from "../ui/format.js";

/** @param {import("../rules/checklist.js").Question} question @param {string | undefined} value */
export function choiceOf(question, value) {
  return question.choices.find((choice) => choice.value === value);
}

/** Whether the question is answered by tapping one of its choices. @param {import("../rules/checklist.js").Question} question */
export function isChoice(question) {
  return (question.type ?? "choice") === "choice";
}

/** What was answered, or an empty text. @param {import("../rules/checklist.js").Question} question @param {string | undefined} value @returns {string} */
export function answerWords(question, value) {
  if (!value) return "";
  if (isChoice(question)) {
    const choice = choiceOf(question, value);
    return choice ? own(choice) : "";
  }
  if (question.type === "photo") return t("checklist.photo.taken");
  if (question.type === "date") return dayText(value);
  return `${value} ${ownUnit(question)}`.trim();
}

/** @typedef {{question: any, choice: any, note: string}} Problem an answer that is one */

/** @param {Problem} problem @returns {string} */
export function problemLine({ question, choice, note }) {
  return `${own(question)}${t("colon")}${own(choice)}${note ? ` (${note})` : ""}`;
}
