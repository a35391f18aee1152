// @ts-check
// Unsent work of everybody who was ever signed in on this phone; kept until the same person signs in again.
import { openCapture, outboxRows } from "./db/capture.js";

const KEY = "xundian-people";
const UNSENT = new Set(["on_phone", "sending", "sent"]);

/** @typedef {{name: string, count: number, savedAt: string}} LeftWork `savedAt` of the oldest */

/** @returns {Record<string, string>} names by person id */
function people() {
  return JSON.parse(localStorage.getItem(KEY) ?? "{}");
}

/** So that what a person leaves unsent can be called by name. @param {{id: string, name: string}} person */
export function rememberPerson({ id, name }) {
  localStorage.setItem(KEY, JSON.stringify({ ...people(), [id]: name }));
}

/** @returns {Promise<LeftWork[]>} */
export async function leftWork() {
  const found = await Promise.all(Object.entries(people()).map(([id, name]) => leftBy(id, name)));
  return found.filter((left) => left.count > 0);
}

/** @param {string} id @param {string} name @returns {Promise<LeftWork>} */
async function leftBy(id, name) {
  const capture = await openCapture(id);
  try {
    const unsent = (await outboxRows(capture)).filter((row) => UNSENT.has(row.state));
    return { name, count: unsent.length, savedAt: unsent.at(-1)?.savedAt ?? "" };
  } finally {
    await capture.close();
  }
}
