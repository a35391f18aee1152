// @ts-check
// Reading a QR code with the camera, where the browser can.
import { openCamera } from "../capture/camera.js";
import { t } from "../i18n/index.js";
import { html, render } from "../vendor/lit-html/lit-html.js";
import { icon } from "./parts.js";

/** @returns {Promise<{text?: string, problem?: string}>} the text, or the key of words that say why there is none; neither when closed */
export async function scanCode() {
  const Detector = /** @type {any} */ (globalThis).BarcodeDetector;
  if (!Detector) return { problem: "scan.unsupported" };
  const page = document.createElement("div");
  page.className = "camera-page camera";
  document.body.append(page);
  let isOpen = true;
  const close = () => {
    isOpen = false;
  };
  render(
    html`<header class="topbar"><button class="icon-button" @click=${close} aria-label=${t("close")}>${icon("close")}</button><span class="title">${t("scan.title")}</span></header>
      <div class="view"><video playsinline muted aria-label=${t("scan.title")}></video></div>`,
    page,
  );
  const video = /** @type {HTMLVideoElement} */ (page.querySelector("video"));
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
    page.remove();
  }
}
