import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { test } from "node:test";
import { applyPage, cursorOf, documentsOf, getRow, openReplica, restartPage, restartPull, storeComparison } from "../../pwa/db/replica.js";
import { uuid7 } from "../../pwa/ids.js";

const put = (id, scope, doc = { id }) => ({ e: "put", type: "outlet", id, scope, v: 1, doc });
const last = (events, more = {}) => ({ epoch: "e1", events, cursor: "c1", last_n: 0, ...more });
const allOf = async (db, type) => (await documentsOf(db)).get(type) ?? [];
const ids = async (db) => (await allOf(db, "outlet")).map((doc) => doc.id);
const replicaWith = async (...events) => {
  const db = await openReplica(uuid7());
  await applyPage(db, last(events));
  return db;
};

test("put stores a document and replaces the one before", async () => {
  const db = await replicaWith(put("o1", "outlet:o1", { id: "o1", name: "旧" }), put("o1", "outlet:o1", { id: "o1", name: "新" }));
  assert.equal((await getRow(db, "outlet", "o1")).name, "新");
});

test("begin empties its scope and leaves the others", async () => {
  const db = await replicaWith(put("o1", "outlet:o1"), put("o2", "outlet:o2"));
  await applyPage(db, last([{ e: "begin", scope: "outlet:o1" }, put("o3", "outlet:o1")]));
  assert.deepEqual(await ids(db), ["o2", "o3"]);
});

test("drop removes the rows of its scope", async () => {
  const db = await replicaWith(put("o1", "outlet:o1"), put("o2", "outlet:o2"));
  await applyPage(db, last([{ e: "drop", scope: "outlet:o1" }]));
  assert.deepEqual(await ids(db), ["o2"]);
});

test("del removes a row that is in its scope", async () => {
  const db = await replicaWith(put("o1", "outlet:o1"));
  await applyPage(db, last([{ e: "del", type: "outlet", id: "o1", scope: "outlet:o1" }]));
  assert.deepEqual(await ids(db), []);
});

test("del of a scope that the row has left is ignored", async () => {
  const db = await replicaWith(put("o1", "outlet:b"));
  await applyPage(db, last([{ e: "del", type: "outlet", id: "o1", scope: "outlet:a" }]));
  assert.deepEqual(await ids(db), ["o1"]);
});

test("reset keeps the old rows until the last page, then sweeps what did not come again", async () => {
  const db = await replicaWith(put("o1", "outlet:o1"), put("o2", "outlet:o2"));
  await applyPage(db, { epoch: "e1", events: [{ e: "reset" }, put("o2", "outlet:o2")], page: "p1", last_n: 0 });
  assert.deepEqual(await ids(db), ["o1", "o2"]);
  await applyPage(db, last([]));
  assert.deepEqual(await ids(db), ["o2"]);
});

test("a pull from the start sweeps rows of scopes that are held no more", async () => {
  const db = await replicaWith(put("o1", "outlet:o1"), put("o2", "outlet:o2"));
  await restartPull(db);
  assert.equal((await cursorOf(db)).cursor, null);
  await applyPage(db, last([{ e: "begin", scope: "outlet:o2" }, put("o2", "outlet:o2")]));
  assert.deepEqual(await ids(db), ["o2"]);
});

test("a first pull that begins again keeps nothing of the one before", async () => {
  const db = await openReplica(uuid7());
  await applyPage(db, { epoch: "e1", events: [{ e: "begin", scope: "outlet:o1" }, put("o1", "outlet:o1")], page: "p1", last_n: 0 });
  await restartPage(db);
  await applyPage(db, last([{ e: "begin", scope: "outlet:o2" }, put("o2", "outlet:o2")]));
  assert.deepEqual([await ids(db), (await cursorOf(db)).scopes], [["o2"], ["outlet:o2"]]);
});

test("a later pull that begins again keeps what its cursor stands for", async () => {
  const db = await replicaWith(put("o1", "outlet:o1"));
  await applyPage(db, { epoch: "e1", events: [put("o2", "outlet:o2")], page: "p1", last_n: 0 });
  await restartPage(db);
  assert.deepEqual([(await cursorOf(db)).cursor, (await cursorOf(db)).page], ["c1", null]);
  assert.deepEqual(await ids(db), ["o1", "o2"]);
});

test("a pull that cannot be read begins again without the scopes held wrongly", async () => {
  const db = await replicaWith(put("o1", "outlet:o1"));
  await storeComparison(db, ["outlet:o1"], "2026-11-24T03:04:05.678Z");
  await applyPage(db, { epoch: "e1", events: [], page: "p1", last_n: 0 });
  assert.deepEqual((await cursorOf(db)).again, ["outlet:o1"]);
  await restartPage(db);
  assert.deepEqual((await cursorOf(db)).again, []);
});

test("each complete pull brings twenty of the scopes held wrongly, one from the start all of them", async () => {
  const db = await replicaWith();
  const wrong = Array.from({ length: 41 }, (_, n) => `outlet:o${n}`);
  await storeComparison(db, wrong, "2026-11-24T03:04:05.678Z");
  await applyPage(db, last([]));
  assert.deepEqual((await cursorOf(db)).again, wrong.slice(20));
  await applyPage(db, last([{ e: "reset" }]));
  assert.deepEqual((await cursorOf(db)).again, []);
});

test("the place to go on from is stored with the page", async () => {
  const db = await replicaWith();
  await applyPage(db, { epoch: "e1", events: [], page: "p1", last_n: 4 });
  assert.deepEqual([(await cursorOf(db)).cursor, (await cursorOf(db)).page], ["c1", "p1"]);
});

test("a pull of two pages covers what the server had at its first page", async () => {
  const db = await openReplica(uuid7());
  await applyPage(db, { epoch: "e1", events: [], page: "p1", last_n: 4 }, { cursor: null, page: null, clientId: "me" });
  assert.equal((await cursorOf(db)).applied, null);
  await applyPage(db, last([], { last_n: 6 }), { cursor: null, page: "p1", clientId: "me" });
  assert.deepEqual((await cursorOf(db)).applied, { client_id: "me", last_n: 4 });
});

test("a page that another tab has applied is left alone", async () => {
  const db = await replicaWith(put("o1", "outlet:o1"));
  const isApplied = await applyPage(db, last([put("o2", "outlet:o2")]), { cursor: null, page: null });
  assert.equal(isApplied, false);
  assert.deepEqual(await ids(db), ["o1"]);
});

test("documents are read again only after a page that brought something, by another tab too", async () => {
  const name = uuid7();
  const [db, otherTab] = [await openReplica(name), await openReplica(name)];
  assert.equal((await documentsOf(db)).size, 0);
  await applyPage(otherTab, last([put("o1", "outlet:o1")]));
  const first = await documentsOf(db);
  assert.equal(await documentsOf(db), first);
  await applyPage(otherTab, last([]));
  assert.equal(await documentsOf(db), first);
  await applyPage(otherTab, last([put("o2", "outlet:o2")]));
  assert.deepEqual(await ids(db), ["o1", "o2"]);
});
