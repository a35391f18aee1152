import assert from "node:assert/strict";
import { test } from "node:test";
import { captureWith, everything, photoOf, visitRecord } from "./capture_factories.mjs";
import { saveDraft, saveRecord } from "../../pwa/db/capture.js";
import { applyPage, openReplica } from "../../pwa/db/replica.js";
import { disposable, freeSpace, retentionDays, sweepCapture } from "../../pwa/db/retention.js";

const NOW = Date.parse("2026-11-30T00:00:00Z");
const kept = (acked_at, changes = {}, state = "confirmed") => ({
  ops: [{ op_id: "a", state: acked_at ? "acked" : "pending", code: "applied", acked_at, blobs: ["x"], ...changes }],
  uploads: [{ sha256: "x", state }],
  draftBlobs: [],
  storedBlobs: ["x"],
});
const gone = (facts, isSpaceLow = false, days = 14) => {
  const { ops, blobs } = disposable(facts, NOW, { days, isSpaceLow });
  return { ops, blobs };
};

test("confirmed photos go after fourteen days, not a day before", () => {
  assert.deepEqual(gone(kept("2026-11-17T00:00:00Z")), { ops: [], blobs: [] });
  assert.deepEqual(gone(kept("2026-11-16T00:00:00Z")), { ops: [], blobs: ["x"] });
});

test("sent work goes after thirty days", () => {
  assert.deepEqual(gone(kept("2026-11-01T00:00:00Z")), { ops: [], blobs: ["x"] });
  assert.deepEqual(gone(kept("2026-10-31T00:00:00Z")), { ops: ["a"], blobs: ["x"] });
});

test("a longer policy keeps photos and records for longer", () => {
  assert.deepEqual(gone(kept("2026-10-17T00:00:00Z"), false, 45), { ops: [], blobs: [] });
  assert.deepEqual(gone(kept("2026-10-16T00:00:00Z"), false, 45), { ops: ["a"], blobs: ["x"] });
});

test("a shorter policy lets photos go earlier, records stay for thirty days", () => {
  assert.deepEqual(gone(kept("2026-11-25T00:00:00Z"), false, 5), { ops: [], blobs: ["x"] });
});

test("the days are those of the policy in force, else fourteen", async () => {
  const replica = await openReplica("somebody");
  assert.equal(await retentionDays(replica, NOW), 14);
  const dated = {
    "sync.acked_retention_days": [
      ["2026-11-01", "21"],
      ["2026-12-01", "60"],
    ],
  };
  const put = { e: "put", type: "policy", id: "current", scope: "global", v: 1, doc: { values: dated } };
  await applyPage(replica, { events: [put], cursor: "c", last_n: 0 });
  assert.equal(await retentionDays(replica, NOW), 21);
  assert.equal(await retentionDays(replica, Date.parse("2026-11-30T16:00:00Z")), 60); // the 1st in Shanghai
});

test("nothing goes while it is unsent, unconfirmed or quarantined", () => {
  assert.deepEqual(gone(kept(null), true), { ops: [], blobs: [] });
  assert.deepEqual(gone(kept("2026-01-01T00:00:00Z", {}, "wanted"), true), { ops: [], blobs: [] });
  assert.deepEqual(gone(kept("2026-01-01T00:00:00Z", { code: "quarantined" }), true), { ops: [], blobs: [] });
});

test("with little space confirmed photos go at once, and records stay", () => {
  assert.deepEqual(gone(kept("2026-01-01T00:00:00Z"), true, Number.POSITIVE_INFINITY), { ops: [], blobs: ["x"] });

  assert.deepEqual(gone(kept("2026-11-29T00:00:00Z"), true), { ops: [], blobs: ["x"] });
});

test("a photo that a draft still names stays", () => {
  assert.deepEqual(gone({ ...kept("2026-11-16T00:00:00Z"), draftBlobs: ["x"] }, true).blobs, []);
});

test("a photo that was taken again is collected, the draft's own stay", async () => {
  const db = await captureWith();
  const [first, second] = [await photoOf(1), await photoOf(2)];
  await saveDraft(db, "visit:o1", { photos: [{ sha256: first.sha256 }] }, [first]);
  await saveDraft(db, "visit:o1", { photos: [{ sha256: second.sha256 }] }, [second]);
  await saveDraft(db, "visit:o1", { photos: [{ sha256: second.sha256 }], step: 3 });
  await sweepCapture(db, Date.now(), { days: 14 });
  assert.deepEqual(
    (await everything(db, "blobs")).map((blob) => blob.sha256),
    [second.sha256],
  );
});

test("a full phone lets go what the company has of whoever was signed in before, and nothing else of theirs", async () => {
  const [before, now] = [await captureWith(), await captureWith()];
  const [sent, unsent] = [await photoOf(3), await photoOf(4)];
  const { opId } = await saveRecord(before, visitRecord([sent]));
  await saveRecord(before, visitRecord([unsent]));
  await before.write(["ops", "uploads"], async (tx) => {
    const op = await tx.objectStore("ops").get(opId);
    await tx.objectStore("ops").put({ ...op, state: "acked", code: "applied", acked_at: new Date().toISOString() });
    await tx.objectStore("uploads").put({ sha256: sent.sha256, size: 8, state: "confirmed", url: null, confirmed_at: null });
  });
  await before.close();
  await freeSpace(now);
  assert.deepEqual(
    (await everything(before, "blobs")).map((blob) => blob.sha256),
    [unsent.sha256],
  );
  assert.equal((await everything(before, "ops")).length, 2);
});

test("a database of somebody else that cannot be opened does not keep this person's room from them", async () => {
  await new Promise((resolve) => {
    indexedDB.open("xundian-capture-of-a-newer-app", 99).onsuccess = (event) => resolve(event.target.result.close());
  });
  const [db, photo] = [await captureWith(), await photoOf(5)];
  await saveDraft(db, "visit:o1", { photos: [{ sha256: photo.sha256 }] }, [photo]);
  await saveDraft(db, "visit:o1", { photos: [] });
  await freeSpace(db);
  assert.deepEqual(await everything(db, "blobs"), []);
});
