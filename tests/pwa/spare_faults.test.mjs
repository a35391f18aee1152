import assert from "node:assert/strict";
import { test } from "node:test";
import { captureWith, everything, metaOf, photoOf, visitRecord } from "./capture_factories.mjs";
import { calls, refusing } from "./fake_caches.mjs";
import { deleteDB } from "../../pwa/vendor/idb/index.js";
import { loadDraft, openCapture, saveDraft, saveRecord } from "../../pwa/db/capture.js";
import { applyPage, documentsOf, openReplica } from "../../pwa/db/replica.js";
import { sessionStore } from "../../pwa/db/session_store.js";
import { newestSpare, partsOf, pathsIn, spareName, sparePath } from "../../pwa/db/spare_cache.js";
import { copyCapture } from "../../pwa/db/spare_capture.js";
import { copyReplica } from "../../pwa/db/spare_replica.js";
import { copySession } from "../../pwa/db/spare_session.js";
import { uuid7 } from "../../pwa/ids.js";
import { switchClient } from "../../pwa/outbox/ledger.js";

/** No copy takes more calls of the cache than this: a loop that goes on is wrong. */
const MOST_CALLS = 200;
const [FIRST, SECOND] = ["visit:o1", "visit:o2"];

async function lost(db, open = openCapture) {
  await db.close();
  await deleteDB(db.name);
  return open(db.personId);
}

/** A visit with a photo and a draft with one, copied; then more of the same that is not. */
async function workedOn() {
  const [db, photo, drafted] = [await captureWith(), await photoOf(7), await photoOf(8)];
  const { opId } = await saveRecord(db, visitRecord([photo]));
  await saveDraft(db, FIRST, { step: 1 }, [drafted]);
  assert.equal(await copyCapture(db, null), "kept");
  const { opId: later } = await saveRecord(db, visitRecord([await photoOf(9)]));
  await saveDraft(db, FIRST, { step: 2 }, [drafted]);
  await saveDraft(db, SECOND, { step: 1 });
  return { db, opId, later };
}

async function found(db) {
  const drafts = [await loadDraft(db, FIRST), await loadDraft(db, SECOND)].map((draft) => draft?.step ?? 0);
  const fills = (await everything(db, "blobs")).map((blob) => new Uint8Array(blob.bytes)[0]).sort();
  const ops = (await everything(db, "ops")).map((op) => op.op_id).sort();
  assert.equal(await metaOf(db, "is_new"), undefined);
  return { drafts, fills, ops };
}

/** Every call of the cache is the last one of its page, one after the other. */
async function killedAtEachCall(act) {
  for (let number = 1; await act(number); number += 1) assert.ok(number < MOST_CALLS);
}

test("a kill at any moment of a copy loses nothing that was copied before it", async () => {
  await killedAtEachCall(async (number) => {
    const { db, opId } = await workedOn();
    const wasKilled = await refusing(number, () => copyCapture(db, null));
    const { drafts, fills, ops } = await found(await lost(db));
    assert.ok(ops.includes(opId) && drafts[0] >= 1 && fills.includes(7) && fills.includes(8), `killed at call ${number}`);
    return wasKilled;
  });
});

test("after a copy that was killed at any moment the next one is whole", async () => {
  await killedAtEachCall(async (number) => {
    const { db, opId, later } = await workedOn();
    const wasKilled = await refusing(number, () => copyCapture(db, null));
    const next = await openCapture(db.personId);
    await db.close();
    assert.equal(await copyCapture(next, null), "kept");
    assert.deepEqual(await found(await lost(next)), { drafts: [2, 1], fills: [7, 8, 9], ops: [opId, later].sort() }, `killed at ${number}`);
    return wasKilled;
  });
});

test("a kill at any moment of putting back loses nothing, and the next start puts it back", async () => {
  await killedAtEachCall(async (number) => {
    const { db, opId, later } = await workedOn();
    await copyCapture(db, null);
    const half = { db };
    const wasKilled = await refusing(number, async () => {
      half.db = await lost(db);
    });
    await copyCapture(half.db, null); // what the page that was left over does
    const next = await openCapture(db.personId);
    await half.db.close();
    await copyCapture(next, null);
    assert.deepEqual(await found(next), { drafts: [2, 1], fills: [7, 8, 9], ops: [opId, later].sort() }, `killed at call ${number}`);
    assert.deepEqual(
      await found(await lost(next)),
      { drafts: [2, 1], fills: [7, 8, 9], ops: [opId, later].sort() },
      `lost after ${number}`,
    );
    return wasKilled;
  });
});

test("a kill at any moment of copying the company's rows leaves a whole copy", async () => {
  const put = (id) => ({ e: "put", type: "outlet", id, scope: "outlet:o1", v: 1, doc: { id } });
  await killedAtEachCall(async (number) => {
    const db = await openReplica(uuid7());
    await applyPage(db, { events: [put("o1")], cursor: "e1.5.5.n", last_n: 0 });
    await copyReplica(db);
    await applyPage(db, { events: [put("o2")], cursor: "e1.6.6.n", last_n: 0 });
    const wasKilled = await refusing(number, () => copyReplica(db));
    const ids = ((await documentsOf(await lost(db, openReplica))).get("outlet") ?? []).map((one) => one.id);
    assert.ok(ids.join() === "o1" || ids.join() === "o1,o2", `killed at call ${number}: ${ids}`);
    return wasKilled;
  });
});

test("a copy that cannot be read does not hold up the others", async () => {
  const { db, later } = await workedOn();
  await copyCapture(db, null);
  const cache = await caches.open(spareName(db.personId));
  const { client_id: clientId } = await metaOf(db, "client");
  await cache.put(sparePath("ops", later, clientId, "p"), new Response(new Uint8Array([0, 0, 0, 9, 123])));
  const { drafts, ops } = await found(await lost(db));
  assert.deepEqual([drafts, ops.length], [[2, 1], 1]);
});

test("a kill at any moment of copying who is signed in leaves the copy before or the new one", async () => {
  const db = await sessionStore();
  const put = (token) => db.write(["sessions"], (tx) => tx.objectStore("sessions").put({ personId: "p1", token }));
  await killedAtEachCall(async (number) => {
    await put("before");
    await copySession(db);
    await put(`after ${number}`);
    const wasKilled = await refusing(number, () => copySession(db));
    const found = await newestSpare(await caches.open("xundian-spare-session"), sparePath("session"));
    assert.ok(["before", `after ${number}`].includes(found.sessions[0].token), `killed at call ${number}`);
    return wasKilled;
  });
});

test("what is saved while photos are copied need not wait for all of them", async () => {
  const { db } = await workedOn();
  await saveRecord(db, visitRecord([await photoOf(11), await photoOf(12)]));
  const cache = await caches.open(spareName(db.personId));
  const photos = async () => (await pathsIn(cache)).filter((path) => partsOf(path)[0] === "blobs").length;
  const before = await photos();
  assert.equal(await copyCapture(db, null, () => true), "interrupted");
  assert.equal(await photos(), before + 1, "each pass copies one at least");
  assert.equal(await copyCapture(db, null), "kept");
  assert.equal(await photos(), before + 3);
});

test("a part of the company's rows that found no room does not stay", async () => {
  const db = await openReplica(uuid7());
  const put = (id) => ({ e: "put", type: "outlet", id, scope: "outlet:o1", v: 1, doc: { id } });
  await applyPage(db, { events: Array.from({ length: 250 }, (_, at) => put(`o${at}`)), cursor: "e1.5.5.n", last_n: 0 });
  calls.isFull = (path) => partsOf(path)[2] === "200";
  await assert.rejects(copyReplica(db), { name: "QuotaExceededError" });
  calls.isFull = () => false;
  assert.deepEqual(await pathsIn(await caches.open(spareName(db.personId))), []);
});

test("the copy of a draft that becomes a record meanwhile stays until the record has one", async () => {
  const { db } = await workedOn();
  await copyCapture(db, null);
  await saveDraft(db, FIRST, { step: 3 });
  const record = visitRecord();
  const read = async (stores, work) => {
    if (stores.join() === "drafts") await saveRecord(db, record, FIRST).catch(() => {});
    return db.read(stores, work);
  };
  assert.equal(await copyCapture({ ...db, read }, null), "interrupted");
  const paths = (await pathsIn(await caches.open(spareName(db.personId)))).map(partsOf);
  assert.ok(paths.some(([store, key]) => store === "drafts" && key === FIRST));
  assert.equal(await copyCapture(db, null), "kept");
  assert.equal((await found(await lost(db))).drafts[0], 0);
});

test("two pages copy into one cache, and neither takes the other's away", async () => {
  const { db, opId, later } = await workedOn();
  const other = await openCapture(db.personId);
  await Promise.all([copyCapture(db, null), copyCapture(other, null)]);
  const { opId: last } = await saveRecord(other, visitRecord());
  await copyCapture(db, null);
  await copyCapture(other, null);
  await other.close();
  assert.deepEqual((await found(await lost(db))).ops, [opId, later, last].sort());
});

test("a loss after the numbers began anew puts each record back once, under the newest numbers", async () => {
  const { db, opId, later } = await workedOn();
  await copyCapture(db, null);
  await switchClient(db, { unknownIds: [], epoch: "e2", results: [], witness: null });
  await copyCapture(db, null);
  const paths = (await pathsIn(await caches.open(spareName(db.personId)))).map(partsOf).filter(([store]) => store === "ops");
  assert.deepEqual(new Set(paths.map(([, , client]) => client)), new Set([(await metaOf(db, "client")).client_id]));
  const back = await lost(db);
  assert.deepEqual(
    (await everything(back, "ops")).map((op) => [op.op_id, op.n]).sort(),
    [
      [opId, 1],
      [later, 2],
    ].sort(),
  );
});

test("a database that an older app made after the loss is not taken for what was copied", async () => {
  const { db, opId, later } = await workedOn();
  await copyCapture(db, null);
  const made = await lost(db);
  await made.write(["ops", "drafts", "blobs", "uploads", "meta"], async (tx) => {
    for (const store of ["ops", "drafts", "blobs", "uploads", "meta"]) await tx.objectStore(store).clear();
  });
  assert.equal(await copyCapture(made, null), "not_ours");
  const next = await openCapture(db.personId);
  assert.deepEqual(await found(next), { drafts: [2, 1], fills: [7, 8, 9], ops: [opId, later].sort() });
});

// last, since no photo is copied again before the next start once room was short
test("a full phone lets second copies of photos go for a record's copy", async () => {
  const { db, opId, later } = await workedOn();
  const cache = await caches.open(spareName(db.personId));
  calls.isFull = (path) => partsOf(path)[0] === "ops" && [...cache.entries.keys()].some((one) => partsOf(one)[0] === "blobs");
  await copyCapture(db, null);
  calls.isFull = () => false;
  const back = await found(await lost(db));
  assert.deepEqual([back.ops, back.drafts, back.fills], [[opId, later].sort(), [2, 1], []]);
});
