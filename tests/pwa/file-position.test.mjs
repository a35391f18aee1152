// The position of an outlet's file: of one place the best fix, of several the last, and none behind one's back when a draft is opened again.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { doc } from "./outlet_factories.mjs";
import { clickOf, textOf } from "./view_text.mjs";
import { databases } from "../../pwa/company.js";
import { loadDraft, saveDraft } from "../../pwa/db/capture.js";
import { DRAFT_KEY, newOutletDraft } from "../../pwa/forms/new_outlet_draft.js";
import { editKey, newEdit } from "../../pwa/forms/outlet_edit_draft.js";
import { readTyped } from "../../pwa/forms/outlet_fields.js";
import { uuid7 } from "../../pwa/ids.js";
import { POLICY_DEFAULTS } from "../../pwa/rules/policy_defaults.js";

document.querySelector = () => null;
const page = new EventTarget();
Object.assign(globalThis, { scrollTo: () => {}, addEventListener: page.addEventListener.bind(page) });
globalThis.removeEventListener = page.removeEventListener.bind(page);
const { positionTaker } = await import("../../pwa/screens/file_position.js");
const { newOutletScreen } = await import("../../pwa/screens/new_outlet.js");
const { editFileScreen } = await import("../../pwa/screens/edit_file.js");

const AT = "2026-11-24T01:00:00.000Z";
const KEPT = { lat: 30.66, lon: 104.07, accuracy_m: 20, taken_at: "2026-11-23T08:20:00.000Z" };
const HOME = { lat: 30.7, lon: 104.07 }; // 4.4 km north

/** The phone's positions; `fix` comes to the watch that is open, if one is. */
function phonePositions() {
  const watches = new Map();
  const geolocation = {
    watchPosition: (found, failed) => watches.set(watches.size + 1, { found, failed }).size,
    clearWatch: (number) => watches.set(number, null),
  };
  Object.defineProperty(globalThis, "navigator", { value: { geolocation }, configurable: true });
  const open = () => [...watches.values()].filter(Boolean);
  return {
    isOn: () => open().length > 0,
    fix: (lat, lon, accuracy) => open()[0]?.found({ coords: { latitude: lat, longitude: lon, accuracy }, timestamp: Date.parse(AT) }),
    fail: (code) => open()[0].failed({ code }),
  };
}

const company = { today: "2026-11-24", clockOffsetMs: 0, policyOf: () => ({ ...POLICY_DEFAULTS, "visit.position_accuracy_max_m": "50" }) };

/** The page goes into a pocket, or comes out again. */
function turnPage(visibilityState) {
  Object.assign(document, { visibilityState });
  page.dispatchEvent(new Event("visibilitychange"));
}

/** A taker as its form draws it. @param {any} [position] what the draft came with */
async function takerWith(position = null, here = null) {
  const phone = phonePositions();
  const draft = { position, isOn: true };
  const app = { company, here, draw: () => {} };
  const taker = positionTaker(app, {
    read: () => draft.position,
    keep: async (fix) => void Object.assign(draft, { position: fix }),
    isOn: () => draft.isOn,
    turn: (isOn) => void Object.assign(draft, { isOn, position: null }),
    off: "place.off",
    isBegun: false,
  });
  await Promise.resolve();
  const view = () => taker.view(POLICY_DEFAULTS);
  return { phone, draft, taker, text: () => textOf(view()), tap: (testId) => clickOf(view(), `data-testid="${testId}"`)() };
}

const metresNorth = (metres) => 30.66 + metres / 111_195;

for (const { name, first = 8, metres, accuracy, kept } of [
  { name: "a better fix of the same place replaces", metres: 10, accuracy: 5, kept: 5 },
  { name: "a worse one of the same place does not", metres: 32.9, accuracy: 8.5, kept: 8 },
  { name: "a worse one of another place does", metres: 33.1, accuracy: 8.5, kept: 8.5 },
  { name: "one as rough as policy lets pass does elsewhere", metres: 117, accuracy: 50, kept: 50 },
  { name: "a rougher one does not, wherever it is", metres: 4400, accuracy: 50.1, kept: 8 },
  { name: "a rough one that is better than a rougher does, wherever it is", first: 900, metres: 4400, accuracy: 60, kept: 60 },
  { name: "any that is known replaces one of unknown accuracy", first: Number.NaN, metres: 4400, accuracy: 60, kept: 60 },
  { name: "one of unknown accuracy does not at the same place", metres: 15.9, accuracy: undefined, kept: 8 },
  { name: "one of unknown accuracy does not elsewhere either", metres: 4400, accuracy: undefined, kept: 8 },
])
  test(`during one opening ${name}`, async () => {
    const { phone, draft } = await takerWith();
    phone.fix(30.66, 104.07, first);
    phone.fix(metresNorth(metres), 104.07, accuracy);
    assert.equal(draft.position.accuracy_m, kept);
    assert.equal(draft.position.taken_at, AT);
  });

test("a position that the draft came with stays, with when it was taken, until it is asked for anew", async () => {
  const { phone, draft, text, tap } = await takerWith(KEPT, HOME);
  assert.equal(phone.isOn(), false);
  assert.match(text(), /误差 ±20 米.*11月23日 16:20 定的位。/s);
  assert.doesNotMatch(text(), /离那里/);
  assert.deepEqual(draft.position, KEPT);
  tap("place-again");
  assert.match(text(), /正在定位/);
  assert.doesNotMatch(text(), /data-testid="place-again"/);
  phone.fix(30.7, 104.07, 35);
  assert.deepEqual(draft.position, { ...HOME, accuracy_m: 35, taken_at: AT });
  assert.doesNotMatch(text(), /定的位/);
});

test("a position from before its time was kept says nothing of it", async () => {
  const { text } = await takerWith({ lat: 30.66, lon: 104.07, accuracy_m: 20 }, HOME);
  assert.match(text(), /data-testid="place-again"/);
  assert.doesNotMatch(text(), /data-testid="place-since"/);
});

test("where no new position comes the old one stays, and it is said", async () => {
  const { phone, draft, text, tap } = await takerWith(KEPT);
  tap("place-again");
  phone.fail(1);
  assert.match(text(), /拿不到位置.*原来定的位置还在/s);
  assert.doesNotMatch(text(), /没有位置也能登记/);
  assert.deepEqual(draft.position, KEPT);
});

for (const { name, fixes, position, said } of [
  { name: "has none and says so", fixes: [], position: null, said: /还没有位置.*data-testid="place-again"/s },
  { name: "keeps what it took", fixes: [[30.66, 104.07, 35]], position: 35, said: /误差 ±35 米.*data-testid="place-again"/s },
])
  test(`a form that is left open in a pocket looks no more: it ${name}, until it is asked`, async () => {
    const { phone, draft, text, tap } = await takerWith();
    for (const fix of fixes) phone.fix(...fix);
    turnPage("visible");
    assert.equal(phone.isOn(), true);
    assert.doesNotMatch(text(), /data-testid="place-again"/);
    turnPage("hidden");
    turnPage("visible");
    assert.equal(phone.isOn(), false);
    assert.match(text(), said);
    assert.equal(draft.position?.accuracy_m ?? null, position);
    tap("place-again");
    phone.fix(30.7, 104.07, 40);
    assert.equal(draft.position.accuracy_m, 40);
  });

test("a form that was closed hears of no page that is hidden", async () => {
  const { phone, taker } = await takerWith();
  taker.close();
  const next = await takerWith();
  turnPage("hidden");
  turnPage("visible");
  assert.deepEqual([phone.isOn(), next.phone.isOn()], [false, false]);
});

test("turned off and on again the position is taken anew", async () => {
  const { phone, draft, tap } = await takerWith(KEPT);
  tap("use-position");
  assert.equal(phone.isOn(), false);
  tap("use-position");
  phone.fix(30.66, 104.07, 35);
  assert.equal(draft.position.accuracy_m, 35);
});

/** A form opened with what its draft holds. */
async function formWith(key, draft, screen, params) {
  const phone = phonePositions();
  const personId = uuid7();
  const { capture } = await databases(personId);
  await saveDraft(capture, key, draft);
  const outlet = doc();
  const person = { region_ids: ["r1"] };
  const more = { person, regions: [], outlets: [outlet], outletById: new Map([["o1", outlet]]), policyOf: () => POLICY_DEFAULTS };
  const app = { session: { personId }, company: { ...company, ...more }, here: null, draw: () => {} };
  const form = await screen(app, params);
  await Promise.resolve();
  const tap = (testId) => clickOf(form.view(), `data-testid="${testId}"`)();
  return { phone, form, tap, text: () => textOf(form.view()), position: async () => (await loadDraft(capture, key)).typed.position };
}

const newOutletWith = (typed) => ({ ...newOutletDraft(), typed: { ...newOutletDraft().typed, position: KEPT, ...typed } });
const openNewOutlet = (typed) => formWith(DRAFT_KEY, newOutletWith(typed), newOutletScreen, undefined);

test("a new outlet that was begun keeps its position at home", async () => {
  const { phone, form, position } = await openNewOutlet({ name: "顺达" });
  assert.equal(phone.isOn(), false);
  form.close();
  assert.deepEqual(await position(), KEPT);
});

test("a new outlet of which nothing was said yet is where it is opened next", async () => {
  const { phone, form, position } = await openNewOutlet({});
  phone.fix(30.7, 104.07, 35);
  form.close();
  await new Promise((done) => setTimeout(done, 20));
  assert.deepEqual(await position(), { ...HOME, accuracy_m: 35, taken_at: AT });
});

test("a new outlet that was dropped at home and brought back is where it was", async () => {
  const { phone, form, tap, position } = await openNewOutlet({ name: "顺达" });
  await tap("drop-new-outlet");
  phone.fix(30.7, 104.07, 5);
  await tap("undrop");
  assert.equal(phone.isOn(), false);
  form.close();
  assert.deepEqual(await position(), KEPT);
});

test("a new outlet that was begun without a position does not look by itself at home, but once its place is come back to or asked for", async () => {
  const { phone, form, tap, text, position } = await openNewOutlet({ name: "顺达", position: null });
  assert.equal(phone.isOn(), false);
  assert.match(text(), /还没有位置/);
  await tap("drop-new-outlet");
  await tap("undrop");
  assert.equal(phone.isOn(), false);
  await tap("new-outlet-next");
  await clickOf(form.view(), 'class="icon-button"')();
  assert.equal(phone.isOn(), true);
  form.close();
  const again = await openNewOutlet({ name: "顺达", position: null });
  again.tap("place-again");
  again.phone.fix(30.66, 104.07, 20);
  again.form.close();
  await new Promise((done) => setTimeout(done, 20));
  assert.equal((await again.position()).accuracy_m, 20);
  assert.equal(await position(), null);
});

test("a change whose position was asked for and did not come does not look by itself at home", async () => {
  const edit = { ...newEdit("o1"), base: { position: null }, typed: { position: null } };
  const { phone, form, tap } = await formWith(editKey("o1"), edit, editFileScreen, { outletId: "o1" });
  assert.equal(phone.isOn(), false);
  await tap("drop-edit");
  await tap("undrop");
  assert.equal(phone.isOn(), false);
  tap("place-again");
  assert.equal(phone.isOn(), true);
  form.close();
});

test("a changed position stays while the change is opened again, dropped and brought back", async () => {
  const edit = { ...newEdit("o1"), base: { position: null }, typed: { position: KEPT } };
  const { phone, form, tap, position } = await formWith(editKey("o1"), edit, editFileScreen, { outletId: "o1" });
  assert.equal(phone.isOn(), false);
  await tap("drop-edit");
  await tap("undrop");
  assert.equal(phone.isOn(), false);
  form.close();
  assert.deepEqual(await position(), KEPT);
});

test("when a position was taken is not sent", () => {
  assert.deepEqual(readTyped("position", KEPT), { value: { lat: 30.66, lon: 104.07, accuracy_m: 20 }, fault: "" });
  assert.deepEqual(readTyped("position", null), { value: null, fault: "" });
});
