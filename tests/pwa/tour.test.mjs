// The way past outlets: its order, its legs, and what one more stop costs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { distanceM } from "../../pwa/rules/geo.js";
import { detour, tour, wayM } from "../../pwa/rules/tour.js";
import { routeToday } from "../../pwa/standing.js";

const HERE = { lat: 30.66, lon: 104.07 };

function stop(name, lat, lon) {
  return { name, lat, lon };
}

/** Along a road to the north: a thousandth of a degree is 111 m. */
function north(name, thousandths) {
  return stop(name, HERE.lat + thousandths / 1000, HERE.lon);
}

function names(legs) {
  return legs.map((leg) => leg.stop.name);
}

function legs(way) {
  return way.map(({ legM }) => (legM === null ? null : Math.round(legM)));
}

function metres(a, b) {
  return distanceM(a.lat, a.lon, b.lat, b.lon);
}

/** The same numbers for the same seed, from 0 to below 1. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** A seed gives a position and so many stops in a square of some 10 km. */
function scattered(seed, count) {
  const next = seeded(seed);
  const place = (name) => stop(name, 30.6 + next() / 10, 104 + next() / 10);
  return { here: place("here"), stops: Array.from({ length: count }, (_, number) => place(String(number))) };
}

function shortestM(here, left) {
  if (left.length === 0) return 0;
  return Math.min(...left.map((next, place) => metres(here, next) + shortestM(next, left.toSpliced(place, 1))));
}

function nearestNeighbourM(here, stops) {
  let [from, left, sum] = [here, stops, 0];
  while (left.length) {
    const next = left.reduce((a, b) => (metres(from, b) < metres(from, a) ? b : a));
    sum += metres(from, next);
    [from, left] = [next, left.filter((other) => other !== next)];
  }
  return sum;
}

test("no stops make no way", () => {
  assert.deepEqual(tour(HERE, []), []);
  assert.equal(wayM([]), 0);
});

test("one stop is one leg from here", () => {
  assert.deepEqual(legs(tour(HERE, [north("a", 10)])), [1112]);
});

test("of two stops the nearer comes first, and the second leg is from there", () => {
  const way = tour(HERE, [north("far", 10), north("near", 4)]);
  assert.deepEqual(names(way), ["near", "far"]);
  assert.deepEqual(legs(way), [445, 667]);
  assert.equal(Math.round(wayM(way)), 1112);
});

test("equal positions keep their order and cost nothing between them", () => {
  const way = tour(HERE, [north("a", 5), north("b", 5), stop("c", HERE.lat, HERE.lon)]);
  assert.deepEqual(names(way), ["c", "a", "b"]);
  assert.deepEqual(legs(way), [0, 556, 0]);
});

test("stops without a position come last in their order, without a leg", () => {
  const way = tour(HERE, [stop("x", null, null), north("a", 5), stop("y", undefined, 104), stop("z", Number.NaN, 104)]);
  assert.deepEqual(names(way), ["a", "x", "y", "z"]);
  assert.deepEqual(legs(way), [556, null, null, null]);
});

test("only stops without a position are a way of no length", () => {
  assert.equal(wayM(tour(HERE, [stop("x", null, null)])), 0);
});

test("a crossing that the nearest neighbour makes is undone", () => {
  const [a, b, c] = [north("a", 1), north("b", -2), north("c", 5)];
  assert.equal(Math.round(nearestNeighbourM(HERE, [a, b, c])), 1223); // 1 north, 3 back, 7 north again
  const way = tour(HERE, [a, b, c]);
  assert.deepEqual(names(way), ["b", "a", "c"]);
  assert.equal(Math.round(wayM(way)), 1001); // 2 south, 3 north, 4 north
});

test("the way of seven scattered stops is at most 15 % longer than the shortest", () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { here, stops } = scattered(seed, 7);
    const [found, shortest] = [wayM(tour(here, stops)), shortestM(here, stops)];
    assert.ok(found <= shortest * 1.15, `seed ${seed}: ${Math.round(found)} m for ${Math.round(shortest)} m`);
  }
});

test("the way is never longer than the nearest neighbour's, and goes to every stop once", () => {
  for (const count of [3, 29, 30, 31, 32, 60]) {
    for (let seed = 1; seed <= 5; seed += 1) {
      const { here, stops } = scattered(seed, count);
      const way = tour(here, stops);
      assert.equal(new Set(names(way)).size, count);
      assert.ok(wayM(way) <= nearestNeighbourM(here, stops) + 0.01, `${count} stops, seed ${seed}`);
    }
  }
});

test("stops past the thirtieth stay as the nearest neighbour has them", () => {
  const road = Array.from({ length: 31 }, (_, number) => north(String(number), number + 1));
  const back = [north("b", 40), north("c", 39.4), north("d", 42)]; // c, b, d would be the nearest's order too
  assert.deepEqual(names(tour(HERE, [...road, ...back])).slice(31), ["c", "b", "d"]);
});

test("a stop on the way costs no detour, one beside it costs both ways", () => {
  const way = [north("a", 2), north("b", 6)];
  assert.equal(Math.round(detour(HERE, way, north("between", 4))), 0);
  const beside = stop("beside", HERE.lat + 0.004, HERE.lon + 0.001); // 96 m east of the middle of 445 m: twice 242 m
  assert.equal(Math.round(detour(HERE, way, beside)), 39);
});

test("a stop past the end costs the way there", () => {
  assert.equal(Math.round(detour(HERE, [north("a", 2)], north("past", 6))), 445);
});

test("the detour of a stop of the way is what the way would be shorter without it", () => {
  const way = [north("a", 2), north("b", 6)];
  assert.equal(Math.round(detour(HERE, way, way[1])), 445);
  assert.equal(Math.round(detour(HERE, way, way[0])), 0);
});

test("the only stop costs the way there, here nothing, and without a position it is not known", () => {
  const only = north("a", 2);
  assert.equal(Math.round(detour(HERE, [], only)), 222);
  assert.equal(Math.round(detour(HERE, [only], only)), 222);
  assert.equal(detour(HERE, [], stop("here", HERE.lat, HERE.lon)), 0);
  assert.equal(detour(HERE, [only], stop("x", null, null)), null);
});

test("stops without a position are passed over when the detour is reckoned", () => {
  assert.equal(Math.round(detour(HERE, [stop("x", null, null)], north("a", 2))), 222);
});

const TODAY = "2026-11-24";

function outlet(name, thousandths, standing) {
  return {
    ...north(name, thousandths),
    standing: { owed: 1, counted: 0, waiting: 0, visitedToday: false, outletClass: "C", plannedOn: null, ...standing },
  };
}

test("today's way leaves out what was visited today, even where more is owed", () => {
  const outlets = [
    outlet("far", 10),
    outlet("again", 0, { owed: 2, counted: 1, visitedToday: true }),
    outlet("done", 1, { counted: 1, visitedToday: true }),
    outlet("near", 4),
    outlet("owes nothing", 2, { owed: 0 }),
  ];
  const { visited, legs: way, lengthM } = routeToday(outlets, HERE, TODAY);
  assert.deepEqual(
    visited.map(({ name }) => name),
    ["again", "done"],
  );
  assert.deepEqual(names(way), ["near", "far"]);
  assert.equal(Math.round(lengthM), 1112);
});

test("without a position today's way is as due, without legs, and leaves out what was visited today too", () => {
  const outlets = [
    outlet("b", 4),
    outlet("again", 0, { owed: 2, counted: 1, visitedToday: true, outletClass: "A" }),
    outlet("done", 1, { counted: 1, visitedToday: true }),
    outlet("a", 10),
  ];
  const { visited, legs: way, lengthM } = routeToday(outlets, null, TODAY);
  assert.deepEqual(
    visited.map(({ name }) => name),
    ["again", "done"],
  );
  assert.deepEqual(names(way), ["a", "b"]);
  assert.deepEqual(legs(way), [null, null]);
  assert.equal(lengthM, null);
});

test("of more outlets than a day holds the farthest come last, by their distance", () => {
  const stops = Array.from({ length: 103 }, (_, place) => north(`s${place}`, ((place * 37) % 103) + 1));
  const way = tour(HERE, stops);
  assert.equal(new Set(names(way)).size, 103);
  const lastThree = way.slice(-3).map(({ stop }) => stop.lat);
  assert.deepEqual(lastThree, [...stops.map(({ lat }) => lat)].sort((a, b) => a - b).slice(-3));
});

test("the whole way is told up to what a day holds", () => {
  const due = (count) => Array.from({ length: count }, (_, place) => outlet(`o${place}`, place + 1));
  assert.equal(Math.round(routeToday(due(100), HERE, TODAY).lengthM), 11120);
  assert.equal(routeToday(due(101), HERE, TODAY).lengthM, null);
});

test("what the plan has for today or had before comes first, each part by way", () => {
  const outlets = [
    outlet("near", 1),
    outlet("planned far", 9, { plannedOn: TODAY }),
    outlet("late", 5, { plannedOn: "2026-11-20" }),
    outlet("tomorrow", 8, { plannedOn: "2026-11-25" }),
  ];
  assert.deepEqual(names(routeToday(outlets, HERE, TODAY).legs), ["late", "planned far", "tomorrow", "near"]);
  const withoutPlace = names(routeToday(outlets, null, TODAY).legs);
  assert.deepEqual(new Set(withoutPlace.slice(0, 2)), new Set(["planned far", "late"]));
});

test("what it is too late for comes last, planned or not, and without a position too", () => {
  const outlets = [
    outlet("lost near", 1, { isTooLate: true, plannedOn: TODAY }),
    outlet("far", 9),
    outlet("planned", 5, { plannedOn: TODAY }),
  ];
  assert.deepEqual(names(routeToday(outlets, HERE, TODAY).legs), ["planned", "far", "lost near"]);
  assert.deepEqual(names(routeToday(outlets, null, TODAY).legs), ["planned", "far", "lost near"]);
});
