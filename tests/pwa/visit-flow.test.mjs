// The steps of a visit as they are tapped, without a browser.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import "./chinese_page.mjs";
import { clickOf, textOf } from "./view_text.mjs";
import { databases } from "../../pwa/company.js";
import { listDrafts, loadDraft, openCapture, saveDraft } from "../../pwa/db/capture.js";
import { draftKey, newDraft, openDraft } from "../../pwa/forms/visit_draft.js";
import { uuid7 } from "../../pwa/ids.js";

document.querySelector = () => null;
Object.assign(globalThis, { scrollTo: () => {}, addEventListener: () => {}, removeEventListener: () => {} });
Object.assign(globalThis, { dispatchEvent: () => {}, history: { replaceState: () => {} }, HashChangeEvent: class {} });
const { visitFlow, visitScreen } = await import("../../pwa/screens/visit.js");

const FORM = { ...JSON.parse(readFileSync(new URL("../../sync/forms/visit.v3.json", import.meta.url), "utf-8")), checklist: [] };
const POLICY = {
  ...{ "visit.refusal_allowed": "true", "visit.required_photo_slots": "", "visit.position_accuracy_max_m": "50" },
  ...{ "visit.fence_radius_m": "200", "visit.fence_accuracy_cap_m": "100" },
};
const OUTLET = { id: "o1", name: "顺达", lat: 30.66, lon: 104.07, signers: [] };
const CHECKED_IN = "2026-11-24T01:00:00.000Z";

/** A visit under way as its screen shows it; `tap` taps a button of the step that is shown. */
async function visitAt(changes, now, { outlet = OUTLET, policyOf = () => POLICY, form = FORM } = {}) {
  mock.timers.enable({ apis: ["Date", "setInterval"], now: new Date(now) });
  const capture = await openCapture(uuid7());
  await saveDraft(capture, draftKey("o1"), { ...newDraft("o1"), checked_in_at: CHECKED_IN, ...changes });
  const draw = () => {};
  const company = {
    today: now.slice(0, 10),
    person: { name: "小吴" },
    form,
    checklists: [],
    visits: [],
    work: { followUps: [] },
    policyOf,
  };
  const app = { company: { ...company, outletById: new Map([["o1", outlet]]) }, draw };
  const kept = await openDraft(capture, "o1", draw);
  const screen = visitFlow(app, { capture, outlet, home: "/today", kept });
  const records = async () => (await capture.read(["ops"], (tx) => tx.objectStore("ops").getAll())).length;
  return { kept, capture, records, screen, tap: (testId) => clickOf(screen.view(), `data-testid="${testId}"`)() };
}

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

/** Positions of the phone: `fix` comes to whoever watches. */
function phonePositions() {
  let found = (_position) => {};
  const watchPosition = (then) => {
    found = then;
    return 1;
  };
  Object.defineProperty(globalThis, "navigator", { value: { geolocation: { watchPosition, clearWatch: () => {} } }, configurable: true });
  return (lat, lon, accuracy) => found({ coords: { latitude: lat, longitude: lon, accuracy }, timestamp: Date.now() });
}

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

const checklist = (id, published_at) => ({
  id,
  checklist_id: "c1",
  is_current: true,
  classes: [],
  region_ids: [],
  published_at,
  questions: [],
});
const LEFT = { ...newDraft("o1"), checklist_version: "v1", presence_reason: "moved", card: "K7Q2M9XA" };
const SAID = { presence_reason: "moved", card: "K7Q2M9XA" };
const UNSAID = { presence_reason: null, card: "" };
const ANSWERED = { answers: { lamp: { answer: "yes", note: "" } } };

/** The draft of a visit that was left, after its screen is opened again; the company asks v2 by now. */
async function openedAgain(changes, leftAt, now, checklists = [checklist("v2", "2026-11-20T00:00:00Z")]) {
  mock.timers.enable({ apis: ["Date", "setInterval"], now: new Date(leftAt) });
  const personId = uuid7();
  const { capture } = await databases(personId);
  await saveDraft(capture, draftKey("o1"), { ...LEFT, ...changes });
  mock.timers.setTime(new Date(now).getTime());
  phonePositions();
  const outletById = new Map([["o1", OUTLET]]);
  const company = { form: FORM, checklists, visits: [], work: { followUps: [] }, policyOf: () => POLICY, outletById };
  const screen = await visitScreen({ company, session: { personId }, draw: () => {} }, { outletId: "o1" });
  screen.close();
  return loadDraft(capture, draftKey("o1"));
}

const EVENING = "2026-11-24T15:59:00.000Z"; // 23:59 in Shanghai
const MIDNIGHT = "2026-11-24T16:00:00.000Z";
const MORNING = "2026-11-23T16:00:00.000Z"; // 00:00 of the same day

for (const { name, changes, leftAt, now, expected } of [
  {
    name: "that was only opened begins anew on another day",
    ...{ changes: { begun_before: CHECKED_IN, question: 3 }, leftAt: EVENING, now: MIDNIGHT },
    expected: { ...LEFT, ...UNSAID, checklist_version: "v2", question: 0, begun_before: null },
  },
  {
    name: "that was only opened asks what is asked now, with what was said on the day",
    ...{ changes: {}, leftAt: MORNING, now: EVENING },
    expected: { ...LEFT, ...SAID, checklist_version: "v2" },
  },
  {
    name: "that was answered asks on what it asked, and where one stood anew on another day",
    ...{ changes: { ...ANSWERED, presence_note: "店搬到对面", question: 1 }, leftAt: EVENING, now: MIDNIGHT },
    expected: { ...UNSAID, ...ANSWERED, presence_note: "", question: 1, checklist_version: "v1" },
  },
  {
    name: "that was answered today is as it was left",
    ...{ changes: { ...ANSWERED, presence_note: "店搬到对面", question: 1 }, leftAt: MORNING, now: EVENING },
    expected: { ...SAID, ...ANSWERED, presence_note: "店搬到对面", question: 1, checklist_version: "v1" },
  },
  {
    name: "of which only a photo is there asks on what it asked",
    ...{ changes: { photos: [{ slot: "storefront" }] }, leftAt: MORNING, now: EVENING },
    expected: { ...SAID, photos: [{ slot: "storefront" }], checklist_version: "v1" },
  },
  {
    name: "in which only a note was typed today keeps it, and asks what is asked now",
    ...{ changes: { presence_note: "店搬到对面", question: 1 }, leftAt: MORNING, now: EVENING },
    expected: { ...SAID, presence_note: "店搬到对面", question: 0, checklist_version: "v2" },
  },
  {
    name: "in which only a note was typed on another day lets it go with its reason, and asks what is asked now",
    ...{ changes: { presence_note: "店搬到对面" }, leftAt: EVENING, now: MIDNIGHT },
    expected: { ...UNSAID, presence_note: "", checklist_version: "v2" },
  },
  {
    name: "in which only the condition was typed keeps it on another day, and asks what is asked now",
    ...{ changes: { condition: "在装修", question: 1 }, leftAt: EVENING, now: MIDNIGHT },
    expected: { ...UNSAID, condition: "在装修", question: 0, checklist_version: "v2" },
  },
  {
    name: "that runs past midnight is as it was left",
    ...{ changes: { checked_in_at: EVENING, step: "checklist" }, leftAt: EVENING, now: MIDNIGHT },
    expected: { ...SAID, checked_in_at: EVENING, step: "checklist", checklist_version: "v1" },
  },
  {
    name: "in which nothing but the check-in of another day is says so, and asks what is asked now",
    ...{ changes: { checked_in_at: CHECKED_IN, step: "checklist" }, leftAt: CHECKED_IN, now: "2026-11-25T02:00:00.000Z" },
    expected: { ...UNSAID, checked_in_at: null, begun_before: CHECKED_IN, step: "check_in", checklist_version: "v2" },
  },
])
  test(`a visit ${name}`, async (context) => {
    context.after(() => mock.timers.reset());
    const draft = await openedAgain(changes, leftAt, now);
    assert.deepEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, draft[key]])), expected);
  });

test("a visit that was only opened asks the company's first checklist, and the form's own questions after its last", async (context) => {
  context.after(() => mock.timers.reset());
  const first = await openedAgain({ checklist_version: null }, EVENING, EVENING);
  mock.timers.reset();
  const last = await openedAgain({}, EVENING, EVENING, []);
  assert.deepEqual([first.checklist_version, last.checklist_version], ["v2", null]);
});

test("a visit that was only opened is one and the same in two windows", async (context) => {
  context.after(() => mock.timers.reset());
  const { visit_id, complaint_id } = await openedAgain({}, EVENING, MIDNIGHT);
  assert.deepEqual([visit_id, complaint_id], [LEFT.visit_id, LEFT.complaint_id]);
});

const NOW = "2026-11-24T02:00:00.000Z";
const YES_NO_NA = [
  { value: "yes", zh: "是", en: "Yes", is_problem: false },
  { value: "no", zh: "否", en: "No", is_problem: true },
  { value: "na", zh: "不适用", en: "Not applicable", is_problem: false },
];
const CHECKLIST = [
  { key: "lamp", type: "choice", zh: "灯亮吗", en: "Lit?", choices: YES_NO_NA },
  { key: "sign", type: "choice", zh: "招牌在吗", en: "Sign?", choices: YES_NO_NA, is_required: false },
  { key: "fridge", type: "choice", zh: "冰柜在吗", en: "Fridge?", choices: YES_NO_NA },
  { key: "heat", type: "number", zh: "温度", en: "Heat", choices: [], unit_zh: "度", unit_en: "degrees" },
];

/** What the owner reads at a step. */
async function read(step, answers, checklist = CHECKLIST) {
  const given = Object.fromEntries(Object.entries(answers).map(([key, answer]) => [key, { note: "", ...answer }]));
  const { screen } = await visitAt({ step, answers: given, question: 0 }, NOW, { form: { ...FORM, checklist } });
  const words = textOf(screen.view()).replace(/\s+/g, " ");
  screen.close();
  mock.timers.reset();
  return words;
}

const MIXED = { lamp: { answer: "yes", note: "换过灯管" }, fridge: { answer: "na" }, heat: { answer: "31", note: "偏热" } };

test("the owner signs for what was found fine, not for what was left out, does not apply, or was measured", async () => {
  const words = await read("sign", MIXED);
  assert.match(words, /的巡检结果，1 项正常、2 项没填或不适用，内容属实。/);
});

test("the owner signs for problems beside what is fine, in the words of before", async () => {
  const words = await read("sign", { lamp: { answer: "yes" }, sign: { answer: "no" } }, CHECKLIST.slice(0, 2));
  assert.match(words, /的巡检结果，1 项正常、1 项有问题，内容属实。/);
});

test("a list whose answers are all fine keeps its sentence", async () => {
  const words = await read("sign", { lamp: { answer: "yes" }, sign: { answer: "yes" } }, CHECKLIST.slice(0, 2));
  assert.match(words, /的巡检结果，2 项都正常，内容属实。/);
});

test("the owner reads how many answers were left out, and every note, also beside a good answer", async () => {
  const words = await read("summary", MIXED);
  for (const told of ['正常</dt><dd class="pos">1 项', "没填或不适用</dt><dd>2 项", "灯亮吗.*是.*换过灯管", "温度.*31 度.*偏热"])
    assert.match(words, new RegExp(told));
  const plain = await read("summary", { lamp: { answer: "yes" } }, CHECKLIST.slice(0, 1));
  assert.ok(!plain.includes("没填或不适用") && !plain.includes("灯亮吗"));
});

test("the card of the answers counts them the same way, what was left out not as looked at", async () => {
  const mixed = await read("photos", MIXED);
  assert.match(mixed, /查了 2 项<.*1 项正常，0 项有问题，2 项没填或不适用/);
  assert.doesNotMatch(mixed, /都查完了/);
  assert.match(await read("photos", { lamp: { answer: "no" } }, CHECKLIST.slice(0, 1)), /1 项都查完了<.*0 项正常，1 项有问题</);
});
