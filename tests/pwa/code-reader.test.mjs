// The library that reads QR codes where the browser cannot, on pictures as a camera gives them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { textIn } from "../../pwa/ui/code_reader.js";
import { decodeQR } from "../../pwa/vendor/qr/decode.js";
import encodeQR from "../../pwa/vendor/qr/index.js";

const SIDE = 480;
const ADDRESS = "https://xundian.example/app/#/card/01a1f000-0000-7000-8000-000000000001/AB12CD34";

/** A picture with the code in its middle, at `scale` pixels a module, on a ground of this grey. */
function picture(text, scale, ground = 255) {
  const code = encodeQR(text, "raw", { border: 4 });
  const from = Math.floor((SIDE - code.length * scale) / 2);
  const data = new Uint8ClampedArray(SIDE * SIDE * 4).fill(255);
  for (let y = 0; y < SIDE; y += 1)
    for (let x = 0; x < SIDE; x += 1) {
      const module = code[Math.floor((y - from) / scale)]?.[Math.floor((x - from) / scale)];
      data.fill(module === undefined ? ground : module ? 20 : 235, (y * SIDE + x) * 4, (y * SIDE + x) * 4 + 3);
    }
  return { width: SIDE, height: SIDE, data };
}

for (const scale of [4, 8])
  test(`a card is read at ${scale} pixels a module`, () => assert.equal(textIn(decodeQR, picture(ADDRESS, scale, 120)), ADDRESS));

test("where no code is in sight there is no text", () => {
  const data = new Uint8ClampedArray(SIDE * SIDE * 4).map((_, place) => (place * 7919) % 251);
  assert.equal(textIn(decodeQR, { width: SIDE, height: SIDE, data }), "");
  assert.equal(textIn(decodeQR, { width: 0, height: 0, data: new Uint8ClampedArray() }), "");
});
