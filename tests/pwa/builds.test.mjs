// The builds of the app that a phone keeps: the one in use, and one that waits to take over.
import assert from "node:assert/strict";
import { test } from "node:test";
import { captureWith } from "./capture_factories.mjs";
import { active, dropOnFullPhone, fakeCaches, fakeRegistration } from "./fake_worker.mjs";
import { dropOtherBuilds, ownBuild } from "../../pwa/build.js";
import { withRoom } from "../../pwa/db/photo_bytes.js";

test("two updates that were put off cost nobody the build in use, however full the phone is", async () => {
  const left = fakeCaches("a", "b", "c");
  fakeRegistration({ active: active("a"), waiting: {} });
  await dropOtherBuilds();
  assert.deepEqual([left(), await ownBuild()], [["a", "b", "c"], "a"]);
  fakeRegistration({ active: active("a"), installing: {} });
  await dropOtherBuilds();
  assert.deepEqual(left(), ["a", "b", "c"]);
});

test("where no update waits a full phone keeps the build in use, and the newest, which may be coming just now", async () => {
  const left = fakeCaches("a", "b", "c");
  fakeRegistration({ active: active("a") });
  await dropOtherBuilds();
  assert.deepEqual([left(), await ownBuild()], [["a", "c"], "a"]);
  await dropOtherBuilds();
  assert.deepEqual(left(), ["a", "c"]);
});

test("what a worker left that was killed while it took over goes, and not the build in use", async () => {
  const left = fakeCaches("old", "own");
  fakeRegistration({ active: active("own") });
  assert.equal(await ownBuild(), "own");
  await dropOtherBuilds();
  assert.deepEqual([left(), await ownBuild()], [["own"], "own"]);
});

test("a build in use that is neither the first nor the newest stays", async () => {
  const left = fakeCaches("old", "own", "next");
  fakeRegistration({ active: active("own") });
  await dropOtherBuilds();
  assert.deepEqual([left(), await ownBuild()], [["own", "next"], "own"]);
});

test("of several builds none goes while the worker does not say which it is", async () => {
  const left = fakeCaches("a", "b", "c");
  for (const registration of [{ active: { postMessage: () => {} } }, { active: null }, undefined]) {
    fakeRegistration(registration);
    await dropOtherBuilds();
    assert.deepEqual([left(), await ownBuild()], [["a", "b", "c"], ""]);
  }
});

test("the only build is the one in use, whether or not its worker says so", async () => {
  const left = fakeCaches("a");
  fakeRegistration(undefined);
  await dropOtherBuilds();
  assert.deepEqual([left(), await ownBuild()], [["a"], "a"]);
});

test("a full phone keeps the builds of open pages, and drops them only where that is the last way", async () => {
  const left = fakeCaches("put-off", "a", "put-off-too", "b", "new");
  await caches.open("xundian-shell-b").then((cache) => cache.put("/m/earlier-pages", new Response('{"old":"xundian-shell-a"}')));
  await dropOnFullPhone("b");
  assert.deepEqual(left(), ["a", "b", "new"]);
  await dropOnFullPhone("b", { isLastWay: true });
  assert.deepEqual(left(), ["b", "new"]);
});

test("the builds of open pages go for what would not be kept otherwise", async () => {
  const db = await captureWith();
  const left = fakeCaches("a", "b", "new");
  await caches.open("xundian-shell-b").then((cache) => cache.put("/m/earlier-pages", new Response('{"old":"xundian-shell-a"}')));
  fakeRegistration({ active: active("b") });
  const seen = [];
  /** There is room once so many builds are left. */
  const storing = (most) => async () => {
    seen.push(left().length);
    if (left().length > most) throw Object.assign(new Error("full"), { code: "storage_full" });
    return "kept";
  };
  await assert.rejects(
    withRoom(db, () => Promise.reject(new TypeError("odd"))),
    TypeError,
  );
  assert.deepEqual(left(), ["a", "b", "new"]);
  assert.equal(await withRoom(db, storing(2)), "kept");
  assert.deepEqual(seen, [3, 3, 2]);
  await assert.rejects(withRoom(db, storing(1)), { code: "storage_full" });
});

test("a browser without a service worker has no build", async () => {
  Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  assert.equal(await ownBuild(), "");
  await dropOtherBuilds();
});
