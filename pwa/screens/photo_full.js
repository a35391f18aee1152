// @ts-check
// The phone has no room for another photo.
import { t } from "../i18n/index.js";
import { banner } from "../ui/parts.js";
import { html } from "../vendor/lit-html/lit-html.js";

/** With the way to what stands on the phone. @param {string} [text] what is safe, and what to do */
export function fullBanner(text = t("photo.full.form")) {
  return banner("overdue", t("photo.full"), text, html`<a class="button" href="#/sync">${t("sync.room")}</a>`);
}
