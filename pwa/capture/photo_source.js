// @ts-check
/** Where a picture of a file input came from. Pure. */

/** @typedef {"camera" | "system" | "gallery"} Origin the app's own camera, the phone's camera through a file input, a picture that was there before */

/** Clocks of storage count in whole seconds, some in two. */
const LEEWAY_MS = 2000;
/** EXIF seldom names the zone of its clock, but no zone is off by more than a day. */
const EXIF_LEEWAY_MS = 86_400_000;
/** Cameras that know no date say one of long before. */
const FIRST_EXIF_DAY = "2020-01-01";

/**
 * A file input that asks for the camera gets a new picture from most phones; some browsers offer the gallery all the same, and
 * then the file is older than the tap. Without asking for the camera nobody can tell, so the picture counts as one of the gallery.
 * @param {{asksCamera: boolean, openedAtMs: number}} input `openedAtMs` 0: nobody saw it opened
 * @param {number} lastModifiedMs of the file; 0 where the phone does not say
 * @returns {Origin}
 */
export function originOfFile({ asksCamera, openedAtMs }, lastModifiedMs) {
  if (!asksCamera) return "gallery";
  return lastModifiedMs && openedAtMs && lastModifiedMs < openedAtMs - LEEWAY_MS ? "gallery" : "system";
}

/**
 * A copy of an old picture may be a new file; what the camera wrote into it tells. A picture without that is believed.
 * @param {Origin} origin by its file @param {string | null} exifTakenAt @param {string} takenAt when it came to the app, an instant
 * @returns {Origin}
 */
export function originByExif(origin, exifTakenAt, takenAt) {
  if (origin !== "system" || exifTakenAt === null || exifTakenAt < FIRST_EXIF_DAY) return origin;
  return Date.parse(exifTakenAt) < Date.parse(takenAt) - EXIF_LEEWAY_MS ? "gallery" : origin;
}
