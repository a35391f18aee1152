// What can still be saved this month: by yuan, then by way; on Today and at the outlet.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { atRisk, openVisitAward, savableOutlets } from "../../pwa/at_risk.js";
import { POLICY_DEFAULTS } from "../../pwa/rules/policy_defaults.js";
import { clickOf, textOf } from "./view_text.mjs";

const { rescueSection } = await import("../../pwa/screens/today_lists.js");
const { hereSection } = await import("../../pwa/screens/outlet_here.js");

const TODAY = "2026-11-24"; // a Tuesday
const HERE = { lat: 30.6, lon: 104.1 };

/** An outlet on a road to the north, so many thousandths of a degree from here. */
function shop(name, standing = {}, thousandths = 0, changes = {}) {
  const whole = { owed: 1, counted: 0, waiting: 0, state: "due", plannedOn: null, isTooLate: false, ...standing };
  return { id: name, name, lat: 30.6 + thousandths / 1000, lon: 104.1, isOthers: false, standing: whole, ...changes };
}
const work = (kind, outletId, due_on) => ({ work: kind, outlet_id: outletId, due_on, path: `/${kind}`, contents: "POS 纸", account: "" });
const DONE = { counted: 1, state: "done" };
const yuanOf = (outlet, open, requests = []) => atRisk(outlet, open, { today: TODAY, work: { requests } }, POLICY_DEFAULTS).yuan;

test("each kind of work costs its own, and a missed visit once", () => {
  const one = shop("a", DONE);
  assert.equal(yuanOf(one, [work("delivery", "a", "2026-11-25")]), 30);
  assert.equal(yuanOf(one, [work("complaint", "a", "2026-11-25")]), 30);
  assert.equal(yuanOf(one, [work("churn", "a", "2026-11-25")]), 30);
  assert.equal(yuanOf(one, [work("training", "a", null), work("follow_up", "a", "2026-11-25")]), 0);
  assert.equal(yuanOf(shop("a", { owed: 2 }), []), 20);
  assert.equal(yuanOf(shop("a", { waiting: 1 }), []), 0);
  assert.equal(yuanOf(shop("a"), [work("delivery", "b", "2026-11-25")]), 20);
});

test("what is past its day cannot be saved any more, on the day itself it can", () => {
  assert.equal(yuanOf(shop("a", DONE), [work("delivery", "a", "2026-11-24")]), 30);
  assert.equal(yuanOf(shop("a", DONE), [work("delivery", "a", "2026-11-23")]), 0);
  assert.equal(yuanOf(shop("a", { isTooLate: true }), []), 0);
});

test("late materials cost once a month, complaints each", () => {
  const deliveries = (...days) => days.map((day) => work("delivery", "a", day));
  assert.equal(yuanOf(shop("a", DONE), deliveries("2026-11-25", "2026-11-27")), 30);
  assert.equal(yuanOf(shop("a", DONE), deliveries("2026-11-30", "2026-12-01")), 60);
  assert.equal(yuanOf(shop("a", DONE), [work("complaint", "a", "2026-11-25"), work("complaint", "a", "2026-11-27")]), 60);
});

test("materials that came late already, or are late now, have cost the month's once", () => {
  const next = work("delivery", "a", "2026-11-30");
  const cost = (due_on, delivered_on, outlet_id = "a") =>
    yuanOf(
      shop("a", DONE),
      [next],
      [
        { outlet_id, due_on, delivered_on },
        { outlet_id: "a", due_on: "2026-11-30", delivered_on: null },
      ],
    );
  assert.equal(cost("2026-11-23", null), 0);
  assert.equal(cost("2026-11-24", null), 30);
  assert.equal(cost("2026-11-12", "2026-11-13"), 0);
  assert.equal(cost("2026-11-12", "2026-11-12"), 30);
  assert.equal(cost("2026-10-30", "2026-11-13"), 30);
  assert.equal(cost("2026-11-12", "2026-11-13", "b"), 30);
});

test("an outlet whose only delivery costs nothing more is none to be saved", () => {
  const saved = (due_on) => {
    const requests = [{ outlet_id: "a", due_on, delivered_on: "2026-11-20" }];
    const known = { outlets: [shop("a", DONE)], today: TODAY, work: { requests } };
    return savableOutlets(known, [work("delivery", "a", "2026-11-25")], POLICY_DEFAULTS, [], null).map(({ yuan }) => yuan);
  };
  assert.deepEqual([saved("2026-11-19"), saved("2026-11-20")], [[], [30]]);
});

test("an outlet of somebody on leave costs nothing here", () => {
  assert.equal(yuanOf(shop("a", {}, 0, { isOthers: true }), [work("delivery", "a", "2026-11-25")]), 0);
});

const savable = (outlets, open, stops, here) =>
  savableOutlets({ outlets, today: TODAY, work: { requests: [] } }, open, POLICY_DEFAULTS, stops, here).map(
    ({ outlet, yuan, detourM }) => `${outlet.name} ${yuan} ${detourM === null ? "?" : Math.round(detourM)}`,
  );

test("the most yuan comes first, then what adds least to the way, then the name", () => {
  const [first, onTheWay, end] = [shop("c", {}, 1), shop("b", {}, 2), shop("a", {}, 9)];
  const dear = shop("y", {}, 12);
  const others = [shop("z", { isTooLate: true }, 3), shop("x", DONE, 1), shop("w", {}, 1, { isOthers: true })];
  const nowhere = { ...shop("d"), lat: null };
  const outlets = [end, nowhere, ...others, shop("e", {}, -1), onTheWay, first, dear];
  assert.deepEqual(savable(outlets, [work("delivery", "y", "2026-11-25")], [first, onTheWay, end], HERE), [
    "y 50 334",
    "b 20 0",
    "c 20 0",
    "e 20 222",
    "a 20 778",
    "d 20 ?",
  ]);
});

test("without a position the yuan come first, then the name", () => {
  const outlets = [shop("b"), shop("a"), shop("c", DONE), shop("lost", { isTooLate: true })];
  assert.deepEqual(savable(outlets, [work("churn", "c", "2026-11-24")], [], null), ["c 30 ?", "a 20 ?", "b 20 ?"]);
});

const miss = (changes) => ({ kind: "missed_visit", month: "2026-11", state: "upheld", ...changes });
const award = (outlets, findings = []) => openVisitAward({ outlets, findings, month: "2026-11" });

test("the award for visits is open until a miss was upheld or cannot be made good", () => {
  assert.deepEqual(award([shop("a", { owed: 2, counted: 1 }), shop("b", DONE)]), { left: 1, owed: 3 });
  assert.equal(award([shop("a"), shop("b", { isTooLate: true })]), null);
  assert.equal(award([shop("a")], [miss({})]), null);
  assert.deepEqual(award([shop("a")], [miss({ state: "dismissed" }), miss({ month: "2026-10" })]), { left: 1, owed: 1 });
  assert.equal(award([shop("a", DONE)]), null);
  assert.deepEqual(award([shop("a"), shop("b", { isTooLate: true }, 0, { isOthers: true })]), { left: 1, owed: 1 });
});

/** A company with a delivery due tomorrow at the far outlet, where a visit is owed too. */
function company(findings = []) {
  const outlets = [shop("近"), shop("远", {}, 30)];
  const request = { id: "r1", outlet_id: "远", contents: "POS 纸", requested_on: "2026-11-20", due_on: "2026-11-25", isOpen: true };
  return {
    outlets,
    outletById: new Map(outlets.map((one) => [one.id, one])),
    findings,
    month: "2026-11",
    today: TODAY,
    policyOf: () => POLICY_DEFAULTS,
    workingYears: { 2026: { year: 2026, is_provisional: false, off: [], on: [] } },
    work: { complaints: [], requests: [request], trainings: [], plannedTrainings: [], churnCases: [], followUps: [] },
  };
}
const NO_WAY = { visited: [], legs: [], lengthM: null };
const section = (known, state = { isRescueOpen: false }) =>
  rescueSection({ company: known, here: null, draw: () => {} }, known.outlets, NO_WAY, state);
const today = (known) => textOf(section(known));

test("today names first the outlet with the most to save, with every reason, and sums up all", () => {
  const told = today(company());
  assert.match(told, /还能挽回 <span class="neg num">70 元/);
  assert.match(told, />远<.*配送 剩 1 个工作日 · 本月还欠 1 次巡检.*50 元.*>近<.*20 元/s);
  assert.match(told, /计划的巡检全做完，还有奖励 100 元/);
});

test("of four that can be saved today names three, and the fourth at a tap; of three it names all", () => {
  const known = { ...company(), outlets: ["a", "b", "c", "d"].map((name) => shop(name)) };
  const state = { isRescueOpen: false };
  const named = () => textOf(section(known, state)).match(/translate="no">\w/g).length;
  const tap = () => clickOf(section(known, state), "data-testid=all-rescue")();
  assert.equal(named(), 3);
  assert.match(textOf(section(known, state)), /4 家.*全部 4 家/s);
  assert.doesNotMatch(textOf(section(known, state)), /#\/outlets\?/);
  tap();
  assert.equal(named(), 4);
  assert.match(textOf(section(known, state)), /收起/);
  tap();
  assert.equal(named(), 3);
  assert.doesNotMatch(today({ ...known, outlets: known.outlets.slice(1) }), /全部|all-rescue/);
});

test("the award is not named once it is lost", () => {
  assert.doesNotMatch(today(company([miss({})])), /奖励/);
});

test("an outlet counts all that waits there and all that it costs", () => {
  const known = company();
  const told = textOf(hereSection(known, known.outlets[1]));
  assert.match(told, /这次要办 2 件.*不办扣 50 元.*11 月巡检，还欠 1 次.*月底前不去，认定后扣 20 元.*过期没送到，认定后扣 30 元/s);
  const late = { ...known, today: "2026-11-26" };
  assert.match(textOf(hereSection(late, known.outlets[1])), /这次要办 2 件.*不办扣 20 元/s);
  assert.doesNotMatch(textOf(hereSection(late, known.outlets[1])), /没送到，认定后/);
});

test("an outlet says of a churn check that is over who decides, and asks for nothing", () => {
  const known = company();
  const churn = { id: "k1", outlet_id: "近", month: "2026-11", listed_on: "2026-11-13", due_on: "2026-11-23", isOpen: true };
  const told = (changes) =>
    textOf(hereSection({ ...known, work: { ...known.work, churnCases: [{ ...churn, ...changes }] } }, shop("近", DONE)));
  assert.match(told({}), /离网确认.*过了期限，由运维部定/s);
  assert.doesNotMatch(told({}), /href|这次要办/);
  assert.match(told({ due_on: "2026-11-24" }), /这次要办 1 件.*#\/churn\/k1/s);
  assert.equal(told({ isOpen: false }), "");
});

test("an outlet where nothing waits says nothing, one of somebody else no yuan", () => {
  const known = company();
  assert.equal(textOf(hereSection(known, shop("c", DONE))), "");
  const told = textOf(hereSection(known, { ...known.outlets[1], isOthers: true }));
  assert.match(told, /这次要办 2 件/);
  assert.doesNotMatch(told, /扣/);
});
