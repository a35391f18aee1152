// @ts-check
// The visit under way at an outlet, which goes on when the outlet has left the phone: a drop never removes captured work (SYNC §5).
import { loadDraft } from "../db/drafts.js";
import { isAnythingIn } from "./begun.js";
import { draftKey, openDraft } from "./visit_draft.js";

const KEPT = ["id", "name", "lat", "lon", "signers", "person_in_charge", "phone"];

/**
 * The draft, begun or fresh, with its outlet: the document, or what the draft kept of it; a draft from before that kept nothing. Null
 * where neither the outlet nor a begun visit is on the phone.
 * @param {any} capture @param {string} outletId @param {any} outlet its document, if it is here @param {() => void} draw
 */
export async function openVisit(capture, outletId, outlet, draw) {
  const begun = await loadDraft(capture, draftKey(outletId));
  if (!outlet && !(begun && isAnythingIn(begun))) return null;
  const kept = await openDraft(capture, outletId, draw);
  if (!outlet) return { kept, outlet: kept.draft.outlet ?? { id: outletId, name: "", signers: [] } };
  const known = Object.fromEntries(KEPT.filter((name) => outlet[name] !== undefined).map((name) => [name, outlet[name]]));
  if (JSON.stringify(known) !== JSON.stringify(kept.draft.outlet)) await kept.change({ outlet: known });
  return { kept, outlet };
}
