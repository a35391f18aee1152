// @ts-check
// Unsent and unfinished work of everybody who was ever signed in on this phone; kept until the same person signs in again.
import { openCapture } from "./db/capture_schema.js";

const KEY = "xundian-people";

/** @typedef {{id: string, name: string, login: string}} Known `login` is "" for those remembered by an older app */
/** @typedef {Known & {count: number, drafts: number, savedAt: string}} LeftWork records that were not sent, forms that were begun and can be read, and when the oldest record was saved, or form */

/** @returns {Record<string, string | {name: string, login: string}>} by person id; names alone were kept at first */
function people() {
  return JSON.parse(localStorage.getItem(KEY) ?? "{}");
}

/** So that what a person leaves unsent can be called by name. @param {Known} person */
export function rememberPerson({ id, name, login }) {
  localStorage.setItem(KEY, JSON.stringify({ ...people(), [id]: { name, login } }));
}

/** Whether anybody was ever signed in on this phone. */
export function isAnyoneKnown() {
  return localStorage.getItem(KEY) !== null;
}

/** Somebody who was signed in on this phone; null for others. @param {string} id @returns {Known | null} */
export function knownPerson(id) {
  const known = people()[id];
  if (known === undefined) return null;
  return typeof known === "string" ? { id, name: known, login: "" } : { id, ...known };
}

/** @returns {Promise<LeftWork[]>} */
export async function leftWork() {
  const known = Object.keys(people()).flatMap((id) => knownPerson(id) ?? []);
  const found = await Promise.all(known.map(leftBy));
  return found.filter((left) => left.count + left.drafts > 0);
}

/** @param {Known} person @returns {Promise<LeftWork>} */
async function leftBy(person) {
  const { begunForms, unsentRecords } = await import("./outbox/rescue_file.js"); // on a new phone there is nobody to ask about
  const { isAside } = await import("./db/drafts.js");
  const capture = await openCapture(person.id);
  try {
    const [ops, drafts] = [await unsentRecords(capture), (await begunForms(capture)).filter((one) => !isAside(one.key))];
    const [savedAt = ""] = (ops.length ? ops : drafts).map((one) => one.saved_at).sort();
    return { ...person, count: ops.length, drafts: drafts.length, savedAt };
  } finally {
    await capture.close();
  }
}
