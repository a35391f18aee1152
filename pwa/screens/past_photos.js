// @ts-check
// Photos of visits and files to look at: small ones in a row, each large at a tap, and a quiet frame for what cannot be shown just now.
import { databases } from "../company.js";
import { getBlob } from "../db/capture.js";
import { t } from "../i18n/index.js";
import { photoCopy } from "../photo_copies.js";
import { icon, isSignedOut } from "../ui/parts.js";
import { pastPictures } from "../ui/past_pictures.js";
import { showPhoto } from "../ui/photo_page.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @typedef {import("../ui/past_pictures.js").PastPictures} PastPictures */
/** @typedef {import("./photo_lists.js").PastPhoto} PastPhoto */

/** The pictures of a screen. @param {import("../app.js").App} app @returns {Promise<PastPictures>} */
export async function picturesOf(app) {
  const { personId } = /** @type {import("../session.js").Session} */ (app.session);
  const { capture } = await databases(personId);
  const sources = {
    read: (/** @type {string} */ sha256) => getBlob(capture, sha256),
    ask: (/** @type {string} */ sha256, /** @type {"thumb" | "full"} */ size) => photoCopy(app.session?.token ?? "", sha256, size),
    isSignedOut: () => isSignedOut(app),
    isOnline: () => navigator.onLine && (app.engine?.status().online ?? true),
  };
  return pastPictures(sources, app.draw);
}

/** @param {PastPictures} pictures @param {PastPhoto[]} photos */
export function photosSection(pictures, photos) {
  return html`<section class="section" aria-labelledby="looks" data-testid="past-photos">
    <div class="section-head"><h2 id="looks">${t("past_visit.photos")}</h2>${photos.length ? html`<span class="small quiet num">${t("photos.count", { n: photos.length })}</span>` : nothing}</div>
    ${photos.length ? html`<div class="slots">${photos.map((photo) => frame(pictures, photo))}</div>` : html`<p class="small quiet">${t("photos.none")}</p>`}
  </section>`;
}

/** @param {PastPictures} pictures @param {PastPhoto} photo */
function frame(pictures, photo) {
  const { sight, address } = pictures.of(photo.sha256);
  const what = t(`photo.${photo.slot}`);
  const below = html`<span class="what">${what}</span><span class="quiet num">${photo.under}</span>`;
  const look = () => showPhoto({ title: what, small: photo.under, address, larger: pictures.larger(photo.sha256) });
  if (sight === "here")
    return html`<div class="slot filled"><button class="frame" data-testid="past-photo" aria-label=${t("photo.open", { what })} @click=${look}><img src=${address} alt="" /></button>${below}</div>`;
  if (sight === "coming")
    return html`<div class="slot filled" aria-busy="true"><span class="frame"><span class="skeleton line"></span></span>${below}</div>`;
  if (sight === "failed")
    return html`<div class="slot"><button class="frame" data-testid="photo-ask-again" aria-label="${t("photo.failed_to_come")} ${what}" @click=${() => pictures.again(photo.sha256)}>${icon("sync")}</button>${below}<span>${t("photo.failed_to_come")}</span></div>`;
  const unseen = photo.isStored ? "photo.missing" : "photo.not_sent";
  const words = sight === "missing" ? unseen : `photo.${sight}`;
  return html`<div class="slot" data-testid="photo-${sight}"><span class="frame still">${icon(sight === "offline" ? "offline" : "image")}</span>${below}<span class="quiet">${t(words)}</span></div>`;
}
