// @ts-check
// Pictures that this phone keeps, as addresses for <img>.
import { getBlob } from "../db/capture.js";

/**
 * Addresses of stored photos, made when first asked for; and which of them are lost: a draft names them, and their bytes are gone.
 * @param {any} capture @param {() => void} draw @param {() => boolean} isKept whether the draft stands in the database as it is drawn, with its photos
 */
export function pictureUrls(capture, draw, isKept) {
  /** @type {Map<string, string>} */
  const urls = new Map();
  /** @type {Set<string>} */
  const lost = new Set();
  const load = async (/** @type {string} */ sha256) => {
    urls.set(sha256, "");
    const wasKept = isKept();
    const blob = await getBlob(capture, sha256);
    if (!blob) {
      urls.delete(sha256); // it may still be being written; the next drawing asks again
      if (!wasKept || lost.has(sha256)) return;
      lost.add(sha256);
      return draw();
    }
    lost.delete(sha256);
    urls.set(sha256, URL.createObjectURL(new Blob([blob.bytes], { type: blob.mime })));
    draw();
  };
  /** What saving was refused for tells of a lost photo too, though its picture may still be drawn. @param {any} fault */
  function noteFault(fault) {
    if (fault?.code !== "blob_missing") return;
    URL.revokeObjectURL(urls.get(fault.sha256) ?? "");
    urls.delete(fault.sha256);
    lost.add(fault.sha256);
  }

  return {
    noteFault,
    of: (/** @type {string} */ sha256) => {
      if (!urls.has(sha256)) void load(sha256);
      return urls.get(sha256) ?? "";
    },
    isLost: (/** @type {string} */ sha256) => lost.has(sha256),
    close: () => {
      for (const url of urls.values()) if (url) URL.revokeObjectURL(url);
    },
  };
}
