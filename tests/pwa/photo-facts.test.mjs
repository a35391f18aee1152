// Where a photo came from, and what records say of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { originOfFile } from "../../pwa/capture/photo_source.js";
import { newOutletDraft, newOutletRecord } from "../../pwa/forms/new_outlet_draft.js";
import { editRecord, newEdit } from "../../pwa/forms/outlet_edit_draft.js";
import { newPaper, trainingRecord } from "../../pwa/forms/paper_drafts.js";

const TAPPED = Date.parse("2026-11-24T01:00:00Z");
const AT = "2026-11-24T01:00:00.000Z";

function fact(sha256, origin = "camera") {
  return { sha256, origin, taken_at: AT, is_blurred: false, is_dark: true };
}

test("a file made after the tap on an input that asks for the camera is the system camera's", () => {
  assert.equal(originOfFile({ asksCamera: true, openedAtMs: TAPPED }, TAPPED + 9_000), "system");
});

test("clocks of storage may lag by two seconds, and no more", () => {
  assert.equal(originOfFile({ asksCamera: true, openedAtMs: TAPPED }, TAPPED - 2_000), "system");
  assert.equal(originOfFile({ asksCamera: true, openedAtMs: TAPPED }, TAPPED - 2_001), "gallery");
});

test("a phone that says no time is believed", () => {
  assert.equal(originOfFile({ asksCamera: true, openedAtMs: TAPPED }, 0), "system");
  assert.equal(originOfFile({ asksCamera: true, openedAtMs: 0 }, TAPPED), "system");
});

test("without asking for the camera a picture counts as one of the gallery, however new", () => {
  assert.equal(originOfFile({ asksCamera: false, openedAtMs: TAPPED }, TAPPED + 9_000), "gallery");
});

test("a paper's record says what is known of its photos", () => {
  const draft = newPaper({ is_new_customer: "no", place: "", content: "使用", attendees: "", attendee_count: "1" });
  draft.photos = [fact("a"), { sha256: "b", taken_at: AT }];
  const { body } = trainingRecord("o1", draft, AT);
  assert.deepEqual([body.photos, body.photo_facts], [["a", "b"], [fact("a")]]);
});

test("a paper without photos says nothing of them", () => {
  const { body } = trainingRecord("o1", newPaper({ place: "", content: "", attendees: "", attendee_count: "1" }), AT);
  assert.equal("photo_facts" in body, false);
});

test("an outlet's record speaks only of the photos that it brings", () => {
  const draft = { ...newOutletDraft(), photo_facts: [fact("old"), fact("new", "gallery")] };
  draft.typed = { ...draft.typed, name: "顺达", storefront_photo: "new" };
  assert.deepEqual(newOutletRecord(draft, "r1").body.photo_facts, [fact("new", "gallery")]);
});

test("so does a change of its file", () => {
  const draft = {
    ...newEdit("o1"),
    base: { counter_photo: "was" },
    typed: { counter_photo: "new" },
    photo_facts: [fact("was"), fact("new")],
  };
  assert.deepEqual(editRecord(draft)?.body.photo_facts, [fact("new")]);
});
