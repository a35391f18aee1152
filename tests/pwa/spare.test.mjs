import assert from "node:assert/strict";
import { test } from "node:test";
import { captureWith, everything, metaOf, photoOf, visitRecord } from "./capture_factories.mjs";
import "./fake_caches.mjs";
import { lost } from "./lost_database.mjs";
import { deleteDraft, loadDraft, openCapture, saveDraft, saveRecord } from "../../pwa/db/capture.js";
import { openReplica } from "../../pwa/db/replica.js";
import { freeSpace } from "../../pwa/db/retention.js";
import { sealPlainRows } from "../../pwa/db/sealing.js";
import { holdKey, keyFrom, storeLock } from "../../pwa/db/seals.js";
import { decoded, encoded, partsOf, pathsIn, spareName, sparePath } from "../../pwa/db/spare_cache.js";
import { copyCapture } from "../../pwa/db/spare_capture.js";
import { openBatch, standing, storeResults } from "../../pwa/outbox/ledger.js";

const spared = async (personId) =>
  (await pathsIn(await caches.open(spareName(personId))))
    .map(partsOf)
    .filter(([store]) => store !== "spare_id")
    .map((parts) => parts.slice(0, 2).join(" "))
    .sort();

/** The company answers all that waits. @returns {Promise<Applied>} what a pull after that covers */
async function settle(db, code) {
  const { clientId, ops } = await openBatch(db, 100);
  await storeResults(db, clientId, { epoch: "e1", results: ops.map((op) => ({ op_id: op.op_id, code })) });
  return { client_id: clientId, last_n: Math.max(...ops.map((op) => op.n)) };
}

test("a row comes back as it went, with its bytes", async () => {
  const row = {
    op_id: "1",
    n: Number.MAX_SAFE_INTEGER,
    body_text: { seal: 1, iv: new Uint8Array([1, 2]), data: new Uint8Array([3, 4, 5]).buffer },
    note: "½ 电",
    none: null,
  };
  const back = decoded(await encoded(row).arrayBuffer());
  assert.deepEqual(back, row);
  assert.ok(ArrayBuffer.isView(back.body_text.iv) && back.body_text.data instanceof ArrayBuffer);
});

test("a path holds any key", () => {
  const key = "visit:o1/2 ½?";
  assert.deepEqual(partsOf(new URL(`https://app.test${sparePath("drafts", key, "2026-11-01T00:00:00.000Z")}`).pathname), [
    "drafts",
    key,
    "2026-11-01T00:00:00.000Z",
  ]);
});

test("records, drafts and photos of a lost database are put back, under a client of its own", async () => {
  const [db, photo, other] = [await captureWith(), await photoOf(7), await photoOf(8)];
  const record = visitRecord([photo], { note: "电费 ½" });
  const { opId } = await saveRecord(db, record);
  const before = await metaOf(db, "client");
  await saveDraft(db, "visit:o2", { photos: [other.sha256] }, [other]);
  await copyCapture(db, null);
  const found = await lost(db, openCapture);
  const [op] = await everything(found, "ops");
  assert.deepEqual([op.op_id, op.n, op.state, op.body_text], [opId, 1, "pending", JSON.stringify(record.body)]);
  assert.notEqual((await metaOf(found, "client")).client_id, before.client_id);
  assert.deepEqual(await loadDraft(found, "visit:o2"), { photos: [other.sha256] });
  assert.deepEqual((await everything(found, "blobs")).map((blob) => [...new Uint8Array(blob.bytes)][0]).sort(), [7, 8]);
  assert.deepEqual(await everything(found, "uploads"), [{ sha256: photo.sha256, size: 8, state: "held", url: null, confirmed_at: null }]);
  const { records, drafts } = await metaOf(found, "restored");
  assert.deepEqual([records, drafts, await metaOf(found, "is_new")], [1, 1, undefined]);
  assert.equal((await saveRecord(found, visitRecord())).n, 2);
});

test("a copy that could not be put in stays, and comes in at the next start beside what was done meanwhile", async () => {
  const db = await captureWith(2);
  const copied = (await everything(db, "ops")).sort((one, other) => one.n - other.n).map((op) => op.op_id);
  await copyCapture(db, null);
  const open = caches.open;
  caches.open = async () => {
    throw new DOMException("", "QuotaExceededError");
  };
  const empty = await lost(db, openCapture);
  caches.open = open;
  const { opId: second } = await saveRecord(empty, visitRecord());
  await copyCapture(empty, null);
  assert.deepEqual(await spared(db.personId), copied.map((opId) => `ops ${opId}`).sort());
  const found = await openCapture(db.personId);
  const ops = (await everything(found, "ops")).sort((one, other) => one.n - other.n);
  assert.deepEqual(
    ops.map((op) => op.op_id),
    [...copied, second],
  );
  assert.deepEqual(
    [ops.map((op) => op.n), (await metaOf(found, "client")).next_n, (await metaOf(found, "restored")).records],
    [[1, 2, 3], 4, 2],
  );
});

test("a database that was lost before anything was done tells of nothing", async () => {
  const found = await lost(await captureWith(), openCapture);
  assert.deepEqual([await metaOf(found, "restored"), await metaOf(found, "is_new")], [undefined, undefined]);
});

test("what the company has is no longer spare; what nobody could read and whose photo is on its way stays", async () => {
  const db = await captureWith(1);
  await copyCapture(db, null);
  const covered = await settle(db, "applied");
  await copyCapture(db, null);
  assert.equal((await spared(db.personId)).length, 1, "no copy of the company's rows shows it yet");
  await copyCapture(db, covered);
  assert.deepEqual(await spared(db.personId), []);
  const { opId: unread } = await saveRecord(db, visitRecord());
  await settle(db, "quarantined");
  const photo = await photoOf(7);
  const { opId: waiting } = await saveRecord(db, visitRecord([photo]));
  await copyCapture(db, null);
  await copyCapture(db, await settle(db, "applied"));
  assert.deepEqual(await spared(db.personId), [`blobs ${photo.sha256}`, `ops ${unread}`, `ops ${waiting}`].sort());
  const found = await lost(db, openCapture);
  const kept = (await everything(found, "ops")).map((op) => [op.op_id, op.n, op.state]);
  assert.deepEqual(
    kept.sort(),
    [
      [unread, 0, "acked"],
      [waiting, 1, "pending"],
    ].sort(),
    "copied before its answer, it is offered again",
  );
  assert.deepEqual([(await everything(found, "uploads"))[0].state, (await standing(found)).pending], ["held", 1]);
});

test("a page that finds older copies brings them in line", async () => {
  const db = await captureWith(1);
  await saveDraft(db, "visit:o1", { step: 1 });
  await copyCapture(db, null);
  const other = await openCapture(db.personId);
  const covered = await settle(other, "applied");
  await deleteDraft(other, "visit:o1");
  await copyCapture(other, covered);
  assert.deepEqual(await spared(db.personId), []);
});

test("of a draft only its newest state is spare", async () => {
  const db = await captureWith();
  for (const step of [1, 2, 3]) {
    await saveDraft(db, "visit:o1", { step });
    await copyCapture(db, null);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  assert.deepEqual(await spared(db.personId), ["drafts visit:o1"]);
  assert.deepEqual(await loadDraft(await lost(db, openCapture), "visit:o1"), { step: 3 });
});

test("while rows are sealed no plain one is copied, and each from before goes once it is there sealed", async () => {
  const [db, photo] = [await captureWith(), await photoOf(7)];
  const forms = async () =>
    (await pathsIn(await caches.open(spareName(db.personId))))
      .map(partsOf)
      .filter(([store]) => store !== "spare_id")
      .map((parts) => `${parts[0]} ${parts.at(-1)}`)
      .sort();
  await saveDraft(db, "visit:o1", { secret: "plain" }, [photo]);
  await copyCapture(db, null);
  assert.deepEqual(await forms(), ["blobs p", "drafts p"]);
  holdKey(db.personId, await keyFrom(new Uint8Array(32).buffer, true), true);
  await copyCapture(db, null);
  assert.deepEqual(await forms(), ["blobs p", "drafts p"], "they are still plain in the database");
  await saveDraft(db, "visit:o1", { secret: "sealed" }, [photo]);
  await copyCapture(db, null);
  assert.deepEqual(await forms(), ["blobs p", "drafts s"]);
  await sealPlainRows(db, await openReplica(db.personId));
  await copyCapture(db, null);
  assert.deepEqual(await forms(), ["blobs s", "drafts s"]);
  await storeLock(db.personId, { pin: {}, recovery: {}, key: null, minutes: 5, failed: 0, waitUntil: 0 });
  assert.deepEqual(await loadDraft(await lost(db, openCapture), "visit:o1"), { secret: "sealed" });
});

test("what is sealed is not put back without the lock that opens it", async () => {
  const db = await captureWith();
  holdKey(db.personId, await keyFrom(new Uint8Array(32).buffer, true), true);
  await saveRecord(db, visitRecord([await photoOf(7)]));
  await copyCapture(db, null);
  const found = await lost(db, openCapture);
  assert.deepEqual([await everything(found, "ops"), await everything(found, "blobs")], [[], []]);
});

test("a photo that found no room in the database, and that the company asked for meanwhile, stays spare", async () => {
  const [db, photo] = [await captureWith(), await photoOf(7)];
  await saveRecord(db, visitRecord([photo]));
  await copyCapture(db, null);
  await db.write(["blobs", "uploads"], async (tx) => {
    await tx.objectStore("blobs").delete(photo.sha256);
    await tx.objectStore("uploads").put({ sha256: photo.sha256, size: 8, state: "gone", url: null, confirmed_at: null });
  });
  await copyCapture(db, await settle(db, "applied"));
  assert.deepEqual(await spared(db.personId), [`blobs ${photo.sha256}`]);
  await copyCapture(await openCapture(db.personId), null);
  assert.equal((await everything(db, "blobs")).length, 1);
  assert.equal((await everything(db, "uploads"))[0].state, "wanted");
});

// last, since no photo is copied again before the next start
test("second copies of photos make room, records stay, and so does a photo of which there is no first", async () => {
  const [db, photo, only] = [await captureWith(), await photoOf(7), await photoOf(8)];
  const { opId } = await saveRecord(db, visitRecord([photo, only]));
  await copyCapture(db, null);
  await db.write(["blobs"], (tx) => tx.objectStore("blobs").delete(only.sha256));
  await freeSpace(db);
  await copyCapture(db, null);
  assert.deepEqual(await spared(db.personId), [`blobs ${only.sha256}`, `ops ${opId}`]);
  assert.equal((await everything(db, "blobs")).length, 1);
  await copyCapture(await openCapture(db.personId), null);
  assert.deepEqual((await everything(db, "blobs")).map((blob) => new Uint8Array(blob.bytes)[0]).sort(), [7, 8]);
});
