// @ts-check
// Why something was not saved on this phone, and what to do: one set of words for every form.
import { t } from "../i18n/index.js";

/** @type {Record<string, string>} by the codes that `saveRecord` and `saveDraft` reject with; any other may pass when it is tried again */
const WORDS = { storage_full: "save.full", blob_missing: "save.photo_missing", body_too_large: "save.too_large" };

/** @param {unknown} fault what saving rejected with, or its code @returns {string} */
export function saveFaultText(fault) {
  const code = typeof fault === "string" ? fault : /** @type {{code?: string} | null | undefined} */ (fault)?.code;
  return t(WORDS[code ?? ""] ?? "save.failed");
}
