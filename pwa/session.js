// @ts-check
/**
 * Who is signed in on this phone. Several persons may have been; each keeps databases of their own, and signing out
 * deletes none of them.
 */
import { openCapture } from "./db/capture_schema.js";
import { coded } from "./db/problems.js";
import { holdOpenKey, isOpenFor, isSealed, lockSeen, openedValue, sealedValue } from "./db/seals.js";
import { change, changeSession, sessionStore } from "./db/session_store.js";
import { acceptedBySignIn } from "./notice.js";
import { standing } from "./outbox/ledger.js";
import { tellNotice } from "./session_notice.js";

/** Signing out waits no longer than this for the company to hear of an acceptance; what it did not hear stays on the phone. */
const TELLING_MS = 5_000;
/** Nor for the company to take the token back: the phone forgets it in any case. */
const SIGN_OUT_MS = 5_000;
/** Under this lies, by person, the device whose sign-out the company did not hear of. */
const UNHEARD = "unheard_sign_outs";
const MOST_FORMER_DEVICES = 5;

/**
 * @typedef {{id: string, login: string, name: string, roles: string[], region_ids: string[], language: "zh"|"en"}} Person
 * @typedef {{token: string, personId: string, person: Person, deviceId: string, isSignedOut: boolean, isLocked: boolean, notice?: import("./notice.js").Accepted, phonesSeen?: string}} Session
 *   `isSignedOut`: the server no longer takes the token; capture goes on and sending waits for a sign-in
 *   `isLocked`: the person's lock is closed, and the token is "" until it is opened
 *   `phonesSeen`: when the newest phone was signed in of those that the person was told of
 */

/** @returns {Promise<Session|null>} */
export async function currentSession() {
  const row = await currentRow();
  return row && sessionOf(row);
}

/** @param {any} row as it is stored @returns {Promise<Session>} */
async function sessionOf(row) {
  const lock = await lockSeen(row.personId);
  await holdOpenKey(row.personId, lock);
  const isLocked = !isOpenFor(row.personId, lock);
  return { ...row, isLocked, token: isLocked ? "" : await openedValue(row, row.token) };
}

/** A lock was opened: if it is the present person's, the token is sealed with the rest, and the screens look again. @param {string} personId */
export async function noteUnlocked(personId) {
  const row = await currentRow();
  if (row?.personId !== personId) return;
  const token = await sealedValue(row, await openedValue(row, row.token));
  await changeSession(personId, (now) => (isSameToken(now.token, row.token) ? { ...now, token } : now)); // another window may have signed in
}

/** As they are stored. @param {any} one @param {any} other @returns {boolean} */
function isSameToken(one, other) {
  return isSealed(one) && isSealed(other) ? String(one.iv) === String(other.iv) : one === other;
}

/** The current session as it is stored. */
export async function currentRow() {
  const db = await sessionStore();
  return db.read(["sessions", "meta"], async (tx) => {
    const personId = await tx.objectStore("meta").get("current");
    return personId ? ((await tx.objectStore("sessions").get(personId)) ?? null) : null;
  });
}

/**
 * @param {string} login
 * @param {string} password
 * @returns {Promise<Session & {isReopened: boolean}>} `isReopened`: it opened a lock that was closed
 * Rejects with the code of the server's problem (sign_in_failed, too_many_requests, ...), unreachable, or recovery_failed (the
 * person is signed in, but the lock stays closed until its PIN is given).
 */
export async function signIn(login, password) {
  return begin(await post("/auth/v1/sign-in", { login, password, ...(await thisPhone()) }));
}

/** @param {string} code of a sign-in link or QR @returns {Promise<Session & {isReopened: boolean}>} rejects as signIn; also code_used, code_expired */
export async function redeem(code) {
  return begin(await post("/auth/v1/redeem", { code, ...(await thisPhone()) }));
}

/**
 * Sign out; captured work stays on the phone for the next sign-in of the same person.
 * @param {{keepUnsent?: boolean}} [choice] without keepUnsent it refuses with the code unsent_work and their count
 */
export async function signOut({ keepUnsent = false } = {}) {
  const session = await currentSession();
  if (!session) return;
  const count = await unsentCount(session.personId);
  if (count > 0 && !keepUnsent) throw coded("unsent_work", { count });
  if (session.token && !session.isSignedOut) await tellNotice(session, fetch, TELLING_MS);
  const answer = await fetch("/auth/v1/sign-out", {
    method: "POST",
    headers: { Authorization: `Bearer ${session.token}` },
    redirect: "error",
    signal: AbortSignal.timeout(SIGN_OUT_MS),
  }).catch(() => null);
  await change(async (tx) => {
    const [sessions, meta] = [tx.objectStore("sessions"), tx.objectStore("meta")];
    const row = await sessions.get(session.personId);
    if (answer?.status !== 204) await meta.put({ ...(await meta.get(UNHEARD)), [session.personId]: session.deviceId }, UNHEARD);
    if (row?.notice) await meta.put(row.notice, noticeKey(session.personId));
    await sessions.delete(session.personId);
    await meta.delete("current");
  });
}

/**
 * The server refused this token. The person stays the current one, so that capture goes on.
 * @param {string} personId
 * @param {string} token
 */
export async function noteSignedOut(personId, token) {
  const row = await currentRow();
  if (row?.personId !== personId || row.isSignedOut || (await sessionOf(row)).token !== token) return;
  await changeSession(personId, (now) => (isSameToken(now.token, row.token) ? { ...now, isSignedOut: true } : now));
}

/** Where what a person accepted stays while they are signed out. @param {string} personId */
function noticeKey(personId) {
  return `notice:${personId}`;
}

/** @param {any} answer @returns {Promise<Session & {isReopened: boolean}>} */
async function begin({ token, person, device_id: deviceId }) {
  if (typeof token !== "string" || typeof person?.id !== "string") throw coded("unreachable");
  const signed = { personId: person.id, person, deviceId, isSignedOut: false };
  const stored = { ...signed, token: await sealedValue(signed, token) };
  let notice = acceptedBySignIn(undefined, new Date().toISOString());
  await change(async (tx) => {
    const [sessions, meta] = [tx.objectStore("sessions"), tx.objectStore("meta")];
    const kept = (await sessions.get(person.id))?.notice ?? (await meta.get(noticeKey(person.id)));
    notice = acceptedBySignIn(kept, notice.at);
    await sessions.put({ ...stored, notice });
    await meta.put(person.id, "current");
    await meta.delete(noticeKey(person.id));
    const { [person.id]: _ended, ...unheard } = (await meta.get(UNHEARD)) ?? {};
    await meta.put(unheard, UNHEARD);
  });
  return { ...signed, notice, token, isLocked: false, isReopened: await reopened({ personId: person.id, token }) };
}

/** Whoever has signed in opens their closed lock without its PIN. @param {{personId: string, token: string}} signed @returns {Promise<boolean>} whether it was closed */
async function reopened(signed) {
  if (isOpenFor(signed.personId, await lockSeen(signed.personId))) return false;
  const { openBySignIn } = await import("./lock.js");
  await openBySignIn(signed);
  await noteUnlocked(signed.personId);
  return true;
}

/** Records not acknowledged and photos not confirmed. @param {string} personId */
async function unsentCount(personId) {
  const capture = await openCapture(personId);
  try {
    const { pending, wanted } = await standing(capture);
    return pending + wanted.length;
  } finally {
    await capture.close();
  }
}

/** @param {string} path @param {object} message @returns {Promise<any>} */
async function post(path, message) {
  const response = await fetch(path, {
    method: "POST",
    body: JSON.stringify(message),
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    redirect: "error",
  }).catch(() => {
    throw coded("unreachable");
  });
  const answer = await response.json().catch(() => null);
  if (response.status === 200 && answer) return answer;
  if (typeof answer?.code !== "string") throw coded(response.status === 429 ? "too_many_requests" : "unreachable");
  throw coded(answer.code, { title: answer.title, detail: answer.detail, retryAfter: response.headers.get("Retry-After") });
}

/** What a sign-in says of this phone: its name, and the devices that it was before, of which the server ends those of whoever signs in. */
async function thisPhone() {
  const db = await sessionStore();
  const known = await db.read(["sessions", "meta"], async (tx) => {
    const meta = tx.objectStore("meta");
    const [rows, currentId, unheard] = await Promise.all([tx.objectStore("sessions").getAll(), meta.get("current"), meta.get(UNHEARD)]);
    const last = rows.filter((/** @type {Session} */ row) => row.personId === currentId);
    return [...last, ...rows].map((/** @type {Session} */ row) => row.deviceId).concat(Object.values(unheard ?? {}));
  });
  return { device_label: deviceLabel(), former_devices: [...new Set(known.filter(Boolean))].slice(0, MOST_FORMER_DEVICES) };
}

/** What the supervisor's device list calls this phone. */
function deviceLabel() {
  const { userAgent = "", userAgentData } = /** @type {any} */ (globalThis.navigator ?? {});
  const brand = userAgentData?.brands?.at(-1)?.brand;
  const label = brand ? `${brand} · ${userAgentData.platform}` : (/\(([^)]*)\)/.exec(userAgent)?.[1] ?? userAgent);
  return label.slice(0, 120);
}
