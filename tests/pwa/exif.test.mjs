import assert from "node:assert/strict";
import { test } from "node:test";
import { jpegFacts } from "../../pwa/capture/exif.js";
import { fitted } from "../../pwa/capture/photo.js";
import { fixOf } from "../../pwa/capture/position.js";
import { pictureQuality } from "../../pwa/capture/quality.js";

const ascii = (text) => [...text].map((letter) => letter.charCodeAt(0));

/** A JPEG's head: APP1 with orientation 6, 2026-11-24 10:05:06 +08:00, 31°12'30.5"N 121°30'0"E, then a frame of 4000 x 3000. */
function jpegHead(isLittle, south = "N") {
  const view = new DataView(new ArrayBuffer(230));
  const u16 = (at, value) => view.setUint16(at, value, isLittle);
  const u32 = (at, value) => view.setUint32(at, value, isLittle);
  const write = (at, codes) => new Uint8Array(view.buffer).set(codes, at);
  const entry = (at, tag, type, count, value) => [
    u16(at, tag),
    u16(at + 2, type),
    u32(at + 4, count),
    type === 3 ? u16(at + 8, value) : u32(at + 8, value),
  ];
  write(0, ascii(isLittle ? "II" : "MM"));
  u16(2, 42);
  u32(4, 8);
  u16(8, 3);
  entry(10, 0x0112, 3, 1, 6);
  entry(22, 0x8769, 4, 1, 50);
  entry(34, 0x8825, 4, 1, 80);
  u16(50, 2);
  entry(52, 0x9003, 2, 20, 140);
  entry(64, 0x9011, 2, 7, 162);
  u16(80, 4);
  entry(82, 1, 2, 2, 0);
  write(90, ascii(`${south}\0`));
  entry(94, 2, 5, 3, 172);
  entry(106, 3, 2, 2, 0);
  write(114, ascii("E\0"));
  entry(118, 4, 5, 3, 196);
  write(140, ascii("2026:11:24 10:05:06\0"));
  write(162, ascii("+08:00\0"));
  for (const [index, value] of [31, 1, 12, 1, 305, 10, 121, 1, 30, 1, 0, 1].entries()) u32(172 + 4 * index, value);
  const tiff = [...new Uint8Array(view.buffer, 0, 220)];
  const frame = [0xff, 0xc0, 0, 11, 8, 3000 >> 8, 3000 & 255, 4000 >> 8, 4000 & 255, 1, 1, 17, 0];
  return new Uint8Array([0xff, 0xd8, 0xff, 0xe1, 0, 228, ...ascii("Exif\0\0"), ...tiff, ...frame]).buffer;
}

for (const isLittle of [true, false]) {
  test(`EXIF is read in ${isLittle ? "little" : "big"} endian`, () => {
    assert.deepEqual(jpegFacts(jpegHead(isLittle)), {
      width: 4000,
      height: 3000,
      orientation: 6,
      taken_at: "2026-11-24T10:05:06+08:00",
      lat: 31.2084722,
      lon: 121.5,
    });
  });
}

test("southern latitudes are negative", () => {
  assert.equal(jpegFacts(jpegHead(true, "S")).lat, -31.2084722);
});

test("what is no JPEG, and a JPEG cut off at any byte, is read without a fault", () => {
  const nothing = { width: null, height: null, orientation: 1, taken_at: null, lat: null, lon: null };
  assert.deepEqual(jpegFacts(new TextEncoder().encode("not a jpeg at all").buffer), nothing);
  const whole = jpegHead(true);
  for (let end = 0; end < whole.byteLength; end += 1) jpegFacts(whole.slice(0, end));
  assert.deepEqual(jpegFacts(new ArrayBuffer(0)), nothing);
});

test("a picture is fitted by its longest side and never enlarged", () => {
  assert.deepEqual(fitted(3000, 4000, 1600), { width: 1200, height: 1600 });
  assert.deepEqual(fitted(640, 480, 1600), { width: 640, height: 480 });
});

/** RGBA pixels of grey values. */
function picture(size, greyAt) {
  const data = Array.from({ length: size * size }, (_, index) => greyAt(index % size, Math.floor(index / size)));
  return { width: size, height: size, data: data.flatMap((grey) => [grey, grey, grey, 255]) };
}

test("stripes are sharp, a gradient is blurred, a night is dark", () => {
  assert.deepEqual(pictureQuality(picture(40, (x) => (x % 8 < 4 ? 60 : 200))), { is_blurred: false, is_dark: false });
  assert.deepEqual(pictureQuality(picture(40, (x) => 80 + x)), { is_blurred: true, is_dark: false });
  assert.equal(pictureQuality(picture(40, () => 20)).is_dark, true);
});

test("a fix is kept as the device gave it", () => {
  const fix = fixOf({ coords: { latitude: 31.2, longitude: 121.5, accuracy: 35 }, timestamp: 1_795_489_445_678 });
  assert.deepEqual(fix, { lat: 31.2, lon: 121.5, accuracy_m: 35, taken_at: "2026-11-24T03:04:05.678Z", source: "gps" });
});
