// @ts-check
// 没填完的: every form that was begun, to go on with or to let go, at outlets that have left the phone too.
import { byCompanyClock } from "../business_day.js";
import { databases } from "../company.js";
import { deleteDraft, listDrafts } from "../db/capture.js";
import { bringDrafts, readRescue } from "../outbox/rescue_drafts.js";
import { unfinishedForms } from "../forms/unfinished.js";
import { t } from "../i18n/index.js";
import { bringUp, focusHeading } from "../ui/focus.js";
import { momentText } from "../ui/format.js";
import { empty, faultBanner, icon, topbar } from "../ui/parts.js";
import { saveFaultText } from "../ui/save_faults.js";
import { offerUndo } from "../ui/undo_toast.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @typedef {import("../forms/unfinished.js").Unfinished} Unfinished */
/** @typedef {{drafts: any[], note: string, error: string, isBusy: boolean}} State note: what came of bringing forms in from a file */

const BRING_FAULTS = ["not_a_rescue_file", "newer_rescue_file", "rescue_of_another"];

/** @param {import("../app.js").App} app */
export async function unfinishedScreen(app) {
  const both = await databases(/** @type {any} */ (app.session).personId);
  const { capture } = both;
  /** @type {State} */
  const state = { drafts: await listDrafts(capture), note: "", error: "", isBusy: false };
  /** Of drafts that are hidden, and deleted once nobody can bring them back: a kill before that leaves them. @type {Set<string>} */
  const dropped = new Set();

  /** @param {string} key of the draft */
  function drop(key) {
    dropped.add(key);
    const undo = () => dropped.delete(key);
    offerUndo({ words: t("undo.unfinished"), isOpen: () => dropped.has(key), undo, end: () => letGo([key]) });
    app.draw();
    focusHeading(); // the button is gone
  }

  /** They stay hidden until the list is without them; what comes in later under the same key is shown. @param {string[]} keys */
  async function letGo(keys) {
    for (const key of keys) await deleteDraft(capture, key);
    state.drafts = await listDrafts(capture);
    for (const key of keys) dropped.delete(key);
  }

  /** @param {File} file that another phone made */
  async function bring(file) {
    if (state.isBusy) return;
    Object.assign(state, { note: "", error: "", isBusy: true });
    app.draw();
    const said = await brought(file).catch((fault) => ({ error: bringFault(fault) }));
    Object.assign(state, said, { drafts: await listDrafts(capture), isBusy: false });
    app.draw();
    bringUp("[data-testid=bring-result]");
  }

  /** @param {File} file @returns {Promise<Partial<State>>} what came of it */
  async function brought(file) {
    const rescued = await readRescue(file, capture.personId);
    const keys = new Set(rescued.drafts.map((/** @type {any} */ one) => one?.key));
    await letGo([...dropped].filter((key) => keys.has(key))); // of a form that was just dropped, the file's is wanted
    const came = await bringDrafts(both, rescued);
    return { note: broughtWords(came), error: came.damaged ? t("bring.damaged", { n: came.damaged }) : "" };
  }

  return { title: () => t("unfinished"), view: () => view(app, state, dropped, { drop, bring }) };
}

/** @param {import("../outbox/rescue_drafts.js").Brought} came @returns {string} */
function broughtWords({ brought, here, saved, damaged }) {
  if (brought + here + saved === 0) return damaged ? "" : t("bring.none");
  const words = [t("bring.done", { n: brought }), here && t("bring.here", { n: here }), saved && t("bring.saved", { n: saved })];
  return words.filter(Boolean).join(t("sentence_gap"));
}

/** @param {any} fault @returns {string} */
function bringFault(fault) {
  return BRING_FAULTS.includes(fault?.code) ? t(`bring.${fault.code}`) : saveFaultText(fault);
}

/** @param {import("../app.js").App} app @param {State} state @param {Set<string>} dropped @param {{drop: (key: string) => void, bring: (file: File) => void}} deeds */
function view({ company }, state, dropped, { drop, bring }) {
  if (!company) return nothing;
  const { drafts } = state;
  const forms = unfinishedForms(drafts, company).filter(({ key }) => !dropped.has(key));
  const cards = forms.map((form) => card(form, company, () => drop(form.key)));
  return html`${topbar(t("unfinished"), { back: "#/me" })}
    <main class="main">${forms.length ? html`<p class="small quiet">${t("unfinished.text")}</p>${cards}` : empty("check", "unfinished.none")}${bringCard(state, bring)}</main>`;
}

/** @param {State} state @param {(file: File) => void} bring */
function bringCard({ note, error, isBusy }, bring) {
  const chosen = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    input.value = "";
    if (file) bring(file);
  };
  return html`<section class="card stack s"><h2>${t("bring")}</h2><p class="small quiet">${t("bring.text")}</p>
    <div aria-live="polite" data-testid="bring-result">${faultBanner(error)}${note ? html`<p>${note}</p>` : nothing}</div>
    <div><label class="button file-label" aria-busy=${isBusy}>${icon("download")}${t("bring.do")}<input class="visually-hidden" type="file" accept=".json,application/json" data-testid="bring-file" @change=${chosen} /></label></div></section>`;
}

/** @param {Unfinished} form @param {import("../company.js").Company} company @param {() => void} drop */
function card({ title, path, outlet, over, savedAt }, company, drop) {
  const goOn = html`<a class="button" href="#${path}" data-testid="unfinished-go-on">${t("unfinished.go_on")}</a>`;
  return html`<section class="card stack s" data-testid="unfinished-form"><div class="stack xs"><h2>${t(title)}</h2>
      ${outlet ? html`<p translate="no">${outlet}</p>` : nothing}<p class="small quiet">${t("unfinished.saved", { when: momentText(byCompanyClock(company, savedAt), company.today) })}</p>${over ? html`<p class="small" data-testid="unfinished-over">${t(over)}</p>` : nothing}</div>
    <div class="wrap">${over ? nothing : goOn}<button class="button quiet" data-testid="unfinished-drop" @click=${drop}>${t("unfinished.drop")}</button></div></section>`;
}
