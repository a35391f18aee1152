// @ts-check
/** Where the members of a large JSON object lie, found piece by piece, so that the page holds only the values that it reads. */
import { coded } from "../db/problems.js";

/** How much is read at once. */
const PIECE_BYTES = 1 << 20;
/** A longer key is none of a file of ours. */
const MOST_KEY_BYTES = 200;
/** Blanks, and what a byte order mark is made of. */
const BLANK = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);
const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [OBJECT, OBJECT_END, LIST, LIST_END] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * The text of each value by its key, not read yet: nobody has looked whether it is JSON.
 * @param {Blob} text @returns {Promise<Map<string, Blob>>} rejects with the code not_json where it is no object, or not a whole one
 */
export async function membersOf(text) {
  /** @type {Map<string, Blob>} */
  const members = new Map();
  for (const { from, colon, to } of await placesIn(text)) {
    if (colon - from > MOST_KEY_BYTES) throw coded("not_json");
    members.set(await parsed(text.slice(from, colon)), text.slice(colon + 1, to));
  }
  return members;
}

/** @param {Blob} text @returns {Promise<any>} rejects with the code not_json */
export async function parsed(text) {
  const whole = await text.text();
  try {
    return JSON.parse(whole);
  } catch {
    throw coded("not_json");
  }
}

/** @typedef {{from: number, colon: number, to: number}} Place of a member: where its key begins, where that ends, where the value ends */

/** @param {Blob} text @returns {Promise<Place[]>} */
async function placesIn(text) {
  const scan = { depth: 0, isInText: false, isEscaped: false, isOver: false, from: -1, colon: -1, places: /** @type {Place[]} */ ([]) };
  for (let start = 0; start < text.size; start += PIECE_BYTES) {
    const piece = new Uint8Array(await text.slice(start, start + PIECE_BYTES).arrayBuffer());
    for (let at = 0; at < piece.length; at += 1) {
      if (scan.isInText && !scan.isEscaped) at = signIn(piece, at);
      if (scan.isInText) endText(scan, piece[at]);
      else step(scan, piece[at], start + at);
    }
  }
  if (!scan.isOver) throw coded("not_json"); // cut off
  return scan.places;
}

/** @typedef {{depth: number, isInText: boolean, isEscaped: boolean, isOver: boolean, from: number, colon: number, places: Place[]}} Scan `from` and `colon` of the member that it is in, or -1 */

/** The place of what may end a text, from `at` on, or the end of the piece: nearly all of a file is texts of photos. @param {Uint8Array} piece @param {number} at */
function signIn(piece, at) {
  let next = at;
  while (next < piece.length && piece[next] !== QUOTE && piece[next] !== BACKSLASH) next += 1;
  return next;
}

/** @param {Scan} scan @param {number | undefined} byte inside a text; undefined behind the piece */
function endText(scan, byte) {
  if (scan.isEscaped) scan.isEscaped = false;
  else if (byte === BACKSLASH) scan.isEscaped = true;
  else if (byte === QUOTE) scan.isInText = false;
}

/** @param {Scan} scan @param {number} byte outside of texts @param {number} at its place */
function step(scan, byte, at) {
  if (BLANK.has(byte)) return;
  if (scan.isOver || (scan.depth === 0 && byte !== OBJECT)) throw coded("not_json");
  if (scan.depth === 1) stepInMembers(scan, byte, at);
  if (byte === QUOTE) scan.isInText = true;
  if (byte === OBJECT || byte === LIST) scan.depth += 1;
  if (byte === OBJECT_END || byte === LIST_END) scan.depth -= 1;
  scan.isOver = scan.depth === 0;
}

/** @param {Scan} scan @param {number} byte between the members @param {number} at */
function stepInMembers(scan, byte, at) {
  if (byte === QUOTE && scan.from < 0) scan.from = at;
  if (byte === COLON && scan.colon < 0) scan.colon = at;
  if (byte !== COMMA && byte !== OBJECT_END && byte !== LIST_END) return;
  if (scan.from >= 0 && scan.colon > scan.from) scan.places.push({ from: scan.from, colon: scan.colon, to: at });
  Object.assign(scan, { from: -1, colon: -1 });
}
