// @ts-check
// What went wrong unnoticed by any screen: said once, with what to do; the screen under it stays.
import { t } from "../i18n/index.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { banner } from "./parts.js";

let isRaised = false;

/** @param {() => void} draw */
export function listenForFaults(draw) {
  const raise = (/** @type {unknown} */ fault) => {
    if (/** @type {any} */ (fault)?.name === "AbortError") return;
    isRaised = true;
    draw();
  };
  addEventListener("unhandledrejection", (event) => raise(event.reason));
  addEventListener("error", (event) => event.error && raise(event.error));
}

/** @param {() => void} draw */
export function alarmBar(draw) {
  if (!isRaised) return nothing;
  const close = () => {
    isRaised = false;
    draw();
  };
  const actions = html`<button class="button" @click=${() => location.reload()}>${t("failure.reload")}</button><button class="button" @click=${close}>${t("failure.go_on")}</button>`;
  return html`<div class="update-bar">${banner("overdue", t("failure.step"), t("failure.text"), actions)}</div>`;
}
