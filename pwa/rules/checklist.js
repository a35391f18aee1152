// @ts-check
// Checklists that the company designs: what is asked, and what counts as an answer (sync/checklist.py).
/**
 * @typedef {{value: string, zh: string, en: string, is_problem?: boolean}} Choice
 * @typedef {{key: string, type?: "choice" | "number" | "text" | "photo" | "date", zh: string, en: string, is_required?: boolean, required?: boolean,
 *   choices: Choice[], lowest?: string | null, highest?: string | null, unit_zh?: string, unit_en?: string,
 *   show_if?: {key: string, values: string[]} | null}} Question those of the released form have no type: they are choices
 * @typedef {{id: string, number: number, zh: string, en: string, classes: string[], region_ids: string[], is_current: boolean,
 *   published_at: string, questions: Question[]}} Version
 */

export const ABOUT_COMPLAINT = "owner_complaint";
const MOST_TEXT = 400;

/** The questions that these answers lead to, in order. @param {Question[]} questions @param {Record<string, string>} answers */
export function asked(questions, answers) {
  /** @type {Question[]} */
  const found = [];
  /** @type {Record<string, string>} */
  const given = {};
  for (const question of questions) {
    const condition = question.show_if;
    if (condition && !condition.values.includes(given[condition.key] ?? "")) continue;
    found.push(question);
    given[question.key] = answers[question.key] ?? "";
  }
  return found;
}

/** Whether the text answers the question. @param {Question} question @param {string} answer @param {string[]} photos hashes of the visit's photos */
export function isAnswer(question, answer, photos) {
  if (question.type === "number") return isNumber(question, answer);
  if (question.type === "date") return isDay(answer);
  if (question.type === "photo") return photos.includes(answer);
  if (question.type === "text") return answer.trim() !== "" && [...answer].length <= MOST_TEXT;
  return question.choices.some((choice) => choice.value === answer);
}

/** Whether the question may be left without an answer. @param {Question} question */
export function isOptional(question) {
  return question.is_required === false || question.required === false;
}

/** The first question that still lacks an answer or has a wrong one. @param {Question[]} questions @param {Record<string, string>} answers @param {string[]} photos */
export function firstMissing(questions, answers, photos) {
  return asked(questions, answers).find((question) => {
    const answer = answers[question.key] ?? "";
    return (!isOptional(question) || answer !== "") && !isAnswer(question, answer, photos);
  });
}

/** @param {Question[]} questions @param {Record<string, string>} answers @param {string[]} photos */
export function isComplete(questions, answers, photos) {
  return firstMissing(questions, answers, photos) === undefined;
}

/**
 * The version an outlet is asked by: of those in use for its class and region the one made for the fewest, then the newest.
 * @param {Version[]} versions @param {{outlet_class: string, region_id: string}} outlet @returns {Version | null}
 */
export function versionFor(versions, outlet) {
  const fits = versions.filter(
    (version) =>
      version.is_current &&
      (version.classes.length === 0 || version.classes.includes(outlet.outlet_class)) &&
      (version.region_ids.length === 0 || version.region_ids.includes(outlet.region_id)),
  );
  const rank = (/** @type {Version} */ version) => (version.region_ids.length ? 2 : 0) + (version.classes.length ? 1 : 0);
  const order = (/** @type {Version} */ one, /** @type {Version} */ other) =>
    rank(other) - rank(one) || other.published_at.localeCompare(one.published_at) || other.id.localeCompare(one.id);
  return fits.sort(order)[0] ?? null;
}

/** What is asked at a visit: the questions of its version with the one about complaints behind them, or those of the form. @param {{checklist: Question[]}} form @param {Version[]} versions @param {string | null | undefined} versionId */
export function questionsOf(form, versions, versionId) {
  const version = versions.find((one) => one.id === versionId);
  if (!version) return form.checklist;
  return [...version.questions, ...form.checklist.filter((question) => question.key === ABOUT_COMPLAINT)];
}

/** @param {Question} question @param {string} answer */
function isNumber(question, answer) {
  if (!/^-?[0-9]{1,9}(\.[0-9]{1,3})?$/.test(answer)) return false;
  const value = Number(answer);
  const isLow = question.lowest != null && value < Number(question.lowest);
  const isHigh = question.highest != null && value > Number(question.highest);
  return !isLow && !isHigh;
}

/** @param {string} text */
function isDay(text) {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) || text.startsWith("0000")) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text;
}
