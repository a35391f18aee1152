// @ts-check
// Resident ID numbers 身份证号码 and the other documents of a person in charge (RULEBOOK §2, §11, GB 11643; server/domain/resident_id.py).

export const RESIDENT_ID = "resident_id";
export const DOCUMENT_KINDS = [RESIDENT_ID, "hk_macau_permit", "taiwan_permit", "foreigner_permit", "passport", "other"];
export const RESIDENT_DIGITS = 18;
const EARLIEST_BIRTH = "1900-01-01";
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = "10X98765432";

/** @param {string} text @returns {boolean} */
export function isValidResidentId(text) {
  return residentFault(text.toUpperCase(), "0001-01-01", "9999-12-31") === "";
}

/** The number as it is kept: without blanks, in capitals, full-width characters made plain. @param {string} text @returns {string} */
export function documentNumber(text) {
  return text.normalize("NFKC").replace(/\s+/g, "").toUpperCase();
}

/**
 * Why this cannot be the number (as `documentNumber` gives it) of such a document; "" when it can. @param {string} kind
 * @param {string} number @param {string} today Shanghai date @returns {"" | "id_length" | "id_characters" | "id_birth_date" | "id_check_character" | "document_number"}
 */
export function documentFault(kind, number, today) {
  if (kind === RESIDENT_ID) return residentFault(number, EARLIEST_BIRTH, today);
  return /^[A-Z0-9][A-Z0-9()/-]{3,28}[A-Z0-9)]$/.test(number) ? "" : "document_number";
}

/** @param {string} number @param {string} earliest @param {string} latest the days between which its holder was born */
function residentFault(number, earliest, latest) {
  if (number.length !== RESIDENT_DIGITS) return "id_length";
  if (!/^[1-9][0-9]{16}[0-9X]$/.test(number)) return "id_characters";
  const birth = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  const day = new Date(birth);
  const isDay = !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === birth;
  if (!isDay || birth < earliest || birth > latest) return "id_birth_date";
  const total = WEIGHTS.reduce((sum, weight, place) => sum + weight * Number(number[place]), 0);
  return CHECK_CHARACTERS[total % 11] === number[17] ? "" : "id_check_character";
}

/** All but the first and last character hidden: as many characters, `E*******8`; of one or two none is shown. @param {string} number as `documentNumber` gives it @returns {string} */
export function masked(number) {
  return number.length > 2 ? `${number[0]}${"*".repeat(number.length - 2)}${number.at(-1)}` : "*".repeat(number.length);
}
