// @ts-check
// 门头 and 柜台: the two photos of an outlet's file.
import { byCompanyClock } from "../business_day.js";
import { preparePhoto } from "../capture/photo.js";
import { keepFilePhoto } from "../forms/file_photo.js";
import { t } from "../i18n/index.js";
import { hasRoomForPhoto } from "../outbox/storage.js";
import { businessDate, businessTime } from "../rules/months.js";
import { takePicture } from "../ui/camera_page.js";
import { icon, stateText } from "../ui/parts.js";
import { reviewPhoto } from "../ui/photo_page.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { fullBanner } from "./photo_full.js";
import { isUnwanted, lostWords, photoWords, warningOf } from "./photo_judged.js";

export const SLOTS = /** @type {const} */ (["storefront_photo", "counter_photo"]);

/** @typedef {import("../forms/photo_facts.js").PhotoFact} PhotoFact */
/**
 * @typedef {object} OfAlbum
 * @property {import("./file_fields.js").Sheet} sheet
 * @property {import("./photo_taker.js").Pictures} pictures
 * @property {() => string} shop its name, for the stamp
 * @property {(fault: unknown) => void} complain as `faultBanner` draws it
 *
 * @typedef {OfAlbum & import("../forms/file_photo.js").Keeping} Album
 */

/** @param {import("../app.js").App} app @param {any} capture @param {Album} album */
export function photoSlots(app, capture, album) {
  const state = { busy: "" };

  /** @param {string} slot */
  async function take(slot) {
    if (state.busy) return;
    album.complain("");
    if (!(await hasRoomForPhoto(capture))) return album.complain(fullBanner());
    const company = /** @type {import("../company.js").Company} */ (app.company);
    const policy = company.policyOf(company.today);
    const now = new Date();
    const shown = byCompanyClock(company, now);
    const lines = [businessTime(shown), `${businessDate(shown)} · ${company.person.name}`, album.shop()].filter(Boolean);
    const isGalleryAllowed = policy["photo.gallery_allowed"] === "true";
    const shot = await takePicture({ title: t(`field.${slot}`), turn: "", lines, last: "", isGalleryAllowed });
    if (!shot.blob) return;
    state.busy = slot;
    app.draw();
    try {
      const longestSide = Number(policy["photo.max_side_px"]);
      const about = { lines, origin: shot.origin, takenAt: now.toISOString(), longestSide };
      const prepared = await preparePhoto(shot.blob, about);
      if (await isUnwanted(t(`field.${slot}`), prepared)) {
        state.busy = "";
        return take(slot);
      }
      const problem = await keepFilePhoto(album, slot, prepared);
      if (problem) album.complain(problem === "storage_full" ? fullBanner() : t("photo.failed"));
    } catch (fault) {
      album.complain(t(/** @type {any} */ (fault).code === "photo_unreadable" ? "photo.unreadable" : "photo.failed"));
    }
    state.busy = "";
    app.draw();
  }

  /** @param {string} slot @param {string} address */
  async function open(slot, address) {
    const choice = await reviewPhoto({ title: t(`field.${slot}`), address, warning: warningOf(factsOf(album, slot)), canDrop: false });
    if (choice === "again") await take(slot);
  }

  return () => html`<div class="slots two">${SLOTS.map((slot) => slotView(app, album, { state, slot, take, open }))}</div>`;
}

/** Of a photo that an older app kept, nothing. @param {Album} album @param {string} slot @returns {Partial<PhotoFact>} */
function factsOf({ sheet, draft }, slot) {
  return draft.photo_facts?.find((one) => one.sha256 === sheet.typed(slot)) ?? {};
}

/** Below a photo that is not on this phone: the company has it, unless it was taken here. @param {Album} album @param {string} slot */
function unseenWords({ sheet, draft, pictures }, slot) {
  const isOwn = slot in draft.typed;
  return isOwn && pictures.isLost(sheet.typed(slot)) ? lostWords() : html`<span class="quiet">${t("file.photo.kept")}</span>`;
}

/** @param {import("../app.js").App} app @param {Album} album @param {{state: {busy: string}, slot: string, take: (slot: string) => Promise<void>, open: (slot: string, address: string) => Promise<void>}} at */
function slotView(app, album, { state, slot, take, open }) {
  const { sheet, pictures } = album;
  const sha256 = sheet.typed(slot);
  const address = sha256 ? pictures.of(sha256) : "";
  const name = t(`field.${slot}`);
  if (address)
    return html`<div class="slot filled" data-testid="slot-${slot}"><button class="frame" aria-label=${t("photo.open", { what: name })} @click=${() => open(slot, address)}><img src=${address} alt="" /></button><span class="what">${name}</span>${photoWords(factsOf(album, slot), app.company)}</div>`;
  const below =
    state.busy === slot
      ? html`<span class="quiet" role="status">${t("photo.preparing")}</span>`
      : sha256
        ? unseenWords(album, slot)
        : nothing;
  return html`<div class="slot" aria-busy=${state.busy === slot} data-testid="slot-${slot}"><button class="frame" data-testid="take-${slot}" aria-label=${t(sha256 ? "photo.retake" : "file.photo.take", { what: name })} @click=${() => take(slot)}>${icon("camera")}</button>
    <span class="what">${name}</span>${below}${!sha256 && state.busy !== slot && slot === "storefront_photo" ? stateText("due", t("file.photo.needed")) : nothing}</div>`;
}
