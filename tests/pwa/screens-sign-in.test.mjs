// Signing in counts as accepting the privacy notice, so every page that does it says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { captureWith } from "./capture_factories.mjs";
import { saveDraft } from "../../pwa/db/capture.js";
import { saveBrought } from "../../pwa/db/drafts.js";
import { newDraft } from "../../pwa/forms/visit_draft.js";

const media = { matches: false, addEventListener: () => {} };
globalThis.matchMedia = () => media;
globalThis.navigator ??= { userAgent: "", platform: "", maxTouchPoints: 0 };
globalThis.location ??= new URL("https://xundian.test/");
const { t } = await import("../../pwa/i18n/index.js");
const { leftWork } = await import("../../pwa/left_work.js");
const { signInCodeScreen, signInPasswordScreen, signInScreen } = await import("../../pwa/screens/sign_in.js");

/** A template's text with the values in it. */
function textOf(view) {
  if (Array.isArray(view)) return view.map(textOf).join("");
  if (view?.strings) return view.strings.map((text, at) => text + textOf(view.values[at])).join("");
  return typeof view === "string" ? view : "";
}

const app = { session: null, locked: null, draw: () => {} };
const PAGES = [
  ["first", () => signInScreen(app)],
  ["password", () => signInPasswordScreen(app)],
  ["code", () => signInCodeScreen(app, { code: "c" })],
];
for (const [name, make] of PAGES)
  test(`the ${name} page says what signing in accepts, with the way to it`, async () => {
    const text = textOf((await make()).view());
    assert.ok(text.includes(`${t("sign_in.consent")}<a class="inline-link" href="#/privacy"`), text);
    assert.match(t("sign_in.consent"), /接受/);
  });

test("what is missing is said at its field, in the app's own language, and nobody is asked", async () => {
  const focused = [];
  document.getElementById = (id) => ({ focus: () => focused.push(id) });
  let typed = {};
  globalThis.FormData = class {
    get = (name) => typed[name];
  };
  const screen = await signInPasswordScreen(app);
  const submit = handlerOf(screen.view(), "@submit=");
  const send = (values) => {
    typed = values;
    submit({ preventDefault: () => {}, target: null });
    return textOf(screen.view());
  };
  assert.match(send({ login: "  ", password: "" }), /id="bad-login".*填上工号。/s);
  assert.match(send({ login: "rep1", password: "" }), /id="bad-password".*填上密码。/s);
  assert.doesNotMatch(textOf(screen.view()), /正在登录/);
  assert.deepEqual(focused, ["login", "password"]);
  const whole = send({ login: "rep1", password: "x" });
  assert.match(whole, /正在登录/);
  assert.doesNotMatch(whole, /填上/);
});

/** Somebody who was signed in on this phone and left this there; what the first page says of it. */
async function leftBy(drafts, records = 0) {
  const db = await captureWith(records);
  localStorage.getItem = () => JSON.stringify({ [db.personId]: { name: "赵广田", login: "rep1" } });
  for (const [key, draft] of Object.entries(drafts)) await saveDraft(db, key, draft);
  return textOf((await signInScreen(app)).view()).split('data-testid="left-work"')[1] ?? "";
}

const BEGUN = { ...newDraft("o1"), checked_in_at: "2026-11-24T01:00:00.000Z" };

test("who left only forms that were begun is named, with the way to take them along", async () => {
  const said = await leftBy({ "visit:o1": BEGUN, "visit:o2": { ...BEGUN, outlet_id: "o2" } });
  assert.match(said, /这台手机里有 2 份没填完的.*赵广田.* 起填的。登录同一个工号后接着填.*href="#\/export\//s);
  assert.doesNotMatch(said, /没发出去|另外有/);
});

test("who left records and forms is named with both", async () => {
  const said = await leftBy({ "visit:o1": BEGUN }, 2);
  assert.match(said, /这台手机里有 2 条没发出去的记录.*赵广田.*另外有 1 份没填完的，留在这台手机里。/s);
  assert.doesNotMatch(await leftBy({}, 1), /没填完/);
});

test("who left nothing, or a form that was only opened, is not named", async () => {
  assert.equal(await leftBy({}), "");
  assert.equal(await leftBy({ "visit:o1": newDraft("o1") }), "");
});

test("a form that nobody can judge hides nobody's work, and one that was put aside is not to be gone on with", async () => {
  assert.match(await leftBy({ "visit:o1": { edited_outlet_id: "o1" } }, 2), /2 条没发出去的记录.*另外有 1 份没填完的/s);
  assert.equal(await leftBy({ "damaged/2026-11-24T01:00:00.000Z/visit:o1": BEGUN }), "");
});

test("records are said to lie there since the oldest of them was saved, however old the forms are", async () => {
  const db = await captureWith(1);
  localStorage.getItem = () => JSON.stringify({ [db.personId]: { name: "赵广田", login: "rep1" } });
  const [savedAt] = (await leftWork()).map((one) => one.savedAt);
  await saveBrought(db, { key: "visit:o1", draft: BEGUN, saved_at: "2026-01-01T00:00:00.000Z" }, []);
  assert.deepEqual(
    (await leftWork()).map((one) => [one.count, one.drafts, one.savedAt]),
    [[1, 1, savedAt]],
  );
});

/** The function that a template hands to an event, the first of its kind. */
function handlerOf(view, event) {
  if (Array.isArray(view)) return view.map((one) => handlerOf(one, event)).find(Boolean);
  if (!view?.strings) return undefined;
  const at = view.strings.findIndex((text) => text.endsWith(event));
  return at < 0 ? view.values.map((value) => handlerOf(value, event)).find(Boolean) : view.values[at];
}
