// Points of the console's map, gathered where they lie close together on the screen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gathered, within, worldX, worldY } from "../../server/static/js/map_gather.js";

/** @param {number[][]} places pixels at zoom 0 and kinds */
const pointsOf = (places) => ({
  x: Float64Array.from(places, ([x]) => x),
  y: Float64Array.from(places, ([, y]) => y),
  kind: Uint8Array.from(places, ([, , kind]) => kind ?? 0),
});
const ALL = [0, 1, 2, 3];

test("the world is 256 pixels wide at zoom 0, its middle at the equator", () => {
  assert.deepEqual([worldX(-180), worldX(0), worldX(180)], [0, 128, 256]);
  assert.equal(worldY(0), 128);
  assert.ok(Math.abs(worldY(85.0511287798066)) < 1e-6);
});

test("points within reach are one, in their middle, with the number of each kind", () => {
  const points = pointsOf([
    [10, 10, 2],
    [14, 10, 1],
    [12, 10, 2],
    [40, 40, 0],
  ]);
  const [near, far] = gathered(points, ALL, 0, 5, 3);
  assert.deepEqual([near.members.toSorted(), near.kinds, near.x, near.y], [[0, 1, 2], [0, 1, 2], 12, 10]);
  assert.deepEqual([far.members, far.x, far.y], [[3], 40, 40]);
});

test("a point at the reach belongs to the cluster, one past it does not", () => {
  assert.equal(
    gathered(
      pointsOf([
        [10, 10],
        [15, 10],
      ]),
      [0, 1],
      0,
      5,
      1,
    ).length,
    1,
  );
  assert.equal(
    gathered(
      pointsOf([
        [10, 10],
        [15.01, 10],
      ]),
      [0, 1],
      0,
      5,
      1,
    ).length,
    2,
  );
});

test("coming one zoom nearer doubles the distance on the screen", () => {
  const points = pointsOf([
    [10, 10],
    [13, 14],
  ]);
  assert.equal(gathered(points, [0, 1], 0, 5, 1).length, 1);
  const apart = gathered(points, [0, 1], 1, 5, 1);
  assert.deepEqual(
    apart.map(({ x, y }) => [x, y]),
    [
      [20, 20],
      [26, 28],
    ],
  );
});

test("points on both sides of a cell's edge find each other, at the map's western edge too", () => {
  for (const left of [0, 4.9, 5, 9.9, 250]) {
    const points = pointsOf([
      [left, 5],
      [left + 2, 4.5],
      [left, 100],
      [left + 2, 101],
    ]);
    assert.equal(gathered(points, ALL, 0, 5, 1).length, 2, String(left));
  }
});

test("every point is in exactly one group, whatever the zoom", () => {
  const places = Array.from({ length: 500 }, (_, n) => [(n * 7919) % 256, (n * 104729) % 251, n % 3]);
  const among = places.map((_, n) => n);
  for (const zoom of [0, 1, 2.5, 4]) {
    const groups = gathered(pointsOf(places), among, zoom, 20, 3);
    assert.deepEqual(
      groups.flatMap(({ members }) => members).toSorted((a, b) => a - b),
      among,
    );
    for (const { members, kinds } of groups)
      assert.equal(
        kinds.reduce((sum, each) => sum + each, 0),
        members.length,
      );
  }
});

test("only the points named are gathered, and only those in sight are named", () => {
  const points = pointsOf([
    [1, 1],
    [50, 50],
    [51, 50],
    [99, 1],
  ]);
  const seen = within(points, 40, 40, 60, 60);
  assert.deepEqual(seen, [1, 2]);
  assert.deepEqual(
    gathered(points, seen, 0, 5, 1).map(({ members }) => members),
    [[1, 2]],
  );
  assert.deepEqual(gathered(points, [], 0, 5, 1), []);
});
