// @ts-check
// Words in the language that the person chose on this phone: 中文 unless they chose English. They are there once `setLanguage` is done.

/** @typedef {"zh" | "en"} Language */

/** @type {Partial<Record<Language, Record<string, string>>>} */
const CATALOGUES = {};
const KEY = "xundian-language";

/** @type {Language} */
let chosen = keptLanguage();

/** @returns {Language} */
function keptLanguage() {
  return globalThis.localStorage?.getItem(KEY) === "en" ? "en" : "zh";
}

/** Only the words that are read are fetched. @param {Language} wanted */
async function fetchCatalogue(wanted) {
  CATALOGUES[wanted] ??= wanted === "en" ? (await import("./en.js")).en : (await import("./zh.js")).zh;
}

/** So that the language can be changed without a network too. */
export async function fetchOtherLanguage() {
  await fetchCatalogue(chosen === "en" ? "zh" : "en");
}

/** Whether there are words at all: none when the network broke off before the first came. */
export function hasWords() {
  return CATALOGUES[chosen] !== undefined;
}

/** @returns {Language} */
export function language() {
  return chosen;
}

/**
 * Before the first words are read, too. Only a change is kept: Chromium puts off what is written after the first lines by up to a minute,
 * and a phone that dies meanwhile would forget what was chosen.
 * @param {Language} wanted
 */
export async function setLanguage(wanted) {
  await fetchCatalogue(wanted);
  chosen = wanted;
  if (wanted !== keptLanguage()) localStorage.setItem(KEY, wanted);
  document.documentElement.lang = wanted === "en" ? "en" : "zh-CN";
}

/**
 * The words under a key, with `{name}` filled in (`{s}` is the plural of `{n}`); a key that is missing shows itself.
 * @param {string} key @param {Record<string, string | number>} [params] @returns {string}
 */
export function t(key, params = {}) {
  const words = CATALOGUES[chosen]?.[key] ?? key;
  const filled = { s: Number(params.n) === 1 ? "" : "s", ...params };
  return words.replace(/\{(\w+)\}/g, (_, name) => String(/** @type {Record<string, string | number>} */ (filled)[name] ?? ""));
}

/** A form's or document's own words: `zh` or `en` of it. @param {{zh: string, en: string}} labelled @returns {string} */
export function own(labelled) {
  return labelled[chosen];
}

/** The unit of a number in the chosen language. @param {{unit_zh?: string, unit_en?: string}} question */
export function ownUnit(question) {
  return (chosen === "en" ? question.unit_en : question.unit_zh) ?? "";
}
