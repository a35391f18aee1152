// @ts-check
// Where the phone is: the fence drawn to scale, the distance, and the reasons when it is elsewhere or unknown.
import { byCompanyClock } from "../business_day.js";
import { t } from "../i18n/index.js";
import { businessTime } from "../rules/months.js";
import { banner, chip, faultBanner, stateText } from "../ui/parts.js";
import { fenceDrawing } from "../ui/fence.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

const STALE_SECONDS = 60;

/** By when it came, for the device and this page may tell different times. @param {number} gotAt ms since 1970 @returns {number} seconds */
function ageOf(gotAt) {
  return Math.max(0, Math.round((Date.now() - gotAt) / 1000));
}

/** Whether a fix says no longer where the phone is. @param {number} gotAt when it came @returns {boolean} */
export function isStale(gotAt) {
  return ageOf(gotAt) > STALE_SECONDS;
}
const REASONS = ["moved", "inaccurate", "elsewhere", "other"];
const HOW = ["position.how.lock", "position.how.allow", "position.how.again"];

/** @param {any} outlet @param {import("./visit_check_in.js").CheckIn["fix"]} fix @param {import("./visit_check_in.js").Presence} presence @param {import("../rules/policy.js").Policy} policy */
export function placeDrawing(outlet, fix, { away, isInside }, policy) {
  if (!fix || away === null) return nothing;
  return html`<div class="place">${fenceDrawing(outlet, fix, away, Number(policy["visit.fence_radius_m"]), isInside)}</div>`;
}

/** @param {NonNullable<import("./visit_check_in.js").CheckIn["fix"]>} fix @param {number} gotAt when it came @param {import("./visit_check_in.js").Presence} presence @param {import("../rules/policy.js").Policy} policy */
export function fixCard(fix, gotAt, { away, isInside }, policy) {
  const age = isStale(gotAt)
    ? stateText("due", t("check_in.stale"))
    : html`<span class="small quiet num">${t("check_in.age", { n: ageOf(gotAt) })}</span>`;
  const error = fix.accuracy_m === null ? t("check_in.no_accuracy") : t("check_in.accuracy", { n: Math.round(fix.accuracy_m) });
  const accuracy = html`<b class="num" data-testid="accuracy">${error}</b>`;
  const isOutside = away !== null && !isInside;
  const verdict =
    away === null
      ? chip("due", t("check_in.unknown_outlet"))
      : isInside
        ? chip("done", t("check_in.inside"))
        : chip("overdue", t("check_in.outside"));
  return html`<div class="card stack s">
    <div class="line between">${verdict}${age}</div>
    ${away === null ? nothing : html`<p class="line between"><span class="big num" data-testid="distance">${bigDistance(away)}</span>${isOutside ? html`<span class="small quiet">${accuracy}</span>` : nothing}</p>`}
    ${isOutside ? html`<p class="small quiet">${t("check_in.outside.text")}</p>` : html`<p class="quiet">${t(away === null ? firstPositionWords(fix, policy) : "check_in.from_outlet")}${t("sentence_gap")}${accuracy}</p>`}
  </div>`;
}

/** The outlet takes its first position from a fix that is good enough only (RULEBOOK §11). @param {{accuracy_m: number | null}} fix @param {import("../rules/policy.js").Policy} policy @returns {string} */
function firstPositionWords({ accuracy_m }, policy) {
  const isGood = accuracy_m !== null && accuracy_m <= Number(policy["visit.position_accuracy_max_m"]);
  return isGood ? "check_in.unknown_outlet.text" : "check_in.unknown_outlet.rough";
}

/** @param {number} metres */
function bigDistance(metres) {
  const isFar = metres >= 995;
  const number = isFar ? (metres / 1000).toFixed(1) : String(metres < 100 ? Math.round(metres) : Math.round(metres / 10) * 10);
  return html`${number}<span class="unit">${t(isFar ? "unit.km" : "unit.m")}</span>`;
}

/** No fix yet, or none to be had. @param {import("./visit_check_in.js").CheckIn} state @param {() => void} draw */
export function fixMissing(state, draw) {
  if (!state.problem)
    return html`<div class="card stack s" role="status"><div class="line between">${chip("waiting", t("check_in.looking"))}</div><p class="quiet">${t("check_in.looking.text")}</p><div class="skeleton line"></div></div>`;
  const isDenied = state.problem === "position_denied";
  const help = () => {
    state.isHelpOpen = !state.isHelpOpen;
    draw();
  };
  const actions = html`${isDenied ? html`<button class="button" aria-expanded=${state.isHelpOpen} @click=${help}>${t("position.how")}</button>` : nothing}<button class="button" @click=${state.again}>${t("position.again")}</button>`;
  return html`${banner(isDenied ? "overdue" : "due", t(`position.${state.problem}`), t(`position.${state.problem}.text`), actions)}
    ${isDenied && state.isHelpOpen ? html`<ol class="how card">${HOW.map((key) => html`<li><span>${t(key)}</span></li>`)}</ol>` : nothing}`;
}

/** @param {import("./visit.js").Flow} flow */
export function checkInFacts({ app }) {
  return html`<dl class="facts card">
    <div><dt>${t("check_in.time")}</dt><dd class="num">${businessTime(byCompanyClock(app.company, Date.now()))}</dd></div>
    <div><dt>${t("check_in.source")}</dt><dd>${t("check_in.gps")}</dd></div>
    <div><dt>${t("check_in.network")}</dt><dd>${t("check_in.not_needed")}</dd></div>
  </dl>`;
}

/** @param {import("./visit.js").Flow} flow @param {import("./visit_check_in.js").CheckIn} state */
export function presenceReasons(flow, state) {
  const choose = (/** @type {string} */ reason) => {
    state.reason = reason;
    void flow.change({ presence_reason: reason });
    flow.complain("");
  };
  const type = (/** @type {InputEvent} */ event) => {
    state.note = /** @type {HTMLInputElement} */ (event.target).value;
    void flow.change({ presence_note: state.note });
  };
  const offered = state.fix ? REASONS : [...REASONS, "no_position"]; // none moves under a finger when a fix comes
  return html`<fieldset class="stack s"><legend class="strong">${t(state.fix ? "presence.why" : "presence.why_no_fix")}</legend>
    ${faultBanner(flow.error())}
    <div class="choices wide" role="radiogroup" aria-label=${t(state.fix ? "presence.why" : "presence.why_no_fix")}>
      ${offered.map((reason) => html`<button class="choice start" role="radio" data-testid="reason-${reason}" aria-checked=${state.reason === reason} @click=${() => choose(reason)}><span class="radio"></span>${t(`presence.${reason}`)}</button>`)}
    </div>
    <div class="field"><label for="why">${t("presence.note")} <span class="hint">${t("optional")}</span></label><div class="input"><input id="why" maxlength="400" autocomplete="off" .value=${state.note} @input=${type} /></div></div>
  </fieldset>
  ${state.fix ? nothing : html`<p class="small quiet">${t("check_in.without_fix.text")}</p>`}`;
}
