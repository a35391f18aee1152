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

for (const [language, catalogue] of Object.entries({ zh, en }))
  test(`no key stands in two parts of the catalogue ${language}: the later one would win`, async () => {
    const names = readdirSync(new URL(`i18n/${language}/`, PWA));
    const parts = await Promise.all(names.map((name) => import(new URL(`i18n/${language}/${name}`, PWA).href)));
    const keys = parts.flatMap((part) => Object.values(part)).flatMap((words) => Object.keys(words));
    assert.deepEqual(
      keys.filter((key, place) => keys.indexOf(key) < place),
      [],
    );
    assert.equal(keys.length, Object.keys(catalogue).length);
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
