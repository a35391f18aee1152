// @ts-check
// What stands at the head of the screens before anybody is signed in.
import { language, setLanguage } from "../i18n/index.js";
import { html } from "../vendor/lit-html/lit-html.js";

/** The app's sign on its own ground. */
function mark() {
  return html`<svg class="mark" viewBox="0 0 64 64" aria-hidden="true"><rect class="ground" width="64" height="64" rx="18"></rect>
    <path class="roof" d="M13 26 18 14h28l5 12a6.300 6.300 0 0 1-12.600 0 6.400 6.400 0 0 1-12.800 0A6.300 6.300 0 0 1 13 26Z"></path>
    <path class="walls" d="M17 37v9.500a3.500 3.500 0 0 0 3.500 3.500h23a3.500 3.500 0 0 0 3.500-3.500V37M25.500 41l5 5 9-9.500"></path></svg>`;
}

/** The sign, and the choice of the other language. @param {import("../app.js").App} app */
export function markHead(app) {
  const other = language() === "en" ? "zh" : "en";
  const swap = async () => {
    await setLanguage(other);
    app.draw();
  };
  return html`<div class="hero-head"><div>${mark()}</div>
    <button class="inline-link" lang=${other} translate="no" data-testid="other-language" @click=${swap}>${other === "zh" ? "中文" : "English"}</button></div>`;
}
