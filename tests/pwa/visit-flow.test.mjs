// The steps of a visit as they are tapped, without a browser.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { textOf } from "./view_text.mjs";
import { OUTLET, phonePositions, POLICY, visitAt } from "./visit_factories.mjs";
import { listDrafts } from "../../pwa/db/capture.js";

const TO_SAVE = { step: "sign", signature_refusal: "店主不在" };

for (const { name, now, step, records, drafts } of [
  { name: "makes one record on its day", now: "2026-11-24T02:00:00.000Z", step: "sign", records: 1, drafts: 0 },
  { name: "asks to check in again the day after", now: "2026-11-25T02:00:00.000Z", step: "check_in", records: 0, drafts: 1 },
])
  test(`a double tap on Save ${name}`, async (context) => {
    context.after(() => mock.timers.reset());
    const { tap, kept, capture, records: made, screen } = await visitAt(TO_SAVE, now);
    await Promise.all([tap("sign-save"), tap("sign-save")]);
    screen.close();
    assert.deepEqual([kept.draft.step, await made(), (await listDrafts(capture)).length], [step, records, drafts]);
  });

test("a double tap on the way on leads to the check-in the day after", async (context) => {
  context.after(() => mock.timers.reset());
  const { tap, kept, screen } = await visitAt({ step: "summary" }, "2026-11-25T02:00:00.000Z");
  await Promise.all([tap("to-sign"), tap("to-sign")]);
  screen.close();
  assert.equal(kept.draft.step, "check_in");
});

test("a visit whose record cannot be made stays a draft, says so, and is saved once it can", async (context) => {
  context.after(() => mock.timers.reset());
  const { tap, kept, capture, records, screen } = await visitAt(TO_SAVE, "2026-11-24T02:00:00.000Z");
  const { photos } = kept.draft;
  kept.draft.photos = /** @type {any} */ (null);
  await tap("sign-save");
  assert.match(textOf(screen.view()), /role="alert".*应用出了错，没存上/s);
  assert.deepEqual([await records(), (await listDrafts(capture)).length], [0, 1]);
  await kept.change({ photos, presence_note: "又填" });
  assert.equal((await listDrafts(capture))[0].draft.presence_note, "又填", "the draft is kept on");
  await tap("sign-save");
  screen.close();
  assert.deepEqual([await records(), (await listDrafts(capture)).length], [1, 0]);
});

test("without a check-in there is no record", async (context) => {
  context.after(() => mock.timers.reset());
  const { tap, kept, records, screen } = await visitAt({ ...TO_SAVE, checked_in_at: null }, "2026-11-24T02:00:00.000Z");
  await tap("sign-save");
  screen.close();
  assert.deepEqual([kept.draft.step, await records()], ["check_in", 0]);
});

test("that a reason is missing is said above the reasons, once", async (context) => {
  context.after(() => mock.timers.reset());
  const { tap, screen } = await visitAt({ step: "check_in", checked_in_at: null }, "2026-11-24T02:00:00.000Z");
  assert.doesNotMatch(textOf(screen.view()), /role="alert"/);
  await tap("checkin-confirm");
  const said = textOf(screen.view());
  screen.close();
  assert.equal(said.match(/role="alert"/g).length, 1);
  assert.ok(said.indexOf("<legend") < said.indexOf('role="alert"'));
  assert.ok(said.indexOf('role="alert"') < said.indexOf('role="radio"'));
});
const AT_CHECK_IN = { step: "check_in", checked_in_at: null };
const UNPLACED = { ...OUTLET, lat: null, lon: null };

for (const { accuracy, isTaken } of [
  { accuracy: 50, isTaken: true },
  { accuracy: 50.1, isTaken: false },
  { accuracy: undefined, isTaken: false },
])
  test(`at an outlet without a position a fix of ${accuracy} m ${isTaken ? "is" : "is not"} said to become its position`, async (context) => {
    context.after(() => mock.timers.reset());
    const fix = phonePositions();
    const { screen } = await visitAt(AT_CHECK_IN, "2026-11-24T02:00:00.000Z", { outlet: UNPLACED });
    await Promise.resolve();
    fix(30.66, 104.07, accuracy);
    const said = textOf(screen.view());
    screen.close();
    assert.equal(said.includes("就用这里作网点位置"), isTaken);
    assert.equal(said.includes("定位还太粗"), !isTaken);
  });

for (const { name, outlet, lat, card } of [
  { name: "kept where the outlet has no position", outlet: UNPLACED, lat: 30.66, card: "K7Q2M9XA" },
  { name: "kept outside of the fence", outlet: OUTLET, lat: 30.67, card: "K7Q2M9XA" },
  { name: "neither asked for nor kept within it", outlet: OUTLET, lat: 30.66, card: "" },
])
  test(`the code of an outlet's card is ${name}`, async (context) => {
    context.after(() => mock.timers.reset());
    const fix = phonePositions();
    const begun = { ...AT_CHECK_IN, card: " K7Q2M9XA", presence_reason: "moved" };
    const { kept, screen, tap } = await visitAt(begun, "2026-11-24T02:00:00.000Z", { outlet });
    await Promise.resolve();
    fix(lat, 104.07, 10);
    assert.equal(textOf(screen.view()).includes('data-testid="outlet-card"'), card !== "");
    await tap("checkin-confirm");
    screen.close();
    assert.deepEqual([kept.draft.card, kept.draft.step], [card, "checklist"]);
  });

/** A fence that is changed on the 15th, and on the 1st of the next month. */
const DATED = (date) => ({ ...POLICY, "visit.fence_radius_m": date < "2026-11-15" ? "200" : date < "2026-12-01" ? "1000" : "500" });

for (const { now, metres, isInside } of [
  { now: "2026-11-24T02:00:00.000Z", metres: 199, isInside: true },
  { now: "2026-11-24T02:00:00.000Z", metres: 201, isInside: false },
  { now: "2026-11-30T15:59:00.000Z", metres: 499, isInside: false },
  { now: "2026-11-30T16:00:00.000Z", metres: 499, isInside: true },
])
  test(`${metres} m away at ${now} is judged by the fence of the month's first day`, async (context) => {
    context.after(() => mock.timers.reset());
    const fix = phonePositions();
    const { kept, screen, tap } = await visitAt(AT_CHECK_IN, now, { policyOf: DATED });
    await Promise.resolve();
    fix(30.66 + metres / 111_195, 104.07, undefined);
    assert.match(textOf(screen.view()), isInside ? /在范围内/ : /超出范围/);
    await tap("checkin-confirm");
    screen.close();
    assert.equal(kept.draft.step, isInside ? "checklist" : "check_in");
  });
