import assert from "node:assert/strict";
import { test } from "node:test";
import { captureWith, everything, photoOf, visitRecord } from "./capture_factories.mjs";
import { getBlob, listDrafts, loadDraft, openCapture, outboxRows, saveDraft, saveRecord } from "../../pwa/db/capture.js";
import { capturedWork } from "../../pwa/db/captured_work.js";
import { applyPage, documentsOf, getRow, openReplica } from "../../pwa/db/replica.js";
import { holdKey, isSealed, lockOf, storeLock } from "../../pwa/db/seals.js";
import { sealPlainRows } from "../../pwa/db/sealing.js";
import { uuid7 } from "../../pwa/ids.js";
import { changePin, isWeak, openByPin, openBySignIn, removeLock, replacePin, setLock, waitAfter } from "../../pwa/lock.js";
import { openBatch } from "../../pwa/outbox/ledger.js";
import { rescueBlob, rescuePlan } from "../../pwa/outbox/rescue_file.js";

const PIN = "370514";
const SECRET = btoa(String.fromCharCode(...new Uint8Array(32).fill(9)));
const tells =
  (secret, status = 200) =>
  async () =>
    new Response(JSON.stringify(status === 200 ? { secret } : { code: "auth_expired" }), { status });
const offline = () => Promise.reject(new TypeError("offline"));
const signed = (personId) => ({ personId, token: "t" });
const anotherKey = () => crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);

/** A person whose lock is set, and closed as after a start. */
async function locked() {
  const db = await captureWith();
  await setLock(signed(db.personId), PIN, 5, tells(SECRET));
  return db;
}

async function unlocked() {
  const db = await locked();
  await openByPin(db.personId, PIN);
  return db;
}

const page = (docs) => ({
  events: docs.map((doc) => ({ e: "put", type: "outlet", id: doc.id, scope: "o", v: 1, doc })),
  cursor: "c",
  last_n: 0,
});

test("the first PINs that a thief tries are weak, others are not", () => {
  for (const pin of ["000000", "111111", "123456", "987654", "121212", "373737"]) assert.equal(isWeak(pin), true, pin);
  for (const pin of ["370514", "123457", "112233", "135791", "123123"]) assert.equal(isWeak(pin), false, pin);
});

test("wrong PINs cost nothing four times, then ever longer, up to a quarter of an hour", () => {
  assert.deepEqual([0, 1, 4, 5, 6, 7, 9, 10, 60].map(waitAfter), [0, 0, 0, 30e3, 60e3, 120e3, 480e3, 900e3, 900e3]);
});

test("everything that is saved behind a lock is sealed, and read as it was", async () => {
  const db = await unlocked();
  const photo = await photoOf(7);
  const record = visitRecord([photo], { note: "京东便利店" });
  await saveDraft(db, "visit:o1", { name: "京东便利店", photo: photo.sha256 }, [photo]);
  await saveDraft(db, "visit:o2", { name: "国美" });
  await saveRecord(db, record, "visit:o1");
  const [[op], [draft], [blob]] = await Promise.all(["ops", "drafts", "blobs"].map((store) => everything(db, store)));
  assert.deepEqual([isSealed(op.body_text), isSealed(draft.draft), isSealed(blob.bytes), blob.size], [true, true, true, 8]);
  assert.deepEqual([op.entity, op.blobs], [record.entity, [photo.sha256]]);
  assert.deepEqual(await loadDraft(db, "visit:o2"), { name: "国美" });
  assert.deepEqual(
    (await listDrafts(db)).map((one) => one.draft),
    [{ name: "国美" }],
  );
  assert.deepEqual([...new Uint8Array((await getBlob(db, photo.sha256)).bytes)], [7, 7, 7, 7, 7, 7, 7, 7]);
  assert.equal(outboxRows(await capturedWork(db))[0].body.note, "京东便利店");
  assert.equal((await openBatch(db, 50)).ops[0].body_text, JSON.stringify(record.body));
});

test("the server's documents are sealed too", async () => {
  const db = await unlocked();
  const replica = await openReplica(db.personId);
  await applyPage(replica, page([{ id: "o1", name: "京东便利店" }]));
  assert.equal(isSealed((await everything(replica, "rows"))[0].doc), true);
  assert.deepEqual((await documentsOf(replica)).get("outlet"), [{ id: "o1", name: "京东便利店" }]);
  assert.equal((await getRow(replica, "outlet", "o1")).name, "京东便利店");
});

test("a closed lock gives nothing away, and tells how much waits", async () => {
  const db = await unlocked();
  const photo = await photoOf(7);
  await saveRecord(db, visitRecord([photo]));
  await saveDraft(db, "visit:o1", { step: 2 });
  const stranger = { ...db, personId: uuid7() }; // a page that has not opened the lock
  const reads = [
    () => capturedWork(stranger),
    () => loadDraft(stranger, "visit:o1"),
    () => listDrafts(stranger),
    () => getBlob(stranger, photo.sha256),
    () => openBatch(stranger, 50),
    () => rescuePlan(stranger).then((parts) => rescueBlob(stranger, {}, parts[0])),
  ];
  for (const read of reads) await assert.rejects(read(), { code: "locked" });
  assert.equal((await rescuePlan(stranger))[0].ops.length, 1);
});

test("a form or a photo whose seal is damaged keeps no record out of the rescue file", async () => {
  const db = await unlocked();
  const [photo, lost] = [await photoOf(7), await photoOf(8)];
  await saveDraft(db, "visit:o1", { condition: "坏了" });
  await saveDraft(db, "visit:o2", { condition: "还在", photos: [lost] }, [lost]);
  await saveDraft(db, "visit:o3", { condition: "" });
  await saveRecord(db, visitRecord([photo], { note: "留着" }));
  await db.write(["drafts", "blobs"], async (tx) => {
    const [drafts, blobs] = [tx.objectStore("drafts"), tx.objectStore("blobs")];
    const [draft, blob] = [await drafts.get("visit:o1"), await blobs.get(lost.sha256)];
    new Uint8Array(draft.draft.data)[3] ^= 1;
    new Uint8Array(blob.bytes.data)[3] ^= 1;
    await Promise.all([drafts.put(draft), blobs.put(blob)]);
  });
  const [part] = await rescuePlan(db);
  assert.deepEqual(
    part.drafts.map(({ key }) => key),
    ["visit:o1", "visit:o2"],
  );
  const content = JSON.parse(await (await rescueBlob(db, { personId: db.personId, personName: "张三", app: "", madeAt: "" }, part)).text());
  assert.equal(JSON.parse(content.ops[0].body_text).note, "留着");
  assert.deepEqual(
    content.drafts.map(({ key, draft }) => [key, draft.condition]),
    [["visit:o2", "还在"]],
  );
  assert.deepEqual(Object.keys(content.blobs), [photo.sha256]);
});

test("a rescue file of an open lock holds what was captured, to the letter", async () => {
  const db = await unlocked();
  const photo = await photoOf(7);
  const record = visitRecord([photo], { note: "½" });
  await saveRecord(db, record);
  const [part] = await rescuePlan(db);
  const content = JSON.parse(await (await rescueBlob(db, { personId: db.personId, personName: "张三", app: "", madeAt: "" }, part)).text());
  assert.equal(content.ops[0].body_text, JSON.stringify(record.body));
  assert.equal(content.blobs[photo.sha256], btoa(String.fromCharCode(...new Uint8Array(photo.bytes))));
});

test("what lay plain before is sealed once the lock is open, and once only", async () => {
  const db = await captureWith(2);
  const photo = await photoOf(3);
  await saveDraft(db, "visit:o1", { step: 2, photo: photo.sha256 }, [photo]);
  const replica = await openReplica(db.personId);
  await applyPage(replica, page([{ id: "o1" }, { id: "o2" }]));
  const before = (await everything(db, "ops")).map((op) => op.body_text);
  await setLock(signed(db.personId), PIN, 5, tells(SECRET));
  await openByPin(db.personId, PIN);
  assert.equal(await sealPlainRows(db, replica), 2 + 1 + 1 + 2);
  assert.equal(await sealPlainRows(db, replica), 0);
  const rows = await Promise.all([everything(db, "ops"), everything(db, "drafts"), everything(db, "blobs"), everything(replica, "rows")]);
  assert.deepEqual(
    rows.map((all, at) => all.every((row) => isSealed(row[["body_text", "draft", "bytes", "doc"][at]]))),
    [true, true, true, true],
  );
  assert.deepEqual(
    (await openBatch(db, 50)).ops.map((op) => op.body_text),
    before,
  );
  assert.deepEqual(await loadDraft(db, "visit:o1"), { step: 2, photo: photo.sha256 });
});

test("a page that knows no lock loses the database to one that does", async () => {
  const db = await captureWith();
  let isTaken = false;
  db.events.addEventListener("versionchange", () => {
    isTaken = true;
  });
  await setLock(signed(db.personId), PIN, 5, tells(SECRET));
  const newer = await openCapture(db.personId);
  assert.equal(isTaken, true);
  await assert.rejects(saveRecord(db, visitRecord()), { code: "storage_lost" });
  assert.deepEqual(await everything(newer, "ops"), []);
});

test("a wrong PIN is counted, the fifth has to wait, and the right one forgets them", async () => {
  const db = await locked();
  for (const left of [4, 3, 2, 1]) await assert.rejects(openByPin(db.personId, "000001"), { code: "pin_wrong", left });
  await openByPin(db.personId, PIN);
  assert.equal((await lockOf(db.personId)).failed, 0);
  for (let n = 0; n < 4; n += 1) await assert.rejects(openByPin(db.personId, "000001"), { code: "pin_wrong" });
  await assert.rejects(openByPin(db.personId, "000001"), { code: "pin_wait" });
  await assert.rejects(openByPin(db.personId, PIN), { code: "pin_wait" });
  await storeLock(db.personId, { ...(await lockOf(db.personId)), waitUntil: Date.now() - 1 });
  await openByPin(db.personId, PIN);
});

test("a clock that was years ahead keeps nobody out longer than a quarter of an hour", async () => {
  const db = await locked();
  await storeLock(db.personId, { ...(await lockOf(db.personId)), failed: 5, waitUntil: Date.now() + 1e12 });
  const fault = await openByPin(db.personId, PIN).catch((one) => one);
  assert.ok(fault.until <= Date.now() + 15 * 60_000);
});

test("a forgotten PIN costs a sign-in and no data", async () => {
  const db = await locked();
  const replica = await openReplica(db.personId);
  await openBySignIn(signed(db.personId), tells(SECRET));
  await saveRecord(db, visitRecord([], { note: "留着" }));
  assert.equal(isSealed((await everything(db, "ops"))[0].body_text), true);
  await replacePin(signed(db.personId), "902718", tells(SECRET));
  await assert.rejects(openByPin(db.personId, PIN), { code: "pin_wrong" });
  await openByPin(db.personId, "902718");
  assert.equal(outboxRows(await capturedWork(db))[0].body.note, "留着");
  assert.equal(await sealPlainRows(db, replica), 0);
});

test("neither a lost network, nor an ended sign-in, nor another company's secret opens or changes it", async () => {
  const db = await locked();
  const before = await lockOf(db.personId);
  await assert.rejects(openBySignIn(signed(db.personId), offline), { code: "unreachable" });
  await assert.rejects(openBySignIn(signed(db.personId), tells("", 401)), { code: "auth_expired" });
  await assert.rejects(openBySignIn(signed(db.personId), tells(btoa("x".repeat(32)))), { code: "recovery_failed" });
  await assert.rejects(replacePin(signed(db.personId), "902718", tells(btoa("x".repeat(32)))), { code: "recovery_failed" });
  assert.deepEqual(await lockOf(db.personId), before);
});

test("without a network no lock is set", async () => {
  const db = await captureWith();
  await assert.rejects(setLock(signed(db.personId), PIN, 5, offline), { code: "unreachable" });
  assert.equal(await lockOf(db.personId), null);
});

test("a lock that another window has set is not set over", async () => {
  const db = await locked();
  const before = await lockOf(db.personId);
  await assert.rejects(setLock(signed(db.personId), "902718", 5, tells(SECRET)), { code: "lock_set" });
  assert.deepEqual(await lockOf(db.personId), before);
});

test("the PIN is changed by whoever knows the old one only", async () => {
  const db = await locked();
  await assert.rejects(changePin(db.personId, "000001", "902718"), { code: "pin_wrong" });
  await changePin(db.personId, PIN, "902718");
  await assert.rejects(openByPin(db.personId, PIN), { code: "pin_wrong" });
  await openByPin(db.personId, "902718");
});

test("a lock that is taken off leaves everything readable, and can be set again without a network", async () => {
  const db = await unlocked();
  await saveRecord(db, visitRecord([], { note: "锁着" }));
  await assert.rejects(removeLock(db.personId, "000001"), { code: "pin_wrong" });
  await removeLock(db.personId, PIN);
  await saveRecord(db, visitRecord([], { note: "没锁" }));
  assert.deepEqual((await everything(db, "ops")).map((op) => isSealed(op.body_text)).sort(), [false, true]);
  assert.deepEqual(
    outboxRows(await capturedWork(db))
      .map((row) => row.body.note)
      .sort(),
    ["没锁", "锁着"],
  );
  await setLock(signed(db.personId), "902718", 5, offline);
  await openByPin(db.personId, "902718");
  assert.deepEqual(
    outboxRows(await capturedWork(db))
      .map((row) => row.body.note)
      .sort(),
    ["没锁", "锁着"],
  );
});

test("a key is of no use in what another sealed", async () => {
  const db = await unlocked();
  const photo = await photoOf(7);
  await saveDraft(db, "visit:o1", { step: 2, photo: photo.sha256 }, [photo]);
  const stranger = { ...db, personId: uuid7() };
  holdKey(stranger.personId, await anotherKey(), true);
  await assert.rejects(getBlob(stranger, photo.sha256), { name: "OperationError" });
  assert.equal(await loadDraft(stranger, "visit:o1"), null);
  assert.deepEqual(
    (await listDrafts(stranger)).map(({ draft, isDamaged }) => [draft, isDamaged]),
    [[null, true]],
  );
});
