// @ts-check
/** Ids and hashes made on the phone. */

let lastMs = 0;
let counter = 0;

/**
 * A UUIDv7 as lower-case text. Ids of one page ascend even within a millisecond and when the clock is set back.
 * @returns {string}
 */
export function uuid7() {
  const random = crypto.getRandomValues(new Uint8Array(10));
  advance(Date.now(), ((random[8] & 0x03) << 8) | random[9]);
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setUint32(2, lastMs % 2 ** 32);
  new DataView(bytes.buffer).setUint16(0, Math.floor(lastMs / 2 ** 32));
  bytes[6] = 0x70 | (counter >> 8);
  bytes[7] = counter & 0xff;
  bytes.set(random.subarray(0, 8), 8);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = hexOf(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * SHA-256 as 64 hex digits.
 * @param {ArrayBuffer} bytes
 * @returns {Promise<string>}
 */
export async function sha256Hex(bytes) {
  return hexOf(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/**
 * @param {number} nowMs
 * @param {number} start below 1024, so that at least 3,071 ids fit into the same millisecond
 */
function advance(nowMs, start) {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    counter = start;
  } else if (counter < 0xfff) {
    counter += 1;
  } else {
    lastMs += 1;
    counter = start;
  }
}

/** @param {Uint8Array} bytes */
function hexOf(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
