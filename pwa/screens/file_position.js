// @ts-check
// The position of an outlet, taken from the phone while one stands there: the best fix of the place where it was last.
import { byCompanyClock } from "../business_day.js";
import { watchFix } from "../capture/position.js";
import { t } from "../i18n/index.js";
import { distanceM } from "../rules/geo.js";
import { momentText } from "../ui/format.js";
import { banner, icon } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @typedef {{isOn: () => boolean, view: (policy: import("../rules/policy.js").Policy) => unknown, settle: () => void, close: () => void}} PositionTaker settle: look where nothing is kept, and nowhere else */
/** @typedef {{lat: number, lon: number, accuracy_m: number | null, taken_at?: string}} Kept without `taken_at` in drafts of before */
/** @typedef {{problem: string, stop: (() => void) | null, own: Kept | null}} State own: what this look kept */

/**
 * A position that the draft came with stays until it is asked for anew: the phone may be elsewhere by now. For the same reason a draft that
 * came with something in it looks for none by itself, nor does a form after the page was hidden.
 * @param {import("../app.js").App} app
 * @param {{read: () => any, keep: (position: Kept) => Promise<void>, isOn: () => boolean, turn: (isOn: boolean) => void, off: string, isBegun: boolean}} place what the draft says; `off` is the key of what holds without it, `isBegun` whether anything was in it when it was opened
 * @returns {PositionTaker}
 */
export function positionTaker(app, place) {
  /** @type {State} */
  const state = { problem: "", stop: null, own: null };

  /** @param {import("../capture/position.js").Fix} fix */
  function take({ lat, lon, accuracy_m, taken_at }) {
    app.here = { lat, lon };
    state.problem = "";
    const fix = { lat, lon, accuracy_m, taken_at };
    if (state.own && place.read() === state.own && !isBetter(fix, state.own, mostM(app))) return app.draw();
    state.own = fix;
    void place.keep(fix);
  }

  function watch() {
    close();
    state.own = null;
    addEventListener("visibilitychange", stopHidden);
    state.stop = watchFix("outlet", take, ({ code }) => {
      if (!state.own) state.problem = code;
      app.draw();
    });
    app.draw();
  }

  function stopHidden() {
    if (document.visibilityState !== "hidden") return;
    close();
    app.draw();
  }

  function close() {
    removeEventListener("visibilitychange", stopHidden);
    state.stop?.();
    Object.assign(state, { problem: "", stop: null });
  }

  function settle() {
    if (place.isOn() && !place.read()) watch();
    else close();
  }

  function turn() {
    place.turn(!place.isOn());
    settle();
  }

  if (!place.isBegun) queueMicrotask(settle);
  return { isOn: place.isOn, close, settle, view: (policy) => view(app, place, state, turn, watch, policy) };
}

/** How rough a position may be. @param {import("../app.js").App} app */
function mostM({ company }) {
  return Number(company?.policyOf(company.today)["visit.position_accuracy_max_m"]);
}

/**
 * The more accurate fix is better; so is one of another place that is good enough. A fix errs by more than its accuracy one time in three,
 * so that only what is twice as far as both is of another place.
 * @param {Kept} fix @param {Kept} known @param {number} most m
 */
function isBetter(fix, known, most) {
  const [error, knownError] = [fix.accuracy_m ?? Infinity, known.accuracy_m ?? Infinity];
  if (error < knownError) return true;
  return error <= most && distanceM(fix.lat, fix.lon, known.lat, known.lon) > 2 * (error + knownError);
}

/** @param {import("../app.js").App} app @param {any} place @param {State} state @param {() => void} turn @param {() => void} again @param {import("../rules/policy.js").Policy} policy */
function view(app, place, state, turn, again, policy) {
  const isOn = place.isOn();
  const position = place.read();
  const isLooking = state.stop !== null && !state.own && !state.problem;
  const isOfBefore = isOn && position && !(state.stop && position === state.own);
  const isIdle = isOn && !state.stop;
  return html`<div class="card row">
      <span class="lead">${icon("pin")}</span><span class="body"><span class="name" id="use-position">${t("place.use")}</span><span class="small quiet" role="status" data-testid="place-state">${isLooking ? t("place.looking") : words(place, isIdle, policy)}</span>${isOfBefore && position.taken_at ? html`<span class="small quiet" data-testid="place-since">${since(app, position.taken_at)}</span>` : nothing}</span>
      <button role="switch" aria-checked=${isOn} aria-labelledby="use-position" data-testid="use-position" @click=${turn}><span class="switch"></span></button></div>
    ${isIdle ? html`<button class="button" data-testid="place-again" @click=${again}>${t("place.again")}</button>` : nothing}
    ${isOn && state.problem ? banner("due", t(`position.${state.problem}`), t(position ? "place.kept" : state.problem === "position_denied" ? "place.denied" : "place.no_fix"), html`<button class="button" @click=${again}>${t("position.again")}</button>`) : nothing}`;
}

/** When a position of before was taken. @param {import("../app.js").App} app @param {string} taken_at */
function since({ company }, taken_at) {
  return t("place.since", { when: momentText(byCompanyClock(company, taken_at), company?.today ?? "") });
}

/** @param {any} place @param {boolean} isIdle @param {import("../rules/policy.js").Policy} policy @returns {string} */
function words(place, isIdle, policy) {
  const position = place.read();
  if (!place.isOn()) return t(place.off);
  if (!position) return t(isIdle ? "place.none" : "place.looking");
  if (position.accuracy_m === null) return t("place.unknown_accuracy");
  const n = Math.round(position.accuracy_m);
  return t(n <= Number(policy["visit.position_accuracy_max_m"]) ? "place.taken" : "place.rough", { n });
}
