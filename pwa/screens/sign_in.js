// @ts-check
// Signing a phone in: by the supervisor's code (scanned, or pasted as a link), or by login and password.
import { t } from "../i18n/index.js";
import { go, replace } from "../router.js";
import { leftWork } from "../left_work.js";
import { businessDate } from "../rules/months.js";
import { redeem, signIn } from "../session.js";
import { dayText } from "../ui/format.js";
import { banner, icon, topbar } from "../ui/parts.js";
import { installWay } from "../ui/install.js";
import { markHead } from "../ui/mark.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

const KNOWN_FAULTS = new Set(["sign_in_failed", "code_used", "code_expired", "too_many_requests", "unreachable", "recovery_failed"]);

/** @param {string} code of a problem */
function refusedBanner(code) {
  const known = KNOWN_FAULTS.has(code) ? code : "unreachable";
  return banner("overdue", t(`sign_in.${known}`), t(`sign_in.${known}.do`));
}

/** The code in a sign-in link, or the text itself when it is one. @param {string} text @returns {string} */
export function codeIn(text) {
  return /#\/link\/([^/?\s]+)/.exec(text)?.[1] ?? (/^[\w-]{20,}$/.test(text.trim()) ? text.trim() : "");
}

/** Whose work waits on this phone. @param {import("../left_work.js").LeftWork[]} left */
function leftBanners(left) {
  return left.map(({ id, name, count, drafts, savedAt }) => {
    const since = t(count ? "left.since" : "left.drafts.since", { date: dayText(businessDate(savedAt)) });
    const beside = count && drafts ? t("sentence_gap") + t("sign_out.drafts", { n: drafts }) : "";
    const text = html`${t("left.by")}<span translate="no">${name}</span>${since}${beside}`;
    const what = count ? t("left.name", { n: count }) : t("left.drafts", { n: drafts });
    return html`<div data-testid="left-work">${banner("waiting", what, text, html`<a class="button" href="#/export/${id}" data-testid="export">${t("export")}</a>`)}</div>`;
  });
}

/** The camera and its reader are fetched when they are asked for. @returns {Promise<{text?: string, problem?: string}>} */
async function scanLink() {
  const scanner = await import("../ui/scanner.js").catch(() => null);
  return scanner ? scanner.scanCode(t("scan.title")) : { problem: "sign_in.unreachable" };
}

/** @param {import("../app.js").App} app */
export async function signInScreen(app) {
  const left = await leftWork().catch(() => []);
  let note = "";
  let isScanning = false;
  const scan = async () => {
    if (isScanning) return; // the camera may be on its way
    isScanning = true;
    app.draw();
    const found = await scanLink().finally(() => {
      isScanning = false;
    });
    const code = found.text ? codeIn(found.text) : "";
    if (code) return go(`/link/${code}`);
    note = found.problem ?? "scan.other";
    app.draw();
  };
  return {
    title: () => t("sign_in.title"),
    view: () => html`<header class="hero tall">
        ${markHead(app)}
        <div class="stack xs"><h1 tabindex="-1">${t("app")}</h1><p class="quiet">${t("app.promise")}</p></div>
      </header>
      <main class="main">
        ${installWay() === "in_app" ? banner("due", t("sign_in.in_app"), t("sign_in.in_app.do")) : nothing}
        <div class="stack"><h2>${t("sign_in.first")}</h2><p class="quiet small">${t("sign_in.once")}</p></div>
        <div class="card flush rows discs">
          ${way("#/sign-in/link", "link", t("sign_in.link"), t("sign_in.link.why"))} ${way("#/sign-in/password", "key", t("sign_in.password"), t("sign_in.password.why"))}
        </div>
        ${note ? banner("due", t(note), t(`${note}.do`), html`<a class="button" href="#/sign-in/link">${t("sign_in.link")}</a>`) : nothing}
        ${leftBanners(left)}
      </main>
      <footer class="bottom"><div class="actions">
        <p class="note tiny faint center">${consent()}</p>
        <button class="button primary wide" aria-busy=${isScanning} @click=${scan}>${icon("qr")}${t("sign_in.scan")}</button>
      </div></footer>`,
  };
}

/** Whoever signs in accepts the notice: it is said and linked beside every button that does it. */
function consent() {
  return html`${t("sign_in.consent")}<a class="inline-link" href="#/privacy" data-testid="consent">${t("sign_in.consent.notice")}</a>`;
}

/** @param {string} href @param {string} picture @param {string} name @param {string} why */
function way(href, picture, name, why) {
  return html`<a class="row" href=${href}><span class="disc">${icon(picture)}</span
    ><span class="body"><span class="name">${name}</span><span class="small quiet">${why}</span></span><span class="faint">${icon("next", "s")}</span></a>`;
}

/**
 * Run a sign-in, and say what went wrong. @param {import("../app.js").App} app @param {() => Promise<{isReopened: boolean}>} attempt
 * @param {{busy: boolean, fault: string}} state
 */
async function attemptSignIn(app, attempt, state) {
  if (state.busy) return;
  Object.assign(state, { busy: true, fault: "" });
  app.draw();
  try {
    const { isReopened } = await attempt();
    replace(isReopened ? "/lock/new" : "/today"); // whoever knew their PIN would not have signed in again
  } catch (fault) {
    state.fault = /** @type {any} */ (fault)?.code ?? "unreachable";
  }
  state.busy = false;
  app.draw();
}

/** @param {import("../app.js").App} app */
export async function signInPasswordScreen(app) {
  const left = await leftWork().catch(() => []);
  const state = { busy: false, fault: "", missing: "", isShown: false };
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const [login, password] = [String(form.get("login")).trim(), String(form.get("password"))];
    state.missing = login ? (password ? "" : "password") : "login";
    if (!state.missing) return void attemptSignIn(app, () => signIn(login, password), state);
    state.fault = "";
    app.draw();
    document.getElementById(state.missing)?.focus();
  };
  const isWrong = (/** @type {string} */ field) => (state.missing === field ? "true" : nothing);
  const missing = (/** @type {string} */ field) =>
    state.missing === field
      ? html`<span class="error" id="bad-${field}">${icon("warn", "s")}${t(`sign_in.missing.${field}`)}</span>`
      : nothing;
  const show = () => {
    state.isShown = !state.isShown;
    app.draw();
  };
  return {
    title: () => t("sign_in.password"),
    view: () => html`${topbar(t("sign_in.password"), { back: "#/sign-in" })}
      <main class="main">${app.locked ? banner("waiting", t("lock.by_sign_in"), t("lock.by_sign_in.text")) : nothing}<form id="sign-in" class="stack" novalidate @submit=${submit}>
        <div class="field"><label for="login">${t("login")}</label><div class="input"><input id="login" name="login" data-testid="sign-in-login" autocomplete="username" autocapitalize="none" required maxlength="40" aria-invalid=${isWrong("login")} aria-describedby="bad-login" value=${app.locked?.login ?? nothing} /></div>${missing("login")}</div>
        <div class="field"><label for="password">${t("password")}</label><div class="input">
          <input id="password" name="password" data-testid="sign-in-password" type=${state.isShown ? "text" : "password"} autocomplete="current-password" required maxlength="200" aria-invalid=${isWrong("password")} aria-describedby="bad-password" />
          <button type="button" class="end" @click=${show}>${state.isShown ? t("password.hide") : t("password.show")}</button></div>${missing("password")}</div>
        ${state.fault ? refusedBanner(state.fault) : nothing} ${leftBanners(left)}
      </form></main>
      <footer class="bottom"><div class="actions"><p class="note tiny faint center">${consent()}</p>
        <button class="button primary wide" form="sign-in" data-testid="sign-in-submit" aria-busy=${state.busy}>${state.busy ? t("sign_in.busy") : t("sign_in.do")}</button></div></footer>`,
  };
}

/** @param {import("../app.js").App} app */
export function signInLinkScreen(app) {
  const state = { text: "", isWrong: false };
  const paste = async () => {
    state.text = (await navigator.clipboard.readText().catch(() => "")) || state.text;
    state.isWrong = false;
    app.draw();
  };
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const code = codeIn(String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("link")));
    if (code) return go(`/link/${code}`);
    state.isWrong = true;
    app.draw();
  };
  return {
    title: () => t("sign_in.link"),
    view: () => html`${topbar(t("sign_in.link"), { back: "#/sign-in" })}
      <main class="main"><form id="paste" class="stack" novalidate @submit=${submit}>
        <div class="field"><label for="link">${t("sign_in.link.label")}</label><div class="input area"><textarea id="link" name="link" required rows="3" autocapitalize="none" aria-describedby="link-fault" .value=${state.text}></textarea></div>
        ${state.isWrong ? html`<p class="error" id="link-fault">${t("sign_in.link.wrong")}</p>` : nothing}</div>
        ${"readText" in (navigator.clipboard ?? {}) ? html`<button type="button" class="button wide" @click=${paste}>${icon("link")}${t("sign_in.link.paste")}</button>` : nothing}
        <p class="small quiet">${t("sign_in.once")}</p>
      </form></main>
      <footer class="bottom"><div class="actions"><button class="button primary wide" form="paste">${t("next")}</button></div></footer>`,
  };
}

/** @param {import("../app.js").App} app @param {{code: string}} params */
export function signInCodeScreen(app, { code }) {
  const state = { busy: false, fault: "" };
  const confirm = () => attemptSignIn(app, () => redeem(code), state);
  return {
    title: () => t("sign_in.code"),
    view: () => html`${topbar(t("sign_in.code"), { back: "#/sign-in" })}
      <main class="main state-page"><span class="emblem" data-state="done">${icon("phone-check")}</span>
        <div class="stack s"><h2>${t("sign_in.code.ask")}</h2><p class="quiet">${t("sign_in.code.once")}</p></div>
        ${state.fault ? refusedBanner(state.fault) : nothing}</main>
      <footer class="bottom"><div class="actions"><p class="note tiny faint center">${consent()}</p>
        <button class="button primary wide" @click=${confirm} aria-busy=${state.busy}>${state.busy ? t("sign_in.busy") : t("sign_in.code.do")}</button></div></footer>`,
  };
}
