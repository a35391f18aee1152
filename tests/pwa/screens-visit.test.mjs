// A visit under way: what a change does to a signature, the record made of it, where things are drawn.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { openVisit } from "../../pwa/forms/outlet_visit.js";
import {
  discarded,
  draftKey,
  isOfAnotherDay,
  newDraft,
  openDraft,
  problemsFound,
  renewed,
  toldComplaint,
  visitBody,
  voided,
} from "../../pwa/forms/visit_draft.js";
import { loadDraft, openCapture, saveDraft, saveRecord } from "../../pwa/db/capture.js";
import { scaled, timedStrokes } from "../../pwa/ui/signature.js";

const FORM = JSON.parse(readFileSync(new URL("../../sync/forms/visit.v3.json", import.meta.url), "utf-8"));
const OUTLET = "0198f000-0000-7000-8000-000000000001";

function signedDraft() {
  return { ...newDraft(OUTLET), condition: "fine", ink: { width: 300, height: 200, strokes: [] }, signature: { sha256: "a".repeat(64) } };
}

test("a changed answer takes the signature away", () => {
  const answers = { notice_board: { answer: "no", note: "" } };
  assert.deepEqual(voided(signedDraft(), { answers }), { signature: null, ink: null, is_ink_void: true });
});

test("the same content again leaves the signature", () => {
  assert.deepEqual(voided(signedDraft(), { condition: "fine" }), {});
});

test("a step forward leaves the signature", () => {
  assert.deepEqual(voided(signedDraft(), { step: "sign" }), {});
});

test("without a signature nothing is taken away", () => {
  assert.deepEqual(voided(newDraft(OUTLET), { condition: "new" }), {});
});

test("the owner's complaint decides has_complaint", () => {
  const draft = { ...newDraft(OUTLET), answers: { owner_complaint: { answer: "yes", note: "" } }, complaint_note: "late" };
  const body = visitBody(draft, FORM, "2026-11-24T03:00:00.000Z");
  assert.equal(body.has_complaint, true);
  assert.equal(body.complaint_note, "late");
  assert.deepEqual(body.checklist, [{ key: "owner_complaint", answer: "yes", note: "" }]);
});

test("a clock set back during the visit ends it no earlier than it began", () => {
  const ended = (changes) => visitBody({ ...newDraft(OUTLET), ...changes }, FORM, "2026-11-24T03:00:00.000Z").checked_out_at;
  assert.equal(ended({ checked_in_at: "2026-11-24T02:59:59.999Z" }), "2026-11-24T03:00:00.000Z");
  assert.equal(ended({ checked_in_at: "2026-11-24T03:00:00.001Z" }), "2026-11-24T03:00:00.001Z");
  const before = { checked_in_at: "2026-11-23T01:00:00.000Z", checked_out_at: "2026-11-23T01:20:00.000Z" };
  assert.equal(ended(before), "2026-11-23T01:20:00.000Z");
});

test("a visit begun on another day is checked in again, one that crosses midnight is not", () => {
  const begun = (checked_in_at, changes = {}) => ({ ...newDraft(OUTLET), checked_in_at, ...changes });
  const isOld = (draft, now) => isOfAnotherDay(draft, new Date(now));
  const evening = begun("2026-11-30T14:30:00.000Z"); // 22:30 in Shanghai
  assert.equal(isOld(evening, "2026-11-30T15:59:59.999Z"), false);
  assert.equal(isOld(evening, "2026-11-30T18:29:59.999Z"), false);
  assert.equal(isOld(evening, "2026-11-30T18:30:00.000Z"), true);
  assert.equal(isOld(begun("2026-11-30T00:30:00.000Z"), "2026-11-30T15:00:00.000Z"), false);
  assert.equal(isOld(begun("2026-11-30T16:10:00.000Z"), "2026-11-30T15:50:00.000Z"), false); // the clock was set back a little
  assert.equal(isOld(begun("2026-12-03T01:00:00.000Z"), "2026-11-30T01:00:00.000Z"), true);
  assert.equal(isOld(newDraft(OUTLET), "2026-11-30T01:00:00.000Z"), false);
  assert.equal(isOld(begun("2026-11-20T01:00:00.000Z", { corrects: "v1" }), "2026-11-30T01:00:00.000Z"), false);
});

test("checking in again keeps answers and photos, and lets go of what was said and signed of the other day", () => {
  const answers = { notice_board: { answer: "no", note: "" } };
  const photos = [{ slot: "storefront", sha256: "b".repeat(64) }];
  const there = { fix: { lat: 1, lon: 2 }, distance_m: 900, presence_reason: "moved", presence_note: "x", card: "c" };
  const old = { ...signedDraft(), ...there, checked_in_at: "2026-11-30T01:41:00.000Z", step: "photos", answers, photos };
  const draft = { ...old, ...renewed(old) };
  assert.deepEqual([draft.answers, draft.photos, draft.condition, draft.visit_id], [answers, photos, "fine", old.visit_id]);
  assert.deepEqual([draft.step, draft.checked_in_at, draft.fix, draft.distance_m], ["check_in", null, null, null]);
  assert.deepEqual([draft.presence_reason, draft.presence_note, draft.card], [null, "", ""]);
  assert.deepEqual([draft.ink, draft.signature, draft.is_ink_void], [null, null, true]);
  assert.equal(draft.begun_before, "2026-11-30T01:41:00.000Z");
  assert.equal(renewed({ ...old, ink: null, signature: null }).is_ink_void, false);
});

const NEEDED = {
  id: OUTLET,
  name: "顺达",
  lat: 30.66,
  lon: 104.07,
  signers: [{ name: "王秀兰", role: "owner" }],
  person_in_charge: "王秀兰",
  phone: "0771",
  outlet_class: "A",
  region_id: "r1",
};
const FILE = { ...NEEDED, monthly_fee_yuan: "1.00", standing: { owed: 1 }, pending: false };
const CHECKED_IN = { checked_in_at: "2026-11-24T01:00:00.000Z" };

test("a begun visit keeps what it needs of its outlet, and goes on with it once the outlet has left the phone", async () => {
  const capture = await openCapture("gone-person");
  assert.deepEqual(await openVisit(capture, OUTLET, undefined, () => {}), null);
  const { kept } = await openVisit(capture, OUTLET, FILE, () => {});
  await kept.change(CHECKED_IN);
  await kept.change({ condition: "好" });
  const gone = await openVisit(capture, OUTLET, undefined, () => {});
  assert.deepEqual([gone.outlet, gone.kept.draft.outlet, gone.kept.draft.condition], [NEEDED, NEEDED, "好"]);
  const again = await openVisit(capture, OUTLET, { ...FILE, name: "顺达二店" }, () => {});
  assert.deepEqual([again.outlet.standing, (await loadDraft(capture, kept.key)).outlet.name], [{ owed: 1 }, "顺达二店"]);
});

test("a visit that was only opened keeps nothing of its outlet, and goes with it", async () => {
  const capture = await openCapture("opened-person");
  const { kept } = await openVisit(capture, OUTLET, FILE, () => {});
  await kept.change({ checklist_version: null });
  assert.equal((await loadDraft(capture, kept.key)).outlet, null);
  await kept.change({ outlet: NEEDED }); // as it was kept before
  await openVisit(capture, OUTLET, FILE, () => {});
  assert.equal((await loadDraft(capture, kept.key)).outlet, null);
  assert.equal(await openVisit(capture, OUTLET, undefined, () => {}), null);
  assert.equal(await loadDraft(capture, kept.key), null);
});

test("a visit that was let go keeps nothing of its outlet, brought back it does, and so does the next one there", async () => {
  const capture = await openCapture("let-go-person");
  await (await openVisit(capture, OUTLET, FILE, () => {})).kept.change(CHECKED_IN);
  const { kept } = await openVisit(capture, OUTLET, undefined, () => {});
  const offer = kept.takeOut(discarded(kept.draft, null));
  assert.equal(kept.draft.outlet, null);
  await offer.undo();
  assert.deepEqual(kept.draft.outlet, NEEDED);
  await kept.takeOut(discarded(kept.draft, null)).end();
  assert.doesNotMatch(JSON.stringify(await loadDraft(capture, kept.key)), /王秀兰/);
  await kept.change(CHECKED_IN);
  assert.deepEqual((await loadDraft(capture, kept.key)).outlet, NEEDED);
});

test("a visit that was begun before outlets were kept with it opens too", async () => {
  const capture = await openCapture("old-draft-person");
  const { outlet: _, ...old } = { ...newDraft(OUTLET), checked_in_at: "2026-11-24T01:00:00.000Z" };
  await saveDraft(capture, draftKey(OUTLET), old);
  const { outlet } = await openVisit(capture, OUTLET, undefined, () => {});
  assert.deepEqual(outlet, { id: OUTLET, name: "", signers: [] });
});

test("the record names nothing that only the draft needs", () => {
  const body = visitBody(signedDraft(), FORM, "2026-11-24T03:00:00.000Z");
  for (const name of ["ink", "is_ink_void", "step", "signer", "question", "answers", "distance_m", "begun_before", "outlet"])
    assert.ok(!(name in body), name);
});

test("broken and missing notice boards are both problems", () => {
  const found = (answer) => problemsFound({ ...newDraft(OUTLET), answers: { notice_board: { answer, note: "" } } }, FORM).length;
  assert.deepEqual(["yes", "no", "na"].map(found), [0, 1, 1]);
});

test("quick changes are all kept, and said to be kept at the end only", async () => {
  const capture = await openCapture("drafts-person");
  const kept = await openDraft(capture, OUTLET, () => {});
  for (const text of ["a", "ab", "abc"]) void kept.change({ condition: text });
  assert.equal(kept.isSaved(), false);
  await kept.close();
  assert.equal(kept.isSaved(), true);
  assert.equal((await loadDraft(capture, kept.key)).condition, "abc");
});

test("a photo of an earlier change is written with the last one", async () => {
  const capture = await openCapture("photos-person");
  const kept = await openDraft(capture, OUTLET, () => {});
  const bytes = new TextEncoder().encode("photo").buffer;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  void kept.change({ photos: [{ slot: "other", sha256 }] }, [{ sha256, bytes, mime: "image/jpeg" }]);
  void kept.change({ handling: "done" });
  await kept.close();
  const { getBlob } = await import("../../pwa/db/capture.js");
  assert.equal((await getBlob(capture, sha256)).mime, "image/jpeg");
  assert.equal(kept.problem(), null);
});

test("a signature is made smaller for a smaller pad, never larger", () => {
  const ink = { width: 400, height: 200, strokes: [{ points: [{ x: 100, y: 50, time: 5 }] }] };
  assert.deepEqual(scaled(ink, 200, 200)[0].points, [{ x: 50, y: 25, time: 5 }]);
  assert.deepEqual(scaled(ink, 800, 400)[0].points, [{ x: 100, y: 50, time: 5 }]);
});

test("strokes carry the time since the first touch", () => {
  const strokes = [{ points: [{ x: 1.04, y: 2, time: 1000 }] }, { points: [{ x: 3, y: 4.56, time: 1250.4 }] }];
  assert.deepEqual(timedStrokes(strokes), [[[1, 2, 0]], [[3, 4.6, 250]]]);
});

test("the owner's complaint is a record of its own, by who signed or owns the outlet", () => {
  const draft = { ...newDraft(OUTLET), answers: { owner_complaint: { answer: "yes", note: "" } }, complaint_note: "late" };
  const outlet = { person_in_charge: "王秀兰", phone: "0771" };
  const told = toldComplaint(draft, outlet, "owner", "2026-11-24T03:00:00.000Z");
  assert.deepEqual(told.entity, { type: "complaint", id: draft.complaint_id });
  assert.deepEqual(told.body, {
    complaint_id: draft.complaint_id,
    outlet_id: OUTLET,
    heard_at: "2026-11-24T03:00:00.000Z",
    kind: "other",
    complainant: "王秀兰",
    phone: "0771",
    account: "late",
    demand: "",
  });
  const by = (signer, { person_in_charge } = {}) => toldComplaint({ ...draft, signer }, { person_in_charge }, "owner", "").body.complainant;
  assert.deepEqual([by({ name: "李敏", role: "cashier" }), by(null)], ["李敏", "owner"]);
});

test("without a complaint, or where an earlier visit told it, there is none", () => {
  const draft = { ...newDraft(OUTLET), answers: { owner_complaint: { answer: "yes", note: "" } }, complaint_note: "late" };
  assert.equal(toldComplaint({ ...draft, complaint_id: null }, {}, "owner", ""), null);
  assert.equal(toldComplaint({ ...draft, answers: { owner_complaint: { answer: "no", note: "" } } }, {}, "owner", ""), null);
});

test("what changes while a record is being saved is kept once that failed", async () => {
  const capture = await openCapture("closed-person");
  const kept = await openDraft(capture, OUTLET, () => {});
  await kept.change({ condition: "before" });
  await kept.close();
  await kept.change({ condition: "meanwhile" });
  assert.equal((await loadDraft(capture, kept.key)).condition, "before");
  kept.reopen();
  await kept.change({ handling: "after" });
  const { condition, handling } = await loadDraft(capture, kept.key);
  assert.deepEqual([condition, handling], ["meanwhile", "after"]);
});

test("a visit and its complaint are saved together or not at all", async () => {
  const capture = await openCapture("both-person");
  const op = (type, id) => ({ kind: "record", form: `${type}.v1`, entity: { type, id }, scope: "outlet:o1", body: {}, blobs: [] });
  await saveRecord(capture, op("visit", "v1"), null, [op("complaint", "c1")]);
  const stored = await capture.read(["ops"], (tx) => tx.objectStore("ops").getAll());
  assert.deepEqual(stored.map((one) => [one.n, one.entity.type]).sort(), [
    [1, "complaint"],
    [2, "visit"],
  ]);
  await assert.rejects(saveRecord(capture, op("visit", "v1"), null, [op("complaint", "c2")]), { code: "already_saved" });
  assert.equal((await capture.read(["ops"], (tx) => tx.objectStore("ops").getAll())).length, 2);
});
