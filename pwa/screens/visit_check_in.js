// @ts-check
// Check-in: the fix gets better while one looks; nothing is ever blocked, only asked for a reason.
import { watchFix } from "../capture/position.js";
import { t } from "../i18n/index.js";
import { distanceM } from "../rules/geo.js";
import { businessTime } from "../rules/months.js";
import { allowedM } from "../rules/visit_acceptance.js";
import { go } from "../router.js";
import { banner, chip, icon, topbar } from "../ui/parts.js";
import { fenceDrawing } from "../ui/fence.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { errorBanner } from "./visit.js";

const STALE_SECONDS = 60;
const REASONS = ["moved", "inaccurate", "elsewhere", "other"];

/** @param {import("./visit.js").Flow} flow */
export function checkInStep(flow) {
  const state = { fix: /** @type {any} */ (null), problem: "", reason: flow.draft.presence_reason ?? "", note: flow.draft.presence_note };
  const stop = watchFix(
    (fix) => {
      Object.assign(state, { fix, problem: "" });
      flow.app.here = { lat: fix.lat, lon: fix.lon };
      flow.draw();
    },
    ({ code }) => {
      if (!state.fix) state.problem = code;
      flow.draw();
    },
  );
  const ticking = setInterval(flow.draw, 1000);
  return {
    view: () => view(flow, state),
    close: () => {
      stop();
      clearInterval(ticking);
    },
  };
}

/** @param {import("./visit.js").Flow} flow @param {any} state */
function view(flow, state) {
  const { outlet, policy } = flow;
  const away = state.fix && outlet.lat !== null ? distanceM(outlet.lat, outlet.lon, state.fix.lat, state.fix.lon) : null;
  const isInside = away !== null && away <= allowedM(state.fix.accuracy_m, policy);
  return html`${topbar(t("check_in"), { onClose: () => go(`/outlets/${outlet.id}`), small: html`<span translate="no">${outlet.name}</span>` })}
    <main class="main">
      ${away === null ? nothing : html`<div class="place">${fenceDrawing(outlet, state.fix, away, Number(policy["visit.fence_radius_m"]), isInside)}</div>`}
      ${state.fix ? fixCard(state, away, isInside) : noFix(state)}
      <dl class="facts card">
        <div><dt>${t("check_in.time")}</dt><dd class="num">${businessTime(Date.now())}</dd></div>
        <div><dt>${t("check_in.source")}</dt><dd>${state.fix ? t("check_in.gps") : "—"}</dd></div>
        <div><dt>${t("check_in.network")}</dt><dd>${t("check_in.not_needed")}</dd></div>
      </dl>
      ${isInside ? nothing : reasons(flow, state)} ${errorBanner(flow)}
    </main>
    <footer class="bottom"><div class="actions"><button class="button primary wide" data-testid="checkin-confirm" @click=${() => confirm(flow, state, away, isInside)}>
      ${isInside ? html`${icon("check")}${t("check_in.do")}` : t("check_in.with_reason")}</button></div></footer>`;
}

/** @param {any} state @param {number | null} away @param {boolean} isInside */
function fixCard(state, away, isInside) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(state.fix.taken_at)) / 1000));
  const age = seconds > STALE_SECONDS ? t("check_in.stale") : t("check_in.age", { n: seconds });
  const error = state.fix.accuracy_m === null ? "" : Math.round(state.fix.accuracy_m);
  const verdict =
    away === null
      ? chip("due", t("check_in.unknown_outlet"))
      : isInside
        ? chip("done", t("check_in.inside"))
        : chip("overdue", t("check_in.outside"));
  return html`<div class="card stack">
    <div class="line between">${verdict}<span class="small quiet">${age}</span></div>
    ${away === null ? nothing : html`<p><span class="big num" data-testid="distance">${bigDistance(away)}</span></p>`}
    <p class="quiet">${away === null ? t("check_in.unknown_outlet.text") : isInside ? t("check_in.from_outlet") : t("check_in.outside.text")} <b class="num" data-testid="accuracy">${error === "" ? t("check_in.no_accuracy") : t("check_in.accuracy", { n: error })}</b></p>
  </div>`;
}

/** @param {number} away */
function bigDistance(away) {
  const isNear = away < 995;
  return html`${isNear ? Math.round(away) : (away / 1000).toFixed(1)}<span class="unit">${isNear ? t("unit.m") : t("unit.km")}</span>`;
}

/** @param {any} state */
function noFix(state) {
  if (!state.problem)
    return html`<div class="card stack s" role="status"><div class="line between">${chip("waiting", t("check_in.looking"))}</div><p class="quiet">${t("check_in.looking.text")}</p><div class="skeleton line"></div></div>`;
  return banner("due", t(`position.${state.problem}`), t(`position.${state.problem}.text`));
}

/** @param {import("./visit.js").Flow} flow @param {any} state */
function reasons(flow, state) {
  const choose = (/** @type {string} */ reason) => {
    state.reason = reason;
    flow.complain("");
  };
  const type = (/** @type {InputEvent} */ event) => {
    state.note = /** @type {HTMLInputElement} */ (event.target).value;
  };
  const offered = state.fix ? REASONS : ["no_position", ...REASONS];
  return html`<fieldset class="stack s"><legend class="strong">${state.fix ? t("presence.why") : t("presence.why_no_fix")}</legend>
    <div class="choices wide" role="radiogroup" aria-label=${t("presence.why")}>
      ${offered.map((reason) => html`<button class="choice start" role="radio" data-testid="reason-${reason}" aria-checked=${state.reason === reason} @click=${() => choose(reason)}><span class="radio"></span>${t(`presence.${reason}`)}</button>`)}
    </div>
    <div class="field"><label for="why">${t("presence.note")} <span class="hint">${t("optional")}</span></label><div class="input"><input id="why" maxlength="400" .value=${state.note} @input=${type} /></div></div>
  </fieldset>`;
}

/** @param {import("./visit.js").Flow} flow @param {any} state @param {number | null} away @param {boolean} isInside */
async function confirm(flow, state, away, isInside) {
  const reason = isInside ? null : state.reason || null;
  if (!isInside && !reason) return flow.complain(t("presence.choose"));
  await flow.change({
    checked_in_at: new Date().toISOString(),
    fix: state.fix,
    distance_m: away,
    presence_reason: reason,
    presence_note: isInside ? "" : state.note,
  });
  await flow.goTo("checklist");
}
