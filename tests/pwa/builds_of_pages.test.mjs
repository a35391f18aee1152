// Open pages go on with the build that they run when another one takes over.
import assert from "node:assert/strict";
import { test } from "node:test";
import { again, asked, FORM, fakeCaches, opened, PACK, serving, takeOver, workerOf } from "./fake_worker.mjs";

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
