// Drafts whose seal is damaged: they hide no other, and make way for new ones.
import assert from "node:assert/strict";
import { test } from "node:test";
import { captureWith, everything, photoOf } from "./capture_factories.mjs";
import "./fake_caches.mjs";
import { listDrafts, loadDraft, saveDraft } from "../../pwa/db/capture.js";
import { holdKey } from "../../pwa/db/seals.js";
import { copyCapture } from "../../pwa/db/spare_capture.js";
import { rescueBlob, rescuePlan } from "../../pwa/outbox/rescue_file.js";

/** The capture database of a person whose lock is open. */
async function unlocked() {
  const db = await captureWith();
  holdKey(db.personId, await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]), true);
  return db;
}

/** Break the seal of a draft. */
async function damage(db, key) {
  await db.write(["drafts"], async (tx) => {
    const row = await tx.objectStore("drafts").get(key);
    new Uint8Array(row.draft.data)[3] ^= 1;
    await tx.objectStore("drafts").put(row);
  });
}

test("a draft whose seal is damaged hides none of the others", async () => {
  const db = await unlocked();
  await saveDraft(db, "visit:o1", { step: 2 });
  await saveDraft(db, "visit:o2", { step: 3 });
  await damage(db, "visit:o1");
  assert.deepEqual((await listDrafts(db)).map(({ key, draft, isDamaged }) => [key, draft, isDamaged]).sort(), [
    ["visit:o1", null, true],
    ["visit:o2", { step: 3 }, false],
  ]);
});

test("a form whose draft is damaged is begun anew, and the damaged one is kept beside it, twice as well", async () => {
  const db = await unlocked();
  const photo = await photoOf(7);
  for (const step of [1, 2]) {
    await saveDraft(db, "visit:o1", { step, photo: photo.sha256 }, [photo]);
    await damage(db, "visit:o1");
    assert.equal(await loadDraft(db, "visit:o1"), null);
    assert.equal(await loadDraft(db, "visit:o1"), null);
    await new Promise((resolve) => setTimeout(resolve, 5)); // saved at another instant
  }
  await saveDraft(db, "visit:o1", { step: 3 });
  const rows = await everything(db, "drafts");
  assert.deepEqual(
    rows.map(({ key, blobs }) => [key.replace(/[\d:.T-]+Z/, "when"), blobs]),
    [
      ["damaged/when/visit:o1", [photo.sha256]],
      ["damaged/when/visit:o1", [photo.sha256]],
      ["visit:o1", []],
    ],
  );
  assert.deepEqual(await loadDraft(db, "visit:o1"), { step: 3 });
});

test("a damaged draft whose spare copy is whole is gone on with as it was", async () => {
  const db = await unlocked();
  await saveDraft(db, "visit:o1", { step: 2 });
  assert.equal(await copyCapture(db, null), "kept");
  await damage(db, "visit:o1");
  assert.equal(await copyCapture(db, null), "kept"); // and copies nothing over it
  assert.deepEqual(await loadDraft(db, "visit:o1"), { step: 2 });
  assert.deepEqual(
    (await listDrafts(db)).map(({ key, draft, isDamaged }) => [key, draft, isDamaged]),
    [["visit:o1", { step: 2 }, false]],
  );
  await saveDraft(db, "visit:o1", { step: 3 });
  assert.deepEqual(await loadDraft(db, "visit:o1"), { step: 3 });
});

test("a rescue file holds what the spare copies of damaged drafts say, and leaves out those of which there is none", async () => {
  const db = await unlocked();
  await saveDraft(db, "visit:o1", { visit_id: "v1", checked_in_at: null, answers: { tidy: "yes" } });
  assert.equal(await copyCapture(db, null), "kept");
  await saveDraft(db, "visit:o2", { visit_id: "v2", checked_in_at: null, answers: { tidy: "no" } });
  for (const key of ["visit:o1", "visit:o2"]) await damage(db, key);
  const [part] = await rescuePlan(db);
  assert.equal(part.drafts.length, 2);
  const file = JSON.parse(await (await rescueBlob(db, { person_id: db.personId }, part)).text());
  assert.deepEqual(
    file.drafts.map(({ key, draft }) => [key, draft.answers]),
    [["visit:o1", { tidy: "yes" }]],
  );
});
