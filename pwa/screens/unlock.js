// @ts-check
// The closed lock: its PIN opens it; whoever forgot it signs in again, and nothing is lost.
import { t } from "../i18n/index.js";
import { leftWork } from "../left_work.js";
import { openByPin } from "../lock.js";
import { replace } from "../router.js";
import { noteUnlocked } from "../session.js";
import { markHead } from "../ui/mark.js";
import { icon, stateText } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { pinForm } from "./pin_form.js";

/** @param {import("../app.js").App} app */
export async function unlockScreen(app) {
  const person = app.locked;
  const left = person && (await leftWork().catch(() => [])).find((one) => one.id === person.id);
  const form = pinForm(app, async (pin) => {
    await openByPin(person?.id ?? "", pin);
    await noteUnlocked(person?.id ?? "");
  });
  const isJustSet = app.wanted.endsWith("?set");
  if (!person) queueMicrotask(() => replace(app.wanted.replace(/^#|\?set$/g, "")));
  return {
    title: () => t("lock.closed"),
    view: () => html`<header class="hero tall">${markHead(app)}
        <div class="stack xs"><h1 tabindex="-1">${t("lock.closed")}</h1><p class="quiet" translate="no">${person?.name}</p></div></header>
      <main class="main">${isJustSet ? html`<p role="status">${stateText("done", t("lock.just_set"))}</p>` : nothing}${form.view()}
        ${left?.count ? html`<p class="small quiet" data-testid="unlock-left">${t("lock.left", { n: left.count })}</p>` : nothing}
        <div class="card flush rows discs">
          <a class="row" href="#/sign-in/password" data-testid="pin-forgotten"><span class="disc">${icon("key")}</span><span class="body"><span class="name">${t("lock.forgotten")}</span><span class="small quiet">${t("lock.forgotten.text")}</span></span><span class="faint">${icon("next", "s")}</span></a>
          <a class="row" href="#/sign-in"><span class="disc">${icon("people")}</span><span class="body"><span class="name">${t("lock.other")}</span><span class="small quiet">${t("lock.other.text")}</span></span><span class="faint">${icon("next", "s")}</span></a>
        </div></main>
      <footer class="bottom"><div class="actions">
        <button class="button primary wide" form="pin-form" data-testid="unlock" aria-busy=${form.isBusy()}>${form.isBusy() ? t("lock.opening") : t("lock.open")}</button></div></footer>`,
  };
}
