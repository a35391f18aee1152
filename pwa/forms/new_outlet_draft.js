// @ts-check
// A new outlet under way (form new_outlet.v1): kept on the phone after every change, one at a time.
import { uuid7 } from "../ids.js";
import { photoFacts } from "./photo_facts.js";
import { FIELDS, readTyped, typedOf } from "./outlet_fields.js";

/** @typedef {"place" | "size" | "people" | "photos"} Step */
/** @typedef {{typed: Record<string, any>, others: string[], region_id: string}} Dropped */
/**
 * @typedef {object} NewOutletDraft
 * @property {string} new_outlet_id
 * @property {Step} step
 * @property {boolean} uses_position whether the position is taken from the phone
 * @property {Record<string, any>} typed by field, as typed
 * @property {string[]} others outlets that are not this one, by the person's word
 * @property {string} region_id empty for the person's first region
 * @property {import("./photo_facts.js").PhotoFact[]} [photo_facts] may be of photos that were replaced since
 * @property {Dropped | null} dropped what was thrown away last, until something new is said
 */

export const DRAFT_KEY = "new_outlet";
/** @type {Step[]} */
export const STEPS = ["place", "size", "people", "photos"];

/** @type {Record<Step, string[]>} */
export const STEP_FIELDS = {
  place: ["name", "address", "position_text", "position"],
  size: ["chain_outlets", "is_franchised_or_own_hall", "floor_area_m2", "monthly_fee_yuan", "monthly_payments", "households_nearby"],
  people: ["person_in_charge", "phone", "contact", "cashiers", "agent_name", "account_no"],
  photos: ["storefront_photo", "counter_photo", "are_materials_complete", "are_materials_placed_right", "is_tidy"],
};

/** @returns {NewOutletDraft} */
export function newOutletDraft() {
  const empty = Object.keys(FIELDS).map((name) => [name, typedOf(name, null)]);
  const typed = Object.fromEntries(empty);
  return { new_outlet_id: uuid7(), step: "place", uses_position: true, typed, others: [], region_id: "", dropped: null };
}

/** Whether anything was said yet. @param {NewOutletDraft} draft */
export function isBegun({ typed }) {
  return Object.keys(FIELDS).some((name) => name !== "position" && JSON.stringify(typed[name]) !== JSON.stringify(typedOf(name, null)));
}

/**
 * The region chosen, or the person's first where none was or it is theirs no more; undefined for a person without any.
 * @param {NewOutletDraft} draft @param {string[]} regionIds of the person @returns {string | undefined}
 */
export function regionOf(draft, regionIds) {
  return regionIds.includes(draft.region_id) ? draft.region_id : regionIds[0];
}

/** The draft thrown away; what was in it can be brought back. @param {NewOutletDraft} draft @returns {NewOutletDraft} */
export function droppedDraft({ new_outlet_id, typed, others, region_id, photo_facts }) {
  return { ...newOutletDraft(), new_outlet_id, photo_facts, dropped: { typed, others, region_id } };
}

/** The record; what nobody said is left out. @param {NewOutletDraft} draft whose fields have no faults @param {string} regionId */
export function newOutletRecord(draft, regionId) {
  const { name, ...fields } = sentValues(draft.typed);
  const outlet_id = draft.new_outlet_id;
  const photos = [fields.storefront_photo, fields.counter_photo].filter(Boolean);
  return {
    kind: /** @type {const} */ ("record"),
    form: "new_outlet.v1",
    entity: { type: "outlet", id: outlet_id },
    scope: `outlet:${outlet_id}`,
    body: {
      outlet_id,
      region_id: regionId,
      name,
      fields,
      ...photoFacts((draft.photo_facts ?? []).filter(({ sha256 }) => photos.includes(sha256))),
    },
    blobs: photos.map((sha256) => ({ sha256 })),
  };
}

/** @param {Record<string, any>} typed @returns {Record<string, any>} */
function sentValues(typed) {
  const values = Object.keys(FIELDS).map((name) => [name, readTyped(name, typed[name]).value]);
  return Object.fromEntries(values.filter(([, value]) => value !== null && value !== "" && !(Array.isArray(value) && value.length === 0)));
}
