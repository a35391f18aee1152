// @ts-check
// The service worker: registered once, and a new build offered, never forced.
import { t } from "../i18n/index.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { banner } from "./parts.js";

/** @type {ServiceWorker | null} */
let waiting = null;
let isPutOff = false;
/** This window asked for the new build; another one may ask as well, and then this one goes on until its person wants to reload. */
let isTaking = false;
let isReplaced = false;

/** Keep the app on the phone, and watch for a new build. @param {() => void} draw */
export async function followUpdates(draw) {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/m/sw.js", { scope: "/m/", updateViaCache: "none" }).catch(() => null);
  if (!registration) return;
  let isFirst = !navigator.serviceWorker.controller;
  const offer = () => {
    waiting = registration.waiting;
    draw();
  };
  if (registration.waiting) offer();
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => coming.state === "installed" && !isFirst && offer());
  });
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (isTaking) return location.reload();
    isReplaced = !isFirst;
    isFirst = false;
    draw();
  });
}

/** @param {() => void} draw */
export function updateBar(draw) {
  if ((!waiting && !isReplaced) || isPutOff) return nothing;
  const now = () => {
    if (isReplaced) return location.reload();
    isTaking = true; // the browser may wait until the old worker has nothing to do
    waiting?.postMessage({ type: "take-over" });
    draw();
  };
  const later = () => {
    isPutOff = true;
    draw();
  };
  const actions = html`<button class="button" aria-busy=${isTaking} @click=${now}>${t(isTaking ? "update.taking" : "update.now")}</button><button class="button" @click=${later}>${t("update.later")}</button>`;
  return html`<div class="update-bar" data-testid="update">${banner("waiting", t("update.name"), t("update.text"), actions)}</div>`;
}
