// @ts-check
// 没填完的: every form that was begun, to go on with or to let go, at outlets that have left the phone too.
import { byCompanyClock } from "../business_day.js";
import { databases } from "../company.js";
import { deleteDraft, listDrafts } from "../db/capture.js";
import { unfinishedForms } from "../forms/unfinished.js";
import { t } from "../i18n/index.js";
import { focusHeading } from "../ui/focus.js";
import { momentText } from "../ui/format.js";
import { empty, topbar } from "../ui/parts.js";
import { offerUndo } from "../ui/undo_toast.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @typedef {import("../forms/unfinished.js").Unfinished} Unfinished */

/** @param {import("../app.js").App} app */
export async function unfinishedScreen(app) {
  const { capture } = await databases(/** @type {any} */ (app.session).personId);
  const drafts = await listDrafts(capture);
  /** Of drafts that are hidden, and deleted once nobody can bring them back: a kill before that leaves them. @type {Set<string>} */
  const dropped = new Set();

  /** @param {string} key of the draft */
  function drop(key) {
    dropped.add(key);
    let isOpen = true;
    const undo = () => {
      isOpen = false;
      dropped.delete(key);
    };
    const end = () => {
      isOpen = false;
      return deleteDraft(capture, key);
    };
    offerUndo({ words: t("undo.unfinished"), isOpen: () => isOpen, undo, end });
    app.draw();
    focusHeading(); // the button is gone
  }

  return { title: () => t("unfinished"), view: () => view(app, drafts, dropped, drop) };
}

/** @param {import("../app.js").App} app @param {any[]} drafts @param {Set<string>} dropped @param {(key: string) => void} drop */
function view({ company }, drafts, dropped, drop) {
  if (!company) return nothing;
  const forms = unfinishedForms(drafts, company).filter(({ key }) => !dropped.has(key));
  const cards = forms.map((form) => card(form, company, () => drop(form.key)));
  return html`${topbar(t("unfinished"), { back: "#/me" })}
    <main class="main">${forms.length ? html`<p class="small quiet">${t("unfinished.text")}</p>${cards}` : empty("check", "unfinished.none")}</main>`;
}

/** @param {Unfinished} form @param {import("../company.js").Company} company @param {() => void} drop */
function card({ title, path, outlet, over, savedAt }, company, drop) {
  const goOn = html`<a class="button" href="#${path}" data-testid="unfinished-go-on">${t("unfinished.go_on")}</a>`;
  return html`<section class="card stack s" data-testid="unfinished-form"><div class="stack xs"><h2>${t(title)}</h2>
      ${outlet ? html`<p translate="no">${outlet}</p>` : nothing}<p class="small quiet">${t("unfinished.saved", { when: momentText(byCompanyClock(company, savedAt), company.today) })}</p>${over ? html`<p class="small" data-testid="unfinished-over">${t(over)}</p>` : nothing}</div>
    <div class="wrap">${over ? nothing : goOn}<button class="button quiet" data-testid="unfinished-drop" @click=${drop}>${t("unfinished.drop")}</button></div></section>`;
}
