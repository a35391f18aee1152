// @ts-check
// Reads QR codes out of a video: by the browser where it can, else by a library, as on iPhones.

/** Pixels of a side of what the library gets to see: enough for a card at arm's length, and quick on a cheap phone. */
const SIDE = 480;

/** @typedef {(video: HTMLVideoElement) => Promise<string>} CodeReader the text of a code in sight; "" when there is none */

/** @returns {Promise<CodeReader>} rejects when the library cannot be had */
export async function codeReader() {
  const Detector = /** @type {any} */ (globalThis).BarcodeDetector;
  /** @type {string[]} */
  const formats = (await Detector?.getSupportedFormats().catch(() => [])) ?? [];
  if (!formats.includes("qr_code")) return libraryReader();
  const detector = new Detector({ formats: ["qr_code"] });
  return async (video) => (await detector.detect(video).catch(() => []))[0]?.rawValue ?? "";
}

/** @returns {Promise<CodeReader>} */
async function libraryReader() {
  const { decodeQR } = await import("../vendor/qr/decode.js");
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  return async (video) => {
    const side = Math.min(video.videoWidth, video.videoHeight);
    if (!side) return "";
    context.drawImage(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, 0, 0, SIDE, SIDE);
    return textIn(decodeQR, context.getImageData(0, 0, SIDE, SIDE));
  };
}

/**
 * @param {(image: {width: number, height: number, data: Uint8ClampedArray}) => string} decode throws where it sees no code
 * @param {{width: number, height: number, data: Uint8ClampedArray}} image RGBA
 * @returns {string}
 */
export function textIn(decode, image) {
  try {
    return decode(image);
  } catch {
    return "";
  }
}
