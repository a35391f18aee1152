// @ts-check
// Names of shops that may mean the same shop: the same rule as server/domain/shop_names.py, on the same vectors.

const ALIKE = 0.6;

/** Whether two shop names may mean the same shop; blanks and punctuation do not matter. @param {string} one @param {string} other @returns {boolean} */
export function areNamesAlike(one, other) {
  const [first, second] = [letters(one), letters(other)];
  if (!first.length || !second.length) return false;
  const [a, b] = [first.join(""), second.join("")];
  if (a.includes(b) || b.includes(a)) return true;
  return (2 * matched(first, second)) / (first.length + second.length) >= ALIKE;
}

/** @param {string} name @returns {string[]} its letters and digits, small, each a whole character */
export function letters(name) {
  return Array.from(name.replace(/[^\p{L}\p{N}]+/gu, "").toLowerCase());
}

/**
 * How many characters lie in blocks that both have in the same order: the longest block, then those before and behind it
 * (Ratcliff and Obershelp, as difflib of Python does it for names of fewer than 200 characters).
 * @param {string[]} first @param {string[]} second @returns {number}
 */
function matched(first, second) {
  const { size, a, b } = longestBlock(first, second);
  if (size === 0) return 0;
  return size + matched(first.slice(0, a), second.slice(0, b)) + matched(first.slice(a + size), second.slice(b + size));
}

/** The earliest of the longest, first in `first`, then in `second`. @param {string[]} first @param {string[]} second */
function longestBlock(first, second) {
  let best = { size: 0, a: 0, b: 0 };
  /** @type {Map<number, number>} lengths of the blocks that end at a place of `second` */
  let ending = new Map();
  first.forEach((letter, at) => {
    /** @type {Map<number, number>} */
    const next = new Map();
    second.forEach((other, place) => {
      if (other !== letter) return;
      const size = (ending.get(place - 1) ?? 0) + 1;
      next.set(place, size);
      if (size > best.size) best = { size, a: at - size + 1, b: place - size + 1 };
    });
    ending = next;
  });
  return best;
}
