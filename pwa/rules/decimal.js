// @ts-check
// Exact comparison of decimal texts such as "80000.01": a float would blur the edges of the rules.

/**
 * Below, at or above zero as `a` is below, equal to or above `b`.
 * @param {string | number} a @param {string | number} b @returns {number}
 */
export function compareDecimals(a, b) {
  const [left, right] = [parts(a), parts(b)];
  const places = Math.max(left.places, right.places);
  const difference = left.digits * 10n ** BigInt(places - left.places) - right.digits * 10n ** BigInt(places - right.places);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** @param {string | number} value */
function parts(value) {
  const [whole, fraction = ""] = String(value).split(".");
  return { digits: BigInt(whole + fraction), places: fraction.length };
}
