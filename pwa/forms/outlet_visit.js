// @ts-check
// The visit under way at an outlet, which goes on when the outlet has left the phone: a drop never removes captured work (SYNC §5).
import { deleteDraft, loadDraft } from "../db/drafts.js";
import { isAnythingIn } from "./begun.js";
import { neededOf } from "./kept_outlet.js";
import { draftKey, openDraft } from "./visit_draft.js";

/**
 * The draft, begun or fresh, with its outlet: the document, or what the draft kept of it; a draft from before that kept nothing. Null
 * where neither the outlet nor a begun visit is on the phone. Nothing is kept of the outlet while nothing is in the draft (SYNC §3).
 * @param {any} capture @param {string} outletId @param {any} outlet its document, if it is here @param {() => void} draw
 */
export async function openVisit(capture, outletId, outlet, draw) {
  const begun = await loadDraft(capture, draftKey(outletId));
  if (!outlet && !(begun && isAnythingIn(begun))) {
    if (begun) await deleteDraft(capture, draftKey(outletId));
    return null;
  }
  const known = outlet ? neededOf(outlet) : (begun.outlet ?? null);
  const kept = await openDraft(capture, outletId, draw, known);
  const copy = isAnythingIn(kept.draft) ? known : null;
  if (JSON.stringify(copy) !== JSON.stringify(kept.draft.outlet)) await kept.change({ outlet: copy });
  return { kept, outlet: outlet ?? known ?? { id: outletId, name: "", signers: [] } };
}
