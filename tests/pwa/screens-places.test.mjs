// Addresses of screens, where outlets stand, and the fence on its drawing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf } from "../../pwa/router.js";
import { POLICY_DEFAULTS } from "../../pwa/rules/policy_defaults.js";
import { fencePlaces, HEIGHT, WIDTH } from "../../pwa/ui/fence_places.js";
import { dueOutlets, lostOutlets, ownOutlets, progressByClass, standingOf, standsInFor } from "../../pwa/standing.js";

const MONTH = "2026-11";
const TODAY = "2026-11-24";

function outlet(letter = "A", changes = {}) {
  return { outlet_class: letter, approved_on: "2026-01-10", account_made_on: "2026-01-05", churned_on: null, name: letter, ...changes };
}

function visit(visitedOn, changes = {}) {
  return { visited_on: visitedOn, counts: true, needs_review: false, reasons: [], ...changes };
}

test("every screen has an address, and an unknown one is today's", () => {
  assert.deepEqual(placeOf("#/today"), { name: "today", params: {} });
  assert.deepEqual(placeOf("#/outlets/0198/visit"), { name: "visit", params: { outletId: "0198" } });
  assert.deepEqual(placeOf("#/link/a%20b"), { name: "sign_in_code", params: { code: "a b" } });
  assert.deepEqual(placeOf("#/nowhere"), { name: "today", params: {} });
  assert.deepEqual(placeOf(""), { name: "today", params: {} });
});

test("two visits on one day are one of two owed", () => {
  const standing = standingOf(outlet(), [visit("2026-11-03"), visit("2026-11-03")], MONTH, TODAY, POLICY_DEFAULTS);
  assert.deepEqual([standing.owed, standing.counted, standing.state], [2, 1, "due"]);
});

test("a visit in review or short of photos only is waiting", () => {
  const visits = [
    visit("2026-11-03", { counts: false, needs_review: true, reasons: ["outside_fence"] }),
    visit("2026-11-10", { counts: false, reasons: ["photos_pending"] }),
  ];
  const standing = standingOf(outlet(), visits, MONTH, TODAY, POLICY_DEFAULTS);
  assert.deepEqual([standing.counted, standing.waiting, standing.state], [0, 2, "waiting"]);
});

test("a visit without a signature is not hoped for", () => {
  const visits = [visit("2026-11-03", { counts: false, reasons: ["signature_missing"] })];
  assert.equal(standingOf(outlet("C"), visits, MONTH, TODAY, POLICY_DEFAULTS).state, "due");
});

test("an outlet approved this month owes nothing yet", () => {
  const standing = standingOf(outlet("A", { approved_on: "2026-11-01" }), [], MONTH, TODAY, POLICY_DEFAULTS);
  assert.deepEqual([standing.owed, standing.state], [0, "none"]);
});

test("days planned beyond what is owed are asked for, and the next one is told", () => {
  const planned = ["2026-11-20", "2026-11-05", "2026-12-02"];
  const none = standingOf(outlet("C"), [], MONTH, TODAY, POLICY_DEFAULTS, planned);
  assert.deepEqual([none.owed, none.plannedOn, none.state], [2, "2026-11-05", "overdue"]);
  const one = standingOf(outlet("C"), [visit("2026-11-10")], MONTH, TODAY, POLICY_DEFAULTS, planned);
  assert.deepEqual([one.owed, one.counted, one.plannedOn, one.state], [2, 1, "2026-11-20", "overdue"]);
  const both = standingOf(outlet("C"), [visit("2026-11-10"), visit("2026-11-11")], MONTH, TODAY, POLICY_DEFAULTS, planned);
  assert.deepEqual([both.plannedOn, both.state], [null, "done"]);
});

test("days planned at an outlet are asked for up to the month in which it churned, and no longer", () => {
  const planned = ["2026-11-20"];
  const before = standingOf(outlet("C", { churned_on: "2026-10-31" }), [], MONTH, TODAY, POLICY_DEFAULTS, planned);
  assert.deepEqual([before.owed, before.plannedOn, before.state], [0, null, "none"]);
  const within = standingOf(outlet("C", { churned_on: "2026-11-01" }), [], MONTH, TODAY, POLICY_DEFAULTS, planned);
  assert.deepEqual([within.owed, within.plannedOn, within.state], [1, "2026-11-20", "overdue"]);
});

test("one day planned for an outlet that owes two asks for no more than two", () => {
  const standing = standingOf(outlet("A"), [], MONTH, TODAY, POLICY_DEFAULTS, ["2026-11-20"]);
  assert.deepEqual([standing.owed, standing.plannedOn], [2, "2026-11-20"]);
});

test("a plan for an outlet that is not approved asks for nothing", () => {
  const standing = standingOf(outlet("C", { approved_on: null }), [], MONTH, TODAY, POLICY_DEFAULTS, ["2026-11-20"]);
  assert.deepEqual([standing.owed, standing.state], [0, "none"]);
});

test("rings count no more than is owed", () => {
  const visits = ["2026-11-02", "2026-11-09", "2026-11-16"].map((day) => visit(day));
  const outlets = [{ ...outlet("C"), standing: standingOf(outlet("C"), visits, MONTH, TODAY, POLICY_DEFAULTS) }];
  assert.deepEqual(progressByClass(outlets), [
    { letter: "A", done: 0, owed: 0 },
    { letter: "B", done: 0, owed: 0 },
    { letter: "C", done: 1, owed: 1 },
  ]);
});

test("the nearest of what is due comes first once the position is known", () => {
  const stand = (one) => ({ ...one, standing: standingOf(one, [], MONTH, TODAY, POLICY_DEFAULTS) });
  const far = stand(outlet("A", { name: "far", lat: 30.7, lon: 104.1 }));
  const near = stand(outlet("C", { name: "near", lat: 30.6001, lon: 104.1 }));
  assert.deepEqual(
    dueOutlets([far, near], { lat: 30.6, lon: 104.1 }).map((one) => one.name),
    ["near", "far"],
  );
  assert.deepEqual(
    dueOutlets([near, far], null).map((one) => one.name),
    ["far", "near"],
  );
});

test("a planned day is overdue from the day after it, until its visit is made", () => {
  const stateOn = (today, visits = []) => standingOf(outlet("C"), visits, MONTH, today, POLICY_DEFAULTS, ["2026-11-20"]).state;
  assert.deepEqual(
    ["2026-11-19", "2026-11-20", "2026-11-21"].map((day) => stateOn(day)),
    ["due", "due", "overdue"],
  );
  assert.equal(stateOn("2026-11-21", [visit("2026-11-21")]), "done");
  const second = standingOf(outlet("A"), [visit("2026-11-05")], MONTH, "2026-11-21", POLICY_DEFAULTS, ["2026-11-05", "2026-11-25"]);
  assert.deepEqual([second.state, second.plannedOn], ["due", "2026-11-25"]);
});

/** Whether it is too late on a day for an outlet with such visits; an A outlet owes two, on different days. */
function isTooLate(letter, today, visits = [], gapDays = "0") {
  return standingOf(outlet(letter), visits, MONTH, today, { ...POLICY_DEFAULTS, "visit.min_gap_days": gapDays }).isTooLate;
}

test("two visits that are owed need the last two days of the month, one needs the last", () => {
  assert.deepEqual([isTooLate("A", "2026-11-29"), isTooLate("A", "2026-11-30")], [false, true]);
  assert.deepEqual([isTooLate("C", "2026-11-30"), isTooLate("C", "2026-12-01")], [false, true]);
});

test("a visit of today leaves no other one on the month's last day", () => {
  assert.equal(isTooLate("A", "2026-11-29", [visit("2026-11-29")]), false);
  assert.equal(isTooLate("A", "2026-11-30", [visit("2026-11-30")]), true);
  assert.equal(isTooLate("A", "2026-11-30", [visit("2026-11-29")]), false);
  assert.equal(isTooLate("A", "2026-11-30", [visit("2026-11-29"), visit("2026-11-30")]), false); // it is done
});

test("the minimum gap takes the days after a visit, and those between two that are owed", () => {
  assert.deepEqual([isTooLate("A", "2026-11-25", [], "5"), isTooLate("A", "2026-11-26", [], "5")], [false, true]);
  assert.equal(isTooLate("A", "2026-11-28", [visit("2026-11-25")], "5"), false); // the 30th counts again
  assert.equal(isTooLate("A", "2026-11-28", [visit("2026-11-26")], "5"), true);
});

test("a visit that waits for its review is hoped for, one that cannot count is not", () => {
  const inReview = visit("2026-11-20", { counts: false, needs_review: true, reasons: ["outside_fence"] });
  assert.equal(isTooLate("A", "2026-11-30", [inReview]), false);
  assert.equal(isTooLate("A", "2026-11-30", [visit("2026-11-20", { counts: false, reasons: ["signature_missing"] })]), true);
});

test("an outlet that owes nothing is never too late", () => {
  assert.equal(standingOf(outlet("C", { approved_on: null }), [], MONTH, "2026-11-30", POLICY_DEFAULTS).isTooLate, false);
});

test("what is too late is told apart, by name", () => {
  const due = (name, isTooLate) => ({ name, standing: { isTooLate } });
  assert.deepEqual(
    lostOutlets([due("z", true), due("y", true), due("c", false)]).map(({ name }) => name),
    ["y", "z"],
  );
});

const SHOP = { lat: 30.6, lon: 104.1 };

test("north is up and east is right on the fence", () => {
  const { shop, phone } = fencePlaces(SHOP, { lat: 30.601, lon: 104.101 }, 147, 200);
  assert.ok(phone.x > shop.x && phone.y < shop.y);
});

test("the drawing is to scale inside the fence and far outside", () => {
  for (const [lat, away] of /** @type {const} */ ([
    [30.6009, 100],
    [30.618, 2001],
  ])) {
    const { shop, phone, scale } = fencePlaces(SHOP, { lat, lon: 104.1 }, away, 200);
    assert.ok(Math.abs(Math.hypot(phone.x - shop.x, phone.y - shop.y) - away * scale) < 1, String(away));
    for (const { x, y } of [shop, phone]) assert.ok(x > 0 && x < WIDTH && y > 0 && y < HEIGHT, String(away));
  }
});

test("an outlet is held for somebody on leave on the days of the leave only, and brings nothing here", () => {
  const leave = { rep_id: "away", rep_name: "赵广田", starts_on: "2026-11-23", ends_on: "2026-11-25" };
  const person = { stands_in: [leave] };
  const names = ["2026-11-22", "2026-11-23", "2026-11-25", "2026-11-26"].map((day) => standsInFor({ rep_id: "away" }, person, day));
  assert.deepEqual(names, ["", "赵广田", "赵广田", ""]);
  assert.deepEqual([standsInFor({ rep_id: "me" }, person, TODAY), standsInFor({ rep_id: "away" }, {}, TODAY)], ["", ""]);
  const outlets = ["", "赵广田"].map((standsInFor) => {
    const one = outlet("C", { standsInFor, isOthers: standsInFor !== "" });
    return { ...one, standing: standingOf(one, [], MONTH, TODAY, POLICY_DEFAULTS) };
  });
  assert.equal(ownOutlets(outlets).length, 1);
  assert.deepEqual(progressByClass(outlets)[2], { letter: "C", done: 0, owed: 1 });
  assert.equal(dueOutlets(outlets, null).length, 2);
});
