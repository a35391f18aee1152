// @ts-check
/** How many bytes of a photo go in one request. No clock of its own: times come in as arguments. The same as `sync/uploads.py`. */

/**
 * Servers and proxies that hold a request back until it is whole lose all of it with the connection, so the size of a
 * chunk is the price of a cut; and each chunk costs a round trip.
 */
export const FIRST_CHUNK_BYTES = 24 * 1024;
const LEAST_CHUNK_BYTES = 8 * 1024;
const MOST_CHUNK_BYTES = 1024 * 1024;
const QUICK_MS = 1_000;
const SLOW_MS = 4_000;

/**
 * The next chunk's size after one of this size took so long: one to four seconds each, whatever the network.
 * @param {number} chunkBytes
 * @param {number} ms
 */
export function chunkBytesAfter(chunkBytes, ms) {
  if (ms < QUICK_MS) return Math.min(chunkBytes * 2, MOST_CHUNK_BYTES);
  return ms > SLOW_MS ? Math.max(Math.floor(chunkBytes / 2), LEAST_CHUNK_BYTES) : chunkBytes;
}

/**
 * One for all photos under way; few bytes again after every fault. Two photos in step would wait for their answers at the
 * same time, with the network idle: whoever begins soon after the other sends half as much again.
 */
export function createPace() {
  let chunkBytes = FIRST_CHUNK_BYTES;
  let tookMs = QUICK_MS;
  let beganAt = Number.NEGATIVE_INFINITY;
  return {
    /** The most bytes for a request that begins now, with so many left of the photo; no request for a small rest. @param {number} nowMs @param {number} left */
    beginChunk(nowMs, left) {
      const isInStep = nowMs - beganAt < tookMs / 4;
      beganAt = nowMs;
      const most = Math.floor((chunkBytes * 3) / 2);
      return isInStep || left <= most ? most : chunkBytes;
    },
    /** A chunk got through; one that was short says nothing. @param {number} bytes @param {number} ms */
    noteChunk(bytes, ms) {
      if (bytes !== chunkBytes) return;
      chunkBytes = chunkBytesAfter(bytes, ms);
      tookMs = ms;
    },
    noteFault() {
      chunkBytes = Math.min(chunkBytes, FIRST_CHUNK_BYTES);
    },
  };
}
