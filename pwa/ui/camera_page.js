// @ts-check
// The camera inside the app, over the whole screen.
import { openCamera } from "../capture/camera.js";
import { t } from "../i18n/index.js";
import { html, nothing, render } from "../vendor/lit-html/lit-html.js";
import { icon } from "./parts.js";

/**
 * @param {string} title @param {string[]} lines shown as the stamp will be drawn
 * @returns {Promise<{blob?: Blob, problem?: "denied" | "missing"}>} neither when it was closed
 */
export function takePicture(title, lines) {
  const page = document.createElement("div");
  page.className = "camera-page camera";
  page.setAttribute("role", "dialog");
  page.setAttribute("aria-modal", "true");
  page.setAttribute("aria-label", title);
  document.body.append(page);
  return new Promise((resolve) => {
    /** @type {import("../capture/camera.js").Camera | null} */
    let camera = null;
    let isLit = false;
    const end = (/** @type {{blob?: Blob, problem?: "denied" | "missing"}} */ result) => {
      camera?.stop();
      page.remove();
      removeEventListener("hashchange", leave);
      resolve(result);
    };
    const leave = () => end({}); // the phone's own back button
    const shoot = async () => camera && end({ blob: await camera.shoot() });
    const light = async () => {
      isLit = !isLit;
      await camera?.torch?.(isLit);
    };
    const draw = () =>
      render(
        html`<div class="topbar"><button class="icon-button" @click=${() => end({})} aria-label=${t("close")}>${icon("close")}</button><span class="title center">${title}</span>
            ${camera?.torch ? html`<button class="icon-button" @click=${light} aria-label=${t("camera.torch")}>${icon("torch")}</button>` : nothing}</div>
          <div class="view"><video playsinline muted aria-label=${title}></video><div class="stamp" translate="no"><span class="time num">${lines[0]}</span>${lines.slice(1).map((line) => html`<span>${line}</span>`)}</div></div>
          <div class="shutter-bar"><span></span><button class="shutter" data-testid="shutter" @click=${shoot} aria-label=${t("camera.shoot")}></button><span></span></div>`,
        page,
      );
    draw();
    addEventListener("hashchange", leave);
    /** @type {HTMLElement} */ (page.querySelector("button")).focus();
    openCamera(/** @type {HTMLVideoElement} */ (page.querySelector("video"))).then(
      (opened) => {
        camera = opened;
        if (!page.isConnected) return camera.stop();
        draw();
      },
      (fault) => end({ problem: fault.code === "camera_denied" ? "denied" : "missing" }),
    );
  });
}
