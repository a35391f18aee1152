// @ts-check
// Fields of an outlet's file that two people changed: what this person wrote, what the other side has, and how to write it again. Pure.
import { valueIn } from "../db/outlet_document.js";
import { FIELDS, isSameValue } from "./outlet_fields.js";

/**
 * @typedef {object} OwnConflict
 * @property {string} id
 * @property {string} field
 * @property {any} mine
 * @property {any} theirs
 * @property {string} byName who wrote the other value, or ""
 * @property {string | null} at when
 * @property {"mine" | "theirs" | "other" | "waiting"} stands what holds now: neither of both is `other`; `waiting` until a supervisor decides
 * @property {any} now the file's value
 * @property {string} settledBy who decided, or ""
 * @property {"shared" | "proposed" | "decided_own"} group shared: somebody else changed it too; the others are own changes of what nobody else
 *   did: `proposed` waits for a supervisor, `decided_own` no longer does
 * @property {boolean} isParked whether a supervisor decides it, or has decided
 * @property {boolean} isOnItsWay whether a change of the field is still on this phone
 */

/**
 * Those that this person is a side of, the newest of each field. @param {any[]} docs of type `field_conflict`
 * @param {any} outlet @param {string} personId @returns {OwnConflict[]}
 */
export function ownConflicts(docs, outlet, personId) {
  const newest = new Map();
  for (const doc of docs.filter((one) => one.outlet_id === outlet.id && one.field in FIELDS)) {
    const side = sideOf(doc, personId);
    if (side && !isSameValue(doc.field, side.mine, side.theirs) && (newest.get(doc.field)?.doc.sent_at ?? "") <= doc.sent_at)
      newest.set(doc.field, { doc, side });
  }
  return [...newest.values()].map(({ doc, side }) => ({
    id: doc.id,
    field: doc.field,
    isParked: Boolean(doc.is_parked),
    group: groupOf(doc, personId),
    ...side,
    ...standing(doc, side, outlet),
  }));
}

/** @param {any} doc @param {string} personId */
function sideOf(doc, personId) {
  if (doc.sent_by_id === personId) return { mine: doc.mine, theirs: doc.theirs, byName: doc.theirs_by_name, at: doc.theirs_at };
  if (doc.theirs_by_id === personId) return { mine: doc.theirs, theirs: doc.mine, byName: doc.sent_by_name, at: doc.sent_at };
  return null;
}

/** @param {any} doc @param {string} personId @returns {OwnConflict["group"]} */
function groupOf(doc, personId) {
  const isProposal = doc.is_parked && doc.sent_by_id === personId && isUnchangedByOthers(doc);
  if (!isProposal) return "shared";
  return doc.outcome ? "decided_own" : "proposed";
}

/** Whether the other value is but the one that the file had before. An older server does not say `before`, a JSON text. @param {any} doc */
function isUnchangedByOthers({ field, theirs, before }) {
  return Boolean(before) && (isSameValue(field, theirs, before) || isSameValue(field, theirs, fromJson(before)));
}

/** @param {any} said @returns {any} what it means; itself where it is no JSON text */
function fromJson(said) {
  try {
    return JSON.parse(said);
  } catch {
    return said;
  }
}

/** @param {any} doc @param {{mine: any, theirs: any}} side @param {any} outlet @returns {Pick<OwnConflict, "stands" | "now" | "settledBy" | "isOnItsWay">} */
function standing(doc, { mine, theirs }, outlet) {
  const known = valueIn(outlet, doc.field);
  const now = known ?? null;
  const isTheirs = known === undefined || isSameValue(doc.field, theirs, now); // an older document does not have every field
  const isMine = isSameValue(doc.field, mine, now);
  const stands = isMine ? "mine" : doc.is_parked && !doc.outcome ? "waiting" : isTheirs ? "theirs" : "other";
  return { stands, now, settledBy: doc.settled_by_name, isOnItsWay: (outlet.unsent ?? []).includes(doc.field) };
}

/** Not what is a supervisor's to decide. @param {OwnConflict} conflict */
export function canRestore({ stands, isParked, isOnItsWay }) {
  return !isParked && (stands === "theirs" || stands === "other") && !isOnItsWay;
}

/** The own value once more, from what the file says now; a photo by its name, its bytes went with the change that put it there. @param {OwnConflict} conflict @param {any} outlet */
export function restoringEdit({ field, mine }, outlet) {
  return {
    kind: /** @type {const} */ ("edit"),
    form: "outlet_edit.v1",
    entity: { type: "outlet", id: outlet.id },
    scope: `outlet:${outlet.id}`,
    body: { outlet_id: outlet.id, fields: { [field]: { base: valueIn(outlet, field) ?? null, mine } } },
    blobs: [],
  };
}
