// Flags of a visit in the words of the phone; the codes and figures are those of server/domain/evidence.py.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import "./chinese_page.mjs";

const { setLanguage, t } = await import("../../pwa/i18n/index.js");
const { flagWords, spanText } = await import("../../pwa/screens/visit_flags.js");

after(() => setLanguage("zh"));

const CASES = [
  ["far", { distance_m: 431, allowed_m: 220 }, "距网点 430 米，允许 220 米", "430 m from the outlet; 220 m are allowed"],
  ["inaccurate", { accuracy_m: 150, allowed_m: 100 }, "定位误差 150 米，超过 100 米", "Position accurate to 150 m only, worse than 100 m"],
  [
    "fix_stale",
    { age_s: 900, allowed_s: 300 },
    "定位比签到早 15 分，允许 300 秒",
    "The position is 15 min older than the check-in; 300 s are allowed",
  ],
  [
    "fix_stale",
    { age_s: -259200, allowed_s: 300 },
    "定位比签到晚 3 天，允许 300 秒",
    "The position is 3 days later than the check-in; 300 s are allowed",
  ],
  [
    "too_fast",
    { apart_m: 59800, seconds: 480, kmh: 449, allowed_kmh: 120 },
    "距上一次巡检 59.8 公里，只隔 480 秒：每小时 449 公里，允许 120",
    "59.8 km from the visit before, 480 s later: 449 km/h; 120 are allowed",
  ],
  [
    "clock_skew",
    { off_s: 660, allowed_s: 300, is_set_back: 0 },
    "手机时钟差 11 分，允许 300 秒",
    "The phone's clock was off by 11 min; 300 s are allowed",
  ],
  [
    "clock_skew",
    { off_s: 660, allowed_s: 300, is_set_back: 1 },
    "手机时钟在这之前调慢了 11 分，允许 300 秒",
    "The phone's clock was set back 11 min before this; 300 s are allowed",
  ],
  [
    "photo_early",
    { early_s: 172800, allowed_s: 300 },
    "最早的照片比签到早 2 天，允许 300 秒",
    "The oldest photo is 2 days older than the check-in; 300 s are allowed",
  ],
  ["photo_reused", { visited_on: "2026-11-03" }, "11月3日那次巡检用过同一张照片", "The visit of 3 November has the very same photo"],
  [
    "photo_alike",
    { visited_on: "2026-11-03", bits: 2, same_percent: 97 },
    "和11月3日在另一个网点拍的照片相似 97%",
    "97% like a photo taken at another outlet on 3 November",
  ],
];

for (const [code, figures, zh, en] of CASES) {
  test(`${code} is said with its figures in both languages (${zh.slice(0, 6)})`, async () => {
    await setLanguage("zh");
    assert.equal(flagWords({ code, points: 10, figures }), zh);
    await setLanguage("en");
    assert.equal(flagWords({ code, points: 10, figures }), en);
  });
}

test("every flag of the server has its words and its innocent reading", async () => {
  const source = readFileSync(new URL("../../server/domain/evidence.py", import.meta.url), "utf8");
  const codes =
    source
      .match(/for rule in \(([^)]+)\)/)?.[1]
      .split(",")
      .map((name) => name.trim()) ?? [];
  assert.equal(codes.length, 8);
  for (const name of ["zh", "en"]) {
    await setLanguage(name);
    for (const code of codes) {
      assert.ok(
        CASES.some(([one]) => one === code),
        code,
      );
      assert.notEqual(t(`flag.${code}.also`), `flag.${code}.also`);
    }
  }
});

test("a span is told in the largest unit that says enough", async () => {
  await setLanguage("zh");
  assert.deepEqual([599, 600, 7199, 7200, 172_799, 172_800].map(spanText), ["599 秒", "10 分", "119 分", "2 小时", "47 小时", "2 天"]);
});
