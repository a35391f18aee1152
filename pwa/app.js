// @ts-check
// The app: who is signed in, which screen is open, when to draw it again.
import { ownBuild } from "./build.js";
import { isDayOver } from "./business_day.js";
import { captureEvents } from "./db/capture_events.js";
import { lockSeen } from "./db/seals.js";
import { fetchOtherLanguage, hasWords, language, setLanguage, t } from "./i18n/index.js";
import { isAnyoneKnown, rememberPerson } from "./left_work.js";
import { OPEN_SCREENS, placeOf, replace } from "./router.js";
import { fetchAllScreens, screenNamed } from "./screens/index.js";
import { sessionChanges } from "./db/session_store.js";
import { currentSession } from "./session.js";
import { keepLocking } from "./ui/idle_lock.js";
import { showUnsent } from "./ui/app_badge.js";
import { alarmBar, listenForFaults } from "./ui/alarm.js";
import { focusHeading } from "./ui/focus.js";
import { listenForInstall } from "./ui/install.js";
import { giveWayToNewer, isOutdated } from "./ui/outdated.js";
import { undoBar } from "./ui/undo_toast.js";
import { followUpdates, updateBar } from "./ui/updates.js";
import { applyTheme, followPhoneTheme } from "./ui/theme.js";
import { banner, topbar } from "./ui/parts.js";
import { html, nothing, render } from "./vendor/lit-html/lit-html.js";

/**
 * @typedef {object} App what every screen gets
 * @property {import("./session.js").Session | null} session null too while the person's lock is closed
 * @property {import("./session.js").Person | null} locked whose lock is closed
 * @property {string} wanted the address that was asked for while it was closed
 * @property {import("./company.js").Company | null} company
 * @property {ReturnType<typeof import("./outbox/engine.js").createEngine> | null} engine
 * @property {() => void} draw
 * @property {() => Promise<void>} refresh read the databases again, then draw
 * @property {{lat: number, lon: number} | null} here the last position that the rep let us read
 * @property {import("./router.js").Place} from the place that was asked for before this one
 *
 * @typedef {object} Screen
 * @property {() => string} title
 * @property {() => unknown} view
 * @property {() => void} [goBack] to where it was left, once it is drawn; otherwise it begins at its beginning
 * @property {() => void} [close]
 */

/** Until what the network did not bring is asked for anew. */
const AGAIN_MS = 5_000;

/** @type {App} */
const app = { session: null, locked: null, wanted: "#/today", company: null, engine: null, draw, refresh, here: null, from: placeOf("") };
/** @type {Screen | null} */
let screen = null;
/** @type {unknown} */
let failure = null;
let opening = 0;
let asked = "";
/** The spare copies come behind the first screen. @type {typeof import("./spare.js") | null} */
let spares = null;
/** Screens are made for a session, so they wait while it is being taken up. */
let taking = Promise.resolve();
/** The engine comes after the first screen. */
let starting = Promise.resolve();

function draw() {
  if (!hasWords()) return;
  document.title = `${screen ? screen.title() : t("app")} · ${t("app")}`;
  const content = failure ? failureView() : screen ? screen.view() : nothing;
  render(html`${content}${undoBar(draw)}${updateBar(draw)}${alarmBar(draw)}`, document.body);
}

function failureView() {
  if (/** @type {any} */ (failure).code === "screen_not_here") return notHereView();
  const reload = html`<button class="button" @click=${() => location.reload()}>${t("failure.reload")}</button>`;
  return html`${topbar(t("app"))}<main class="main">${banner("overdue", t("failure.name"), t("failure.text"), reload)}</main>`;
}

/** In the first seconds of a phone's first start, before all of the app is on it. */
function notHereView() {
  const again = html`<button class="button" data-testid="open-again" @click=${() => void open().catch(fail)}>${t("failure.again")}</button>`;
  return html`${topbar(t("app"))}<main class="main">${banner("waiting", t("failure.not_here"), t("failure.not_here.text"), again)}</main>`;
}

async function refresh() {
  if (app.session) app.company = await companyOf(app.session);
  draw();
}

/** A page that was left open overnight. */
async function followDay() {
  if (isDayOver(app.company, Date.now())) await refresh();
}

async function open() {
  const turn = ++opening;
  await taking;
  await followDay();
  if (turn !== opening) return;
  const place = placeOf(location.hash);
  if (asked !== location.hash) {
    app.from = placeOf(asked);
    asked = location.hash;
  }
  if (!app.session && !OPEN_SCREENS.has(place.name)) return enter();
  closeScreen();
  const makeScreen = await screenNamed(place.name);
  if (turn !== opening) return;
  const made = await makeScreen(app, place.params);
  if (turn !== opening) return made.close?.();
  screen = made;
  failure = null;
  draw();
  scrollTo(0, 0);
  focusHeading();
  made.goBack?.();
}

/** Once, however often the next place has to be tried. */
function closeScreen() {
  screen?.close?.();
  if (screen) screen.close = undefined;
}

/** What stands before the app: the lock, or signing in. */
function enter() {
  if (app.locked) app.wanted = location.hash;
  replace(app.locked ? "/unlock" : "/sign-in");
}

/** What the screens show is read once somebody is signed in. @param {import("./session.js").Session} session */
async function companyOf(session) {
  const { readCompany } = await import("./company.js");
  return readCompany(session);
}

/** Sending is nobody's business before somebody is signed in. */
function fetchEngine() {
  return import("./outbox/engine.js");
}

/** Take up the session as it is now: its data, and its engine when it may send. One that only ended keeps its engine: a new one would ask again. */
async function takeSession() {
  const present = await currentSession();
  const session = present?.isLocked ? null : present;
  app.locked = present?.isLocked ? present.person : null;
  await keepLocking(session?.personId ?? null);
  void spares?.keepSparesOf(session?.personId ?? "");
  if (session !== null && session.token === app.session?.token) {
    app.session = session;
    return;
  }
  await starting;
  await app.engine?.stop();
  app.engine = null;
  app.session = session;
  app.company = app.session ? await companyOf(app.session) : null;
  if (!app.session) return;
  rememberPerson(app.session.person);
  void sealRest(app.session.personId).catch((fault) => console.info("some rows stay plain until the next start", fault));
  starting = startEngine(app.session).catch(fail);
}

/** What lies plain although there is a lock: from before it was set. @param {string} personId */
async function sealRest(personId) {
  const lock = await lockSeen(personId);
  if (!lock || lock.key) return;
  const [{ databases }, { sealPlainRows }] = await Promise.all([import("./company.js"), import("./db/sealing.js")]);
  const { capture, replica } = await databases(personId);
  await sealPlainRows(capture, replica);
}

/** Nothing is sent before it is here, so it is asked for again. @param {import("./session.js").Session} session */
async function startEngine(session) {
  const { personId, token } = session;
  const fetched = await fetchEngine().catch(() => null);
  if (isOutdated() || app.session?.token !== token || app.engine) return;
  if (!fetched) {
    console.info("the sender comes later");
    setTimeout(() => {
      starting = startEngine(session).catch(fail);
    }, AGAIN_MS);
    return;
  }
  app.engine = fetched.createEngine({ personId, token, app: document.documentElement.dataset.build ?? "" });
  let drawn = "";
  app.engine.events.addEventListener("change", () => {
    const status = app.engine?.status();
    const mark = JSON.stringify([
      status?.phase,
      status?.sending,
      status?.unsent,
      status?.photosUnsent,
      status?.lastSyncedAt,
      status?.signedOut,
      status?.online,
    ]);
    if (mark === drawn && !isDayOver(app.company, Date.now())) return;
    drawn = mark;
    void showUnsent(status?.unsent ?? 0);
    void refresh().catch(fail);
  });
  app.engine.start();
}

/** Another person gets screens of their own; the same one goes on where they are, so that no signature under way is lost. */
async function followSession() {
  const before = app.session?.personId;
  taking = takeSession();
  await taking;
  if (app.session?.personId === before) draw();
  else await open();
}

/** @param {unknown} fault @returns {void} */
function fail(fault) {
  if (isOutdated()) return; // the page that asks to reload says it all
  console.warn("the screen could not be shown", fault);
  document.documentElement.dataset.fault = String(fault); // for whoever looks into it where there is no console
  failure = fault;
  draw();
}

/** What the first screen of somebody who is signed in will need, all at once and not import by import. */
function fetchAhead() {
  const { name } = placeOf(location.hash);
  if (!isAnyoneKnown() || OPEN_SCREENS.has(name)) return;
  for (const fetching of [import("./company.js"), screenNamed(name)]) fetching.catch(() => {}); // whoever needs it says so
}

async function start() {
  fetchAhead();
  await setLanguage(language());
  applyTheme();
  followPhoneTheme();
  listenForFaults(draw);
  listenForInstall(draw);
  giveWayToNewer(() => {
    void app.engine?.stop();
    spares?.endSpares();
  });
  document.documentElement.dataset.build = await ownBuild().catch(() => "");
  await takeSession();
  sessionChanges.addEventListener("change", () => void followSession().catch(fail));
  captureEvents.addEventListener("saved", () => void refresh().catch(fail));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void followDay().catch(fail));
  addEventListener("hashchange", () => void open().catch(fail));
  await open();
  document.documentElement.dataset.ready = "true";
  void fetchTheRest();
}

/** Again and again, until all of it is here. */
async function fetchTheRest() {
  try {
    await fetchEngine();
    await fetchAllScreens();
    await import("./db/sealing.js");
    if (!spares) {
      spares = await import("./spare.js");
      spares.startSpares();
    }
    await spares.keepSparesOf(app.session?.personId ?? "");
    await fetchOtherLanguage();
    document.documentElement.dataset.whole = "true";
  } catch (fault) {
    console.info("the rest of the app comes later", fault);
    setTimeout(() => void fetchTheRest(), AGAIN_MS);
  }
}

/** Rejects when not even the words came. A build that cannot start on this phone's data must still be able to give way to a newer one. */
export async function startApp() {
  try {
    await start();
  } catch (fault) {
    if (!hasWords()) throw fault;
    fail(fault);
  } finally {
    void followUpdates(draw).catch(fail);
  }
}
