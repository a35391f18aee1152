// @ts-check
/** On which phones the person is signed in, as the company says: who did not do it sees that somebody did. */
import { changeSession } from "./db/session_store.js";

/** @typedef {{id: string, label: string, since: string, code_by: string}} Phone `code_by`: who made its sign-in code, if not the person */

/**
 * Those signed in after this one, or after the person looked at them last, by the company's clock; the newest first.
 * @param {{phones?: Phone[]} | undefined} person @param {{deviceId: string, phonesSeen?: string} | null} session @returns {Phone[]}
 */
export function newPhones(person, session) {
  const phones = person?.phones ?? [];
  const seen = session?.phonesSeen ?? phones.find(({ id }) => id === session?.deviceId)?.since;
  if (seen === undefined) return [];
  return phones.filter(({ id, since }) => id !== session?.deviceId && Date.parse(since) > Date.parse(seen));
}

/** The person has looked at these, the newest first. @param {string} personId @param {Phone[]} phones */
export async function notePhonesSeen(personId, [{ since }]) {
  await changeSession(personId, (row) => ({ ...row, phonesSeen: since }));
}
