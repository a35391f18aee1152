// What is taken out of a draft can be brought back for a while, with the bytes of its photos.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import { getBlob, openCapture, saveDraft } from "../../pwa/db/capture.js";
import { sweepCapture } from "../../pwa/db/retention.js";
import { isAnythingIn } from "../../pwa/forms/begun.js";
import { keptDraft } from "../../pwa/forms/kept_draft.js";
import { newPaper, unsigned } from "../../pwa/forms/paper_drafts.js";
import { discarded, newDraft, voided } from "../../pwa/forms/visit_draft.js";
import { sha256Hex } from "../../pwa/ids.js";

const FULL = { days: Number.POSITIVE_INFINITY, isSpaceLow: true };
let number = 0;

/** A visit with one photo on the phone, and its draft as a screen opens it. */
async function visitWithPhoto(changes = {}) {
  number += 1;
  const capture = await openCapture(`undo-${number}`);
  const bytes = new TextEncoder().encode(`photo ${number}`).buffer;
  const photo = { slot: "other", sha256: await sha256Hex(bytes) };
  await saveDraft(capture, "visit:o", { ...newDraft("o"), photos: [photo], ...changes }, [
    { sha256: photo.sha256, bytes, mime: "image/jpeg" },
  ]);
  const open = () => keptDraft(capture, "visit:o", newDraft("o"), () => {}, voided);
  const isHere = async () => {
    await sweepCapture(capture, Date.now(), FULL);
    return (await getBlob(capture, photo.sha256)) !== null;
  };
  return { kept: await open(), open, photo, isHere };
}

test("a photo taken out keeps its bytes until it is brought back", async () => {
  const { kept, open, photo, isHere } = await visitWithPhoto();
  const offer = kept.takeOut({ photos: [] });
  await kept.change({ step: "summary" });
  assert.deepEqual([kept.draft.photos, offer.isOpen(), await isHere()], [[], true, true]);
  await offer.undo();
  assert.deepEqual([kept.draft.photos, kept.draft.step, offer.isOpen(), await isHere()], [[photo], "summary", false, true]);
  assert.deepEqual((await open()).draft.photos, [photo]);
});

test("a photo that is not wanted back goes with the next sweep", async () => {
  const { kept, isHere } = await visitWithPhoto();
  const offer = kept.takeOut({ photos: [] });
  await offer.end();
  assert.deepEqual([offer.isOpen(), await isHere()], [false, false]);
  await offer.undo();
  assert.deepEqual(kept.draft.photos, []);
});

test("any other change ends the offer: it would bring back what no longer fits", async () => {
  const { kept, isHere } = await visitWithPhoto();
  const offer = kept.takeOut({ photos: [] });
  await kept.change({ condition: "海报旧了" });
  await offer.undo();
  assert.deepEqual([kept.draft.photos, kept.draft.condition, await isHere()], [[], "海报旧了", false]);
});

test("of two things taken out one after the other only the last comes back", async () => {
  const { kept, photo } = await visitWithPhoto();
  const first = kept.takeOut({ photos: [] });
  const second = kept.takeOut({ handling: "" });
  assert.deepEqual([first.isOpen(), second.isOpen()], [false, true]);
  await first.undo();
  assert.deepEqual(kept.draft.photos, []);
  assert.notDeepEqual(kept.draft.photos, [photo]);
});

test("the signature that went with a photo comes back with it", async () => {
  const ink = { width: 300, height: 200, strokes: [] };
  const { kept } = await visitWithPhoto({ ink });
  const offer = kept.takeOut({ photos: [] });
  assert.deepEqual([kept.draft.ink, kept.draft.is_ink_void], [null, true]);
  await offer.undo();
  assert.deepEqual([kept.draft.ink, kept.draft.is_ink_void], [ink, false]);
});

test("a visit that is not wanted leaves nothing, and comes back whole with its photo", async () => {
  const ink = { width: 300, height: 200, strokes: [] };
  const begun = { checked_in_at: "2026-11-24T01:00:00.000Z", begun_before: "2026-11-23T01:00:00.000Z", outlet: { id: "o", name: "顺达" } };
  const { kept, open, photo, isHere } = await visitWithPhoto({ ...begun, ink, step: "photos", question: 3, checklist_version: "c1" });
  const before = structuredClone(kept.draft);
  const offer = kept.takeOut(discarded(kept.draft, "c2"));
  assert.deepEqual([isAnythingIn(kept.draft), kept.draft.step, kept.draft.begun_before, kept.draft.ink], [false, "check_in", null, null]);
  assert.deepEqual([kept.draft.outlet, kept.draft.checklist_version, kept.draft.is_ink_void], [null, "c2", false]);
  assert.notEqual(kept.draft.visit_id, before.visit_id);
  assert.equal(await isHere(), true);
  await offer.undo();
  assert.deepEqual(kept.draft, { ...before, taken_out: null });
  assert.deepEqual((await open()).draft.photos, [photo]);
});

test("a visit that is not wanted back is gone once another is begun", async () => {
  const { kept, isHere } = await visitWithPhoto();
  const offer = kept.takeOut(discarded(kept.draft, null));
  await kept.change({ checked_in_at: "2026-11-24T01:00:00.000Z" });
  assert.deepEqual([offer.isOpen(), kept.draft.photos, await isHere()], [false, [], false]);
});

test("after a kill nothing is offered, and what was taken out goes with the next change", async () => {
  const { kept, open, isHere } = await visitWithPhoto();
  kept.takeOut({ photos: [] });
  await kept.close();
  assert.equal(await isHere(), true);
  const again = await open();
  assert.deepEqual([again.draft.photos, again.draft.taken_out], [[], null]);
  await again.change({ condition: "好" });
  assert.equal(await isHere(), false);
});

test("once the record takes over there is nothing to bring back", async () => {
  const { kept } = await visitWithPhoto();
  const offer = kept.takeOut({ photos: [] });
  await kept.close();
  assert.equal(offer.isOpen(), false);
});

test("a photo taken out of a paper form leaves its signature", () => {
  const paper = { ...newPaper({ place: "店里" }), ink: { width: 1, height: 1, strokes: [] } };
  assert.deepEqual(unsigned(paper, { photos: [], taken_out: { photos: ["x"] } }), {});
  assert.equal(unsigned(paper, { place: "隔壁" }).is_ink_void, true);
});
