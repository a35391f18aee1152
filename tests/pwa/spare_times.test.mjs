import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { visitRecord } from "./capture_factories.mjs";
import "./fake_caches.mjs";
import { databases } from "../../pwa/company.js";
import { saveDraft, saveRecord } from "../../pwa/db/capture.js";
import { applyPage } from "../../pwa/db/replica.js";
import { sessionStore } from "../../pwa/db/session_store.js";
import { partsOf, pathsIn, spareName } from "../../pwa/db/spare_cache.js";
import { uuid7 } from "../../pwa/ids.js";
import { endSpares, keepSparesOf, startSpares } from "../../pwa/spare.js";

const MINUTE_MS = 60_000;
const realWait = setImmediate;
mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.parse("2026-11-02T01:00:00Z") });
mock.method(performance, "now", () => Date.now());

/** The databases answer in their own time, whatever the clock says. */
async function settled() {
  for (let turn = 0; turn < 300; turn += 1) await new Promise((resolve) => realWait(resolve));
}

async function after(ms) {
  mock.timers.tick(ms);
  await settled();
}

async function storesSpared(personId) {
  const names = (await pathsIn(await caches.open(spareName(personId)))).map((path) => partsOf(path)[0]);
  return [...new Set(names)].filter((name) => name !== "spare_id").sort();
}

const put = (id) => ({ e: "put", type: "outlet", id, scope: "outlet:o1", v: 1, doc: { id } });

test("a save is copied 300 ms later whether or not others follow, a draft within a second, the company's rows ten minutes after the last time; nothing by a page that gave way", async () => {
  const personId = uuid7();
  await sessionStore();
  const { capture, replica } = await databases(personId);
  await applyPage(replica, { events: [put("o1")], cursor: "e1.5.5.n", last_n: 0 });
  startSpares();
  await keepSparesOf(personId);
  await after(2_900);
  assert.deepEqual(await storesSpared(personId), [], "the first screen comes first");
  await after(200);
  assert.deepEqual(await storesSpared(personId), ["replica"]);

  await saveRecord(capture, visitRecord());
  await after(250);
  await saveRecord(capture, visitRecord()); // puts nothing off
  assert.deepEqual(await storesSpared(personId), ["replica"], "the next save would wait for the copy");
  await after(100);
  assert.deepEqual(await storesSpared(personId), ["ops", "replica"]);

  await saveDraft(capture, "visit:o1", { step: 1 });
  await after(900);
  assert.deepEqual(await storesSpared(personId), ["ops", "replica"]);
  await after(200);
  assert.deepEqual(await storesSpared(personId), ["drafts", "ops", "replica"]);

  const copyOf = async () => (await pathsIn(await caches.open(spareName(personId)))).find((path) => partsOf(path)[2] === "whole");
  const first = await copyOf();
  await applyPage(replica, { events: [put("o2")], cursor: "e1.6.6.n", last_n: 0 });
  await saveRecord(capture, visitRecord()); // a pass of its own, which must not forget the rows
  await after(9 * MINUTE_MS);
  assert.equal(await copyOf(), first);
  await after(MINUTE_MS);
  assert.notEqual(await copyOf(), first);

  endSpares();
  const before = (await pathsIn(await caches.open(spareName(personId)))).length;
  await saveRecord(capture, visitRecord());
  await after(MINUTE_MS);
  assert.equal((await pathsIn(await caches.open(spareName(personId)))).length, before);
});
