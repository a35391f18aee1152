import assert from "node:assert/strict";
import { test } from "node:test";
import { isCovered, overlayVisits } from "../../pwa/db/overlay.js";
import { progressByClass, standingOf } from "../../pwa/standing.js";

const body = {
  visit_id: "v1",
  outlet_id: "o1",
  checked_in_at: "2026-11-24T15:59:30.000Z",
  checked_out_at: "2026-11-24T16:10:00.000Z",
  fix: { lat: 31.2, lon: 121.5, accuracy_m: 35, taken_at: "2026-11-24T15:59:20.000Z", source: "gps" },
  presence_reason: null,
  presence_note: "",
  checklist: [{ key: "shop_tidy", answer: "yes", note: "" }],
  has_complaint: false,
  condition: "正常",
  handling: "",
  photos: [{ slot: "storefront", sha256: "aa", taken_at: "2026-11-24T16:00:00.000Z" }],
  signature: { sha256: "bb", signer_name: "王五", signer_role: "owner" },
  corrects: null,
};
const op = (changes = {}, offset_ms = 0) => ({
  kind: "record",
  form: "visit.v1",
  entity: { type: "visit", id: "v1" },
  body_text: JSON.stringify({ ...body, ...changes }),
  t: { offset_ms },
});
const outlet = { id: "o1", lat: 31.2, lon: 121.5 };
const context = {
  person: { id: "p1", name: "张三" },
  outletOf: (id) => (id === "o1" ? outlet : null),
  policyOf: () => ({ "visit.fence_radius_m": "100", "visit.fence_accuracy_cap_m": "100" }),
  isChecklistComplete: (body) => body.checklist.some((one) => one.key === "shop_tidy" && one.answer),
};
const overlaid = (changes, offset_ms) => overlayVisits([], [op(changes, offset_ms)], context)[0];

test("a complete visit in place counts before the server has it", () => {
  const { pending, counts, needs_review, reasons, distance_m, rep_name, is_complete, photos } = overlaid();
  assert.deepEqual(
    { pending, counts, needs_review, reasons, distance_m, rep_name, is_complete },
    {
      pending: true,
      counts: true,
      needs_review: false,
      reasons: [],
      distance_m: 0,
      rep_name: "张三",
      is_complete: true,
    },
  );
  assert.equal(photos[0].is_stored, false);
});

test("the business day is that of the corrected check-in", () => {
  assert.equal(overlaid().visited_on, "2026-11-24");
  assert.equal(overlaid({}, 31_000).visited_on, "2026-11-25");
  assert.equal(overlaid({}, 31_000).checked_in_at, "2026-11-24T16:00:01.000Z");
});

test("a visit outside the fence waits for review", () => {
  const visit = overlaid({ fix: { ...body.fix, lat: 31.21 } });
  assert.deepEqual([visit.counts, visit.needs_review, visit.reasons], [false, true, ["outside_fence"]]);
});

test("a visit without signature, fix or an answer says so", () => {
  assert.deepEqual(overlaid({ signature: null }).reasons, ["signature_missing"]);
  assert.deepEqual(overlaid({ fix: null }).reasons, ["no_fix"]);
  assert.deepEqual(overlaid({ checklist: [] }).reasons, ["checklist_incomplete"]);
});

test("an outlet that has left the phone leaves the distance open", () => {
  assert.deepEqual(overlaid({ outlet_id: "o9" }).distance_m, null);
});

test("the server's row is never covered by the phone's", () => {
  const server = { id: "v1", counts: false, reasons: ["rejected"] };
  assert.deepEqual(overlayVisits([server], [op()], context), [server]);
});

test("a correction takes the visit that it replaces out of the count", () => {
  const before = { id: "v0", counts: true, needs_review: false, reasons: [] };
  const [replaced, fresh] = overlayVisits([before], [op({ corrects: "v0" })], context);
  assert.deepEqual([replaced.counts, replaced.reasons, fresh.counts], [false, ["replaced"], true]);
});

test("a correction of a visit that was not accepted is looked at first", () => {
  const before = { id: "v0", counts: false, needs_review: false, reasons: ["rejected"] };
  const fresh = overlayVisits([before], [op({ corrects: "v0" })], context)[1];
  assert.deepEqual([fresh.counts, fresh.needs_review, fresh.reasons], [false, true, ["corrects_rejected"]]);
});

test("an operation is covered when an applied pull of the same client has its number", () => {
  const acked = { state: "acked", n: 4 };
  const applied = (client_id, last_n) => ({ client_id, last_n });
  assert.equal(isCovered(acked, "me", null), false);
  assert.equal(isCovered(acked, "me", applied("me", 3)), false);
  assert.equal(isCovered(acked, "me", applied("me", 4)), true);
  assert.equal(isCovered(acked, "me", applied("the client before", 9)), false);
  assert.equal(isCovered({ state: "pending", n: 4 }, "me", applied("me", 9)), false);
});

const refused = (changes) => ({ ...op(changes), op_id: "op1", state: "acked", code: "quarantined" });

test("a visit that the company could not take in stays in view, says why, and counts for nothing", () => {
  const [visit] = overlayVisits([], [refused()], context);
  assert.deepEqual(
    [visit.id, visit.pending, visit.counts, visit.needs_review, visit.reasons],
    ["v1", false, false, false, ["quarantined"]],
  );
});

test("a quarantined visit fills no ring", () => {
  const policy = { "visit.owed_c": "1", "visit.min_gap_days": "1" };
  const shop = { ...outlet, outlet_class: "C", approved_on: "2026-01-05", account_made_on: "2026-01-05", churned_on: null };
  const ring = (given) => {
    const visits = overlayVisits([], [given], context);
    const standing = standingOf(shop, visits, "2026-11", "2026-11-24", policy);
    return progressByClass([{ ...shop, standing }]).find(({ letter }) => letter === "C");
  };
  assert.deepEqual(ring(op()), { letter: "C", done: 1, owed: 1 });
  assert.deepEqual(ring(refused()), { letter: "C", done: 0, owed: 1 });
});

test("a quarantined correction leaves the visit that it would replace in the count", () => {
  const before = { id: "v0", counts: true, needs_review: false, reasons: [] };
  const [kept] = overlayVisits([before], [refused({ corrects: "v0" })], context);
  assert.deepEqual([kept.counts, kept.reasons], [true, []]);
});

test("people decide on a quarantined visit: closed it says so, taken in it is the feed's", () => {
  const decided = (code) => overlayVisits([], [refused()], { ...context, verdictOf: (id) => (id === "op1" ? { code } : null) });
  assert.deepEqual(decided("rejected")[0].reasons, ["not_taken_in"]);
  assert.deepEqual(decided("applied"), []);
});

test("a record that is no visit at all takes no screen down", () => {
  const odd = { ...refused(), body_text: JSON.stringify({ visit_id: "v1", outlet_id: "o1" }) };
  assert.deepEqual(overlayVisits([], [odd], context), []);
});
