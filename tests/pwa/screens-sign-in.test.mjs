// Signing in counts as accepting the privacy notice, so every page that does it says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";

const media = { matches: false, addEventListener: () => {} };
globalThis.matchMedia = () => media;
globalThis.navigator ??= { userAgent: "", platform: "", maxTouchPoints: 0 };
globalThis.location ??= new URL("https://xundian.test/");
const { t } = await import("../../pwa/i18n/index.js");
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
