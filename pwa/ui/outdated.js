// @ts-check
// A newer app in another window has the databases now, or a lock was set there: nothing more can be kept here, so there is one thing to do.
import { upgradesElsewhere } from "../db/connection.js";
import { hearOfLocks } from "../db/seals.js";
import { t } from "../i18n/index.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { openFullPage } from "./full_page.js";
import { icon } from "./parts.js";

let isTaken = false;

/** Whether this page has lost its databases to a newer one. */
export function isOutdated() {
  return isTaken;
}

/** @param {() => void} stop what works in the background */
export function giveWayToNewer(stop) {
  const give = () => {
    if (isTaken) return; // the person's other databases follow the first
    isTaken = true;
    stop();
    askToReload();
  };
  upgradesElsewhere.addEventListener("taken", give);
  hearOfLocks(give);
}

/** Over the whole screen, because what is typed from here on would be lost; closing it any way reloads. */
function askToReload() {
  const page = openFullPage("outdated", t("outdated"), null);
  page.show(html`<main class="main state-page" data-testid="outdated"><span class="emblem" data-state="waiting">${icon("sync")}</span>
      <div class="stack s"><h2>${t("outdated")}</h2><p class="quiet">${t("outdated.text")}</p></div></main>
    <footer class="bottom"><div class="actions"><button class="button primary wide" data-testid="outdated-reload" @click=${() => page.end(null)}>${t("failure.reload")}</button></div></footer>`);
  void page.answer.then(() => location.reload());
}
