// @ts-check
/**
 * Who is signed in on this phone. Several persons may have been; each keeps databases of their own, and signing out
 * deletes none of them.
 */
import { openDatabase } from "./db/connection.js";
import { openCapture } from "./db/capture_schema.js";
import { coded } from "./db/problems.js";
import { standing } from "./outbox/ledger.js";

/**
 * @typedef {{id: string, login: string, name: string, roles: string[], region_ids: string[], language: "zh"|"en"}} Person
 * @typedef {{token: string, personId: string, person: Person, deviceId: string, isSignedOut: boolean}} Session
 *   `isSignedOut`: the server no longer takes the token; capture goes on and sending waits for a sign-in
 */

/** Dispatches "change" when somebody signs in or out, or the token expires. */
export const sessionChanges = new EventTarget();

/** @type {Promise<import("./db/connection.js").Database>|null} */
let opened = null;

/** @returns {Promise<Session|null>} */
export async function currentSession() {
  const db = await store();
  return db.read(["sessions", "meta"], async (tx) => {
    const personId = await tx.objectStore("meta").get("current");
    return personId ? ((await tx.objectStore("sessions").get(personId)) ?? null) : null;
  });
}

/**
 * @param {string} login
 * @param {string} password
 * @returns {Promise<Session>}
 * Rejects with the code of the server's problem (sign_in_failed, too_many_requests, ...) or unreachable.
 */
export async function signIn(login, password) {
  return begin(await post("/auth/v1/sign-in", { login, password, device_label: deviceLabel() }));
}

/** @param {string} code of a sign-in link or QR @returns {Promise<Session>} rejects as signIn; also code_used, code_expired */
export async function redeem(code) {
  return begin(await post("/auth/v1/redeem", { code, device_label: deviceLabel() }));
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
  await fetch("/auth/v1/sign-out", { method: "POST", headers: { Authorization: `Bearer ${session.token}` }, redirect: "error" }).catch(
    () => {},
  );
  await change(async (tx) => {
    await tx.objectStore("sessions").delete(session.personId);
    await tx.objectStore("meta").delete("current");
  });
}

/**
 * The server refused this token. The person stays the current one, so that capture goes on.
 * @param {string} personId
 * @param {string} token
 */
export async function noteSignedOut(personId, token) {
  const session = await currentSession();
  if (session?.personId !== personId || session.token !== token || session.isSignedOut) return;
  await change((tx) => tx.objectStore("sessions").put({ ...session, isSignedOut: true }));
}

/** @param {any} answer @returns {Promise<Session>} */
async function begin(answer) {
  if (typeof answer.token !== "string" || typeof answer.person?.id !== "string") throw coded("unreachable");
  const session = {
    token: answer.token,
    personId: answer.person.id,
    person: answer.person,
    deviceId: answer.device_id,
    isSignedOut: false,
  };
  await change(async (tx) => {
    await tx.objectStore("sessions").put(session);
    await tx.objectStore("meta").put(session.personId, "current");
  });
  return session;
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

/** @param {(tx: any) => Promise<unknown>} work */
async function change(work) {
  await (await store()).write(["sessions", "meta"], work, "strict");
  sessionChanges.dispatchEvent(new Event("change"));
}

function store() {
  opened ??= openDatabase("xundian-session", "", 1, (db) => {
    db.createObjectStore("sessions", { keyPath: "personId" });
    db.createObjectStore("meta");
  }).catch((fault) => {
    opened = null;
    throw fault;
  });
  return opened;
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

/** What the supervisor's device list calls this phone. */
function deviceLabel() {
  const { userAgent = "", userAgentData } = /** @type {any} */ (globalThis.navigator ?? {});
  const brand = userAgentData?.brands?.at(-1)?.brand;
  const label = brand ? `${brand} · ${userAgentData.platform}` : (/\(([^)]*)\)/.exec(userAgent)?.[1] ?? userAgent);
  return label.slice(0, 120);
}
