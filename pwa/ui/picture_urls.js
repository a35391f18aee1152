// @ts-check
// Pictures that this phone keeps, as addresses for <img>.
import { getBlob } from "../db/capture.js";

/** Addresses of stored photos, made when first asked for. @param {any} capture @param {() => void} draw */
export function pictureUrls(capture, draw) {
  /** @type {Map<string, string>} */
  const urls = new Map();
  const load = async (/** @type {string} */ sha256) => {
    urls.set(sha256, "");
    const blob = await getBlob(capture, sha256);
    if (!blob) {
      urls.delete(sha256); // it is still being written; the next drawing asks again
      return;
    }
    urls.set(sha256, URL.createObjectURL(new Blob([blob.bytes], { type: blob.mime })));
    draw();
  };
  return {
    of: (/** @type {string} */ sha256) => {
      if (!urls.has(sha256)) void load(sha256);
      return urls.get(sha256) ?? "";
    },
    close: () => {
      for (const url of urls.values()) if (url) URL.revokeObjectURL(url);
    },
  };
}
