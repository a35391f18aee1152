// @ts-check
// A photo of an outlet's file goes into the draft: its field and what is known of it at once, so that a replaced one leaves nothing behind.
import { factOf } from "./photo_facts.js";

/** @typedef {import("./photo_facts.js").PhotoFact} PhotoFact */
/**
 * @typedef {object} PhotoDraft of a new outlet or of a change of its file
 * @property {Record<string, any>} typed
 * @property {unknown} dropped
 * @property {unknown} [taken_out]
 * @property {PhotoFact[]} [photo_facts]
 *
 * @typedef {object} Keeping
 * @property {PhotoDraft} draft
 * @property {Pick<import("../screens/file_fields.js").Sheet, "typed" | "set">} sheet
 * @property {() => string | null} problem why the last draft was not kept
 */

/** What the draft knows of photos with this one in a field: facts of photos that it names no more would keep their bytes. Pure. @param {PhotoDraft} draft @param {string} name @param {PhotoFact} fact @returns {PhotoFact[]} */
export function factsWith({ typed, dropped, taken_out, photo_facts }, name, fact) {
  const named = JSON.stringify([{ ...typed, [name]: fact.sha256 }, dropped, taken_out]);
  return [...(photo_facts ?? []).filter(({ sha256 }) => sha256 !== fact.sha256 && named.includes(sha256)), fact];
}

/** In the draft only if its bytes are on the phone. @param {Keeping} keeping @param {string} name @param {import("../capture/photo.js").PreparedPhoto} prepared @returns {Promise<string | null>} the problem, and the draft is as it was */
export async function keepFilePhoto({ draft, sheet, problem }, name, prepared) {
  const { sha256, bytes, mime } = prepared;
  const before = sheet.typed(name);
  const photo_facts = draft.photo_facts ?? [];
  await sheet.set(name, sha256, [{ sha256, bytes, mime }], { photo_facts: factsWith(draft, name, factOf(prepared)) });
  const fault = problem();
  if (fault) await sheet.set(name, before, [], { photo_facts });
  return fault;
}
