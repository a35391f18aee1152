// @ts-check
// 全部 n 家: what turns a list of today from its first rows to all of them, and back.
import { t } from "../i18n/index.js";
import { html } from "../vendor/lit-html/lit-html.js";

/**
 * @template {string} Name
 * @param {import("../app.js").App} app @param {Record<Name, boolean>} state @param {Name} name of whether all are shown
 * @param {{n: number, testId: string}} list how many it has in all
 */
export function allButton(app, state, name, { n, testId }) {
  const isOpen = state[name];
  const turn = () => {
    state[name] = !isOpen;
    app.draw();
  };
  return html`<button class="button wide" data-testid=${testId} aria-expanded=${isOpen} @click=${turn}>${isOpen ? t("rescue.fewer") : t("rescue.all", { n })}</button>`;
}
