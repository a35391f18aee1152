// The spare copies of the company's rows.
import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { test } from "node:test";
import { metaOf } from "./capture_factories.mjs";
import "./fake_caches.mjs";
import { lost } from "./lost_database.mjs";
import { openCapture } from "../../pwa/db/capture.js";
import { applyPage, cursorOf, documentsOf, openReplica } from "../../pwa/db/replica.js";
import { sealPlainRows } from "../../pwa/db/sealing.js";
import { holdKey, keyFrom } from "../../pwa/db/seals.js";
import { encoded, partsOf, pathsIn, spareName, sparePath } from "../../pwa/db/spare_cache.js";
import { copyReplica } from "../../pwa/db/spare_replica.js";
import { uuid7 } from "../../pwa/ids.js";

const page = (events, changes = {}) => ({ events, cursor: "e1.5.5.n", last_n: 0, ...changes });
const put = (id, doc) => ({ e: "put", type: "outlet", id, scope: "outlet:o1", v: 1, doc });

test("the company's rows are copied anew when a lock seals them", async () => {
  const db = await openReplica(uuid7());
  await applyPage(db, page([put("o1", { name: "一" })]));
  await copyReplica(db);
  holdKey(db.personId, await keyFrom(new Uint8Array(32).buffer, true), true);
  assert.equal((await copyReplica(db)).isNewest, false, "they are still plain in the database");
  await sealPlainRows(await openCapture(db.personId), db);
  assert.equal((await copyReplica(db)).isNewest, true);
  const keys = new Set((await pathsIn(await caches.open(spareName(db.personId)))).map((path) => partsOf(path)[1]));
  assert.deepEqual([...keys], [`${(await cursorOf(db)).stamp}.s`]);
});

test("the company's rows are put back whole, and a copy that was not ended is none", async () => {
  const db = await openReplica(uuid7());
  await applyPage(db, page([put("o1", { name: "一" }), put("o2", { name: "二" })]));
  assert.equal((await copyReplica(db)).isNewest, true);
  await applyPage(db, page([put("o3", { name: "三" })], { cursor: "e1.6.6.n" }), {});
  const cache = await caches.open(spareName(db.personId));
  await cache.put(sparePath("replica", `${(await cursorOf(db)).stamp}.p`, "0"), new Response(encoded([])));
  const found = await lost(db, openReplica);
  assert.deepEqual(
    ((await documentsOf(found)).get("outlet") ?? []).map((one) => one.name),
    ["一", "二"],
  );
  assert.equal((await cursorOf(found)).cursor, "e1.5.5.n");
});

test("before the first pull is over there is no copy to rely on", async () => {
  const db = await openReplica(uuid7());
  assert.deepEqual(await copyReplica(db), { isNewest: false, applied: null });
  await applyPage(db, page([put("o1", { name: "一" })]));
  assert.equal((await copyReplica(db)).isNewest, true);
});

test("while a pull is under way the copy from before it stays", async () => {
  const db = await openReplica(uuid7());
  await applyPage(db, page([put("o1", { name: "一" })]));
  await copyReplica(db);
  await applyPage(db, page([put("o2", { name: "二" })], { cursor: null, page: "p2" }), {});
  assert.deepEqual(await copyReplica(db), { isNewest: false, applied: { client_id: null, last_n: 0 } });
  assert.equal((await documentsOf(await lost(db, openReplica))).get("outlet").length, 1);
});

test("a copy of the company's rows that lacks a piece is none", async () => {
  const db = await openReplica(uuid7());
  await applyPage(db, page(Array.from({ length: 150 }, (_, at) => put(`o${at}`, { name: String(at) }))));
  await copyReplica(db);
  const cache = await caches.open(spareName(db.personId));
  await cache.delete(sparePath("replica", `${(await cursorOf(db)).stamp}.p`, "100"));
  const found = await lost(db, openReplica);
  assert.deepEqual([(await documentsOf(found)).size, (await cursorOf(found)).cursor, await metaOf(found, "is_new")], [0, null, undefined]);
});

test("a newer copy of the company's rows takes the place of the older, and a pull that brought nothing makes it cover more", async () => {
  const db = await openReplica(uuid7());
  await applyPage(db, page([put("o1", { name: "一" })]));
  await copyReplica(db);
  await applyPage(db, page([put("o2", { name: "二" })], { cursor: "e1.6.6.n" }), {});
  await copyReplica(db);
  const cache = await caches.open(spareName(db.personId));
  const stamps = async () => [...new Set((await pathsIn(cache)).map((path) => partsOf(path)[1]))];
  const stamp = `${(await cursorOf(db)).stamp}.p`;
  assert.deepEqual(await stamps(), [stamp]);
  await applyPage(db, page([], { cursor: "e1.6.6.n", last_n: 4 }), { clientId: "c1" });
  assert.deepEqual(await copyReplica(db), { isNewest: true, applied: { client_id: "c1", last_n: 4 } });
  assert.deepEqual(await stamps(), [stamp]);
});
