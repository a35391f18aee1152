// What the screens show.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { visitForm } from "../../pwa/company.js";

const FORM = JSON.parse(readFileSync(new URL("../../sync/forms/visit.v3.json", import.meta.url), "utf-8"));

let answers = [];
globalThis.fetch = async () => (answers.shift() ?? (() => Response.json(FORM)))();

test("a form that did not come is asked for again", async () => {
  answers = [
    () => Promise.reject(new TypeError("no network")),
    () => new Response("", { status: 503 }),
  ];
  await assert.rejects(visitForm(), /no network/);
  await assert.rejects(visitForm());
  assert.deepEqual(await visitForm(), FORM);
});
