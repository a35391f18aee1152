// The builds of the app that a phone keeps: the one in use, and one that waits to take over.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";
import { captureWith } from "./capture_factories.mjs";
import { dropOtherBuilds, ownBuild } from "../../pwa/build.js";
import { withRoom } from "../../pwa/db/photo_bytes.js";

const PACK = "/m/packs/rest.js";
const FORM = "/m/sync/forms/visit.v3.json";
const SOURCE = readFileSync(new URL("../../pwa/sw.js", import.meta.url), "utf-8");

/** The browser's caches with these builds, oldest first, each with a pack that says whose it is, and others. */
function fakeCaches(...builds) {
  const kept = new Map([["xundian-spare-1", new Map()]]);
  const add = (name) => kept.set(`xundian-shell-${name}`, new Map([[PACK, name]]));
  builds.forEach(add);
  const answer = (texts, address) => (texts?.has(address) ? new Response(texts.get(address)) : undefined);
  globalThis.caches = {
    keys: async () => [...kept.keys()],
    delete: async (name) => kept.delete(name),
    match: async (address, { cacheName }) => answer(kept.get(cacheName), address),
    open: async (name) => ({
      match: async (address) => answer(kept.get(name), address),
      put: async (address, response) => kept.get(name).set(address, await response.text()),
      delete: async (address) => kept.get(name).delete(address),
    }),
  };
  const left = () => [...kept.keys()].slice(1).map((name) => name.replace("xundian-shell-", ""));
  return Object.assign(left, { add });
}

function fakeRegistration(registration) {
  Object.defineProperty(globalThis, "navigator", {
    value: { serviceWorker: { getRegistration: async () => registration } },
    configurable: true,
  });
}

/** What the worker of a build does at each event. */
function workerOf(build, clients = {}, shell = [PACK]) {
  const heard = {};
  const self = {
    addEventListener: (name, act) => Object.assign(heard, { [name]: act }),
    clients,
    location: { origin: "https://app.test" },
  };
  const fetch = async () => new Response("network");
  vm.runInNewContext(`const BUILD = "${build}"; const SHELL = ${JSON.stringify(shell)}; ${SOURCE}`, { self, caches, fetch, Response, URL });
  return heard;
}

/** Pages of the app that are open, by their ids, and a tab of the console; the worker may ask for them. */
function opened(...ids) {
  const tab = { id: "console", url: "https://app.test/findings" };
  return { matchAll: async () => [tab, ...ids.map((id) => ({ id, url: "https://app.test/m/?from=home#/today" }))], claim: async () => {} };
}

/** The worker of a build after it took over, while these pages are open: of which build a page gets a pack, or one that is opened. */
async function serving(build, ...ids) {
  const heard = workerOf(build, opened(...ids));
  const done = [];
  heard.activate({ waitUntil: (work) => done.push(work) });
  await Promise.all(done);
  return asked(heard);
}

/** The same worker, killed and started again. */
function again(build, ...ids) {
  return asked(workerOf(build, opened(...ids)));
}

function asked(heard) {
  const ask = async (clientId, mode, address = PACK) => {
    let answer;
    const done = [];
    heard.fetch({
      request: { url: `https://app.test${address}`, method: "GET", mode },
      clientId,
      respondWith: (work) => (answer = work),
      waitUntil: (work) => done.push(work),
    });
    const text = await (await answer).text();
    await Promise.all(done);
    return text;
  };
  return { packOf: (id) => ask(id, "cors"), formOf: (id) => ask(id, "cors", FORM), open: () => ask("", "navigate") };
}

/** The worker of a build as a page sees it. */
function active(build) {
  const { message } = workerOf(build);
  return { postMessage: (data, ports) => message({ data, ports }) };
}

/** What the worker of a build does when it takes over. */
async function takeOver(build) {
  let isClaimed = false;
  const heard = workerOf(build, { ...opened(), claim: async () => (isClaimed = true) });
  let done;
  heard.activate({ waitUntil: (work) => (done = work) });
  await done;
  return isClaimed;
}

/** A full phone, whose worker is the one that serves. */
async function dropOnFullPhone(build, how) {
  fakeRegistration({ active: active(build) });
  await dropOtherBuilds(how);
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

test("a page that is open goes on with the files of its build when another takes over, also after the worker was killed", async () => {
  const left = fakeCaches("a", "b");
  const worker = await serving("b", "old");
  assert.deepEqual([await worker.packOf("old"), await worker.packOf("new"), left()], ["a", "b", ["a", "b"]]);
  const later = again("b", "old", "new");
  assert.deepEqual([await later.packOf("old"), await later.packOf("new")], ["a", "b"]);
});

test("a page stays with its build through two updates, and so does one between them", async () => {
  const left = fakeCaches("a", "b");
  await serving("b", "first");
  left.add("c");
  const worker = await serving("c", "first", "second");
  assert.deepEqual([await worker.packOf("first"), await worker.packOf("second"), await worker.packOf("third")], ["a", "b", "c"]);
  assert.deepEqual(left(), ["a", "b", "c"]);
});

test("an update that was put off is no page's build", async () => {
  const left = fakeCaches("a");
  await serving("a", "old");
  left.add("b");
  left.add("c");
  const worker = await serving("c", "old");
  assert.deepEqual([await worker.packOf("old"), left()], ["a", ["a", "c"]]);
});

test("an earlier build goes with the start after its last page was closed", async () => {
  const left = fakeCaches("a", "b");
  const { open } = await serving("b", "old");
  await open();
  assert.deepEqual(left(), ["a", "b"]);
  const later = again("b", "new");
  assert.deepEqual([await later.open(), left()], ["b", ["b"]]);
  assert.equal(await later.packOf("old"), "b");
});

test("a page gets a file that only its own build has from there, and another page from the network", async () => {
  fakeCaches("a", "b");
  await caches.open("xundian-shell-a").then((cache) => cache.put(FORM, new Response("questions of a")));
  assert.equal(await asked(workerOf("a", opened("old"), [PACK, FORM])).formOf("old"), "questions of a");
  const worker = await serving("b", "old");
  assert.deepEqual([await worker.formOf("old"), await worker.formOf("new")], ["questions of a", "network"]);
  assert.equal(await again("b", "old").formOf("old"), "questions of a");
});

test("going back to a build that is still kept leaves open pages theirs, and takes over like any update", async () => {
  const left = fakeCaches("a");
  await serving("a", "first");
  left.add("b");
  await serving("b", "first");
  const worker = await serving("a", "first", "second");
  assert.deepEqual([await worker.packOf("first"), await worker.packOf("second"), await worker.packOf("third")], ["a", "b", "a"]);
  assert.deepEqual(left(), ["a", "b"]);

  left.add("c");
  const later = await serving("c", "first", "second", "third");
  assert.deepEqual([await later.packOf("first"), await later.packOf("second"), await later.packOf("third")], ["a", "b", "a"]);
  assert.deepEqual([await later.packOf("fourth"), left()], ["c", ["a", "b", "c"]]);
});

test("after going back the later build goes with its last page, and not the one that serves", async () => {
  const left = fakeCaches("a");
  await serving("a", "first");
  left.add("b");
  await serving("b", "first");
  await serving("a", "first", "second");
  await again("a", "first", "second").open();
  assert.deepEqual(left(), ["a", "b"]);
  await again("a", "first").open();
  assert.deepEqual(left(), ["a"]);
  await again("a").open();
  assert.deepEqual(left(), ["a"]);
});

test("going forward again to a build that is still kept gives every page its own", async () => {
  const left = fakeCaches("a");
  await serving("a", "first");
  left.add("b");
  await serving("b", "first");
  await serving("a", "first", "second");
  const worker = await serving("b", "first", "second", "third");
  assert.deepEqual([await worker.packOf("first"), await worker.packOf("second"), await worker.packOf("third")], ["a", "b", "a"]);
  assert.deepEqual(left(), ["a", "b"]);
});

test("a build that is put in once more in place of an update that waited keeps the builds of open pages", async () => {
  const left = fakeCaches("a", "b");
  await serving("b", "first");
  left.add("c");
  const worker = await serving("b", "first", "second");
  assert.deepEqual([await worker.packOf("first"), await worker.packOf("second"), left()], ["a", "b", ["a", "b", "c"]]);
});

test("an update makes no empty build of one that a full phone dropped", async () => {
  const left = fakeCaches("a");
  await serving("a", "first");
  left.add("b");
  await serving("b", "first");
  await caches.delete("xundian-shell-a");
  left.add("c");
  const worker = await serving("c", "first", "second");
  assert.deepEqual([await worker.packOf("first"), await worker.packOf("second"), left()], ["c", "b", ["b", "c"]]);
});

test("going back with no page open drops the later build and claims nothing", async () => {
  const left = fakeCaches("a");
  assert.equal(await takeOver("a"), true);
  left.add("b");
  await serving("b", "old");
  assert.deepEqual([await takeOver("a"), left()], [false, ["a"]]);
});

test("a tab of the console is no page of an earlier build", async () => {
  const left = fakeCaches("a", "b");
  await serving("b");
  assert.deepEqual(left(), ["b"]);
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

test("a worker that cannot read which pages are earlier serves its own files", async () => {
  fakeCaches("a", "b");
  await caches.open("xundian-shell-b").then((cache) => cache.put("/m/earlier-pages", new Response("{")));
  assert.equal(await again("b", "old").packOf("old"), "b");
});

test("a page whose build is gone gets what there is", async () => {
  fakeCaches("a", "b");
  const worker = await serving("b", "old");
  await caches.delete("xundian-shell-a");
  assert.equal(await worker.packOf("old"), "b");
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
