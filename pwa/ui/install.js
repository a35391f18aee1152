// @ts-check
// How the app gets to the home screen: the browser's own prompt where it has one, else words for this browser. An app that only
// shows pages (WeChat, DingTalk) may throw stored data away, so it is told to open the phone's browser.

/** @typedef {"installed" | "prompt" | "in_app" | "safari" | "menu"} InstallWay */

const IN_APP = /MicroMessenger|DingTalk|Lark|Feishu|AlipayClient|Weibo|QQ\//;
const IOS = /iPhone|iPad|iPod/;

/** @type {any} the browser's offer, kept until somebody takes it */
let offer = null;

/** Before the first screen: the browser offers it once, early. @param {() => void} draw */
export function listenForInstall(draw) {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event;
    draw();
  });
  addEventListener("appinstalled", () => {
    offer = null;
    draw();
  });
}

/** @param {string} userAgent @param {boolean} isStandalone @param {boolean} canPrompt @returns {InstallWay} */
export function wayToInstall(userAgent, isStandalone, canPrompt) {
  if (isStandalone) return "installed";
  if (IN_APP.test(userAgent)) return "in_app";
  if (canPrompt) return "prompt";
  return IOS.test(userAgent) ? "safari" : "menu";
}

/** For this browser, now. @returns {InstallWay} */
export function installWay() {
  const isStandalone = matchMedia("(display-mode: standalone)").matches || /** @type {any} */ (navigator).standalone === true;
  return wayToInstall(navigator.userAgent, isStandalone, offer !== null);
}

/** Show the browser's own question. An offer can be taken once. */
export async function askToInstall() {
  const taken = offer;
  offer = null;
  await taken?.prompt();
}
