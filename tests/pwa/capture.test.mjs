import assert from "node:assert/strict";
import { test } from "node:test";
import { captureWith, everything, metaOf, photoOf, visitRecord } from "./capture_factories.mjs";
import { upgradesElsewhere } from "../../pwa/db/connection.js";
import { getBlob, listDrafts, loadDraft, openCapture, outboxRows, saveDraft, saveRecord } from "../../pwa/db/capture.js";
import { acknowledge, capturedWork } from "../../pwa/db/captured_work.js";
import { mayAcknowledge, needsLook } from "../../pwa/outbox/rows.js";

test("records are numbered in the order of capture", async () => {
  const db = await captureWith();
  const saved = [];
  for (let index = 0; index < 3; index += 1) saved.push((await saveRecord(db, visitRecord())).n);
  assert.deepEqual(saved, [1, 2, 3]);
});

test("records saved at the same time by two tabs get different numbers", async () => {
  const db = await captureWith();
  const other = await openCapture(db.personId);
  const saved = await Promise.all([saveRecord(db, visitRecord()), saveRecord(other, visitRecord()), saveRecord(db, visitRecord())]);
  assert.deepEqual(saved.map((one) => one.n).sort(), [1, 2, 3]);
});

test("a record keeps the exact text of its body and its photos as bytes", async () => {
  const db = await captureWith();
  const photo = await photoOf(7);
  const record = visitRecord([photo], { note: "电费 ½" });
  await saveRecord(db, record);
  const [op] = await everything(db, "ops");
  assert.equal(op.body_text, JSON.stringify(record.body));
  assert.deepEqual([...new Uint8Array((await getBlob(db, photo.sha256)).bytes)], [7, 7, 7, 7, 7, 7, 7, 7]);
});

test("saving a record removes its draft", async () => {
  const db = await captureWith();
  await saveDraft(db, "visit:o1", { step: 2 });
  await saveRecord(db, visitRecord(), "visit:o1");
  assert.equal(await loadDraft(db, "visit:o1"), null);
});

test("a record whose photo is nowhere changes nothing", async () => {
  const db = await captureWith();
  const photo = await photoOf(7);
  await saveDraft(db, "visit:o1", { step: 2 });
  const record = visitRecord([await photoOf(8), { sha256: photo.sha256 }]);
  await assert.rejects(saveRecord(db, record, "visit:o1"), { code: "blob_missing" });
  assert.deepEqual([await everything(db, "ops"), await everything(db, "blobs"), await metaOf(db, "client")], [[], [], undefined]);
  assert.deepEqual(await loadDraft(db, "visit:o1"), { step: 2 });
});

test("a record takes the photos that its draft has stored", async () => {
  const db = await captureWith();
  const photo = await photoOf(7);
  await saveDraft(db, "visit:o1", { photos: [{ sha256: photo.sha256 }] }, [photo]);
  await saveRecord(db, visitRecord([{ sha256: photo.sha256 }]), "visit:o1");
  assert.equal(outboxRows(await capturedWork(db))[0].photosTotal, 1);
});

test("a photo that its draft has stored is taken by hash and size, one that is nowhere is not", async () => {
  const db = await captureWith();
  const photo = await photoOf(7);
  await saveDraft(db, "visit:o1", {}, [photo]);
  const size = photo.bytes.byteLength;
  await saveRecord(db, visitRecord([{ sha256: photo.sha256, size }]), "visit:o1");
  const upload = await db.read(["uploads"], (tx) => tx.objectStore("uploads").get(photo.sha256));
  assert.equal(upload.size, size);
  const nowhere = { sha256: "f".repeat(64), size };
  await assert.rejects(saveRecord(db, { ...visitRecord([nowhere]), entity: { type: "visit", id: "v2" } }), { code: "blob_missing" });
});

test("bytes that are not what their hash says are refused", async () => {
  const db = await captureWith();
  const photo = { ...(await photoOf(7)), bytes: new ArrayBuffer(3) };
  await assert.rejects(saveRecord(db, visitRecord([photo])), { code: "blob_damaged" });
});

test("a record of the same entity saved twice is kept once", async () => {
  const db = await captureWith();
  const record = visitRecord();
  const first = await saveRecord(db, record);
  await assert.rejects(saveRecord(db, record), { code: "already_saved", opId: first.opId, n: 1 });
  assert.equal((await everything(db, "ops")).length, 1);
});

test("a body larger than the server takes is refused before it is saved", async () => {
  const db = await captureWith();
  await assert.rejects(saveRecord(db, visitRecord([], { note: "长".repeat(70_000) })), { code: "body_too_large" });
});

test("a full phone says so and keeps the draft", async () => {
  const db = await captureWith();
  await saveDraft(db, "visit:o1", { step: 2 });
  const full = { ...db, write: () => Promise.reject(Object.assign(new Error("full"), { code: "storage_full" })) };
  await assert.rejects(saveRecord(full, visitRecord(), "visit:o1"), { code: "storage_full" });
  assert.deepEqual(await loadDraft(db, "visit:o1"), { step: 2 });
});

test("drafts are listed newest first with their photos kept", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_800_000_000_000 });
  const db = await captureWith();
  await saveDraft(db, "old", { a: 1 });
  t.mock.timers.setTime(1_800_000_001_000);
  await saveDraft(db, "new", { b: 2 });
  assert.deepEqual(
    (await listDrafts(db)).map((one) => one.key),
    ["new", "old"],
  );
});

test("an unsent record stands in the outbox as on the phone", async () => {
  const db = await captureWith();
  await saveRecord(db, visitRecord([await photoOf(1)]));
  const [row] = outboxRows(await capturedWork(db));
  assert.deepEqual([row.state, row.photosSent, row.photosTotal], ["on_phone", 0, 1]);
});

test("a record without effect stays in the outbox, and asks for nothing once the person knows", async () => {
  const db = await captureWith();
  const { opId } = await saveRecord(db, visitRecord());
  const [op] = await everything(db, "ops");
  const settled = { ...op, state: "acked", code: "quarantined", problem: { code: "word_late" }, acked_at: "2026-01-02T03:04:05.678Z" };
  await db.write(["ops"], (tx) => tx.objectStore("ops").put(settled));
  const seen = async () => outboxRows(await capturedWork(db)).map((row) => [row.state, needsLook(row), mayAcknowledge(row)]);
  assert.deepEqual(await seen(), [["attention", true, true]]);
  await acknowledge(db, opId);
  await acknowledge(db, opId);
  assert.deepEqual(await seen(), [["attention", false, false]]);
  assert.deepEqual((await capturedWork(db)).acknowledged, [opId]);
});

test("a connection that was closed under the app is opened again", async () => {
  const db = await captureWith();
  const isClosed = new Promise((resolve) => db.events.addEventListener("versionchange", resolve));
  indexedDB.deleteDatabase(db.name); // every connection must close first
  await isClosed;
  assert.equal((await saveRecord(db, visitRecord())).n, 1);
});

/** The upgrade of a newer page, once this one has let go. */
const upgraded = (name) =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 2);
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });

test("writes that follow each other end before a newer page gets the database", async () => {
  const db = await captureWith();
  const chain = (async () => {
    for (let step = 0; step < 20; step += 1) await saveDraft(db, "visit:o1", { step });
  })();
  const newer = await upgraded(db.name);
  await chain;
  const draft = await new Promise((resolve) => {
    const asked = newer.transaction("drafts").objectStore("drafts").get("visit:o1");
    asked.addEventListener("success", () => resolve(asked.result.draft));
  });
  newer.close();
  assert.deepEqual(draft, { step: 19 });
});

test("a page hears that a newer one took its database, and nothing of a deletion", async () => {
  const [taken, deleted] = [await captureWith(), await captureWith()];
  const heard = [];
  upgradesElsewhere.addEventListener("taken", () => heard.push("taken"));
  const isClosed = new Promise((resolve) => deleted.events.addEventListener("versionchange", resolve));
  indexedDB.deleteDatabase(deleted.name);
  await isClosed;
  assert.deepEqual(heard, []);
  (await upgraded(taken.name)).close();
  assert.deepEqual(heard, ["taken"]);
});

test("a connection that cannot be opened again is never called saved", async () => {
  const db = await captureWith();
  const isClosed = new Promise((resolve) => db.events.addEventListener("versionchange", resolve));
  const request = indexedDB.open(db.name, 2); // a page of a newer app
  await isClosed;
  await new Promise((resolve) => request.addEventListener("success", resolve));
  await assert.rejects(saveRecord(db, visitRecord()), { code: "storage_lost" });
  request.result.close();
});
