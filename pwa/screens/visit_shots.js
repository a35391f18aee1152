// @ts-check
// Taking a photo for a slot: shoot, look at it when it is poor, make it ready, keep it.
import { byCompanyClock } from "../business_day.js";
import { preparePhoto } from "../capture/photo.js";
import { databases } from "../company.js";
import { t } from "../i18n/index.js";
import { hasRoomForPhoto } from "../outbox/storage.js";
import { businessDate, businessTime } from "../rules/months.js";
import { slotsIn } from "../rules/photo_slots.js";
import { takePicture } from "../ui/camera_page.js";
import { bringUp } from "../ui/focus.js";
import { distanceText, weekdayText } from "../ui/format.js";
import { reviewPhoto } from "../ui/photo_page.js";
import { isUnwanted, warningOf } from "./photo_judged.js";

/** @typedef {{busy: string, isFull: boolean}} State busy: the slot whose photo is being made ready, or ""; isFull: the last one had no room */

/** @param {import("./visit.js").Flow} flow @returns {string[]} */
export function requiredSlots(flow) {
  return slotsIn(flow.policy["visit.required_photo_slots"]);
}

/** Those without a photo, and those whose photo is lost. @param {import("./visit.js").Flow} flow */
export function missingSlots(flow) {
  return requiredSlots(flow).filter((slot) => {
    const photo = photoIn(flow, slot);
    return !photo || flow.isPhotoLost(photo.sha256);
  });
}

/** @param {import("./visit.js").Flow} flow @param {string} slot */
export function photoIn(flow, slot) {
  return flow.draft.photos.find((photo) => photo.slot === slot);
}

/** A photo of a required slot opens the camera for the next one that is missing, until it is closed. @param {import("./visit.js").Flow} flow @param {State} state @param {string} slot @param {any} [replaced] */
export async function shoot(flow, state, slot, replaced) {
  if (state.busy) return;
  flow.complain("");
  state.busy = slot; // a second tap opens no second camera
  const isRoom = await hasRoom(flow, state).finally(() => {
    state.busy = "";
  });
  if (!isRoom) return showFull(flow);
  const lines = stampLines(flow);
  const slots = requiredSlots(flow);
  const at = slots.indexOf(slot);
  const last = flow.draft.photos.at(-1);
  const shot = await takePicture({
    title: t(`photo.${slot}`),
    turn: at < 0 ? "" : `${at + 1} / ${slots.length}`,
    lines,
    last: last ? flow.pictureUrl(last.sha256) : "",
    isGalleryAllowed: flow.policy["photo.gallery_allowed"] === "true",
  });
  if (!shot.blob) return;
  const place = location.hash;
  const isKept = await add(flow, state, { slot, replaced, blob: shot.blob, origin: shot.origin });
  const [next] = missingSlots(flow);
  const isStillHere = location.hash === place && flow.draft.step === "photos";
  if (isKept && shot.isOwnCamera && at >= 0 && next && isStillHere) await shoot(flow, state, next);
}

/** @typedef {{blob: Blob, origin: import("../capture/photo_source.js").Origin}} Brought */

/** @param {import("./visit.js").Flow} flow @param {State} state @param {string} slot @param {any} replaced @param {Brought} brought by a file input */
export async function addFile(flow, state, slot, replaced, brought) {
  if (await hasRoom(flow, state)) await add(flow, state, { slot, replaced, ...brought });
  else showFull(flow);
}

/** @param {import("./visit.js").Flow} flow @param {State} state @param {any} photo */
export async function openPhoto(flow, state, photo) {
  const isLost = flow.isPhotoLost(photo.sha256);
  const choice = await reviewPhoto({
    title: t(`photo.${photo.slot}`),
    address: flow.pictureUrl(photo.sha256),
    warning: isLost ? t("photo.lost.warning") : warningOf(photo),
    canDrop: isLost || photo.slot === "other",
  });
  if (choice === "again") await shoot(flow, state, photo.slot, photo);
  if (choice === "drop") dropPhoto(flow, photo);
}

/** @param {import("./visit.js").Flow} flow @param {any} photo */
function dropPhoto(flow, photo) {
  flow.takeOut(t("undo.photo"), {
    photos: flow.draft.photos.filter((one) => one.sha256 !== photo.sha256),
    answers: answersWith(flow.draft.answers, photo.sha256, ""),
  });
}

/** A photo that answers a question goes or is taken again: so does the answer. @param {Record<string, import("../forms/visit_draft.js").Given>} answers @param {string} before @param {string} now */
function answersWith(answers, before, now) {
  return Object.fromEntries(
    Object.entries(answers).map(([key, given]) => [key, given.answer === before ? { ...given, answer: now } : given]),
  );
}

/** @param {import("./visit.js").Flow} flow @param {State} state @param {Brought & {slot: string, replaced: any}} taken @returns {Promise<boolean>} whether it is in the draft */
async function add(flow, state, { slot, replaced, blob, origin }) {
  const { visit_id } = flow.draft;
  const isLetGo = () => flow.draft.visit_id !== visit_id; // with all that belongs to it
  state.busy = slot;
  let isKept = false;
  flow.complain("");
  try {
    const longestSide = Number(flow.policy["photo.max_side_px"]);
    const prepared = await preparePhoto(blob, { lines: stampLines(flow), origin, takenAt: new Date().toISOString(), longestSide });
    if (!isLetGo() && (await isUnwanted(t(`photo.${slot}`), prepared))) {
      state.busy = "";
      await shoot(flow, state, slot, replaced); // which goes on from there itself
      return false;
    }
    if (!isLetGo()) isKept = await keep(flow, state, { slot, replaced, prepared });
  } catch (fault) {
    const code = /** @type {any} */ (fault).code;
    if (!isLetGo()) flow.complain(t(code === "photo_unreadable" ? "photo.unreadable" : "photo.failed"));
  }
  state.busy = "";
  flow.draw();
  return isKept;
}

/** Before the camera opens, so that no picture is taken in vain. @param {import("./visit.js").Flow} flow @param {State} state */
async function hasRoom(flow, state) {
  const { capture } = await databases(/** @type {any} */ (flow.app.session).personId);
  state.isFull = !(await hasRoomForPhoto(capture));
  return !state.isFull;
}

/** @param {import("./visit.js").Flow} flow */
function showFull(flow) {
  flow.draw();
  bringUp("[role=alert]");
}

/**
 * In the draft only if its bytes are on the phone.
 * @param {import("./visit.js").Flow} flow @param {State} state
 * @param {{slot: string, replaced: any, prepared: import("../capture/photo.js").PreparedPhoto}} taken
 * @returns {Promise<boolean>} whether they are
 */
async function keep(flow, state, { slot, replaced, prepared: { bytes, mime, ...photo } }) {
  const before = flow.draft.photos;
  const kept = before.filter((one) => one.sha256 !== photo.sha256 && one !== replaced && (slot === "other" || one.slot !== slot));
  const photos = [...kept, { slot, ...photo, bytes: bytes.byteLength }];
  const answers = replaced ? { answers: answersWith(flow.draft.answers, replaced.sha256, photo.sha256) } : {};
  await flow.change({ photos, ...answers }, [{ sha256: photo.sha256, bytes, mime }]);
  const problem = flow.problem();
  if (!problem) return true;
  await flow.change({ photos: before });
  state.isFull = problem === "storage_full";
  if (state.isFull) showFull(flow);
  else flow.complain(t("photo.failed"));
  return false;
}

/** What is drawn on the picture: time, rep, outlet, distance. @param {import("./visit.js").Flow} flow @returns {string[]} */
export function stampLines(flow) {
  const { draft, outlet, app } = flow;
  const now = byCompanyClock(app.company, Date.now());
  const accuracy = draft.fix?.accuracy_m ? ` ±${Math.round(draft.fix.accuracy_m)} ${t("unit.m")}` : "";
  const far = draft.distance_m === null ? "" : `${t("stamp.distance", { d: distanceText(draft.distance_m) })}${accuracy}`;
  const today = businessDate(now);
  return [businessTime(now), `${today} ${weekdayText(today)} · ${app.company?.person.name}`, outlet.name, far].filter(Boolean);
}
