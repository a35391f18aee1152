// @ts-check
// A few photos of a form: take one into the draft, look at it, take it out again.
import { byCompanyClock } from "../business_day.js";
import { preparePhoto } from "../capture/photo.js";
import { factOf } from "../forms/photo_facts.js";
import { t } from "../i18n/index.js";
import { hasRoomForPhoto } from "../outbox/storage.js";
import { businessDate, businessTime } from "../rules/months.js";
import { takePicture } from "../ui/camera_page.js";
import { icon } from "../ui/parts.js";
import { reviewPhoto } from "../ui/photo_page.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { fullBanner } from "./photo_full.js";
import { isUnwanted, lostWords, photoWords, warningOf } from "./photo_judged.js";

/** @typedef {import("../forms/photo_facts.js").PhotoFact} TakenPhoto */
/** @typedef {{error: unknown, isBusy: boolean}} TakerState error: as `faultBanner` draws it */
/** @typedef {{draft: {photos: TakenPhoto[]}, change: (changes: any, blobs?: any[]) => Promise<void>, problem: () => string | null}} Kept */
/** @typedef {{add: () => Promise<void>, open: (photo: TakenPhoto, seen: Seen) => Promise<void>}} Taker */
/** @typedef {{address: string, isLost: boolean}} Seen how a photo stands on the page */
/** @typedef {Pick<ReturnType<typeof import("../ui/picture_urls.js").pictureUrls>, "of" | "isLost">} Pictures */
/** @typedef {{title: string, isGalleryAllowed: boolean, shop?: string}} Wanted title: what the photo is of; shop: the outlet that it was taken at, for the stamp */

/**
 * Takes photos into the draft and out of it again.
 * @param {import("../app.js").App} app @param {any} capture @param {Kept} kept @param {TakerState} state @param {() => Wanted} wanted @returns {Taker}
 */
export function photoTaker(app, capture, kept, state, wanted) {
  const complain = (/** @type {unknown} */ fault) => {
    Object.assign(state, { error: fault, isBusy: false });
    app.draw();
  };

  /** @param {TakenPhoto} [replaced] gives way once the new one is on the phone */
  async function add(replaced) {
    if (state.isBusy) return;
    if (!(await hasRoomForPhoto(capture))) return complain(fullBanner());
    const now = new Date();
    const shown = byCompanyClock(app.company, now);
    const { title, isGalleryAllowed, shop = "" } = wanted();
    const lines = [businessTime(shown), `${businessDate(shown)} · ${app.company?.person.name}`, shop].filter(Boolean);
    const shot = await takePicture({ title, isGalleryAllowed, turn: "", lines, last: "" });
    if (!shot.blob) return;
    Object.assign(state, { isBusy: true, error: "" });
    app.draw();
    try {
      const prepared = await preparePhoto(shot.blob, {
        lines,
        origin: shot.origin,
        takenAt: now.toISOString(),
        longestSide: longestSide(),
      });
      if (await isUnwanted(title, prepared)) {
        state.isBusy = false;
        return add(replaced);
      }
      await keep(prepared, replaced);
    } catch (fault) {
      return complain(t(/** @type {any} */ (fault).code === "photo_unreadable" ? "photo.unreadable" : "photo.failed"));
    }
    state.isBusy = false;
    app.draw();
  }

  /** @returns {number} px */
  function longestSide() {
    const company = /** @type {import("../company.js").Company} */ (app.company);
    return Number(company.policyOf(company.today)["photo.max_side_px"]);
  }

  /** In the draft only if its bytes are on the phone. @param {import("../capture/photo.js").PreparedPhoto} prepared @param {TakenPhoto} [replaced] */
  async function keep(prepared, replaced) {
    const { sha256, bytes, mime } = prepared;
    const before = kept.draft.photos;
    const others = before.filter((one) => one.sha256 !== sha256 && one !== replaced);
    await kept.change({ photos: [...others, factOf(prepared)] }, [{ sha256, bytes, mime }]);
    const problem = kept.problem();
    if (!problem) return;
    await kept.change({ photos: before });
    complain(problem === "storage_full" ? fullBanner() : t("photo.failed"));
  }

  /** @type {Taker["open"]} */
  async function open(photo, { address, isLost }) {
    const warning = isLost ? t("photo.lost.warning") : warningOf(photo);
    const choice = await reviewPhoto({ title: wanted().title, address, warning, canDrop: true });
    if (choice === "keep" || !choice) return;
    if (choice === "again") return add(photo);
    await kept.change({ photos: kept.draft.photos.filter((one) => one.sha256 !== photo.sha256) });
  }

  return { add: () => add(), open };
}

/**
 * The photos taken, and a place for one more. @param {{app: import("../app.js").App, kept: Kept, pictures: Pictures, state: TakerState, taker: Taker}} at
 * @param {{title: string, add: string, most: number, testId: string, isNeeded?: boolean}} words isNeeded: without one the form is not taken
 */
export function photoRow({ app, kept, pictures, state, taker }, { title, add, most, testId, isNeeded }) {
  return html`<div class="slots">${kept.draft.photos.map((photo) => {
    const address = pictures.of(photo.sha256);
    const isLost = pictures.isLost(photo.sha256);
    return html`<div class="slot filled"><button class="frame" aria-label=${t("photo.open", { what: title })} @click=${() => taker.open(photo, { address, isLost })}>${address ? html`<img src=${address} alt="" />` : isLost ? icon("camera") : html`<span class="skeleton line"></span>`}</button>
      ${isLost ? lostWords() : photoWords(photo, app.company)}</div>`;
  })}
  ${
    kept.draft.photos.length < most
      ? html`<div class="slot" aria-busy=${state.isBusy}><button class="frame" data-testid=${testId} aria-label=${add} @click=${taker.add}>${icon("camera")}</button><span class="what">${add}</span>${state.isBusy ? html`<span class="quiet" role="status">${t("photo.preparing")}</span>` : html`<span class="quiet">${t(isNeeded && !kept.draft.photos.length ? "photo.needed.up_to" : "photo.most", { n: most })}</span>`}</div>`
      : nothing
  }</div>`;
}
