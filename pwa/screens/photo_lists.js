// @ts-check
// Which photos a visit and an outlet show, and what stands below them. Pure.
import { t } from "../i18n/index.js";
import { businessTime } from "../rules/months.js";
import { dayText } from "../ui/format.js";

/** @typedef {{sha256: string, slot: string, under: string, isStored: boolean}} PastPhoto under: a line below its name; isStored: whether the company has it, as far as is known here */

const MAIN_SLOTS = ["storefront", "counter"];

/** Of one visit, in their order. @param {any} visit @returns {PastPhoto[]} */
export function photosOfVisit(visit) {
  return visit.photos.map((/** @type {any} */ photo) => ({ ...shown(photo), under: businessTime(photo.taken_at) }));
}

/**
 * How an outlet looks: storefront and counter of its file, and of the newest visit that has such photos; each picture once.
 * @param {any} outlet @param {any[]} visits newest first @returns {PastPhoto[]}
 */
export function newestPhotos(outlet, visits) {
  const isMain = (/** @type {any} */ photo) => MAIN_SLOTS.includes(photo.slot);
  const last = visits.find((visit) => visit.outlet_id === outlet.id && visit.photos.some(isMain));
  const ofVisit = (last?.photos ?? [])
    .filter(isMain)
    .map((/** @type {any} */ photo) => ({ ...shown(photo), under: t("photos.of_visit", { day: dayText(last.visited_on) }) }));
  const ofFile = MAIN_SLOTS.map((slot) => ({ slot, sha256: outlet[`${slot}_photo`], under: t("photos.of_file"), isStored: true }));
  const all = [...ofVisit, ...ofFile.filter((photo) => photo.sha256)];
  return all.filter((photo, place) => all.findIndex((other) => other.sha256 === photo.sha256) === place);
}

/** @param {any} photo of a visit */
function shown({ slot, sha256, is_stored }) {
  return { slot, sha256, isStored: is_stored };
}
