// The correction of a visit: what it begins with, from which record, and what record it makes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { correctionKey, correctionOf, mayCorrect, moved, openCorrection, savedVisit } from "../../pwa/forms/correction_draft.js";
import { loadDraft, saveDraft, saveRecord } from "../../pwa/db/capture.js";
import { visitBody } from "../../pwa/forms/visit_draft.js";
import { captureWith, photoOf, visitRecord } from "./capture_factories.mjs";

const MADE = {
  visit_id: "v1",
  outlet_id: "o1",
  checked_in_at: "2026-11-24T01:00:00.000Z",
  checked_out_at: "2026-11-24T01:20:00.000Z",
  fix: { lat: 31.2, lon: 121.4, accuracy_m: 35, taken_at: "2026-11-24T01:00:00.000Z", source: "gps" },
  presence_reason: null,
  presence_note: "",
  checklist: [{ key: "notice_board", answer: "yes", note: "new" }],
  has_complaint: false,
  complaint_note: "",
  condition: "fine",
  handling: "",
  photos: [{ slot: "storefront", sha256: "a".repeat(64), taken_at: "2026-11-24T01:05:00.000Z", bytes: 8 }],
  signature: { sha256: "b".repeat(64), signer_name: "王秀兰", signer_role: "owner", signed_at: "2026-11-24T01:19:00.000Z" },
  signature_refusal: null,
  corrects: null,
  previous_sha256: null,
  checklist_version: null,
  card: null,
};
const FORM = { checklist: [{ key: "notice_board", choices: [] }] };

test("it begins with what was recorded, but unsigned and under an id of its own", () => {
  const draft = correctionOf(MADE);
  const body = visitBody(draft, FORM, "2026-11-25T09:00:00.000Z");
  assert.notEqual(body.visit_id, MADE.visit_id);
  assert.deepEqual(body, { ...MADE, visit_id: body.visit_id, corrects: "v1", signature: null });
  assert.equal(correctionOf({ ...MADE, has_complaint: true }).complaint_id, null);
  assert.notEqual(draft.complaint_id, null);
  assert.deepEqual(draft.signer, { name: "王秀兰", role: "owner" });
});

test("a visit without fix, signature and card can be corrected as well", () => {
  const { card, ...plain } = { ...MADE, fix: null, signature: null, checklist: [{ key: "notice_board", answer: "yes" }] };
  const body = visitBody(correctionOf(moved(plain, 0)), FORM, "2026-11-25T09:00:00.000Z");
  assert.deepEqual([card, body.fix, body.card, body.checklist[0].note], [null, null, null, ""]);
});

test("instants are moved to the clock of now, whichever was wrong", () => {
  const later = moved(MADE, 7_200_000);
  assert.equal(later.checked_in_at, "2026-11-24T03:00:00.000Z");
  assert.equal(later.fix.taken_at, "2026-11-24T03:00:00.000Z");
  assert.equal(later.photos[0].taken_at, "2026-11-24T03:05:00.000Z");
  assert.equal(MADE.checked_in_at, "2026-11-24T01:00:00.000Z");
});

async function keptVisit(changes = {}) {
  const capture = await captureWith();
  const photo = await photoOf(3);
  const record = visitRecord([photo], { ...MADE, photos: [{ ...MADE.photos[0], sha256: photo.sha256 }] });
  record.body.visit_id = record.entity.id;
  await saveRecord(capture, record);
  await capture.write(["ops", "meta"], async (tx) => {
    const [op] = await tx.objectStore("ops").getAll();
    await tx.objectStore("ops").put({ ...op, t: { ...op.t, offset_ms: -7_200_000 }, ...changes });
    await tx.objectStore("meta").put([{ offset_ms: 0, rtt_ms: 10 }], "clock_samples");
  });
  return { capture, id: record.entity.id, photo };
}

test("a record that was written by a clock two hours fast is read by the clock that is right", async () => {
  const { capture, id } = await keptVisit();
  const body = await savedVisit(capture, id);
  assert.equal(body.checked_in_at, "2026-11-23T23:00:00.000Z");
});

test("a record whose photos have gone, that was never here, or that the company could not take in, is none to begin with", async () => {
  const kept = await keptVisit();
  assert.equal(await savedVisit(kept.capture, "other"), null);
  await kept.capture.write(["blobs"], (tx) => tx.objectStore("blobs").delete(kept.photo.sha256));
  assert.equal(await savedVisit(kept.capture, kept.id), null);
  const refused = await keptVisit({ state: "acked", code: "quarantined" });
  assert.equal(await savedVisit(refused.capture, refused.id), null);
});

test("only own visits that stand may be corrected", () => {
  const company = { person: { id: "p1" }, outbox: [] };
  const visit = { id: "v1", rep_id: "p1", reasons: [] };
  assert.equal(mayCorrect(company, visit), true);
  assert.equal(mayCorrect(company, { ...visit, rep_id: "p2" }), false);
  assert.equal(mayCorrect(company, { ...visit, reasons: ["replaced"] }), false);
  for (const state of ["attention", "refused"])
    assert.equal(mayCorrect({ ...company, outbox: [{ entity: { id: "v1" }, state }] }, visit), false);
});

test("one under way follows a clock that was set meanwhile, and needs the first record no more", async () => {
  const { capture, id, photo } = await keptVisit();
  const begun = await openCorrection(capture, id, () => {});
  await begun.change({ condition: "wrong" });
  await capture.write(["blobs", "meta"], async (tx) => {
    await tx.objectStore("meta").put([{ offset_ms: 3_600_000, rtt_ms: 10 }], "clock_samples");
    await tx.objectStore("blobs").delete(photo.sha256);
  });
  assert.equal(await savedVisit(capture, id), null);
  const { draft } = await openCorrection(capture, id, () => {});
  assert.deepEqual([draft.checked_in_at, draft.condition], ["2026-11-23T22:00:00.000Z", "wrong"]);
  assert.equal((await loadDraft(capture, correctionKey(id))).clock_offset_ms, 3_600_000);
  assert.equal(await openCorrection(capture, "other", () => {}), null);
});

test("one under way keeps what it needs of its outlet, for when that has left the phone", async () => {
  const { capture, id } = await keptVisit();
  const outlet = { id: "o1", name: "顺达", signers: [], standing: { owed: 1 } };
  const begun = await openCorrection(capture, id, () => {}, outlet);
  assert.equal(await loadDraft(capture, correctionKey(id)), null); // only opened
  await begun.change({ condition: "wrong" });
  const { draft } = await openCorrection(capture, id, () => {});
  assert.deepEqual([draft.outlet, draft.condition], [{ id: "o1", name: "顺达", signers: [] }, "wrong"]);
  await openCorrection(capture, id, () => {}, { ...outlet, name: "顺达二店" });
  assert.equal((await loadDraft(capture, correctionKey(id))).outlet.name, "顺达二店");
});

test("one begun before drafts named what is registered opens as one that registered nothing", async () => {
  const { capture, id } = await keptVisit();
  const { follow_ups, ...older } = { ...correctionOf({ ...MADE, visit_id: id }), condition: "wrong" };
  await saveDraft(capture, correctionKey(id), older);
  const { draft } = await openCorrection(capture, id, () => {});
  assert.deepEqual([follow_ups, draft.follow_ups], [{}, {}]);
  assert.deepEqual([draft.visit_id, draft.corrects, draft.condition], [older.visit_id, id, "wrong"]);
});
