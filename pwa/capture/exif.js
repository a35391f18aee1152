// @ts-check
/** Reads from a JPEG what a re-encoded picture loses: size, orientation, when and where it was taken. Pure. */

/**
 * @typedef {object} JpegFacts
 * @property {number|null} width as stored, before orientation
 * @property {number|null} height
 * @property {number} orientation 1 to 8
 * @property {string|null} taken_at EXIF text with ISO separators; with an offset only when the camera wrote one
 * @property {number|null} lat
 * @property {number|null} lon
 */

const ORIENTATION = 0x0112;
const EXIF_FOLDER = 0x8769;
const GPS_FOLDER = 0x8825;
const TAKEN_AT = 0x9003;
const TAKEN_AT_OFFSET = 0x9011;
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8];

/** @param {ArrayBuffer} bytes @returns {JpegFacts} all unknown when it is no JPEG or a broken one */
export function jpegFacts(bytes) {
  const facts = { width: null, height: null, orientation: 1, taken_at: null, lat: null, lon: null };
  try {
    readSegments(new DataView(bytes), facts);
  } catch (fault) {
    if (!(fault instanceof RangeError)) throw fault; // cut off or lying about its lengths: keep what was read
  }
  return facts;
}

/** @param {DataView} view @param {any} facts */
function readSegments(view, facts) {
  if (view.getUint16(0) !== 0xffd8) return;
  for (let at = 2; view.getUint8(at) === 0xff; ) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xda) return;
    const length = view.getUint16(at + 2);
    if (marker === 0xe1 && view.getUint32(at + 4) === 0x45786966) readTiff(view, at + 10, facts);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      facts.height = view.getUint16(at + 5);
      facts.width = view.getUint16(at + 7);
      return;
    }
    at += 2 + length;
  }
}

/** @param {DataView} view @param {number} start of the TIFF header @param {any} facts */
function readTiff(view, start, facts) {
  const isLittle = view.getUint16(start) === 0x4949;
  const tiff = { view, start, isLittle };
  const main = readFolder(tiff, view.getUint32(start + 4, isLittle));
  const orientation = numbers(tiff, main.get(ORIENTATION))[0];
  if (orientation >= 1 && orientation <= 8) facts.orientation = orientation;
  const [exifAt] = numbers(tiff, main.get(EXIF_FOLDER));
  if (exifAt) readExif(tiff, readFolder(tiff, exifAt), facts);
  const [gpsAt] = numbers(tiff, main.get(GPS_FOLDER));
  if (gpsAt) readGps(tiff, readFolder(tiff, gpsAt), facts);
}

/** @typedef {{view: DataView, start: number, isLittle: boolean}} Tiff @typedef {{type: number, count: number, at: number}} Entry */

/** @param {Tiff} tiff @param {Map<number, Entry>} folder @param {any} facts */
function readExif(tiff, folder, facts) {
  const match = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(text(tiff, folder.get(TAKEN_AT)));
  const offset = /^[+-]\d\d:\d\d/.exec(text(tiff, folder.get(TAKEN_AT_OFFSET)))?.[0] ?? "";
  if (match && match[1] !== "0000") facts.taken_at = `${match[1]}-${match[2]}-${match[3]}T${match[4]}${offset}`;
}

/** @param {Tiff} tiff @param {Map<number, Entry>} folder @param {any} facts */
function readGps(tiff, folder, facts) {
  const lat = degrees(numbers(tiff, folder.get(2)), text(tiff, folder.get(1)) === "S");
  const lon = degrees(numbers(tiff, folder.get(4)), text(tiff, folder.get(3)) === "W");
  if (lat === null || lon === null || Math.abs(lat) > 90 || Math.abs(lon) > 180) return;
  facts.lat = lat;
  facts.lon = lon;
}

/** @param {Tiff} tiff @param {number} offset @returns {Map<number, Entry>} */
function readFolder({ view, start, isLittle }, offset) {
  const entries = new Map();
  const count = view.getUint16(start + offset, isLittle);
  for (let index = 0; index < count; index += 1) {
    const at = start + offset + 2 + 12 * index;
    const type = view.getUint16(at + 2, isLittle);
    const length = view.getUint32(at + 4, isLittle);
    const isInline = (TYPE_BYTES[type] ?? 0) * length <= 4;
    entries.set(view.getUint16(at, isLittle), { type, count: length, at: isInline ? at + 8 : start + view.getUint32(at + 8, isLittle) });
  }
  return entries;
}

/** @param {Tiff} tiff @param {Entry|undefined} entry @returns {number[]} at most three */
function numbers({ view, isLittle }, entry) {
  if (!entry) return [];
  return Array.from({ length: Math.min(entry.count, 3) }, (_, index) => {
    if (entry.type === 3) return view.getUint16(entry.at + 2 * index, isLittle);
    if (entry.type === 4) return view.getUint32(entry.at + 4 * index, isLittle);
    if (entry.type === 5) return view.getUint32(entry.at + 8 * index, isLittle) / view.getUint32(entry.at + 8 * index + 4, isLittle);
    return Number.NaN;
  });
}

/** @param {Tiff} tiff @param {Entry|undefined} entry */
function text({ view }, entry) {
  if (entry?.type !== 2) return "";
  const codes = Array.from({ length: Math.min(entry.count, 40) }, (_, index) => view.getUint8(entry.at + index));
  return String.fromCharCode(...codes).replace(/\0.*$/, "");
}

/** @param {number[]} parts degrees, minutes, seconds @param {boolean} isNegative @returns {number|null} */
function degrees(parts, isNegative) {
  const value = parts[0] + parts[1] / 60 + parts[2] / 3600;
  if (parts.length !== 3 || !Number.isFinite(value)) return null;
  return Math.round((isNegative ? -value : value) * 1e7) / 1e7;
}
