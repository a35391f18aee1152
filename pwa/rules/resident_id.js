// @ts-check
// Resident ID numbers 身份证号码 (RULEBOOK §2, GB 11643).

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = "10X98765432";

/** @param {string} text @returns {boolean} */
export function isValidResidentId(text) {
  const number = text.toUpperCase();
  if (!/^[1-9][0-9]{16}[0-9X]$/.test(number)) return false;
  const birth = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  const day = new Date(birth);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== birth || birth < "0001") return false;
  const total = WEIGHTS.reduce((sum, weight, place) => sum + weight * Number(number[place]), 0);
  return CHECK_CHARACTERS[total % 11] === number[17];
}
