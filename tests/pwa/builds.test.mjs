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

/** What the worker of a build does at each event. */
function workerOf(build, clients = {}) {
  const heard = {};
  const self = { addEventListener: (name, act) => Object.assign(heard, { [name]: act }), clients, location: { origin: "" } };
  vm.runInNewContext(`const BUILD = "${build}"; const SHELL = []; ${SOURCE}`, { self, caches });
  return heard;
}

/** The worker of a build as a page sees it. */
function active(build) {
  const { message } = workerOf(build);
  return { postMessage: (data, ports) => message({ data, ports }) };
}

/** What the worker of a build does when it takes over. */
async function takeOver(build) {
  let isClaimed = false;
  const heard = workerOf(build, { claim: async () => (isClaimed = true) });
  let done;
  heard.activate({ waitUntil: (work) => (done = work) });
  await done;
  return isClaimed;
}

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
