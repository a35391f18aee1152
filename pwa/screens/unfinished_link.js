// @ts-check
// The way to the forms that were begun and not finished.
import { t } from "../i18n/index.js";
import { icon } from "../ui/parts.js";
import { html } from "../vendor/lit-html/lit-html.js";

/** @param {number} n how many there are @param {string} [kind] classes of the row */
export function unfinishedLink(n, kind = "row") {
  return html`<a class=${kind} href="#/unfinished" data-testid="unfinished"><span class="disc">${icon("doc")}</span><span class="body"><span class="name">${t("unfinished")}</span><span class="small quiet">${t("unfinished.count", { n })}</span></span><span class="faint">${icon("next", "s")}</span></a>`;
}
