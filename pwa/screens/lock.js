// @ts-check
// 密码锁: set, changed, taken off, and after how long it closes by itself.
import { coded } from "../db/problems.js";
import { lockOf } from "../db/seals.js";
import { t } from "../i18n/index.js";
import { changePin, IDLE_MINUTES, isWeak, removeLock, replacePin, setIdleMinutes, setLock } from "../lock.js";
import { replace } from "../router.js";
import { bringUp } from "../ui/focus.js";
import { keepLocking, lockNow } from "../ui/idle_lock.js";
import { banner, icon, topbar } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { pinFault, pinField } from "./pin_form.js";

const DEFAULT_MINUTES = 5;

/**
 * @typedef {import("./pin_form.js").Fault} Fault
 * @typedef {{lock: import("../db/seals.js").Lock|null, minutes: number, busy: "" | "set" | "change" | "off", faultOf: string, fault: Fault|null, done: string}} State
 */

/** @param {import("../app.js").App} app */
export async function lockScreen(app) {
  const personId = app.session?.personId ?? "";
  const lock = await lockOf(personId);
  /** @type {State} */
  const state = { lock, minutes: lock?.minutes ?? DEFAULT_MINUTES, busy: "", faultOf: "", fault: null, done: "" };
  const read = async (/** @type {string} */ done) => Object.assign(state, { lock: await lockOf(personId), done });
  const set = act(app, state, "set", async (values) => {
    await setLock({ personId, token: app.session?.token ?? "" }, chosenPin(values), state.minutes);
    if ("caches" in globalThis) await (await import("../spare.js")).copyNow();
    history.replaceState(null, "", "#/lock?set");
    lockNow(); // opened once with the new PIN, so that it is known to be right
  });
  const change = act(app, state, "change", async (values) => {
    await changePin(personId, values.old, chosenPin(values));
    await read("lock.changed");
  });
  const off = act(app, state, "off", async (values) => {
    await removeLock(personId, values.off);
    await keepLocking(personId);
    await read("lock.taken_off");
  });
  const wait = async (/** @type {number} */ minutes) => {
    state.minutes = minutes;
    if (state.lock && !state.lock.key) await setIdleMinutes(personId, minutes);
    await keepLocking(personId);
    app.draw();
  };
  return {
    title: () => t("lock"),
    view: () => (state.lock && !state.lock.key ? whenOn(state, { change, off, wait }) : whenOff(state, { set, wait })),
  };
}

/** For whoever has opened the lock by signing in. @param {import("../app.js").App} app */
export function newPinScreen(app) {
  /** @type {State} */
  const state = { lock: null, minutes: 0, busy: "", faultOf: "", fault: null, done: "" };
  const set = act(app, state, "set", async (values) => {
    await replacePin({ personId: app.session?.personId ?? "", token: app.session?.token ?? "" }, chosenPin(values));
    replace("/today");
  });
  return {
    title: () => t("lock.new"),
    view: () => html`${topbar(t("lock.new"))}<main class="main">${banner("done", t("lock.reopened"), t("lock.reopened.text"))}${newPinForm(state, set)}</main>
      <footer class="bottom"><div class="actions"><a class="button" href="#/today" data-testid="pin-stays">${t("lock.new.later")}</a>${submitButton(state, "set", "lock.new.do")}</div></footer>`,
  };
}

/**
 * A form's deed: what went wrong is said at that form.
 * @param {import("../app.js").App} app @param {State} state @param {"set" | "change" | "off"} name @param {(values: Record<string, string>) => Promise<unknown>} work
 */
function act(app, state, name, work) {
  return async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (state.busy) return;
    const form = /** @type {HTMLFormElement} */ (event.target);
    Object.assign(state, { busy: name, fault: null, done: "" });
    app.draw();
    try {
      await work(/** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form))));
      form.reset();
    } catch (fault) {
      Object.assign(state, { fault, faultOf: name });
    }
    state.busy = "";
    app.draw();
    bringUp("[data-testid=lock-result]");
  };
}

/** @param {Record<string, string>} values @returns {string} */
function chosenPin({ pin, again }) {
  if (pin !== again) throw coded("pin_differs");
  if (isWeak(pin)) throw coded("pin_weak");
  return pin;
}

/** @param {State} state @param {{set: (event: SubmitEvent) => void, wait: (minutes: number) => void}} deeds */
function whenOff(state, { set, wait }) {
  const points = [
    ["lock", "lock.why"],
    ["cloud", "lock.needs_network"],
    ["key", "lock.if_forgotten"],
  ];
  return html`${topbar(t("lock"), { back: "#/me" })}
    <main class="main">${result(state)}
      <div class="card flush rows discs">${points.map(([picture, key]) => html`<div class="row top"><span class="disc">${icon(picture)}</span><span class="body"><span class="name">${t(key)}</span><span class="small quiet">${t(`${key}.text`)}</span></span></div>`)}</div>
      ${newPinForm(state, set)} ${idleChoices(state, wait)}</main>
    <footer class="bottom"><div class="actions">${submitButton(state, "set", "lock.set")}</div></footer>`;
}

/** @param {State} state @param {{change: (event: SubmitEvent) => void, off: (event: SubmitEvent) => void, wait: (minutes: number) => void}} deeds */
function whenOn(state, { change, off, wait }) {
  return html`${topbar(t("lock"), { back: "#/me" })}
    <main class="main">${result(state)}
      ${banner("done", t("lock.is_on"), t("lock.is_on.text"), html`<button class="button" data-testid="lock-now" @click=${lockNow}>${icon("lock")}${t("lock.now")}</button>`)}
      ${idleChoices(state, wait)}
      <section class="section"><h2>${t("lock.change")}</h2><form class="card stack" @submit=${change}>
        ${pinField("old", "lock.old")} ${pinField("pin", "lock.pin.new")} ${pinField("again", "lock.pin.again")} ${faultOf(state, "change")}
        <button class="button wide" data-testid="pin-change" aria-busy=${state.busy === "change"}>${t("lock.change")}</button></form></section>
      <section class="section"><h2>${t("lock.off")}</h2><form class="card stack" @submit=${off}><p class="small quiet">${t("lock.off.text")}</p>
        ${pinField("off", "lock.pin.present")} ${faultOf(state, "off")}
        <button class="button wide" data-testid="lock-off" aria-busy=${state.busy === "off"}>${t("lock.off")}</button></form></section></main>`;
}

/** @param {State} state @param {(event: SubmitEvent) => void} set */
function newPinForm(state, set) {
  return html`<form id="new-pin" class="stack" @submit=${set}>${pinField("pin", "lock.pin.new")} ${pinField("again", "lock.pin.again")} ${faultOf(state, "set")}</form>`;
}

/** @param {State} state @param {"set"} name @param {string} words */
function submitButton(state, name, words) {
  return html`<button class="button primary wide" form="new-pin" data-testid="pin-set" aria-busy=${state.busy === name}>${t(state.busy === name ? "lock.setting" : words)}</button>`;
}

/** @param {State} state @param {(minutes: number) => void} wait */
function idleChoices({ minutes }, wait) {
  return html`<section class="section"><h2 id="idle">${t("lock.idle")}</h2><div class="choices four" role="radiogroup" aria-labelledby="idle">
    ${IDLE_MINUTES.map((one) => html`<button type="button" class="choice" role="radio" aria-checked=${one === minutes} data-testid="idle-${one}" @click=${() => wait(one)}><span class="num">${one}</span></button>`)}</div></section>`;
}

/** @param {State} state @param {string} name */
function faultOf({ fault, faultOf: place }, name) {
  return fault && place === name ? html`<div data-testid="lock-result" tabindex="-1">${pinFault(fault)}</div>` : nothing;
}

/** @param {State} state */
function result({ done }) {
  return done ? html`<div data-testid="lock-result" tabindex="-1">${banner("done", t(done), "")}</div>` : nothing;
}
