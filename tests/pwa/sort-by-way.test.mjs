// 按现在的位置排: every tap is answered, and it can be done again.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { clickOf, textOf } from "./view_text.mjs";

const { routeSection, sortByWay } = await import("../../pwa/screens/today_lists.js");

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

/** A phone whose browser takes its time with the position, or has none to give. */
function phone({ hasPositions = true } = {}) {
  const asked = [];
  const geolocation = { getCurrentPosition: (found, failed, how) => asked.push({ found, failed, how }) };
  Object.defineProperty(globalThis, "navigator", { value: hasPositions ? { geolocation } : {}, configurable: true });
  const app = { here: null, draw: () => {}, company: { today: "2026-11-24" } };
  const state = { wayProblem: "", isLocating: false };
  const standing = { state: "due", owed: 1, counted: 0, waiting: 0, outletClass: "C", plannedOn: null, visitedToday: false };
  const route = { visited: [], legs: [{ stop: { id: "o1", name: "一", standing }, legM: null }], lengthM: 0 };
  return { app, state, asked, tap: () => sortByWay(app, state), text: () => textOf(routeSection(app, route, state)) };
}

const HERE = { coords: { latitude: 30.6, longitude: 104.1 } };

test("while the position is read the button says so, and a second tap asks no more", () => {
  const { app, state, asked, tap, text } = phone();
  assert.match(text(), /按现在的位置排/);
  tap();
  tap();
  assert.equal(asked.length, 1);
  assert.equal(state.isLocating, true);
  assert.match(text(), /正在定位/);
  asked[0].found(HERE);
  assert.deepEqual([app.here, state.isLocating], [{ lat: 30.6, lon: 104.1 }, false]);
});

test("once it was sorted it can be sorted again, by where one is by then", () => {
  const { app, state, asked, tap, text } = phone();
  tap();
  asked[0].found(HERE);
  assert.match(text(), /按现在的位置重排/);
  tap();
  assert.deepEqual(
    asked.map(({ how }) => how.maximumAge),
    [60_000, 0],
  );
  asked[1].failed({ code: 3 });
  assert.deepEqual([state.isLocating, app.here.lat], [false, 30.6]);
  assert.match(text(), /走到空旷处再点一次/);
});

test("what was wrong is forgotten with the next tap", () => {
  const { asked, tap, text } = phone();
  tap();
  asked[0].failed({ code: 1 });
  assert.match(text(), /允许定位/);
  tap();
  assert.doesNotMatch(text(), /允许定位/);
});

test("a browser without positions says so", () => {
  const { state, tap, text } = phone({ hasPositions: false });
  tap();
  assert.match(text(), /这个浏览器不能定位/);
  assert.equal(state.isLocating, false);
});

test("a browser that asks for permission and gets no answer is waited for 15 seconds, and its late answer is taken", () => {
  const { app, state, asked, tap, text } = phone();
  tap();
  mock.timers.tick(14_999);
  assert.equal(state.isLocating, true);
  mock.timers.tick(1);
  assert.equal(state.isLocating, false);
  assert.match(text(), /走到空旷处再点一次/);
  asked[0].found(HERE);
  assert.deepEqual([app.here, state.isLocating, state.wayProblem], [{ lat: 30.6, lon: 104.1 }, false, ""]);
});

test("after 15 seconds a tap asks again, and an answer to either ends the wait", () => {
  const { state, asked, tap } = phone();
  tap();
  mock.timers.tick(15_000);
  tap();
  assert.deepEqual([asked.length, state.isLocating, state.wayProblem], [2, true, ""]);
  asked[0].found(HERE);
  mock.timers.tick(15_000);
  assert.deepEqual([state.isLocating, state.wayProblem], [false, ""]);
});

test("a wait that was answered does not shorten the next one", () => {
  const { state, asked, tap } = phone();
  tap();
  asked[0].found(HERE);
  mock.timers.tick(10_000);
  tap();
  mock.timers.tick(14_999);
  assert.equal(state.isLocating, true);
});

/** The way's one row, with its plan and how it stands. */
function rowOf(standing) {
  const stop = {
    id: "o1",
    name: "顺达",
    standing: { owed: 2, counted: 1, waiting: 0, visitedToday: false, outletClass: "C", ...standing },
  };
  const route = { visited: [], legs: [{ stop, legM: null }], lengthM: null };
  return textOf(routeSection({ here: null, company: { today: "2026-11-26" } }, route, { wayProblem: "", isLocating: false })).replace(
    /<[^>]*>/g,
    "",
  );
}

test("a row of the way says its turn and its plan on one line, and only at its end that it is late", () => {
  const late = rowOf({ state: "overdue", plannedOn: "2026-11-25" });
  assert.match(late, /C\s*第 2 次 · 计划 11-25/);
  assert.equal(late.match(/过了/g).length, 1);
  assert.match(rowOf({ state: "due", plannedOn: "2026-11-26" }), /第 2 次 · 今天计划/);
  assert.match(rowOf({ state: "due", plannedOn: null }), /第 2 次\s*(?!·)/);
  assert.doesNotMatch(rowOf({ state: "done", plannedOn: "2026-11-25", visitedToday: true }), /计划 11/);
});

/** Today's way with as many stops, and as many outlets that were visited. */
function wayOf({ next, visited }) {
  const outlet = (name, visitedToday) => ({
    id: name,
    name,
    standing: { state: "due", owed: 2, counted: 0, waiting: 0, outletClass: "C", plannedOn: null, visitedToday },
  });
  const some = (count, what, isVisited) => Array.from({ length: count }, (_, at) => outlet(`${what}${at + 1}`, isVisited));
  const legs = some(next, "下", false).map((stop) => ({ stop, legM: null }));
  const route = { visited: some(visited, "去", true), legs, lengthM: null };
  const state = { wayProblem: "", isLocating: false, isRouteOpen: false };
  const draw = () => routeSection({ here: null, draw: () => {}, company: { today: "2026-11-26" } }, route, state);
  const names = (text) => [...text.matchAll(/class="name" translate="no">([^<]*)</g)].map((found) => found[1]);
  return { draw, text: () => textOf(draw()), names: () => names(textOf(draw()).split("<details")[0]) };
}

test("the way names twelve stops that are still to come, whatever was visited, and all of them at a tap", () => {
  const { draw, text, names } = wayOf({ next: 13, visited: 12 });
  assert.deepEqual(names(), ["下1", "下2", "下3", "下4", "下5", "下6", "下7", "下8", "下9", "下10", "下11", "下12"]);
  assert.match(text(), /接下来去<\/h2><span class="small quiet num">13 家.*全部 13 家/s);
  clickOf(draw(), "data-testid=all-route")();
  assert.equal(names().length, 13);
  assert.match(text(), /收起/);
  clickOf(draw(), "data-testid=all-route")();
  assert.equal(names().length, 12);
  assert.doesNotMatch(wayOf({ next: 12, visited: 0 }).text(), /all-route|<details/);
});

test("what was visited today stands folded behind the way, and open once nothing is left", () => {
  assert.match(wayOf({ next: 1, visited: 2 }).text(), /下1.*<details[^>]*><summary[^>]*>今天去过 2 家<.*去1.*去2/s);
  const done = wayOf({ next: 0, visited: 2 });
  assert.deepEqual(done.names(), ["去1", "去2"]);
  assert.match(done.text(), /今天去过<\/h2><span class="small quiet num">2 家/);
  assert.doesNotMatch(done.text(), /<details/);
});
