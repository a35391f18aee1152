// @ts-check
// Check-in: the fix gets better while one looks; nothing is ever blocked, only asked for a reason.
import { byCompanyClock } from "../business_day.js";
import { watchFix } from "../capture/position.js";
import { t } from "../i18n/index.js";
import { distanceM } from "../rules/geo.js";
import { businessDate, firstDay, monthOf } from "../rules/months.js";
import { allowedM } from "../rules/visit_acceptance.js";
import { go } from "../router.js";
import { faultBanner, icon, topbar } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { begunBefore, discardButton, outletGone } from "./visit_begun.js";
import { cardField } from "./visit_card.js";
import { checkInFacts, fixCard, fixMissing, isStale, placeDrawing, presenceReasons } from "./visit_place.js";

/**
 * @typedef {object} CheckIn
 * @property {import("../capture/position.js").Fix | null} fix
 * @property {number} gotAt when the fix came, ms since 1970
 * @property {string} problem code of position.js, or ""
 * @property {boolean} isHelpOpen
 * @property {string} reason
 * @property {string} note
 * @property {string} card the code of the outlet's card as scanned or typed
 * @property {boolean} isScanned whether the card said itself that it is this outlet's
 * @property {boolean} isAsking whether an old fix is being asked for again
 * @property {() => void} again look for a fix anew
 *
 * @typedef {{away: number | null, isInside: boolean, needsReason: boolean}} Presence `away` in metres, null when the fix or the outlet's position is unknown
 */

/** @param {import("./visit.js").Flow} flow */
export function checkInStep(flow) {
  const { draft } = flow;
  let stop = () => {};
  /** @type {CheckIn} */
  const state = {
    fix: null,
    gotAt: 0,
    problem: "",
    isHelpOpen: false,
    reason: draft.presence_reason ?? "",
    note: draft.presence_note,
    card: draft.card ?? "",
    isScanned: false,
    isAsking: false,
    again: watch,
  };

  function watch() {
    stop();
    state.problem = "";
    stop = watchFix("check_in", take, refuse);
    flow.draw();
  }

  /** @param {import("../capture/position.js").Fix} fix */
  function take(fix) {
    Object.assign(state, { fix, gotAt: Date.now(), problem: "", isAsking: false });
    flow.app.here = { lat: fix.lat, lon: fix.lon };
    flow.draw();
  }

  /** A phone that lies still may tell nothing new: an old fix is asked for again. */
  function tick() {
    if (state.fix && isStale(state.gotAt) && !state.isAsking) {
      state.isAsking = true;
      watch();
    }
    flow.draw();
  }

  /** @param {import("../capture/position.js").PositionProblem} problem */
  function refuse({ code }) {
    if (!state.fix) state.problem = code;
    flow.draw();
  }

  queueMicrotask(watch);
  const ticking = setInterval(tick, 1000);
  return {
    view: () => view(flow, state),
    close: () => {
      stop();
      clearInterval(ticking);
    },
  };
}

/** @param {any} outlet @param {CheckIn["fix"]} fix @param {import("../rules/policy.js").Policy} policy @returns {Presence} */
export function presenceOf(outlet, fix, policy) {
  const isPlaced = Number.isFinite(outlet.lat) && Number.isFinite(outlet.lon);
  const away = fix && isPlaced ? distanceM(outlet.lat, outlet.lon, fix.lat, fix.lon) : null;
  const isInside = away !== null && away <= allowedM(fix?.accuracy_m ?? null, policy);
  return { away, isInside, needsReason: fix === null || (away !== null && !isInside) };
}

/** The policy that a visit which is checked in now is judged by: that of its month's first day (RULEBOOK §11). @param {import("./visit.js").Flow} flow */
function judgingPolicy({ app }) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  return company.policyOf(firstDay(monthOf(businessDate(byCompanyClock(company, Date.now())))));
}

/** @param {import("./visit.js").Flow} flow @param {CheckIn} state */
function view(flow, state) {
  const { outlet } = flow;
  const policy = judgingPolicy(flow);
  const presence = presenceOf(outlet, state.fix, policy);
  const words = !presence.needsReason ? "check_in.do" : state.fix ? "check_in.with_reason" : "check_in.without_fix";
  return html`${topbar(t("check_in"), { onClose: () => go(flow.home), small: html`<span translate="no">${outlet.name}</span>` })}
    <main class="main">
      ${outletGone(flow)} ${begunBefore(flow)} ${placeDrawing(outlet, state.fix, presence, policy)} ${state.fix ? fixCard(state.fix, state.gotAt, presence, policy) : fixMissing(state, flow.draw)}
      ${presence.needsReason ? presenceReasons(flow, state) : html`${checkInFacts(flow)} ${faultBanner(flow.error())}`} ${presence.isInside ? nothing : cardField(flow, state)} ${discardButton(flow)}
    </main>
    <footer class="bottom"><div class="actions"><button class="button primary wide" data-testid="checkin-confirm" @click=${() => confirm(flow, state)}>
      ${presence.needsReason ? nothing : icon("check")}${t(words)}</button></div></footer>`;
}

/** @param {import("./visit.js").Flow} flow @param {CheckIn} state */
async function confirm(flow, state) {
  if (state.fix && isStale(state.gotAt)) {
    state.fix = null; // it says where the phone was, not where it is
    state.again();
    return flow.complain(t("check_in.asked_again"));
  }
  const { away, isInside, needsReason } = presenceOf(flow.outlet, state.fix, judgingPolicy(flow));
  if (needsReason && !state.reason) return flow.complain(t("presence.choose"), "[role=radio]");
  await flow.change({
    checked_in_at: new Date().toISOString(),
    begun_before: null,
    fix: state.fix,
    distance_m: away,
    presence_reason: needsReason ? state.reason : null,
    presence_note: needsReason ? state.note : "",
    card: isInside ? "" : state.card.trim(),
  });
  await flow.goTo("checklist");
}
