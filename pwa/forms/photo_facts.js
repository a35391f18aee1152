// @ts-check
// What a record says of its photos: where they came from, and whether they are poor. Pure.

/** @typedef {{sha256: string, origin: import("../capture/photo_source.js").Origin, taken_at: string, is_blurred: boolean, is_dark: boolean}} PhotoFact */

/** @param {import("../capture/photo.js").PreparedPhoto} prepared @returns {PhotoFact} */
export function factOf({ sha256, origin, taken_at, is_blurred, is_dark }) {
  return { sha256, origin, taken_at, is_blurred, is_dark };
}

/** The part of a record; empty for photos that a draft of an older app kept. @param {Partial<PhotoFact>[]} photos @returns {{photo_facts?: Partial<PhotoFact>[]}} */
export function photoFacts(photos) {
  const photo_facts = photos.filter((photo) => photo.origin);
  return photo_facts.length ? { photo_facts } : {};
}
