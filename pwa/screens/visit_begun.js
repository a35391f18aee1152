// @ts-check
// What is said of a visit that was begun: that it is checked in once more, that its outlet has left the phone; and how to let it go.
import { byCompanyClock } from "../business_day.js";
import { isAnythingIn } from "../forms/begun.js";
import { t } from "../i18n/index.js";
import { businessDate } from "../rules/months.js";
import { dayText } from "../ui/format.js";
import { banner } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** Why one checks in once more. @param {import("./visit.js").Flow} flow */
export function begunBefore({ app, draft }) {
  if (!draft.begun_before) return nothing;
  const text = t(draft.photos.length ? "check_in.begun_before.photos" : "check_in.begun_before.text");
  return banner("due", t("check_in.begun_before", { day: dayText(businessDate(byCompanyClock(app.company, draft.begun_before))) }), text);
}

/** That the outlet has left the phone, and what of it is missing; a correction has it whole as long as it is open. @param {import("./visit.js").Flow} flow */
export function outletGone({ app, outlet, draft }) {
  if (draft.corrects || app.company?.outletById.has(outlet.id)) return nothing;
  const text = [t("visit.gone.text"), outlet.lat === undefined ? t("visit.gone.unnamed") : ""].filter(Boolean).join(t("sentence_gap"));
  return banner("waiting", t("outlet.gone"), text);
}

/** Corrections are let go in their own place. @param {import("./visit.js").Flow} flow */
export function discardButton({ draft, discard }) {
  if (draft.corrects || !isAnythingIn(draft)) return nothing;
  return html`<button class="button quiet" data-testid="discard-visit" @click=${discard}>${t("visit.discard")}</button>`;
}
