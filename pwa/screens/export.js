// @ts-check
// 救援导出: what the company lacks, as a file for an administrator. It needs neither a network nor a sign-in, and takes nothing away.
import { listDrafts, openCapture } from "../db/capture.js";
import { isOpenFor, lockOf } from "../db/seals.js";
import { t } from "../i18n/index.js";
import { knownPerson } from "../left_work.js";
import { openByPin } from "../lock.js";
import { rescueName } from "../outbox/rescue.js";
import { rescueBlob, rescuePlan } from "../outbox/rescue_file.js";
import { businessDate } from "../rules/months.js";
import { noteUnlocked } from "../session.js";
import { bytesText } from "../ui/format.js";
import { bringUp } from "../ui/focus.js";
import { banner, chip, empty, icon, topbar } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { pinForm } from "./pin_form.js";

const RESULT = "[data-testid=export-result]";

/**
 * @typedef {import("../outbox/rescue.js").RescuePart} RescuePart
 * @typedef {{file: File, url: string}} Made
 * @typedef {object} State
 * @property {RescuePart[]} parts
 * @property {number} damaged forms that cannot be read and come into no file; 0 while the person's lock is closed
 * @property {number} place of the part that is next
 * @property {boolean} isMaking
 * @property {boolean} isFailed
 * @property {Made | null} made
 * @property {string} note what came of saving or sharing
 * @property {ReturnType<typeof pinForm> | null} lock asks for the PIN while the person's lock is closed
 */

/** @param {import("../app.js").App} app @param {{personId: string}} params */
export async function exportScreen(app, { personId }) {
  const person = knownPerson(personId);
  const capture = person && (await openCapture(personId));
  /** @type {State} */
  const state = {
    parts: capture ? await rescuePlan(capture) : [],
    damaged: 0,
    place: 0,
    isMaking: false,
    isFailed: false,
    made: null,
    note: "",
    lock: null,
  };
  if (person && !isOpenFor(personId, await lockOf(personId)))
    state.lock = pinForm(app, async (pin) => {
      await openByPin(personId, pin);
      if (capture) state.parts = await rescuePlan(capture);
      if (capture) state.damaged = await damagedForms(capture);
      state.lock = null;
      await noteUnlocked(personId);
    });
  else if (capture) state.damaged = await damagedForms(capture);
  const forget = () => {
    if (state.made) URL.revokeObjectURL(state.made.url);
    state.made = null;
  };

  async function make() {
    if (!capture || !person || state.isMaking) return;
    if (state.made) state.place += 1;
    forget();
    Object.assign(state, { isMaking: true, isFailed: false, note: "" });
    app.draw();
    try {
      const file = await rescueFile(capture, person, state);
      state.made = { file, url: URL.createObjectURL(file) };
    } catch {
      state.isFailed = true; // most often no room for the file; nothing on the phone has changed
    }
    state.isMaking = false;
    app.draw();
    bringUp(RESULT);
  }

  async function share() {
    const { file } = /** @type {Made} */ (state.made);
    state.note = await shared(file);
    app.draw();
    bringUp(RESULT);
  }

  const saved = () => {
    state.note = t("export.saved");
    app.draw();
    bringUp(RESULT);
  };
  return {
    title: () => t("export"),
    view: () => view(app, person, state, { make, share, saved }),
    close: () => {
      forget();
      void capture?.close();
    },
  };
}

/** @param {import("../db/connection.js").Database} capture */
async function damagedForms(capture) {
  const drafts = await listDrafts(capture).catch(() => []); // no count keeps the records in
  return drafts.filter(({ isDamaged }) => isDamaged).length;
}

/** @param {import("../db/connection.js").Database} capture @param {import("../left_work.js").Known} person @param {State} state @returns {Promise<File>} */
async function rescueFile(capture, person, { parts, place }) {
  const now = new Date();
  const head = {
    personId: person.id,
    personName: person.name,
    app: document.documentElement.dataset.build ?? "",
    madeAt: now.toISOString(),
  };
  const blob = await rescueBlob(capture, head, parts[place]);
  const name = rescueName(t("export.file"), person.login, businessDate(now), { place, of: parts.length });
  return new File([blob], name, { type: blob.type });
}

/** Hand the file to another app. @param {File} file @returns {Promise<string>} what came of it */
async function shared(file) {
  try {
    await navigator.share({ files: [file], title: file.name });
    return t("export.shared");
  } catch (fault) {
    return /** @type {any} */ (fault)?.name === "AbortError" ? "" : t("export.not_shared"); // Chromium shares no JSON
  }
}

/** @param {import("../app.js").App} app @param {import("../left_work.js").Known | null} person @param {State} state @param {{make: () => void, share: () => void, saved: () => void}} deeds */
function view(app, person, state, deeds) {
  const isOwn = app.session?.personId === person?.id;
  const back = app.session ? "#/sync" : "#/sign-in";
  if (!person || state.parts.length === 0)
    return html`${topbar(t("export"), { back })}<main class="main">${empty("check", "export.none")}${isOwn ? bringLink() : nothing}</main>`;
  if (state.lock) return closed(state, state.lock, back, isOwn ? "" : person.name);
  return html`${topbar(t("export"), { back })}
    <main class="main">
      ${summary(state, isOwn ? "" : person.name)}
      <div class="card flush rows discs">
        ${fact("mobile", "export.copy")} ${fact("image", "export.inside")} ${fact("person", "export.who")}
      </div>
      <div aria-live="polite" data-testid="export-result">${result(state)}</div>
      ${isOwn ? bringLink() : nothing}
    </main>
    <footer class="bottom"><div class="actions">${actions(state, deeds)}</div></footer>`;
}

/** What is sealed comes into a file only with its owner's PIN. @param {State} state @param {NonNullable<State["lock"]>} lock @param {string} back @param {string} whose */
function closed(state, lock, back, whose) {
  return html`${topbar(t("export"), { back })}<main class="main">${summary(state, whose)}${banner("waiting", t("export.closed"), t("export.closed.text"))}${lock.view()}</main>
    <footer class="bottom"><div class="actions"><button class="button primary wide" form="pin-form" data-testid="unlock" aria-busy=${lock.isBusy()}>${t(lock.isBusy() ? "lock.opening" : "lock.open")}</button></div></footer>`;
}

/** @param {State} state @param {string} whose "" for the person who is signed in */
function summary({ parts, damaged }, whose) {
  const records = parts.reduce((sum, part) => sum + part.ops.length, 0);
  const files = parts.reduce((sum, part) => sum + part.hashes.length, 0);
  const drafts = parts.reduce((sum, part) => sum + part.drafts.length, 0);
  const draftWords = t("export.drafts", { n: drafts });
  const size = parts.reduce((sum, part) => sum + part.bytes, 0);
  return html`<div class="card stack s" data-testid="export-summary"><p>${chip("waiting", records || !drafts ? t("export.counts", { n: records, m: files }) : draftWords)}</p>
    ${records && drafts ? html`<p class="small">${draftWords}</p>` : nothing}
    ${damaged ? html`<p class="small">${t("export.damaged", { n: damaged })}</p>` : nothing}
    ${whose ? html`<p>${t("export.whose")}<b translate="no">${whose}</b></p>` : nothing}
    <p class="small quiet">${t("export.size", { size: bytesText(size) })}${parts.length > 1 ? t("sentence_gap") + t("export.several", { n: parts.length }) : ""}</p>
    <p class="small quiet">${t("export.when")}</p></div>`;
}

/** The way back for what another phone gave away. */
function bringLink() {
  return html`<a class="card row" href="#/unfinished" data-testid="bring"><span class="disc">${icon("mobile")}</span><span class="body"><span class="name">${t("bring")}</span><span class="small quiet">${t("export.bring")}</span></span><span class="faint">${icon("next", "s")}</span></a>`;
}

/** @param {string} picture @param {string} key */
function fact(picture, key) {
  return html`<div class="row top"><span class="disc">${icon(picture)}</span><span class="body"><span class="name">${t(key)}</span><span class="small quiet">${t(`${key}.text`)}</span></span></div>`;
}

/** @param {State} state */
function result({ made, isFailed, note }) {
  if (isFailed) return banner("overdue", t("export.failed"), t("export.failed.text"));
  if (!made) return nothing;
  const name = html`<span translate="no">${made.file.name}</span> · <span class="num">${bytesText(made.file.size)}</span>`;
  return banner("done", t("export.made"), note ? html`${name}<br />${note}` : name);
}

/** @param {State} state @param {{make: () => void, share: () => void, saved: () => void}} deeds */
function actions({ parts, place, made, isMaking, note }, { make, share, saved }) {
  const words = parts.length > 1 ? t("export.make.next", { n: place + (made ? 2 : 1) }) : t("export.make");
  const maker = html`<button class="button ${made ? "" : "primary wide"}" data-testid="export-make" aria-busy=${isMaking} @click=${make}>${isMaking ? t("export.making") : words}</button>`;
  if (!made) return maker;
  const canShare = navigator.canShare?.({ files: [made.file] }) === true;
  return html`${note && place + 1 < parts.length ? maker : nothing}
    ${canShare ? html`<button class="button" data-testid="export-share" @click=${share}>${icon("send")}${t("export.share")}</button>` : nothing}
    <a class="button primary" data-testid="export-save" href=${made.url} download=${made.file.name} @click=${saved}>${icon("download")}${t("export.save")}</a>`;
}
