// Fields of a file that two people changed, as one of them sees it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { canRestore, ownConflicts, restoringEdit } from "../../pwa/forms/conflicts.js";

const OUTLET = { id: "o1", phone: "2", address: "解放路", class_inputs: {}, lat: null, lon: null, unsent: [] };
const DOC = { id: "c1", outlet_id: "o1", field: "phone", is_parked: false, mine: "1", theirs: "2", outcome: "" };
const WHO = { sent_by_id: "me", sent_by_name: "我", sent_at: "2026-11-24T02:00:00.000Z" };
const OTHER = { theirs_by_id: "you", theirs_by_name: "周敏", theirs_at: "2026-11-24T01:00:00.000Z", settled_by_name: "" };

function conflict(more = {}, outlet = {}) {
  return ownConflicts([{ ...DOC, ...WHO, ...OTHER, ...more }], { ...OUTLET, ...outlet }, "me")[0];
}

test("who sent the change sees the other value with its author", () => {
  const { mine, theirs, byName, at, stands } = conflict();
  assert.deepEqual([mine, theirs, byName, at, stands], ["1", "2", "周敏", OTHER.theirs_at, "theirs"]);
});

test("whose value was replaced sees the one that replaced it", () => {
  const { mine, theirs, byName, at, stands } = conflict({
    sent_by_id: "you",
    sent_by_name: "林晓月",
    theirs_by_id: "me",
    mine: "2",
    theirs: "1",
  });
  assert.deepEqual([mine, theirs, byName, at, stands], ["1", "2", "林晓月", WHO.sent_at, "theirs"]);
});

test("what stands goes by the file as it is now", () => {
  assert.equal(conflict({}, { phone: "1" }).stands, "mine");
  assert.equal(conflict({ is_parked: true }).stands, "waiting");
  assert.equal(conflict({ is_parked: true, outcome: "rejected" }).stands, "theirs");
});

test("a file that says neither of both is told with its value, and one's own can still come back", () => {
  const later = conflict({}, { phone: "3" });
  assert.deepEqual([later.stands, later.now, canRestore(later)], ["other", "3", true]);
  const emptied = conflict({}, { phone: null });
  assert.deepEqual([emptied.stands, emptied.now], ["other", null]);
  assert.equal(conflict({}, { phone: undefined }).stands, "theirs");
  assert.equal(conflict({ is_parked: true }, { phone: "3" }).stands, "waiting");
});

test("a change that waits although nobody else changed the field is not headed as theirs", () => {
  const parked = { is_parked: true, before: '"2"' };
  assert.equal(conflict(parked).group, "proposed");
  assert.equal(conflict({ ...parked, outcome: "rejected" }).group, "decided_own");
  assert.equal(conflict({ ...parked, before: '"0"' }).group, "shared");
  assert.equal(conflict({ ...parked, is_parked: false }).group, "shared");
  for (const before of [undefined, null, ""]) assert.equal(conflict({ ...parked, before }).group, "shared");
  assert.equal(conflict({ ...parked, sent_by_id: "you", theirs_by_id: "me" }).group, "shared");
  const position = { accuracy_m: 8, lat: 31.2, lon: 121.4 };
  const moved = { ...parked, field: "position", mine: { ...position, lat: 31.3 }, theirs: position };
  assert.equal(conflict({ ...moved, before: JSON.stringify({ lon: 121.4, lat: 31.2, accuracy_m: 8 }) }).group, "proposed");
  assert.equal(conflict({ ...parked, field: "person_in_charge", mine: "陈小红", theirs: null, before: "null" }).group, "proposed");
});

test("what the server sends with its keys in another order is the same value", () => {
  const mine = { accuracy_m: 8, lat: 31.2, lon: 121.4 };
  const there = { lat: 31.2, lon: 121.4, position_accuracy_m: 8 };
  assert.equal(conflict({ field: "position", mine, theirs: { ...mine, lat: 31.3 } }, there).stands, "mine");
  assert.equal(conflict({ field: "position", mine, theirs: { lat: 31.2, lon: 121.4, accuracy_m: 8 } }, there), undefined);
  const cashiers = [{ name: "小吴", is_certified: true }];
  const sent = [{ is_certified: true, name: "小吴" }];
  assert.equal(conflict({ field: "cashiers", mine: sent, theirs: [] }, { cashiers }).stands, "mine");
  assert.equal(conflict({ field: "cashiers", mine: [...sent, ...sent], theirs: sent }, { cashiers }).stands, "theirs");
});

test("a conflict of others, of another outlet, or of two equal values is none", () => {
  assert.equal(conflict({ sent_by_id: "x", theirs_by_id: "y" }), undefined);
  assert.equal(conflict({ outlet_id: "o2" }), undefined);
  assert.equal(conflict({ mine: null, theirs: null }), undefined);
});

test("of several conflicts about a field the newest is shown", () => {
  const older = { ...DOC, ...WHO, ...OTHER, id: "c0", mine: "0", sent_at: "2026-11-23T02:00:00.000Z" };
  const shown = ownConflicts([{ ...DOC, ...WHO, ...OTHER }, older], OUTLET, "me");
  assert.deepEqual(
    shown.map((one) => one.id),
    ["c1"],
  );
});

test("one's own comes back unless it holds, waits or is on its way", () => {
  assert.equal(canRestore(conflict()), true);
  assert.equal(canRestore(conflict({}, { phone: "1" })), false);
  assert.equal(canRestore(conflict({ is_parked: true })), false);
  assert.equal(canRestore(conflict({}, { unsent: ["phone"] })), false);
});

test("a photo that somebody replaced comes back by its name alone", () => {
  const photo = { field: "counter_photo", mine: "a", theirs: "b" };
  const replaced = conflict(photo, { counter_photo: "b" });
  assert.equal(canRestore(replaced), true);
  const { body, blobs } = restoringEdit(replaced, { ...OUTLET, counter_photo: "b" });
  assert.deepEqual([body.fields, blobs], [{ counter_photo: { base: "b", mine: "a" } }, []]);
  assert.equal(canRestore(conflict(photo, { counter_photo: "a" })), false);
});

test("what a supervisor turned down does not come back by one tap", () => {
  assert.equal(canRestore(conflict({ is_parked: true, outcome: "rejected", settled_by_name: "周敏" })), false);
  assert.equal(canRestore(conflict({ outcome: "kept", settled_by_name: "周敏" })), true);
});

test("it comes back as a change from what the file says now", () => {
  const { form, scope, body } = restoringEdit(conflict(), { ...OUTLET, phone: "3" });
  assert.deepEqual([form, scope, body], ["outlet_edit.v1", "outlet:o1", { outlet_id: "o1", fields: { phone: { base: "3", mine: "1" } } }]);
});
