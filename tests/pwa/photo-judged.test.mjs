// How a photo came out, in a word below it.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./chinese_page.mjs";

const { t } = await import("../../pwa/i18n/index.js");
const { qualityWord } = await import("../../pwa/screens/photo_judged.js");

test("a photo that was judged is clear, blurred or dark", () => {
  assert.equal(qualityWord({ is_blurred: false, is_dark: false }), t("photo.clear"));
  assert.equal(qualityWord({ is_blurred: true, is_dark: true }), t("photo.blurred"));
  assert.equal(qualityWord({ is_blurred: false, is_dark: true }), t("photo.dark"));
});

test("of a photo that nobody judged nothing is said", () => {
  assert.equal(qualityWord({}), "");
});
