// @ts-check
/** A photo made ready to be kept: upright, scaled down, stamped, hashed; its EXIF is read before it is lost. */
import { coded } from "../db/problems.js";
import { sha256Hex } from "../ids.js";
import { jpegFacts } from "./exif.js";
import { originByExif } from "./photo_source.js";
import { pictureQuality } from "./quality.js";

const QUALITY = 0.82;
const QUALITY_SIDE = 480;
/** EXIF and size stand before the picture. */
const HEAD_BYTES = 512 * 1024;
const MIME = "image/jpeg";

/**
 * @typedef {object} PreparedPhoto
 * @property {string} sha256
 * @property {ArrayBuffer} bytes
 * @property {string} mime
 * @property {number} width
 * @property {number} height
 * @property {string} taken_at
 * @property {"camera"|"file"} source what `visit.v1` knew of where it came from
 * @property {import("./photo_source.js").Origin} origin
 * @property {string|null} exif_taken_at
 * @property {number|null} exif_lat
 * @property {number|null} exif_lon
 * @property {boolean} is_blurred
 * @property {boolean} is_dark
 */

/**
 * @param {Blob} blob
 * @param {{lines: string[], origin: import("./photo_source.js").Origin, takenAt: string, longestSide: number}} about `lines` are drawn on: time, place, rep;
 *   `longestSide` in px is the most that the picture keeps
 * @returns {Promise<PreparedPhoto>} rejects with the code photo_unreadable
 */
export async function preparePhoto(blob, { lines, origin, takenAt, longestSide }) {
  const facts = jpegFacts(await blob.slice(0, HEAD_BYTES).arrayBuffer());
  const picture = await decode(blob, facts, longestSide);
  const { width, height } = fitted(picture.width, picture.height, longestSide);
  const canvas = newCanvas(width, height);
  const pen = contextOf(canvas);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, width, height);
  if ("close" in picture) picture.close();
  const quality = judged(canvas);
  stamp(pen, lines, width, height);
  const bytes = await (await encoded(canvas)).arrayBuffer();
  return {
    sha256: await sha256Hex(bytes),
    bytes,
    mime: MIME,
    width,
    height,
    taken_at: takenAt,
    source: origin === "camera" ? "camera" : "file",
    origin: originByExif(origin, facts.taken_at, takenAt),
    exif_taken_at: facts.taken_at,
    exif_lat: facts.lat,
    exif_lon: facts.lon,
    ...quality,
  };
}

/** The size inside a square of `longest`, never larger than it is. Pure. @param {number} width @param {number} height @param {number} longest */
export function fitted(width, height, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** @param {Blob} blob @param {import("./exif.js").JpegFacts} facts @param {number} longestSide @returns {Promise<ImageBitmap|HTMLImageElement>} upright */
async function decode(blob, facts, longestSide) {
  try {
    return await createImageBitmap(blob, { imageOrientation: "from-image", ...resizing(facts, longestSide) });
  } catch {
    return decodeByElement(blob); // older WebKit knows no options; some formats only open in an element
  }
}

/** Scaling while decoding keeps a 12-megapixel bitmap out of a cheap phone's memory. @param {import("./exif.js").JpegFacts} facts @param {number} longestSide */
function resizing({ width, height, orientation }, longestSide) {
  if (!width || !height || Math.max(width, height) <= longestSide) return {};
  const isTurned = orientation >= 5;
  const size = isTurned ? fitted(height, width, longestSide) : fitted(width, height, longestSide);
  return { resizeWidth: size.width, resizeHeight: size.height, resizeQuality: /** @type {const} */ ("medium") };
}

/** @param {Blob} blob @returns {Promise<HTMLImageElement>} */
async function decodeByElement(blob) {
  const image = new Image();
  image.src = URL.createObjectURL(blob);
  try {
    await image.decode();
    return image;
  } catch (fault) {
    throw coded("photo_unreadable", { cause: fault });
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

/** @typedef {OffscreenCanvas|HTMLCanvasElement} Canvas @typedef {OffscreenCanvasRenderingContext2D|CanvasRenderingContext2D} Pen */

/** @param {number} width @param {number} height @returns {Canvas} */
export function newCanvas(width, height) {
  if (typeof OffscreenCanvas !== "undefined") return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement("canvas"), { width, height });
}

/** @param {Canvas} canvas @returns {Pen} */
export function contextOf(canvas) {
  return /** @type {Pen} */ (canvas.getContext("2d", { alpha: false, willReadFrequently: true }));
}

/** @param {Canvas} canvas @param {number} [quality] @returns {Promise<Blob>} a JPEG */
export function encoded(canvas, quality = QUALITY) {
  if ("convertToBlob" in canvas) return canvas.convertToBlob({ type: MIME, quality });
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(coded("photo_unreadable"))), MIME, quality);
  });
}

/** @param {Canvas} canvas */
function judged(canvas) {
  const { width, height } = fitted(canvas.width, canvas.height, QUALITY_SIDE);
  const pen = contextOf(newCanvas(width, height));
  pen.drawImage(canvas, 0, 0, width, height);
  return pictureQuality(pen.getImageData(0, 0, width, height));
}

/** A dark band along the bottom with one line of text for each. @param {Pen} pen @param {string[]} lines @param {number} width @param {number} height */
function stamp(pen, lines, width, height) {
  if (lines.length === 0) return;
  const size = Math.max(14, Math.round(Math.min(width, height) / 34));
  const step = Math.round(size * 1.45);
  const top = height - step * lines.length - size;
  pen.fillStyle = "rgb(0 0 0 / 0.6)";
  pen.fillRect(0, top, width, height - top);
  pen.fillStyle = "white";
  pen.textBaseline = "top";
  pen.font = `${size}px sans-serif`;
  for (const [index, line] of lines.entries()) pen.fillText(line, size, top + size / 2 + index * step, width - 2 * size);
}
