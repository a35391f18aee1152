import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256Hex, uuid7 } from "../../pwa/ids.js";

test("uuid7 has version 7 and the variant of RFC 9562", () => {
  assert.match(uuid7(), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("uuid7 begins with the millisecond it was made in", (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 4_000_000_000_000 });
  assert.equal(uuid7().replaceAll("-", "").slice(0, 12), "03a352944000");
});

test("uuid7 ascends within a millisecond and when the clock is set back", (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 4_100_000_000_000 });
  const ids = Array.from({ length: 6000 }, uuid7);
  t.mock.timers.setTime(4_000_000_000_000);
  ids.push(uuid7());
  assert.deepEqual([...ids].sort(), ids);
  assert.equal(new Set(ids).size, 6001);
});

test("sha256Hex of the text abc", async () => {
  const hash = await sha256Hex(new TextEncoder().encode("abc").buffer);
  assert.equal(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
