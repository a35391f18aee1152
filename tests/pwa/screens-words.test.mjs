// Dates, distances and money as the screens say them.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import "./chinese_page.mjs";
import { textOf } from "./view_text.mjs";

const { setLanguage, t } = await import("../../pwa/i18n/index.js");
const format = await import("../../pwa/ui/format.js");

const { classReason } = await import("../../pwa/screens/outlet_file.js");
const { policyOn } = await import("../../pwa/rules/policy.js");

after(() => setLanguage("zh"));

const reasonOf = (fee, code) => classReason({ class_inputs: { monthly_fee_yuan: fee }, class_reasons: [code] }, policyOn("2026-11-24", {}));

test("a day is said in the language of the phone", async () => {
  await setLanguage("zh");
  assert.equal(format.dayText("2026-03-24"), "3月24日");
  assert.equal(format.dayWithWeekday("2026-03-24"), "3月24日 周二");
  assert.equal(format.fullDayText("2026-03-24"), "2026年3月24日");
  await setLanguage("en");
  assert.equal(format.dayWithWeekday("2026-03-24"), "Tue 24 March");
  assert.equal(format.dayWithWeekday("2026-11-24"), "Tue 24 Nov");
  assert.equal(format.fullDayText("2026-11-24"), "24 November 2026");
});

test("a month says its year where it is not this one", async () => {
  await setLanguage("zh");
  assert.equal(format.monthText("2026-03", "2026-11"), "3 月");
  assert.equal(format.monthText("2025-12", "2026-01"), "2025 年 12 月");
  assert.equal(format.monthText("2025-12"), "12 月");
  await setLanguage("en");
  assert.equal(format.monthText("2026-03", "2026-11"), "March");
  assert.equal(format.monthText("2025-12", "2026-01"), "December 2025");
});

test("a distance below a kilometre is in metres", async () => {
  await setLanguage("zh");
  assert.equal(format.distanceText(38), "40 米");
  assert.equal(format.distanceText(12.4), "12 米");
  assert.equal(format.distanceText(994), "990 米");
  assert.equal(format.distanceText(1234), "1.2 公里");
});

test("money keeps its fen and its minus", async () => {
  assert.equal(format.moneyText("1654.5"), "1,654.50");
  assert.equal(format.moneyText("-20.00"), "−20.00");
});

test("large sums are told in short", async () => {
  await setLanguage("zh");
  assert.equal(format.roundYuanText("44794.00"), "4.5 万元");
  assert.equal(format.roundYuanText("80000"), "8 万元");
  assert.equal(format.roundYuanText("9999"), "9,999 元");
  await setLanguage("en");
  assert.equal(format.roundYuanText("44794.00"), "¥44,794");
});

test("an exact sum keeps every yuan, and its fen where there are any", async () => {
  await setLanguage("zh");
  assert.equal(format.exactYuanText("80040.00"), "80,040 元");
  assert.equal(format.exactYuanText("80000.01"), "80,000.01 元");
  assert.equal(format.exactYuanText(950), "950 元");
  await setLanguage("en");
  assert.equal(format.exactYuanText("80040.00"), "¥80,040");
});

test("a limit is told in short only where nothing is left out", async () => {
  await setLanguage("zh");
  assert.equal(format.limitYuanText("80000"), "8 万元");
  assert.equal(format.limitYuanText("80040"), "80,040 元");
  assert.equal(format.limitYuanText("9000"), "9,000 元");
  await setLanguage("en");
  assert.equal(format.limitYuanText("80000"), "¥80,000");
});

test("a class near its limit is told by the exact monthly fee", async () => {
  await setLanguage("zh");
  assert.equal(reasonOf("80040.00", "A.fee"), "月收费额 80,040 元，超过 8 万元");
  assert.equal(reasonOf("79960.00", "B.fee"), "月收费额 79,960 元，在 2 万元到 8 万元之间");
  assert.equal(reasonOf("19960.00", "C.fee"), "都不到 B 类：月收费 19,960 元");
});

test("an evening in Shanghai belongs to its own day", async () => {
  await setLanguage("zh");
  assert.equal(format.momentText("2026-11-24T15:59:00.000Z", "2026-11-24"), "今天 23:59");
  assert.equal(format.momentText("2026-11-24T16:00:00.000Z", "2026-11-24"), "11月25日 00:00");
});

test("a phone number shows its ends only", async () => {
  assert.equal(format.maskedPhone("13812342046"), "138****2046");
  assert.equal(format.maskedPhone("88123"), "88123");
});

test("English has a plural, and one is no plural", async () => {
  await setLanguage("en");
  assert.equal(t("route.count", { n: 1 }), "1 outlet");
  assert.equal(t("route.count", { n: 3 }), "3 outlets");
});

test("only a change of the language is kept: the first lines that a start writes delay those after them", async () => {
  const kept = [];
  localStorage.setItem = (_, value) => kept.push(value);
  await setLanguage("zh");
  assert.deepEqual(kept, []);
  await setLanguage("en");
  assert.deepEqual(kept, ["en"]);
});

test("the distance, how rough it is and what has been earned are said without stray gaps", async () => {
  await setLanguage("zh");
  const { fixCard } = await import("../../pwa/screens/visit_place.js");
  const inside = fixCard({ lat: 1, lon: 2, accuracy_m: 35 }, Date.now(), { away: 12, isInside: true, needsReason: false }, {});
  assert.match(textOf(inside).replace(/<[^>]*>/g, ""), /离网点的距离，误差 ±35 米/);
  assert.equal(t("month.until", { when: "今天 08:40" }), "算到今天 08:40，能拿");
});

test("room for more photos than anybody takes is said to be enough, less is counted", async () => {
  await setLanguage("zh");
  const { roomSection } = await import("../../pwa/screens/sync_room.js");
  const room = (free) => textOf(roomSection({}, { quota: 100e9, usage: 100e9 - free, persisted: null }, { isRefused: false }));
  assert.match(room(1001 * 350_000), /空间够用/);
  assert.match(room(1000 * 350_000), /还能拍约 1,000 张/);
  assert.doesNotMatch(room(1001 * 350_000), /还能拍/);
});

test("under Me the build is named only where it is known", async () => {
  await setLanguage("zh");
  globalThis.matchMedia = () => ({ matches: false, addEventListener: () => {} });
  Object.defineProperty(globalThis, "navigator", { value: { userAgent: "" }, configurable: true });
  Object.assign(document, { documentElement: { dataset: {} } });
  const { meScreen } = await import("../../pwa/screens/me.js");
  const { view } = await meScreen({ session: null, company: null, engine: null, draw: () => {} });
  assert.doesNotMatch(textOf(view()), /应用版本/);
  document.documentElement.dataset.build = "a1b2c3";
  assert.match(textOf(view()), /应用版本.*a1b2c3/s);
});
