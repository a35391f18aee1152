// @ts-check
// Reading a QR code with the camera.
import { openCamera } from "../capture/camera.js";
import { t } from "../i18n/index.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { codeReader } from "./code_reader.js";
import { openFullPage } from "./full_page.js";
import { icon } from "./parts.js";

/** @param {string} title what to aim at @returns {Promise<{text?: string, problem?: string}>} the text, or the key of words that say why there is none; neither when closed */
export async function scanCode(title) {
  const page = openFullPage("camera", title, null);
  let isOpen = true;
  void page.answer.then(() => {
    isOpen = false;
  });
  page.show(html`<div class="topbar"><button class="icon-button" @click=${() => page.end(null)} aria-label=${t("close")}>${icon("close")}</button><h2 class="title center">${title}</h2><span class="icon-button"></span></div>
    <div class="view"><video playsinline muted aria-label=${title}></video></div>`);
  const video = /** @type {HTMLVideoElement} */ (page.element.querySelector("video"));
  try {
    const read = await codeReader();
    const camera = await openCamera(video);
    while (isOpen) {
      const text = await read(video);
      if (text) {
        camera.stop();
        return { text };
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    camera.stop();
    return { problem: "scan.closed" };
  } catch (fault) {
    return { problem: /** @type {any} */ (fault).code === "camera_denied" ? "scan.denied" : "scan.unsupported" };
  } finally {
    page.end(null);
  }
}
