// Calendar months, counted over the turn of a year.
import assert from "node:assert/strict";
import { test } from "node:test";
import { monthsBefore, nextMonth, previousMonth } from "../../pwa/rules/months.js";

test("so many months before a month", () => {
  const before = (count) => monthsBefore("2026-03", count);
  assert.deepEqual([0, 1, 2, 3, 12, 15].map(before), ["2026-03", "2026-02", "2026-01", "2025-12", "2025-03", "2024-12"]);
});

test("the month before and after the turn of a year", () => {
  assert.deepEqual([previousMonth("2026-01"), nextMonth("2025-12")], ["2025-12", "2026-01"]);
});
