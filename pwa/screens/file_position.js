// @ts-check
// The position of an outlet, taken from the phone while one stands there: the best fix of those that came.
import { watchFix } from "../capture/position.js";
import { t } from "../i18n/index.js";
import { banner, icon } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @typedef {{isOn: () => boolean, view: (policy: import("../rules/policy.js").Policy) => unknown, close: () => void}} PositionTaker */

/**
 * @param {import("../app.js").App} app
 * @param {{read: () => any, keep: (position: any) => Promise<void>, isOn: () => boolean, turn: (isOn: boolean) => void, off: string}} place what the draft says; `off` is the key of what holds without it
 * @returns {PositionTaker}
 */
export function positionTaker(app, place) {
  /** @type {{problem: string, stop: (() => void) | null}} */
  const state = { problem: "", stop: null };

  /** @param {import("../capture/position.js").Fix} fix */
  function take(fix) {
    app.here = { lat: fix.lat, lon: fix.lon };
    state.problem = "";
    const known = place.read();
    if (known && (known.accuracy_m ?? Infinity) <= (fix.accuracy_m ?? Infinity)) return app.draw();
    void place.keep({ lat: fix.lat, lon: fix.lon, accuracy_m: fix.accuracy_m });
  }

  function watch() {
    state.problem = "";
    state.stop?.();
    state.stop = watchFix("outlet", take, ({ code }) => {
      if (!place.read()) state.problem = code;
      app.draw();
    });
  }

  function close() {
    state.stop?.();
    state.stop = null;
  }

  function turn() {
    const isOn = !place.isOn();
    place.turn(isOn);
    if (isOn) watch();
    else close();
  }

  if (place.isOn()) queueMicrotask(watch);
  return { isOn: place.isOn, close, view: (policy) => view(place, state, turn, watch, policy) };
}

/** @param {any} place @param {{problem: string}} state @param {() => void} turn @param {() => void} again @param {import("../rules/policy.js").Policy} policy */
function view(place, state, turn, again, policy) {
  const isOn = place.isOn();
  return html`<div class="card row">
      <span class="lead">${icon("pin")}</span><span class="body"><span class="name" id="use-position">${t("place.use")}</span><span class="small quiet" role="status" data-testid="place-state">${words(place, policy)}</span></span>
      <button role="switch" aria-checked=${isOn} aria-labelledby="use-position" data-testid="use-position" @click=${turn}><span class="switch"></span></button></div>
    ${isOn && state.problem ? banner("due", t(`position.${state.problem}`), t(state.problem === "position_denied" ? "place.denied" : "place.no_fix"), html`<button class="button" @click=${again}>${t("position.again")}</button>`) : nothing}`;
}

/** @param {any} place @param {import("../rules/policy.js").Policy} policy @returns {string} */
function words(place, policy) {
  const position = place.read();
  if (!place.isOn()) return t(place.off);
  if (!position) return t("place.looking");
  if (position.accuracy_m === null) return t("place.unknown_accuracy");
  const n = Math.round(position.accuracy_m);
  return t(n <= Number(policy["visit.position_accuracy_max_m"]) ? "place.taken" : "place.rough", { n });
}
