// @ts-check
// Changes to an outlet's file under way (form outlet_edit.v1): each field with the value that it was made from.
import { valueIn } from "../db/outlet_document.js";
import { neededOf } from "./kept_outlet.js";
import { photoFacts } from "./photo_facts.js";
import { FIELDS, isSameValue, readTyped, typedOf } from "./outlet_fields.js";

/** @typedef {{base: Record<string, any>, typed: Record<string, any>}} Touched only fields that were touched */
/**
 * @typedef {Touched & {edited_outlet_id: string, dropped: Touched | null, outlet?: any, photo_facts?: import("./photo_facts.js").PhotoFact[]}} EditDraft
 *   `outlet` is what it needs of the file for when the outlet leaves the phone (`fileOf`), null while nothing was touched; `dropped` is what was taken back last, until something new is said; `photo_facts` may be of photos that were replaced since
 */

/** @param {string} outletId */
export function editKey(outletId) {
  return `outlet_edit:${outletId}`;
}

/** @param {string} outletId @returns {EditDraft} */
export function newEdit(outletId) {
  return { edited_outlet_id: outletId, base: {}, typed: {}, dropped: null };
}

/** What an edit needs of the file that it changes. @param {any} outlet its document, or what was kept of it @returns {any} */
export function fileOf(outlet) {
  const names = [...Object.keys(FIELDS), "class_inputs", "position_accuracy_m", "id_masked"].filter((name) => outlet[name] !== undefined);
  return { ...neededOf(outlet), ...Object.fromEntries(names.map((name) => [name, outlet[name]])) };
}

/** What an edit from before edits kept the file knows of it: what its fields are changed from. @param {EditDraft} draft @returns {any} */
export function fileOfBase({ edited_outlet_id, base }) {
  return fileOf({ id: edited_outlet_id, name: "", signers: [], ...base, class_inputs: base });
}

/** What the form shows of a field: what was typed, or the file. @param {EditDraft} draft @param {any} outlet @param {string} name */
export function shownIn(draft, outlet, name) {
  return name in draft.typed ? draft.typed[name] : typedOf(name, valueIn(outlet, name) ?? null);
}

/** The draft after a field was typed in; the base is what the file said when it was touched first. @param {EditDraft} draft @param {any} outlet @param {string} name @param {any} typed @returns {Partial<EditDraft>} */
export function touched(draft, outlet, name, typed) {
  const base = name in draft.base ? draft.base : { ...draft.base, [name]: valueIn(outlet, name) };
  return { base, typed: { ...draft.typed, [name]: typed }, dropped: null };
}

/** Fields that this phone's document has: one from before a field was sent cannot say what it is changed from. @param {any} outlet @returns {string[]} */
export function editableFields(outlet) {
  return Object.keys(FIELDS).filter((name) => valueIn(outlet, name) !== undefined);
}

/** What differs from its base. @param {EditDraft} draft whose fields have no faults @returns {Record<string, {base: any, mine: any}>} */
export function changesIn({ base, typed }) {
  const names = Object.keys(typed).filter((name) => !isSameValue(name, base[name], readTyped(name, typed[name]).value));
  return Object.fromEntries(names.map((name) => [name, { base: base[name] ?? null, mine: readTyped(name, typed[name]).value }]));
}

/** The operation; null when nothing differs. @param {EditDraft} draft */
export function editRecord(draft) {
  const fields = changesIn(draft);
  if (!Object.keys(fields).length) return null;
  const outlet_id = draft.edited_outlet_id;
  const photos = ["storefront_photo", "counter_photo"].map((name) => fields[name]?.mine).filter(Boolean);
  return {
    kind: /** @type {const} */ ("edit"),
    form: "outlet_edit.v1",
    entity: { type: "outlet", id: outlet_id },
    scope: `outlet:${outlet_id}`,
    body: { outlet_id, fields, ...photoFacts((draft.photo_facts ?? []).filter(({ sha256 }) => photos.includes(sha256))) },
    blobs: photos.map((sha256) => ({ sha256 })),
  };
}
