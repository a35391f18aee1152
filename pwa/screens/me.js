// @ts-check
// 我的: the person, this phone, language and theme, what is recorded, signing out.
import { databases } from "../company.js";
import { listDrafts } from "../db/capture.js";
import { isUnfinished } from "../forms/begun.js";
import { language, setLanguage, t } from "../i18n/index.js";
import { lockOf } from "../db/seals.js";
import { signOut } from "../session.js";
import { bringUp } from "../ui/focus.js";
import { bytesText, momentText } from "../ui/format.js";
import { banner, icon, tabs, topbar } from "../ui/parts.js";
import { syncChip, syncState } from "../ui/sync_chip.js";
import { askToInstall, installWay } from "../ui/install.js";
import { setTheme, THEMES, theme } from "../ui/theme.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { unfinishedLink } from "./unfinished_link.js";

/** @typedef {{unsent: number, drafts: number, isLeaving: boolean}} Leaving what stays on the phone, and whether the person is on the way out */

/** @param {import("../app.js").App} app */
export async function meScreen(app) {
  const lock = app.session && (await lockOf(app.session.personId));
  const state = {
    unsent: 0,
    drafts: app.session ? await draftCount(app.session.personId) : 0,
    isLockOn: lock?.key === null,
    isLeaving: false,
  };
  return { title: () => t("tab.me"), view: () => view(app, state) };
}

/** @param {string} personId */
async function draftCount(personId) {
  const drafts = await listDrafts((await databases(personId)).capture);
  return drafts.filter(isUnfinished).length;
}

/** @param {import("../app.js").App} app @param {Leaving & {isLockOn: boolean}} state */
function view(app, state) {
  const person = app.company?.person ?? app.session?.person;
  const status = app.engine?.status();
  return html`${topbar(t("tab.me"), { end: syncChip(app) })}
    <main class="main">
      <div class="card row"><span class="disc">${icon("person")}</span><span class="body"><span class="name" translate="no">${person?.name}</span><span class="small quiet">${t("me.login")} <span translate="no">${person?.login}</span> · ${(person?.roles ?? []).map((/** @type {string} */ role) => t(`me.role.${role}`)).join(t("comma"))}</span></span></div>
      <div class="card flush rows discs">
        ${sendingRow(app)} ${state.drafts ? unfinishedLink(state.drafts) : nothing}
        <a class="row" href="#/privacy"><span class="disc">${icon("lock")}</span><span class="body"><span class="name">${t("privacy")}</span><span class="small quiet">${t("privacy.short")}</span></span><span class="faint">${icon("next", "s")}</span></a>
        <a class="row" href="#/lock" data-testid="lock"><span class="disc">${icon("key")}</span><span class="body"><span class="name">${t("lock")}</span><span class="small quiet">${t(state.isLockOn ? "lock.is_on" : "lock.is_off")}</span></span><span class="faint">${icon("next", "s")}</span></a>
      </div>
      ${choices(
        app,
        "me.language",
        ["zh", "en"],
        language(),
        (one) => setLanguage(/** @type {any} */ (one)),
        (one) => ({ zh: "中文", en: "English" })[one] ?? one,
      )}
      ${choices(app, "me.theme", [...THEMES], theme(), setTheme, (one) => t(`theme.${one}`))}
      ${phone(app)} ${phones(app)} ${install(app)} ${leaving(app, state)}
    </main>
    <footer class="bottom">${tabs("me", status?.unsent ?? 0)}</footer>`;
}

/** @param {import("../app.js").App} app */
export function sendingRow(app) {
  return html`<a class="row" href="#/sync"><span class="disc">${icon("sync")}</span><span class="body"><span class="name">${t("sync")}</span><span class="small quiet">${syncState(app).words}</span></span><span class="faint">${icon("next", "s")}</span></a>`;
}

/** @param {import("../app.js").App} app @param {string} key @param {string[]} all @param {string} chosen @param {(one: string) => void | Promise<void>} set @param {(one: string) => string} words */
function choices(app, key, all, chosen, set, words) {
  const take = async (/** @type {string} */ one) => {
    await set(one);
    app.draw();
  };
  return html`<section class="section"><h2 id=${key}>${t(key)}</h2><div class="choices ${all.length > 3 ? "four" : ""}" role="radiogroup" aria-labelledby=${key}>
    ${all.map((one) => html`<button class="choice" role="radio" aria-checked=${one === chosen} @click=${() => take(one)} translate=${key === "me.language" ? "no" : nothing} data-testid="${key}-${one}">${words(one)}</button>`)}</div></section>`;
}

/** @param {import("../app.js").App} app */
function phone(app) {
  const status = app.engine?.status();
  const storage = status?.storage;
  const free = storage?.quota ? bytesText(storage.quota - (storage.usage ?? 0)) : t("me.unknown");
  const { build } = document.documentElement.dataset;
  const kept = storage?.persisted === true ? t("me.kept.yes") : storage?.persisted === false ? t("me.kept.no") : t("me.unknown");
  return html`<section class="section"><h2>${t("me.phone")}</h2><div class="card tight"><dl class="kv">
    <div><dt>${t("me.free")}</dt><dd class="num">${free}</dd></div><div><dt>${t("me.kept")}</dt><dd>${kept}</dd></div>
    <div><dt>${t("me.device")}</dt><dd class="num" translate="no">${app.session?.deviceId.slice(-8) ?? "—"}</dd></div>
    ${build ? html`<div><dt>${t("me.build")}</dt><dd class="num" translate="no">${build}</dd></div>` : nothing}
    <div><dt>${t("me.synced")}</dt><dd class="num">${status?.lastSyncedAt && app.company ? momentText(status.lastSyncedAt, app.company.today) : "—"}</dd></div>
  </dl></div></section>`;
}

/** Where else the person is signed in, so that nobody is under their name unseen. @param {import("../app.js").App} app */
export function phones(app) {
  const { person, today } = app.company ?? {};
  if (!person?.phones?.length) return nothing;
  const row = (/** @type {import("../own_phones.js").Phone} */ { id, label, since, code_by }) => html`<div class="row"><span class="body">
    <span class="name" translate="no">${label}</span><span class="small quiet">${t("phones.since", { when: momentText(since, /** @type {string} */ (today)) })}${code_by ? html` · ${t("phones.code_by")}<span translate="no">${code_by}</span>` : nothing}</span></span>
    ${id === app.session?.deviceId ? html`<span class="small">${t("phones.this")}</span>` : nothing}</div>`;
  return html`<section class="section" data-testid="phones"><h2>${t("phones")}</h2><div class="card flush rows">${person.phones.map(row)}</div><p class="small quiet">${t("phones.unknown")}</p></section>`;
}

/** @param {import("../app.js").App} app */
function install(app) {
  const way = installWay();
  if (way === "installed") return nothing;
  const ask = () => void askToInstall().finally(app.draw);
  return html`<section class="section"><h2>${t("install")}</h2><div class="card stack s" data-testid="install"><p class="small">${t(`install.${way}`)}</p>
    ${way === "prompt" ? html`<button class="button wide" data-testid="install-ask" @click=${ask}>${icon("download")}${t("install.do")}</button>` : nothing}</div></section>`;
}

/** @param {import("../app.js").App} app @param {Leaving} state */
export function leaving(app, state) {
  const leave = async (/** @type {boolean} */ keepUnsent) => {
    if (state.isLeaving) return;
    state.isLeaving = true;
    app.draw();
    try {
      await signOut({ keepUnsent });
      location.hash = "#/sign-in";
    } catch (fault) {
      state.unsent = /** @type {any} */ (fault).count ?? 0;
    }
    state.isLeaving = false;
    app.draw();
    if (state.unsent) bringUp("[data-testid=sign-out-unsent]");
  };
  const words = (/** @type {string} */ key) => t(state.isLeaving ? "sign_out.under_way" : key);
  const actions = html`<a class="button" href="#/sync">${t("sign_out.send")}</a><a class="button" href="#/export/${app.session?.personId}" data-testid="export">${t("export")}</a><button class="button" data-testid="sign-out-keeping" aria-busy=${state.isLeaving} @click=${() => leave(true)}>${words("sign_out.keep")}</button>`;
  return state.unsent
    ? html`<div data-testid="sign-out-unsent" tabindex="-1">${banner(
        "due",
        t("sign_out.unsent", { n: state.unsent }),
        html`${t("sign_out.unsent.text")}${state.drafts ? html`<br /><a class="inline-link" href="#/unfinished">${t("sign_out.drafts", { n: state.drafts })}</a>` : nothing}`,
        actions,
      )}</div>`
    : html`<button class="button wide" data-testid="sign-out" aria-busy=${state.isLeaving} @click=${() => leave(false)}>${words("sign_out")}</button>`;
}
