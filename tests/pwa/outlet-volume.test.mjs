import assert from "node:assert/strict";
import { test } from "node:test";
import { volumeBars, volumeTrend } from "../../pwa/rules/volume.js";

const volume = (months) => Object.entries(months).map(([month, yuan]) => ({ month, yuan }));

test("bars stand on one scale, from the first month of the half year that has anything", () => {
  const bars = volumeBars(volume({ "2026-05": "9000.00", "2026-08": "400.00", "2026-10": "100.00", "2026-11": "0.00" }), "2026-11");
  assert.deepEqual(
    bars.map(({ month, yuan, percent, isUnderWay }) => [month, yuan, percent, isUnderWay]),
    [
      ["2026-08", 400, 100, false],
      ["2026-09", null, 0, false],
      ["2026-10", 100, 25, false],
      ["2026-11", 0, 0, true],
    ],
  );
  assert.deepEqual(volumeBars(volume({ "2026-05": "9000.00" }), "2026-11"), []);
  assert.equal(volumeBars(volume({ "2026-06": "1.00" }), "2026-11").length, 6);
});

test("a month of refunds has no length and its figure", () => {
  const [bar] = volumeBars(volume({ "2026-11": "-5.00" }), "2026-11");
  assert.deepEqual([bar.yuan, bar.percent], [-5, 0]);
});

test("the trend compares the last two whole months, or says nothing", () => {
  const trend = (months) => volumeTrend(volumeBars(volume(months), "2026-11"));
  assert.equal(trend({ "2026-09": "200.00", "2026-10": "250.00", "2026-11": "1.00" }), 25);
  assert.equal(trend({ "2026-09": "200.00", "2026-10": "150.00" }), -25);
  assert.equal(trend({ "2026-09": "200.00", "2026-10": "200.40" }), 0);
  for (const months of [
    { "2026-10": "5.00" },
    { "2026-09": "0.00", "2026-10": "5.00" },
    { "2026-09": "-1.00", "2026-10": "5.00" },
    { "2026-09": "5.00" },
  ])
    assert.equal(trend(months), null);
});
