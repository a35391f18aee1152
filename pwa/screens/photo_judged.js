// @ts-check
// Photos that are blurred or dark: said in words, and shown while one still stands there.
import { byCompanyClock } from "../business_day.js";
import { t } from "../i18n/index.js";
import { businessTime } from "../rules/months.js";
import { stateText } from "../ui/parts.js";
import { reviewPhoto } from "../ui/photo_page.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @typedef {{is_blurred?: boolean, is_dark?: boolean}} Judged of an older app's drafts nothing is known */

/** @param {Judged} photo @returns {string} what is wrong with it, or "" */
export function warningOf(photo) {
  return photo.is_blurred ? t("photo.blurred.warning") : photo.is_dark ? t("photo.dark.warning") : "";
}

/** A poor photo of the app's camera is shown at once. @param {string} title @param {import("../capture/photo.js").PreparedPhoto} prepared @returns {Promise<boolean>} whether it is to be taken again */
export async function isUnwanted(title, prepared) {
  const warning = warningOf(prepared);
  if (!warning || prepared.origin !== "camera") return false;
  const address = URL.createObjectURL(new Blob([prepared.bytes], { type: prepared.mime }));
  const choice = await reviewPhoto({ title, address, warning, canDrop: false });
  URL.revokeObjectURL(address);
  return choice === "again";
}

/** How it came out, in a word; "" when nobody judged it. @param {Judged} photo @returns {string} */
export function qualityWord(photo) {
  if (photo.is_blurred) return t("photo.blurred");
  if (photo.is_dark) return t("photo.dark");
  return photo.is_blurred === undefined ? "" : t("photo.clear");
}

/** Below a photo whose bytes are gone. */
export function lostWords() {
  return stateText("overdue", t("photo.lost"));
}

/** Below a photo: when it was taken, how it came out, and that it is one of the gallery. @param {Judged & {taken_at?: string, origin?: string}} photo @param {{clockOffsetMs?: number} | null} [company] */
export function photoWords(photo, company) {
  const quality = qualityWord(photo);
  const words = html`${photo.taken_at ? html`<span class="num">${businessTime(byCompanyClock(company, photo.taken_at))}</span>` : nothing}${photo.taken_at && quality ? " · " : nothing}${quality}`;
  return html`<span class=${warningOf(photo) ? "line cau strong" : "quiet"}>${words}</span>${photo.origin === "gallery" ? html`<span class="quiet">${t("photo.from_gallery")}</span>` : nothing}`;
}
