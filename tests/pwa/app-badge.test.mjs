// The number on the app's icon.
import assert from "node:assert/strict";
import { test } from "node:test";
import { showUnsent } from "../../pwa/ui/app_badge.js";

function browser() {
  const shown = [];
  return { shown, setAppBadge: async (count) => shown.push(count), clearAppBadge: async () => shown.push("none") };
}

test("the icon has the number of unsent records, and none at 0", async () => {
  const one = browser();
  for (const unsent of [2, 1, 0]) await showUnsent(unsent, one);
  assert.deepEqual(one.shown, [2, 1, "none"]);
});

test("a browser without such numbers, or one that refuses, is left alone", async () => {
  await showUnsent(1, {});
  await showUnsent(0, {});
  const refuse = () => Promise.reject(new DOMException("", "NotAllowedError"));
  await showUnsent(1, { setAppBadge: refuse });
  await showUnsent(0, { clearAppBadge: refuse });
});
