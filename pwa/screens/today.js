// @ts-check
// 今日: what to do today, by money at risk and by way.
import { databases } from "../company.js";
import { listDrafts } from "../db/capture.js";
import { forgetRestored } from "../db/captured_work.js";
import { isAnythingIn, isUnfinished } from "../forms/begun.js";
import { mayCorrect } from "../forms/correction_draft.js";
import { t } from "../i18n/index.js";
import { isNoticeDue } from "../notice.js";
import { newPhones, notePhonesSeen } from "../own_phones.js";
import { lastDay } from "../rules/months.js";
import { isWorkingDay, workingDaysBetween } from "../rules/working_days.js";
import { awayM, dueOutlets, ownOutlets, progressByClass, routeToday } from "../standing.js";
import { dayWithWeekday, distanceText, momentText } from "../ui/format.js";
import { banner, empty, icon, isReaching, isSignedOut, ring, signedOutBanner, tabs } from "../ui/parts.js";
import { syncChip } from "../ui/sync_chip.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { clocksSection } from "./today_clocks.js";
import { filesSection } from "./today_files.js";
import { rescueSection, routeSection } from "./today_lists.js";
import { unfinishedLink } from "./unfinished_link.js";

/** @typedef {{isAllShown: boolean, isRescueOpen: boolean, areFilesOpen: boolean} & import("./today_lists.js").WayState} State isAllShown: every clock, not the first few only; isRescueOpen: every outlet that can be saved; areFilesOpen: every file that waits for the rep */

/** @param {import("../app.js").App} app */
export async function todayScreen(app) {
  const { capture } = await databases(/** @type {any} */ (app.session).personId);
  const drafts = await listDrafts(capture);
  const state = { isAllShown: false, isRescueOpen: false, isRouteOpen: false, areFilesOpen: false, wayProblem: "", isLocating: false };
  return { title: () => t("tab.today"), view: () => view(app, drafts, state) };
}

/** @param {import("../app.js").App} app @param {any[]} drafts @param {State} state */
function view(app, drafts, state) {
  const company = app.company;
  if (!company) return nothing;
  const due = dueOutlets([...company.outlets], app.here);
  const route = routeToday(company.outlets, app.here, company.today);
  const next = route.legs[0]?.stop;
  const begun = drafts.find(({ key, draft }) => isVisit(key) && canGoOn(company, draft))?.draft;
  const others = drafts.filter((kept) => kept.draft !== begun && isUnfinished(kept)).length;
  return html`<header class="hero">
      <div class="hero-head"><div><h1 tabindex="-1">${dayWithWeekday(company.today)}</h1><p class="quiet small">${daysLeftText(company)}</p></div>${syncChip(app)}</div>
      ${company.hasPulled ? html`<div class="rings">${progressByClass(company.outlets).map(({ letter, done, owed }) => ring(letter, done, owed))}</div>` : nothing}
    </header>
    <main class="main">${notices(app)} ${company.restored ? restoredBanner(app, company.restored) : nothing} ${isNoticeDue(app.session) ? newNoticeBanner() : nothing} ${newPhonesBanner(app, newPhones(company.person, app.session))} ${others ? unfinishedLink(others, "card row") : nothing} ${company.hasPulled ? body(app, due, route, state) : skeleton(app)}</main>
    <footer class="bottom">
      ${begun ? html`<div class="actions">${goOnButton(begun, company)}</div>` : next ? html`<div class="actions">${nextButton(next, app.here)}</div>` : nothing}
      ${tabs("today", app.engine?.status().unsent ?? 0)}
    </footer>`;
}

/** Working days from today to the month's end. @param {import("../company.js").Company} company @returns {string} */
function daysLeftText(company) {
  const isToday = isWorkingDay(company.today, company.workingYears);
  const left = Number(isToday) + workingDaysBetween(company.today, lastDay(company.month), company.workingYears);
  if (left === 0) return t("today.left.none");
  return left === 1 && isToday ? t("today.left.last") : t("today.left", { n: left });
}

/** @param {import("../app.js").App} app */
function notices(app) {
  const status = app.engine?.status();
  if (isSignedOut(app)) return signedOutBanner(status?.unsent ?? 0);
  if (!status || isReaching(app)) return nothing;
  const asOf = status.lastSyncedAt && app.company ? t("offline.as_of", { when: momentText(status.lastSyncedAt, app.company.today) }) : "";
  return banner(
    "waiting",
    t(status.online ? "fault.unreachable" : "offline"),
    html`${t("offline.text")}${asOf}`,
    undefined,
    icon("offline"),
  );
}

/** The browser had lost everything; said until it is read. @param {import("../app.js").App} app @param {import("../db/spare_restore.js").Restored} restored */
function restoredBanner(app, { records, drafts }) {
  const forget = async () => {
    const { capture } = await databases(/** @type {any} */ (app.session).personId);
    await forgetRestored(capture);
    await app.refresh();
  };
  const close = html`<button class="button" data-testid="restored-read" @click=${forget}>${t("restored.ok")}</button>`;
  return banner("waiting", t("restored"), t("restored.text", { records, drafts }), close);
}

/** The notice says something new: work goes on, and the banner stays until it was read. */
function newNoticeBanner() {
  const read = html`<a class="button" href="#/privacy" data-testid="new-notice">${t("privacy.read")}</a>`;
  return banner("due", t("privacy.new"), t("privacy.new.text"), read);
}

/** Somebody signed in under the person's name elsewhere; said until it is read. @param {import("../app.js").App} app @param {import("../own_phones.js").Phone[]} phones */
function newPhonesBanner(app, phones) {
  if (phones.length === 0) return nothing;
  const seen = () => notePhonesSeen(/** @type {any} */ (app.session).personId, phones);
  const actions = html`<a class="button" href="#/me">${t("phones.look")}</a><button class="button" data-testid="phones-seen" @click=${seen}>${t("phones.mine")}</button>`;
  return banner("due", t("phones.new"), t("phones.new.text"), actions);
}

/** @param {any} outlet */
function shortName(outlet) {
  return html`<span translate="no">${outlet.name.split("（")[0]}</span>`;
}

/** With a visit in which something stands, at an outlet that has left the phone too; not with the correction of one that was corrected meanwhile. @param {import("../company.js").Company} company @param {any} draft */
function canGoOn(company, draft) {
  if (!draft?.corrects) return isAnythingIn(draft);
  const visit = company.visits.find((one) => one.id === draft.corrects);
  return Boolean(visit && mayCorrect(company, visit));
}

/** A visit or the correction of one. @param {string} key of a draft */
function isVisit(key) {
  return key.startsWith("visit:") || key.startsWith("correction:");
}

/** @param {import("../forms/visit_draft.js").VisitDraft} draft that was begun @param {import("../company.js").Company} company */
function goOnButton({ corrects, outlet_id, outlet }, company) {
  const href = corrects ? `#/visits/${corrects}/correction` : `#/outlets/${outlet_id}/visit`;
  return html`<a class="button primary wide" href=${href} data-testid="go-on"><span>${t(corrects ? "today.go_on.correction" : "today.go_on")}${shortName(company.outletById.get(outlet_id) ?? outlet ?? { name: t("outlet") })}</span></a>`;
}

/** @param {any} outlet @param {any} here */
function nextButton(outlet, here) {
  const away = awayM(outlet, here);
  return html`<a class="button primary split wide" href="#/outlets/${outlet.id}" data-testid="next-outlet"
    ><span>${t("today.next")}${shortName(outlet)}</span>${away === null ? nothing : html`<small class="num">${distanceText(away)}</small>`}</a>`;
}

/** @param {import("../app.js").App} app @param {any[]} due @param {import("../standing.js").Route} route @param {State} state */
function body(app, due, route, state) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  if (company.outlets.length === 0)
    return html`${empty("shop", "today.no_outlets")}<a class="button wide" href="#/outlets/new" data-testid="new-outlet">${icon("plus")}${t("new_outlet.do")}</a>`;
  const way = route.legs.length || route.visited.length ? routeSection(app, route, state) : nothing;
  const own = ownOutlets(due);
  return html`${rescueSection(app, own, route, state)} ${own.length ? nothing : allDone(company)} ${filesSection(app, state)} ${clocksSection(app, state)} ${way}`;
}

/** @param {import("../company.js").Company} company */
function allDone(company) {
  const owed = ownOutlets(company.outlets).reduce((sum, outlet) => sum + outlet.standing.owed, 0);
  const waiting = ownOutlets(company.outlets).reduce((sum, outlet) => sum + outlet.standing.waiting, 0);
  if (!owed) return empty("check", "today.none_owed");
  return empty("check", "today.all_done", t(waiting ? "today.all_done.waiting" : "today.all_done.counted", { n: owed, m: waiting }));
}

/** Before the first pull. @param {import("../app.js").App} app */
function skeleton(app) {
  const isOffline = app.engine && !isReaching(app);
  if (isOffline) return empty("offline", "today.first_offline");
  const row = html`<div class="row"><span class="lead"><span class="skeleton round"></span></span><span class="body"><span class="skeleton wide"></span><span class="skeleton line"></span></span><span class="skeleton amount"></span></div>`;
  return html`<section class="section" role="status" aria-label=${t("loading")}><h2>${t("rescue")}</h2><div class="card flush rows indent">${row}${row}${row}</div></section>`;
}
