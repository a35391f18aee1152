// @ts-check
// 异议 under way: what a person says against a finding (form finding_objection.v1).
import { uuid7 } from "../ids.js";
import { photoFacts } from "./photo_facts.js";

export const MOST_PHOTOS = 3;
export const MOST_LETTERS = 1900; // with the ground in front of it, within the 2,000 of the form

/** @typedef {import("./photo_facts.js").PhotoFact} ObjectionPhoto */
/** @typedef {{objection_id: string, finding_id: string, ground: string, text: string, photos: ObjectionPhoto[]}} ObjectionDraft */

/** @param {string} findingId */
export function objectionKey(findingId) {
  return `objection:${findingId}`;
}

/** @param {string} findingId @returns {ObjectionDraft} */
export function newObjection(findingId) {
  return { objection_id: uuid7(), finding_id: findingId, ground: "", text: "", photos: [] };
}

/** Whether there is something to send: a ground in words, and for "other" more than that. Pure. @param {ObjectionDraft} draft */
export function isSaid(draft) {
  return draft.ground !== "" && (draft.ground !== "other" || draft.text.trim() !== "");
}

/** The record as it is sent; `ground` is the chosen ground in words. Pure. @param {ObjectionDraft} draft @param {string} ground */
export function objectionRecord(draft, ground) {
  const text = [draft.ground === "other" ? "" : ground, draft.text.trim()].filter(Boolean).join("\n");
  return {
    kind: /** @type {const} */ ("record"),
    form: "finding_objection.v1",
    entity: { type: "finding_objection", id: draft.objection_id },
    body: { finding_id: draft.finding_id, text, photos: draft.photos.map((photo) => photo.sha256), ...photoFacts(draft.photos) },
    blobs: draft.photos.map(({ sha256 }) => ({ sha256 })),
  };
}
