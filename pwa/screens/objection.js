// @ts-check
// The form of an objection: on what ground, in own words, with up to three photos.
import { preparePhoto } from "../capture/photo.js";
import { MOST_LETTERS, MOST_PHOTOS } from "../forms/objection_draft.js";
import { t } from "../i18n/index.js";
import { hasRoomForPhoto } from "../outbox/storage.js";
import { businessDate, businessTime } from "../rules/months.js";
import { takePicture } from "../ui/camera_page.js";
import { icon } from "../ui/parts.js";
import { reviewPhoto } from "../ui/photo_page.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

const GROUNDS = ["not_mine", "was_done", "wrong_amount", "other"];

/** @typedef {{error: string, isSaving: boolean, isBusy: boolean, isFull: boolean}} FormState */
/** @typedef {{draft: import("../forms/objection_draft.js").ObjectionDraft, change: (changes: any, blobs?: any[]) => Promise<void>, isSaved: () => boolean, problem: () => string | null}} Kept */
/** @typedef {{add: () => Promise<void>, open: (photo: import("../forms/objection_draft.js").ObjectionPhoto, address: string) => Promise<void>}} Taker */
/** @typedef {{kept: Kept, pictures: {of: (sha256: string) => string}, state: FormState, taker: Taker, send: () => void}} Writing */

/**
 * Takes photos into the draft and out of it again.
 * @param {import("../app.js").App} app @param {any} capture @param {Kept} kept @param {FormState} state @returns {Taker}
 */
export function photoTaker(app, capture, kept, state) {
  const complain = (/** @type {string} */ words) => {
    Object.assign(state, { error: words, isBusy: false });
    app.draw();
  };

  async function add() {
    if (state.isBusy) return;
    if (!(await hasRoomForPhoto(capture))) return complain(t("photo.full"));
    const now = new Date();
    const lines = [businessTime(now), `${businessDate(now)} · ${app.company?.person.name}`];
    const shot = await takePicture({ title: t("objection.photo"), turn: "", lines, last: "", isGalleryAllowed: true });
    if (!shot.blob) return;
    Object.assign(state, { isBusy: true, error: "" });
    app.draw();
    try {
      await keep(await preparePhoto(shot.blob, { lines, source: shot.source, takenAt: now.toISOString(), longestSide: longestSide() }));
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

  /** In the draft only if its bytes are on the phone. @param {import("../capture/photo.js").PreparedPhoto} prepared */
  async function keep({ bytes, mime, sha256, taken_at }) {
    const before = kept.draft.photos;
    await kept.change({ photos: [...before.filter((one) => one.sha256 !== sha256), { sha256, taken_at }] }, [{ sha256, bytes, mime }]);
    const problem = kept.problem();
    if (!problem) return;
    await kept.change({ photos: before });
    complain(t(problem === "storage_full" ? "photo.full" : "photo.failed"));
  }

  /** @type {Taker["open"]} */
  async function open(photo, address) {
    const choice = await reviewPhoto({ title: t("objection.photo"), address, warning: "", canDrop: true });
    if (choice === "keep" || !choice) return;
    await kept.change({ photos: kept.draft.photos.filter((one) => one.sha256 !== photo.sha256) });
    if (choice === "again") await add();
  }

  return { add, open };
}

/** @param {Writing} writing */
export function objectionForm(writing) {
  const { kept } = writing;
  const choose = (/** @type {string} */ ground) => {
    writing.state.error = "";
    void kept.change({ ground });
  };
  const type = (/** @type {InputEvent} */ event) => kept.change({ text: /** @type {HTMLTextAreaElement} */ (event.target).value });
  return html`<section class="section" aria-labelledby="say"><h2 id="say">${t("objection")}</h2>
    <div class="choices wide" role="radiogroup" aria-labelledby="say">${GROUNDS.map(
      (ground) =>
        html`<button class="choice start" role="radio" aria-checked=${kept.draft.ground === ground} data-testid="ground-${ground}" @click=${() => choose(ground)}><span class="radio"></span>${t(`objection.ground.${ground}`)}</button>`,
    )}</div>
    <div class="field"><label for="objection-text">${t("objection.text")}</label><div class="input area"><textarea id="objection-text" data-testid="objection-text" rows="3" maxlength=${MOST_LETTERS} .value=${kept.draft.text} @input=${type}></textarea></div></div>
    ${photos(writing)}
    <p class="small quiet">${t("objection.offline")}</p></section>`;
}

/** @param {Writing} writing */
function photos({ kept, pictures, state, taker }) {
  const isMore = kept.draft.photos.length < MOST_PHOTOS;
  return html`<div class="slots">${kept.draft.photos.map((photo) => {
    const address = pictures.of(photo.sha256);
    return html`<div class="slot filled"><button class="frame" aria-label=${t("photo.open", { what: t("objection.photo") })} @click=${() => taker.open(photo, address)}>${address ? html`<img src=${address} alt="" />` : html`<span class="skeleton line"></span>`}</button>
      <span class="quiet num">${businessTime(photo.taken_at)}</span></div>`;
  })}
  ${
    isMore
      ? html`<div class="slot" aria-busy=${state.isBusy}><button class="frame" data-testid="objection-photo" aria-label=${t("objection.photo.add")} @click=${taker.add}>${icon("camera")}</button><span class="what">${t("objection.photo.add")}</span>${state.isBusy ? html`<span class="quiet" role="status">${t("photo.preparing")}</span>` : html`<span class="quiet">${t("objection.photo.most", { n: MOST_PHOTOS })}</span>`}</div>`
      : nothing
  }</div>`;
}
