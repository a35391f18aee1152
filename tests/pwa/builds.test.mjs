// The builds of the app that a phone keeps: the one in use, and one that waits to take over.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";
import { dropOtherBuilds, ownBuild } from "../../pwa/build.js";

const SOURCE = readFileSync(new URL("../../pwa/sw.js", import.meta.url), "utf-8");

/** The browser's caches with these builds, oldest first, and others. */
function fakeCaches(...builds) {
  const names = ["xundian-spare-1", ...builds.map((name) => `xundian-shell-${name}`)];
  globalThis.caches = {
    keys: async () => [...names],
    delete: async (name) => names.splice(names.indexOf(name), 1),
  };
  return () => names.slice(1).map((name) => name.replace("xundian-shell-", ""));
}

function fakeRegistration(registration) {
  Object.defineProperty(globalThis, "navigator", {
    value: { serviceWorker: { getRegistration: async () => registration } },
    configurable: true,
  });
}

/** What the worker of a build does when it takes over. */
async function takeOver(build) {
  const heard = {};
  let isClaimed = false;
  const clients = { claim: async () => (isClaimed = true) };
  const self = { addEventListener: (name, act) => Object.assign(heard, { [name]: act }), clients, location: { origin: "" } };
  vm.runInNewContext(`const BUILD = "${build}"; const SHELL = []; ${SOURCE}`, { self, caches });
  let done;
  heard.activate({ waitUntil: (work) => (done = work) });
  await done;
  return isClaimed;
}

test("two updates that were put off cost nobody the build in use, however full the phone is", async () => {
  const left = fakeCaches("a", "b", "c");
  fakeRegistration({ active: {}, waiting: {} });
  await dropOtherBuilds();
  assert.deepEqual([left(), await ownBuild()], [["a", "b", "c"], "a"]);
  fakeRegistration({ active: {}, installing: {} });
  await dropOtherBuilds();
  assert.deepEqual(left(), ["a", "b", "c"]);
});

test("where no update waits a full phone keeps the build in use only", async () => {
  const left = fakeCaches("a", "b", "c");
  fakeRegistration({ active: {} });
  await dropOtherBuilds();
  assert.deepEqual([left(), await ownBuild()], [["a"], "a"]);
  await dropOtherBuilds();
  assert.deepEqual(left(), ["a"]);
});

test("a build that takes over drops those before it, which no page is served from any more, and none after it", async () => {
  const left = fakeCaches("a", "b", "c", "d");
  assert.deepEqual([await takeOver("c"), left()], [false, ["c", "d"]]);
});

test("the first build of a phone serves at once", async () => {
  const left = fakeCaches("a");
  assert.deepEqual([await takeOver("a"), left()], [true, ["a"]]);
});

test("a browser without a service worker has no build", async () => {
  Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  assert.equal(await ownBuild(), "");
  await dropOtherBuilds();
});
