// Which photos a visit needs, from a policy that was typed by hand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { slotsIn } from "../../pwa/rules/photo_slots.js";

test("spaces, Chinese commas and words that are no photo break nothing", () => {
  assert.deepEqual(slotsIn("storefront,counter"), ["storefront", "counter"]);
  assert.deepEqual(slotsIn("storefront, counter"), ["storefront", "counter"]);
  assert.deepEqual(slotsIn("storefront，counter"), ["storefront", "counter"]);
  assert.deepEqual(slotsIn("counter、other;counter,"), ["counter", "other"]);
  assert.deepEqual(slotsIn("till,storefront"), ["storefront"]);
});

test("where no word is a photo, the usual ones are needed", () => {
  assert.deepEqual(slotsIn("门头，柜台"), ["storefront", "counter"]);
  assert.deepEqual(slotsIn(""), ["storefront", "counter"]);
});
