// Both catalogues are complete, and every key in the code has words.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { en } from "../../pwa/i18n/en.js";
import { zh } from "../../pwa/i18n/zh.js";

const PWA = new URL("../../pwa/", import.meta.url);

function sources(folder) {
  return readdirSync(new URL(folder, PWA))
    .filter((name) => name.endsWith(".js"))
    .map((name) => readFileSync(new URL(`${folder}${name}`, PWA), "utf-8"));
}

const CODE = ["screens/", "ui/", "forms/", "./"].flatMap(sources);

test("both catalogues have the same keys", () => {
  assert.deepEqual(Object.keys(en).sort(), Object.keys(zh).sort());
});

test("English has no Chinese in it, and Chinese has some", () => {
  for (const [key, words] of Object.entries(en)) assert.doesNotMatch(words, /[\u3400-\u9fff]/, key);
  for (const [key, words] of Object.entries(zh)) if (!/^[{}\w.\s，：；、²]*$/.test(words)) assert.match(words, /[\u3400-\u9fff]/, key);
});

test("both languages fill in the same places", () => {
  const places = (words) => (words.match(/\{\w+\}/g) ?? []).filter((place) => place !== "{s}").sort(); // {s} is the English plural
  for (const key of Object.keys(zh)) assert.deepEqual(places(en[key]), places(zh[key]), key);
});

test("every key that the code names is in the catalogue", () => {
  const named = CODE.flatMap((code) => [...code.matchAll(/\bt\(\s*"([^"]+)"/g)].map((found) => found[1]));
  assert.ok(named.length > 100);
  for (const key of named) assert.ok(key in zh, key);
});

test("every family of keys that the code builds has words", () => {
  const built = CODE.flatMap((code) => [...code.matchAll(/\bt\(\s*`([^`$]+)\$\{/g)].map((found) => found[1]));
  for (const start of built)
    assert.ok(
      Object.keys(zh).some((key) => key.startsWith(start)),
      start,
    );
});
