// A photo of a visit that takes its time to be made ready.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { openCapture } from "../../pwa/db/capture.js";
import { discarded, newDraft, openDraft } from "../../pwa/forms/visit_draft.js";
import { uuid7 } from "../../pwa/ids.js";
import { clickOf, textOf } from "./view_text.mjs";

document.querySelector = () => null;
Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
const { photoSlots } = await import("../../pwa/screens/file_photos.js");
const { photoRow, photoTaker } = await import("../../pwa/screens/photo_taker.js");
const { faultBanner } = await import("../../pwa/ui/parts.js");
const { addFile, stampLines } = await import("../../pwa/screens/visit_shots.js");
const { summaryStep } = await import("../../pwa/screens/visit_summary.js");
const { signStep } = await import("../../pwa/screens/visit_sign.js");

/** A canvas on which nothing is drawn. */
globalThis.OffscreenCanvas = class {
  constructor(width, height) {
    Object.assign(this, { width, height });
  }
  getContext() {
    const pixels = (_x, _y, width, height) => ({ width, height, data: new Uint8ClampedArray(width * height * 4) });
    return { drawImage: () => {}, fillRect: () => {}, fillText: () => {}, getImageData: pixels };
  }
  async convertToBlob() {
    return new Blob(["photo"]);
  }
};

/** A visit with a file on its way into it; `decode` lets the phone finish with the picture. */
async function visitWithFile() {
  const capture = await openCapture(uuid7());
  const kept = await openDraft(capture, "o1", () => {});
  await kept.change({ checked_in_at: "2026-11-24T01:00:00.000Z", step: "photos" });
  const flow = {
    app: { session: { personId: uuid7() }, company: { person: { name: "小吴" } } },
    outlet: { id: "o1", name: "顺达" },
    policy: { "photo.max_side_px": "1600" },
    draft: kept.draft,
    change: kept.change,
    problem: kept.problem,
    draw: () => {},
    complain: () => {},
  };
  const state = { busy: "", isFull: false };
  let decode;
  const started = new Promise((resolve) => {
    globalThis.createImageBitmap = () => {
      resolve();
      return new Promise((decoded) => {
        decode = () => decoded({ width: 40, height: 30, close: () => {} });
      });
    };
  });
  const adding = addFile(flow, state, "other", undefined, { blob: new Blob(["file"]), origin: "gallery" });
  await started;
  const ready = () => {
    decode();
    return adding;
  };
  return { kept, state, ready };
}

test("a photo that was made ready is in the visit", async () => {
  const { kept, state, ready } = await visitWithFile();
  assert.equal(state.busy, "other");
  await ready();
  assert.deepEqual([kept.draft.photos.map((one) => one.slot), state.busy], [["other"], ""]);
});

test("a photo of a visit that was let go meanwhile goes with it, and the visit can still be brought back", async () => {
  const { kept, state, ready } = await visitWithFile();
  const offer = kept.takeOut(discarded(kept.draft, null));
  await ready();
  assert.deepEqual([kept.draft.photos, offer.isOpen(), state.busy], [[], true, ""]);
  await offer.undo();
  assert.equal(kept.draft.checked_in_at, "2026-11-24T01:00:00.000Z");
});

test("a photo of a visit that was let go and brought back meanwhile is in it", async () => {
  const { kept, ready } = await visitWithFile();
  await kept.takeOut(discarded(kept.draft, null)).undo();
  await ready();
  assert.equal(kept.draft.photos.length, 1);
});

test("what is drawn on a photo is the company's time where the phone's clock is a day behind, and the record names the phone's", (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-23T01:41:00.000Z") });
  const company = { person: { name: "小吴" }, clockOffsetMs: 24 * 3_600_000 };
  const flow = (changes) => ({
    app: { company: { ...company, ...changes } },
    draft: { fix: null, distance_m: null },
    outlet: { name: "顺达" },
  });
  assert.deepEqual(stampLines(flow({})), ["09:41", "2026-11-24 周二 · 小吴", "顺达"]);
  assert.deepEqual(stampLines(flow({ clockOffsetMs: 0 })), ["09:41", "2026-11-23 周一 · 小吴", "顺达"]);
});

test("what the owner reads and signs is the company's time, that of the visit too", (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-23T02:00:00.000Z") });
  const draft = { ...newDraft("o1"), checked_in_at: "2026-11-23T01:41:00.000Z" };
  const company = { person: { name: "小吴" }, clockOffsetMs: 24 * 3_600_000 + 60_000, work: { followUps: [] } };
  const outlet = { id: "o1", name: "顺达", signers: [] };
  const flow = { app: { company }, draft, outlet, form: { checklist: [] }, policy: {}, change: async () => {}, error: () => "" };
  assert.match(textOf(summaryStep(flow).view()), /2026年11月24日.*09:42.*10:01/s);
  assert.match(textOf(signStep(flow).view()), /2026年11月24日/);
  assert.equal(draft.checked_in_at, "2026-11-23T01:41:00.000Z");
});

/** The app of a phone whose clock is a day and 20 minutes behind, and a photo that was taken at 09:41 by that clock. */
const BEHIND = { company: { clockOffsetMs: 24 * 3_600_000 + 20 * 60_000 }, draw: () => {} };
const TAKEN = { sha256: "a".repeat(64), taken_at: "2026-11-23T01:41:00.000Z" };
const pictures = { of: () => "blob:1", isLost: () => false };

test("the time under a photo is the company's, as the stamp in it says, in a paper and in a file", () => {
  const row = photoRow({ app: BEHIND, kept: { draft: { photos: [TAKEN] } }, pictures, state: {}, taker: {} }, { most: 1 });
  assert.match(textOf(row), /10:01/);
  const draft = { typed: { storefront_photo: TAKEN.sha256 }, photo_facts: [TAKEN] };
  const slots = photoSlots(BEHIND, {}, { draft, pictures, sheet: { typed: (name) => draft.typed[name] ?? null } });
  assert.match(textOf(slots()), /10:01/);
});

test("a form that needs a photo says so until there is one", () => {
  const pictures = { of: () => "", isLost: () => false };
  const said = (photos, isNeeded) =>
    textOf(photoRow({ app: BEHIND, kept: { draft: { photos } }, pictures, state: {}, taker: {} }, { add: "拍", most: 3, isNeeded }));
  assert.match(said([], true), /要拍，1 到 3 张/);
  assert.match(said([], undefined), /最多 3 张/);
  assert.match(said([TAKEN], true), /最多 3 张/);
});

test("a phone that is full says in every form what to do, and leads to what stands on it", async (context) => {
  navigator.storage = { estimate: async () => ({ usage: 100_000_000, quota: 150_000_000 - 400_000 }) };
  context.after(() => delete navigator.storage);
  const capture = await openCapture(uuid7());
  const told = /手机空间满了，不能再拍新照片.*删几张手机里的旧照片或视频，再拍一次。.*href="#\/sync">手机空间/s;
  const state = { error: "", isBusy: false };
  await photoTaker(BEHIND, capture, { draft: { photos: [] } }, state, () => ({ title: "" })).add();
  assert.match(textOf(faultBanner(state.error)), told);
  assert.doesNotMatch(textOf(faultBanner(state.error)), /照样能存/);
  let fault = "";
  const complain = (words) => {
    fault = words;
  };
  const slots = photoSlots(BEHIND, capture, { draft: { typed: {} }, pictures, sheet: { typed: () => null }, complain });
  await clickOf(slots(), 'data-testid="take-storefront_photo')();
  assert.match(textOf(faultBanner(fault)), told);
  assert.match(textOf(faultBanner("照片没存上")), /role="alert".*照片没存上/s);
});
