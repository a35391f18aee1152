// @ts-check
// One outlet: what to do here now, its class with the reason, its file and its history.
import { byCompanyClock } from "../business_day.js";
import { loadDraft } from "../db/capture.js";
import { databases } from "../company.js";
import { t } from "../i18n/index.js";
import { awayM } from "../standing.js";
import { distanceText, momentText } from "../ui/format.js";
import { chooseMap, chosenMap, mapTarget } from "../ui/map_choice.js";
import { banner, chip, classLetter, empty, icon, topbar } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { isAnythingIn } from "../forms/begun.js";
import { draftKey } from "../forms/visit_draft.js";
import { classReason, fileSection } from "./outlet_file.js";
import { conflictsSection } from "./outlet_conflicts.js";
import { fileWay } from "./outlet_file_way.js";
import { hereSection } from "./outlet_here.js";
import { historySection } from "./outlet_history.js";
import { volumeSection } from "./outlet_volume.js";
import { photosSection, picturesOf } from "./past_photos.js";
import { newestPhotos } from "./photo_lists.js";
import { takeDownSection } from "./outlet_work.js";

/** @param {import("../app.js").App} app @param {{outletId: string}} params */
export async function outletScreen(app, { outletId }) {
  const { capture } = await databases(/** @type {any} */ (app.session).personId);
  const kept = await loadDraft(capture, draftKey(outletId));
  const draft = kept && isAnythingIn(kept) ? kept : null;
  const pictures = await picturesOf(app);
  const state = { isHistoryLong: false, error: "", isSaving: false };
  const outlet = () => app.company?.outletById.get(outletId);
  const conflicts = conflictsSection(app, outlet, capture);
  return {
    title: () => outlet()?.name ?? t("outlet"),
    view: () => (outlet() ? view(app, outlet(), draft, state, capture, { pictures, conflicts }) : gone()),
    close: pictures.close,
  };
}

function gone() {
  return html`${topbar(t("outlet"), { back: "#/outlets" })}<main class="main">${empty("shop", "outlet.gone")}</main>`;
}

/** @param {import("../app.js").App} app @param {any} outlet @param {any} draft @param {{isHistoryLong: boolean, error: string, isSaving: boolean}} state @param {any} capture @param {{pictures: import("../ui/past_pictures.js").PastPictures, conflicts: () => unknown}} parts */
function view(app, outlet, draft, state, capture, { pictures, conflicts }) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  const away = awayM(outlet, app.here);
  return html`${topbar(t("outlet"), { back: "#/outlets" })}
    <main class="main">
      <section class="stack">
        <div class="stack s">
          <h2 class="outlet-name" translate="no">${outlet.name}</h2>
          <p class="small quiet"><span translate="no">${outlet.address}</span>${away === null ? nothing : html` · <b class="num">${distanceText(away)}</b>`}</p>
          <div class="line one">${classLetter(outlet.outlet_class)}<span class="small quiet">${classReason(outlet, company.policyOf(company.today))}</span></div>
          <div class="wrap">${standingChip(outlet)} ${fileChip(outlet)} ${substituteChip(outlet)}</div>
        </div>
        ${quick(app, outlet)}
      </section>
      ${draft ? begun(draft, company) : nothing} ${hereSection(company, outlet)} ${conflicts()} ${takeDownSection(outlet)} ${fileWay(app, outlet, capture, state)} ${photosSection(pictures, newestPhotos(outlet, company.visits))} ${fileSection(outlet)} ${volumeSection(company, outlet)} ${historySection(app, outlet, state)}
    </main>
    <footer class="bottom"><div class="actions"><a class="button primary wide" href="#/outlets/${outlet.id}/visit" data-testid="check-in">${icon("pin")}${draft ? t("draft.continue") : t("check_in.go")}</a></div></footer>`;
}

/** A visit under way. @param {any} draft @param {import("../company.js").Company} company */
function begun(draft, company) {
  const since = draft.checked_in_at
    ? t("draft.since", { when: momentText(byCompanyClock(company, draft.checked_in_at), company.today) })
    : "";
  return banner("due", t("draft.name"), html`${since}${t("draft.text")}`);
}

/** @param {any} outlet */
function standingChip(outlet) {
  const { state, counted, owed } = outlet.standing;
  return chip(state, t(`standing.long.${state}`, { n: counted, m: owed }));
}

/** Whose outlet it is, while one stands in. @param {any} outlet */
function substituteChip({ standsInFor }) {
  return standsInFor ? html`<span class="chip">${t("outlet.stands_in")} <span translate="no">${standsInFor}</span></span>` : nothing;
}

/** @param {any} outlet */
function fileChip(outlet) {
  if (outlet.pending) return chip("waiting", t("file.on_phone"));
  if (outlet.refused) return chip("overdue", t("file.refused"));
  const isFine = outlet.state === "approved" || outlet.state === "archived";
  return chip(isFine ? "done" : outlet.state === "returned" ? "overdue" : "waiting", t(`file.${outlet.state}`));
}

/** @param {import("../app.js").App} app @param {any} outlet */
function quick(app, outlet) {
  const hasPlace = Number.isFinite(outlet.lat) && Number.isFinite(outlet.lon);
  if (!hasPlace && !outlet.phone) return nothing;
  return html`<div class="quick">
    ${hasPlace ? navigation(app, outlet) : nothing} ${outlet.phone ? html`<a href="tel:${outlet.phone}" data-testid="call">${icon("phone")}${t("call")}</a>` : nothing}
  </div>`;
}

/** The map is asked for once. @param {import("../app.js").App} app @param {any} outlet */
function navigation(app, outlet) {
  const map = chosenMap();
  const choose = () => chooseMap(outlet).then(app.draw);
  if (!map) return html`<button data-testid="navigate" @click=${choose}>${icon("navigate")}${t("navigate")}</button>`;
  const { href, target, rel } = mapTarget(map, outlet);
  return html`<a href=${href} target=${target} rel=${rel} data-testid="navigate">${icon("navigate")}${t("navigate")}</a>
    <button data-testid="change-map" @click=${choose}>${icon("pin")}${t("map.change")}</button>`;
}
