// What a QR code says of an outlet's card.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cardOf } from "../../pwa/rules/outlet_card.js";

const OUTLET = "01a1f000-0000-7000-8000-000000000001";

test("a card names its outlet and its code", () => {
  assert.deepEqual(cardOf(` XUNDIAN:${OUTLET}:7F3K92QD\n`), { outletId: OUTLET, code: "7F3K92QD" });
});

test("any other code is no card", () => {
  for (const text of [
    "",
    "https://example.com",
    `XUNDIAN:${OUTLET}`,
    `XUNDIAN:${OUTLET}:7f3k92qd`,
    `XUNDIAN:${OUTLET}:7F3K92QDX`,
    "XUNDIAN::7F3K92QD",
  ])
    assert.equal(cardOf(text), null);
});
