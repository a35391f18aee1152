// Where a photo came from, and what records say of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import { originByExif, originOfFile } from "../../pwa/capture/photo_source.js";
import { openCapture } from "../../pwa/db/capture.js";
import { factsWith, keepFilePhoto } from "../../pwa/forms/file_photo.js";
import { keptDraft } from "../../pwa/forms/kept_draft.js";
import { newOutletDraft, newOutletRecord } from "../../pwa/forms/new_outlet_draft.js";
import { editRecord, newEdit } from "../../pwa/forms/outlet_edit_draft.js";
import { newPaper, trainingRecord } from "../../pwa/forms/paper_drafts.js";
import { sha256Hex } from "../../pwa/ids.js";

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

test("a picture that its camera took more than a day before is one of the gallery, however new its file", () => {
  assert.equal(originByExif("system", "2026-11-23T00:59:59+00:00", AT), "gallery");
  assert.equal(originByExif("system", "2026-11-23T01:00:00+00:00", AT), "system");
  assert.equal(originByExif("system", "2026-11-21T12:00:00", AT), "gallery");
  assert.equal(originByExif("system", "2026-11-24T17:00:00", AT), "system"); // the clock of another zone
});

test("a picture whose camera says no time, or none that can be, is believed", () => {
  for (const odd of [null, "2026-13-45T99:00:00", "2002-12-08T12:00:00", "2019-12-31T23:59:59"]) {
    assert.equal(originByExif("system", odd, AT), "system", String(odd));
  }
  assert.equal(originByExif("system", "2020-01-01T00:00:00", AT), "gallery");
});

test("the app's own camera and the gallery stay what they are", () => {
  assert.equal(originByExif("camera", "2026-11-20T01:00:00", AT), "camera");
  assert.equal(originByExif("gallery", "2026-11-24T01:00:00", AT), "gallery");
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

/** A draft with a sheet as the screen of a new outlet has it. @param {string} person */
async function newOutletAlbum(person) {
  const capture = await openCapture(person);
  const kept = await keptDraft(capture, "new_outlet", newOutletDraft(), () => {});
  const { draft } = kept;
  const set = (name, typed, blobs, more) => kept.change({ typed: { ...draft.typed, [name]: typed }, ...more }, blobs);
  const row = () => capture.read(["drafts"], (tx) => tx.objectStore("drafts").get("new_outlet"));
  const shoot = async (name, text) => {
    const bytes = new TextEncoder().encode(text).buffer;
    const prepared = { ...fact(await sha256Hex(bytes)), bytes, mime: "image/jpeg" };
    await keepFilePhoto({ draft, sheet: { typed: (one) => draft.typed[one], set }, problem: kept.problem }, name, prepared);
    return prepared.sha256;
  };
  return { draft, shoot, row, kept, set };
}

test("a photo that was taken again leaves nothing in the draft", async () => {
  const { draft, shoot, row } = await newOutletAlbum("retakes");
  const counter = await shoot("counter_photo", "counter");
  await shoot("storefront_photo", "first");
  await shoot("storefront_photo", "again");
  const last = await shoot("storefront_photo", "and again");
  assert.deepEqual([draft.typed.storefront_photo, draft.photo_facts.map((one) => one.sha256)], [last, [counter, last]]);
  assert.deepEqual((await row()).blobs.sort(), [counter, last].sort());
});

test("a photo that could not be kept leaves the one before with what is known of it", async () => {
  const { draft, shoot, set } = await newOutletAlbum("full");
  const first = await shoot("storefront_photo", "first");
  const sheet = { typed: (name) => draft.typed[name], set };
  const fault = await keepFilePhoto({ draft, sheet, problem: () => "storage_full" }, "storefront_photo", fact("c".repeat(64)));
  assert.deepEqual([fault, draft.typed.storefront_photo, draft.photo_facts], ["storage_full", first, [fact(first)]]);
});

test("what was thrown away or taken out can be brought back with what is known of its photos", () => {
  const draft = { typed: { counter_photo: "b" }, dropped: { typed: { counter_photo: "c" } }, taken_out: { typed: { counter_photo: "d" } } };
  const photo_facts = ["a", "b", "c", "d", "e"].map((letter) => fact(letter.repeat(64)));
  const long = JSON.parse(JSON.stringify(draft).replaceAll(/"([b-d])"/g, (_all, letter) => `"${letter.repeat(64)}"`));
  const after = factsWith({ ...long, photo_facts }, "storefront_photo", fact("f".repeat(64)));
  assert.equal(after.map((one) => one.sha256[0]).join(""), "bcdf");
});
