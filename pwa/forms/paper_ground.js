// @ts-check
// What a paper form stands on: its outlet, and what it is about. A begun form goes on with what it kept of both when they have left the phone.
import { deleteDraft, loadDraft } from "../db/drafts.js";
import { isAnythingIn } from "./begun.js";
import { neededOf } from "./kept_outlet.js";

/** @typedef {{outlet: any, about: any}} Ground `about`: the complaint, request, case or follow-up; null for what is new */

/**
 * Null where there is nothing to fill in: neither on the phone nor in a begun draft, or done already, or somebody else's. A draft in which
 * nothing stands goes with its outlet.
 * @param {any} capture @param {string} key of the draft @param {string} outletId "" where only what it is about would name it
 * @param {{outlet: any, about?: any}} here the documents on the phone; `about` is null where it should be there and is not
 * @returns {Promise<Ground | null>}
 */
export async function groundOf(capture, key, outletId, { outlet, about }) {
  if (about && (!about.isOpen || about.isOthers)) return null;
  if (outlet && about !== null) return { outlet, about: about ?? null };
  const draft = await loadDraft(capture, key);
  if (!draft) return null;
  if (!isAnythingIn(draft)) {
    await deleteDraft(capture, key);
    return null;
  }
  const known = about ?? draft.about ?? null;
  if (about === null && !known) return null; // from before drafts kept it
  const id = outletId || known?.outlet_id;
  return { outlet: outlet ?? draft.outlet ?? { id, name: "", signers: [] }, about: known };
}

/** What the draft keeps, which is nothing while nothing is in it (SYNC §3). @param {any} draft @param {Ground} ground @returns {Ground} */
export function keptGround(draft, { outlet, about }) {
  return isAnythingIn(draft) ? { outlet: neededOf(outlet), about } : { outlet: null, about: null };
}
