// @ts-check
// Whether anything stands in an unfinished form: forms that were only opened, or emptied again, are kept as drafts too. Pure.
import { isBegun } from "./new_outlet_draft.js";

/** Which form it is and what it is about; and the answers that are given from the beginning. */
const AROUND = ["record_id", "objection_id", "finding_id", "is_new_customer", "working_days"];

/** Whether it is to be gone on with or let go; nobody can tell what stands in a damaged one. @param {{draft: any, isDamaged: boolean}} kept */
export function isUnfinished({ draft, isDamaged }) {
  return isDamaged || isAnythingIn(draft);
}

/** @param {any} draft of any form; null of one that never was @returns {boolean} */
export function isAnythingIn(draft) {
  if (draft === null) return false;
  if (draft.new_outlet_id) return isBegun(draft);
  if (draft.edited_outlet_id) return Object.keys(draft.typed).length > 0;
  if (draft.visit_id) return draft.checked_in_at !== null || isAnswered(draft);
  return isAnswered(draft) || Object.entries(draft).some(([name, value]) => !AROUND.includes(name) && isText(value));
}

/** @param {any} draft */
function isAnswered({ answers = {}, photos = [], ink, signature, presence_note, condition, handling }) {
  const texts = [presence_note, condition, handling];
  return Object.keys(answers).length > 0 || photos.length > 0 || Boolean(ink || signature) || texts.some(isText);
}

/** @param {unknown} value */
function isText(value) {
  return typeof value === "string" && value.trim() !== "";
}
