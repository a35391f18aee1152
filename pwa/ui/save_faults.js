// @ts-check
// Why something was not saved on this phone, and what to do: one set of words for every form.
import { t } from "../i18n/index.js";

/** @type {Record<string, string>} by the codes that `saveRecord` and `saveDraft` reject with; any other may pass when it is tried again */
const WORDS = { storage_full: "save.full", blob_missing: "save.photo_missing", body_too_large: "save.too_large" };

/** Faults of the program, which another tap does not mend. */
const BROKEN = [TypeError, RangeError, ReferenceError];

/**
 * @param {unknown} fault what saving rejected with, or its code
 * @param {string} [broken] what is said of a fault of the program where no draft keeps what was typed
 * @returns {string}
 */
export function saveFaultText(fault, broken = t("save.broken")) {
  const code = typeof fault === "string" ? fault : /** @type {{code?: string} | null | undefined} */ (fault)?.code;
  if (typeof code !== "string" && BROKEN.some((kind) => fault instanceof kind)) return broken;
  return t(WORDS[code ?? ""] ?? "save.failed");
}
