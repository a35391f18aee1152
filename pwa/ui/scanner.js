// @ts-check
// Reading a QR code with the camera, where the browser can.
import { openCamera } from "../capture/camera.js";
import { t } from "../i18n/index.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { openFullPage } from "./full_page.js";
import { icon } from "./parts.js";

/** @param {string} title what to aim at @returns {Promise<{text?: string, problem?: string}>} the text, or the key of words that say why there is none; neither when closed */
export async function scanCode(title) {
  const Detector = /** @type {any} */ (globalThis).BarcodeDetector;
  if (!Detector) return { problem: "scan.unsupported" };
  const page = openFullPage("camera", title, null);
  let isOpen = true;
  void page.answer.then(() => {
    isOpen = false;
  });
  page.show(html`<div class="topbar"><button class="icon-button" @click=${() => page.end(null)} aria-label=${t("close")}>${icon("close")}</button><h2 class="title center">${title}</h2><span class="icon-button"></span></div>
    <div class="view"><video playsinline muted aria-label=${title}></video></div>`);
  const video = /** @type {HTMLVideoElement} */ (page.element.querySelector("video"));
  try {
    const camera = await openCamera(video);
    const detector = new Detector({ formats: ["qr_code"] });
    while (isOpen) {
      const [found] = await detector.detect(video).catch(() => []);
      if (found) {
        camera.stop();
        return { text: found.rawValue };
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
