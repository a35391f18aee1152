// @ts-check
// One photo over the whole screen: to keep it, take it again or throw it away, or to look at it only.
import { t } from "../i18n/index.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { openFullPage } from "./full_page.js";
import { icon } from "./parts.js";

/**
 * @param {{title: string, address: string, warning: string, canDrop: boolean}} photo `warning` says what is wrong with it, or "";
 *   without an `address` there is nothing to see and nothing to keep
 * @returns {Promise<"keep" | "again" | "drop">}
 */
export async function reviewPhoto({ title, address, warning, canDrop }) {
  const page = openFullPage("camera", title, /** @type {"keep" | "again" | "drop"} */ ("keep"));
  page.show(html`<div class="topbar">
      <button class="icon-button" @click=${() => page.end("keep")} aria-label=${t("close")}>${icon("close")}</button>
      <h2 class="title center">${title}</h2>
      ${canDrop ? html`<button class="drop" data-testid="photo-drop" @click=${() => page.end("drop")}>${t("photo.drop")}</button>` : html`<span class="icon-button"></span>`}
    </div>
    <div class="view fit">${address ? html`<img src=${address} alt=${title} />` : nothing}
      ${warning ? html`<div class="hint"><span class="bad">${icon("warn")}${warning}</span></div>` : nothing}</div>
    <div class="actions">
      ${address ? html`<button class="button side" data-testid="photo-keep" @click=${() => page.end("keep")}>${t("photo.keep")}</button>` : nothing}
      <button class="button primary" data-testid="photo-again" @click=${() => page.end("again")}>${icon("camera")}${t("photo.again")}</button></div>`);
  return page.answer;
}

/**
 * Look at a photo: at once as it is here, then as large as there is.
 * @param {{title: string, small: string, address: string, larger: Promise<string>}} photo `larger` its address, or "" when it cannot be had
 * @returns {Promise<null>} once it is closed
 */
export async function showPhoto({ title, small, address, larger }) {
  const page = openFullPage("camera", title, null);
  const show = (/** @type {string} */ shown, /** @type {unknown} */ words) =>
    page.show(html`<div class="topbar">
      <button class="icon-button" data-testid="photo-close" @click=${() => page.end(null)} aria-label=${t("close")}>${icon("close")}</button>
      <h2 class="title center">${title}<small>${small}</small></h2><span class="icon-button"></span>
    </div>
    <div class="view fit" data-testid="photo-large"><img src=${shown} alt="${title} ${small}" />
      ${words ? html`<div class="hint" role="status"><span>${words}</span></div>` : nothing}</div>`);
  show(address, t("photo.coming"));
  larger.then((better) => show(better || address, better ? "" : t("photo.only_small")));
  return page.answer;
}
