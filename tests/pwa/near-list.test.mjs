// Which part of a long list is drawn when one comes back to a row of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./chinese_page.mjs";

const { goTo } = await import("../../pwa/ui/near_list.js");

for (const { row, first } of [
  { row: -1, first: 0 },
  { row: 3, first: 0 },
  { row: 4, first: 1 },
  { row: 100, first: 49 },
])
  test(`a list that comes back to row ${row} is drawn from part ${first} on: the page below it is filled`, () => {
    const near = { above: [150, 140], end: 12 };
    goTo(near, row);
    assert.deepEqual([near.above.length, near.end], [first, first + 10]);
  });
