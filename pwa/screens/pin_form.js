// @ts-check
// Asking for a PIN, and saying what came of it.
import { t } from "../i18n/index.js";
import { PIN_DIGITS } from "../lock.js";
import { bringUp } from "../ui/focus.js";
import { banner } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @typedef {{code: string, left?: number, until?: number}} Fault */

/** @param {string} id @param {string} label a key @param {(event: InputEvent) => void} [onInput] */
export function pinField(id, label, onInput) {
  const told = (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).setCustomValidity(t("lock.digits.do")); // the browser would say it in its own language
  const typed = (/** @type {InputEvent} */ event) => {
    /** @type {HTMLInputElement} */ (event.target).setCustomValidity("");
    onInput?.(event);
  };
  return html`<div class="field"><label for=${id}>${t(label)}</label><div class="input"><input class="pin num" id=${id} name=${id} data-testid=${id} type="password" inputmode="numeric" autocomplete="off" pattern="[0-9]{${PIN_DIGITS}}" title=${t("lock.digits")} required maxlength=${PIN_DIGITS} @invalid=${told} @input=${typed} /></div></div>`;
}

/** @param {number} ms */
function waitWords(ms) {
  return ms <= 60_000 ? t("lock.seconds", { n: Math.ceil(ms / 1000) }) : t("lock.minutes", { n: Math.ceil(ms / 60_000) });
}

/** @param {any} fault */
export function pinFault({ code, left = 0, until = 0 }) {
  if (code === "pin_wrong") return banner("overdue", t("lock.pin_wrong"), t("lock.pin_wrong.do", { n: left }));
  if (code === "pin_wait") return banner("overdue", t("lock.pin_wait"), t("lock.pin_wait.do", { wait: waitWords(until - Date.now()) }));
  const known = ["pin_weak", "pin_differs", "unreachable", "recovery_failed", "lock_set"].includes(code) ? code : "failed";
  return banner("overdue", t(`lock.${known}`), t(`lock.${known}.do`));
}

/**
 * A form that asks for the PIN and opens a lock with it, at the last digit at once.
 * @param {import("../app.js").App} app @param {(pin: string) => Promise<void>} open
 */
export function pinForm(app, open) {
  const state = { busy: false, fault: /** @type {Fault|null} */ (null) };
  const attempt = async (/** @type {HTMLFormElement} */ form) => {
    const pin = String(new FormData(form).get("pin"));
    if (state.busy || pin.length < PIN_DIGITS) return;
    Object.assign(state, { busy: true, fault: null });
    app.draw();
    try {
      await open(pin);
    } catch (fault) {
      state.fault = /** @type {Fault} */ (fault);
      form.reset();
    }
    state.busy = false;
    app.draw();
    bringUp("#pin");
  };
  const submit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    void attempt(/** @type {HTMLFormElement} */ (event.target));
  };
  const type = (/** @type {InputEvent} */ event) => {
    const { form } = /** @type {HTMLInputElement} */ (event.target);
    if (form) void attempt(form);
  };
  return {
    isBusy: () => state.busy,
    view: () =>
      html`<form id="pin-form" class="stack" @submit=${submit}>${pinField("pin", "lock.pin", type)}<div aria-live="polite">${state.fault ? pinFault(state.fault) : nothing}</div></form>`,
  };
}
