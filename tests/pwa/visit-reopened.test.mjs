// A visit that was left before its check-in, or on another day, as it is opened again.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { CHECKED_IN, FORM, OUTLET, phonePositions, POLICY } from "./visit_factories.mjs";
import { databases } from "../../pwa/company.js";
import { loadDraft, saveDraft } from "../../pwa/db/capture.js";
import { draftKey, newDraft } from "../../pwa/forms/visit_draft.js";
import { uuid7 } from "../../pwa/ids.js";

const { visitScreen } = await import("../../pwa/screens/visit.js");

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
