// @ts-check
// What the app records, when, and who sees it.
import { t } from "../i18n/index.js";
import { topbar } from "../ui/parts.js";
import { html } from "../vendor/lit-html/lit-html.js";

const POINTS = ["position", "camera", "work", "phone", "who", "rights"];

/** @param {import("../app.js").App} app */
export function privacyScreen(app) {
  const back = app.session ? "#/me" : "#/sign-in";
  return {
    title: () => t("privacy"),
    view: () => html`${topbar(t("privacy"), { back })}<main class="main"><p class="small quiet">${t("privacy.version")}</p>
      ${POINTS.map((point) => html`<section class="card stack xs"><h2>${t(`privacy.${point}`)}</h2><p>${t(`privacy.${point}.text`)}</p></section>`)}</main>`,
  };
}
