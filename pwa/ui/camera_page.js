// @ts-check
// The camera inside the app, over the whole screen; the phone's own camera stands in where it does not open.
import { openCamera } from "../capture/camera.js";
import { t } from "../i18n/index.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { openFullPage } from "./full_page.js";
import { icon, shape } from "./parts.js";
import { photoInput } from "./photo_input.js";
import { watchQuality } from "./quality_watch.js";

/**
 * @typedef {{blob?: Blob, origin: import("../capture/photo_source.js").Origin, isOwnCamera?: boolean}} Shot without a blob it was closed; isOwnCamera: shot here, not by the phone's own camera app
 * @typedef {object} Wanted
 * @property {string} title
 * @property {string} turn such as `1 / 2`
 * @property {string[]} lines shown as the stamp will be drawn
 * @property {string} last address of the photo before, or ""
 * @property {boolean} isGalleryAllowed
 */

/** @param {Wanted} wanted @returns {Promise<Shot>} */
export async function takePicture(wanted) {
  const page = openFullPage("camera", wanted.title, /** @type {Shot} */ ({ origin: "camera" }));
  /** @type {{camera: import("../capture/camera.js").Camera | null, problem: string, isLit: boolean, quality: any, stopWatch: () => void}} */
  const state = { camera: null, problem: "", isLit: false, quality: null, stopWatch: () => {} };
  const draw = () => page.show(state.problem ? problemView(wanted, state, page, start) : finderView(wanted, state, page, draw));

  async function start() {
    state.problem = "";
    draw();
    const video = /** @type {HTMLVideoElement} */ (page.element.querySelector("video"));
    try {
      state.camera = await openCamera(video);
    } catch (fault) {
      state.problem = /** @type {any} */ (fault).code === "camera_denied" ? "camera.denied" : "camera.missing";
      return draw();
    }
    if (!page.element.isConnected) return state.camera.stop();
    state.stopWatch = watchQuality(video, (quality) => {
      state.quality = quality;
      draw();
    });
    draw();
  }

  void start();
  const shot = await page.answer;
  state.stopWatch();
  state.camera?.stop();
  return shot;
}

/** @param {Wanted} wanted @param {any} state @param {import("./full_page.js").FullPage<Shot>} page @param {() => void} draw */
function finderView(wanted, state, page, draw) {
  const shoot = async () => state.camera && page.end({ blob: await state.camera.shoot(), origin: "camera", isOwnCamera: true });
  const light = async () => {
    state.isLit = !state.isLit;
    await state.camera?.torch?.(state.isLit);
    draw();
  };
  return html`<div class="topbar">
      <button class="icon-button" @click=${() => page.end({ origin: "camera" })} aria-label=${t("camera.close")}>${icon("close")}</button>
      <h2 class="title center">${wanted.title}<small class="num">${wanted.turn}</small></h2>
      ${state.camera?.torch ? html`<button class="icon-button" @click=${light} aria-label=${t("camera.torch")} aria-pressed=${state.isLit}>${icon("torch")}</button>` : html`<span class="icon-button"></span>`}
    </div>
    <div class="view"><video playsinline muted aria-label=${wanted.title}></video>
      <svg class="corner" viewBox="0 0 324 360" preserveAspectRatio="none" aria-hidden="true"><path d="M2 34V2h32M290 2h32v32M322 326v32h-32M34 358H2v-32" vector-effect="non-scaling-stroke"></path></svg>
      ${state.quality ? html`<div class="hint">${qualityHint(!state.quality.is_blurred, "camera.sharp", "camera.blurred")}${qualityHint(!state.quality.is_dark, "camera.bright", "camera.dark")}</div>` : nothing}
      <div class="stamp" translate="no"><span class="time num">${wanted.lines[0]}</span>${wanted.lines.slice(1).map((line) => html`<span>${line}</span>`)}</div></div>
    <div class="shutter-bar">
      <span class="side">${wanted.last ? html`<img class="thumb" src=${wanted.last} alt=${t("camera.last")} />` : nothing}</span>
      <button class="shutter" data-testid="shutter" @click=${shoot} aria-label=${t("camera.shoot")}></button>
      ${wanted.isGalleryAllowed ? fromGallery(page, "side") : fromSystem(page, "side", "camera.system")}
    </div>`;
}

/** @param {boolean} isGood @param {string} good @param {string} bad */
function qualityHint(isGood, good, bad) {
  return html`<span class=${isGood ? "" : "bad"}>${isGood ? shape("done") : icon("warn", "s")}${t(isGood ? good : bad)}</span>`;
}

/** The phone's own camera. @param {import("./full_page.js").FullPage<Shot>} page @param {string} kind @param {string} words key */
function fromSystem(page, kind, words) {
  const take = (/** @type {Blob} */ blob, /** @type {Shot["origin"]} */ origin) => page.end({ blob, origin });
  return html`<label class="${kind} file-label">${icon("camera")}${t(words)}${photoInput({ asksCamera: true, testId: "system-camera", take })}</label>`;
}

/** Where the company allows it. @param {import("./full_page.js").FullPage<Shot>} page @param {string} kind */
function fromGallery(page, kind) {
  const take = (/** @type {Blob} */ blob, /** @type {Shot["origin"]} */ origin) => page.end({ blob, origin });
  return html`<label class="${kind} file-label">${icon("image")}${t("camera.gallery")}${photoInput({ asksCamera: false, testId: "gallery", take })}</label>`;
}

/** The camera did not open: how to allow it, and the way round it. @param {Wanted} wanted @param {any} state @param {import("./full_page.js").FullPage<Shot>} page @param {() => void} again */
function problemView(wanted, state, page, again) {
  const steps = state.problem === "camera.denied" ? ["camera.how.lock", "camera.how.allow", "camera.how.again"] : [];
  return html`<div class="paper">
    <div class="topbar"><button class="icon-button" @click=${() => page.end({ origin: "camera" })} aria-label=${t("back")}>${icon("back")}</button><h2 class="title">${wanted.title}<small class="num">${wanted.turn}</small></h2></div>
    <div class="state-page"><span class="emblem" data-state="due">${icon("camera")}</span>
      <div class="stack s"><h2>${t(state.problem)}</h2><p class="quiet">${t(`${state.problem}.text`)}</p></div>
      ${steps.length ? html`<ol class="how card">${steps.map((key) => html`<li><span>${t(key)}</span></li>`)}</ol>` : nothing}</div>
    <div class="bottom"><div class="actions">
      <button class="button side" @click=${again}>${t("camera.again")}</button>
      ${wanted.isGalleryAllowed ? fromGallery(page, "button side") : nothing}
      ${fromSystem(page, "button primary", "camera.use_system")}</div></div>
  </div>`;
}
