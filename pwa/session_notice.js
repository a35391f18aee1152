// @ts-check
/** A person accepts the privacy notice, and the company hears of it. */
import { changeSession, sessionStore } from "./db/session_store.js";
import { acceptedAt } from "./notice.js";

const LONGEST_WAIT_MS = 20_000;
/** Worth another try with the same words: the token may be renewed, the server less busy. */
const PASSING = [401, 408, 429];
/** When what was accepted whose telling the server refused for good; the next start of the app tries once more. @type {Set<string>} */
const refused = new Set();

/** This person has read it and agrees, with a network or without. Whoever signed out meanwhile stays so. @param {string} personId */
export async function acceptNotice(personId) {
  await changeSession(personId, (row) => ({ ...row, notice: acceptedAt(new Date().toISOString()) }));
}

/**
 * Tell the company once; what does not get through is told at the next chance. Rejects only when the phone's storage does.
 * @param {{personId: string, token: string}} by @param {typeof fetch} [send] @param {number} [waitMs]
 */
export async function tellNotice({ personId, token }, send = fetch, waitMs = LONGEST_WAIT_MS) {
  const row = await (await sessionStore()).read(["sessions"], (tx) => tx.objectStore("sessions").get(personId));
  if (!row?.notice || row.notice.isSent) return;
  const { version, at } = row.notice;
  const telling = `${row.deviceId} ${version} ${at}`;
  if (refused.has(telling)) return;
  const response = await send("/auth/v1/notice", {
    method: "POST",
    body: JSON.stringify({ version, accepted_at: at }),
    headers: { "Content-Type": "application/json", Accept: "application/json", Authorization: `Bearer ${token}` },
    redirect: "error",
    cache: "no-store",
    credentials: "omit",
    signal: AbortSignal.timeout(waitMs),
  }).catch(() => null);
  if (response && response.status >= 400 && response.status < 500 && !PASSING.includes(response.status)) refused.add(telling);
  if (response?.status !== 204) return;
  await changeSession(personId, (now) => {
    const isSame = now.deviceId === row.deviceId && now.notice?.at === at; // not signed in anew, and no newer version, meanwhile
    return isSame ? { ...now, notice: { ...now.notice, isSent: true } } : now;
  });
}
