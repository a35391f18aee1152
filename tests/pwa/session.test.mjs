import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { test } from "node:test";
import { visitRecord } from "./capture_factories.mjs";
import { openCapture, outboxRows, saveRecord } from "../../pwa/db/capture.js";
import { capturedWork } from "../../pwa/db/captured_work.js";
import { sessionStore } from "../../pwa/db/session_store.js";
import { isNoticeDue, NOTICE_VERSION } from "../../pwa/notice.js";
import { acceptNotice, tellNotice } from "../../pwa/session_notice.js";
import { currentSession, noteSignedOut, noteUnlocked, redeem, signIn, signOut } from "../../pwa/session.js";

const answering = (status, body) => {
  globalThis.fetch = async () => new Response(JSON.stringify(body), { status, headers: { "Retry-After": "9" } });
};
const signedIn = (id, device = "d1") => answering(200, { token: `t-${id}`, device_id: device, person: { id, name: "张三" }, epoch: "e1" });
const captured = async (id) => saveRecord(await openCapture(id), visitRecord());

test("a wrong password says so and signs nobody in", async () => {
  answering(401, { code: "sign_in_failed", title: "工号或密码不对。" });
  await assert.rejects(signIn("rep", "wrong"), { code: "sign_in_failed", retryAfter: "9" });
  assert.equal(await currentSession(), null);
});

test("without a network signing in is unreachable", async () => {
  globalThis.fetch = () => Promise.reject(new TypeError("offline"));
  await assert.rejects(redeem("code"), { code: "unreachable" });
});

test("a captive portal's page signs nobody in", async () => {
  globalThis.fetch = async () => new Response("<html>", { status: 200 });
  await assert.rejects(signIn("rep", "right"), { code: "unreachable" });
});

test("an expired token keeps the person for capture, a fresh one is not touched", async () => {
  signedIn("p1");
  await signIn("rep", "right");
  await noteSignedOut("p1", "an older token");
  assert.equal((await currentSession()).isSignedOut, false);
  await noteSignedOut("p1", "t-p1");
  const { personId, isSignedOut } = await currentSession();
  assert.deepEqual({ personId, isSignedOut }, { personId: "p1", isSignedOut: true });
});

/** What happens while another window signs the person in anew, between the look at the session and its change. */
async function whileSignedInAnew(person, act) {
  const db = await sessionStore();
  const { read } = db;
  db.read = async (...asked) => {
    const found = await read(...asked);
    if (!asked[0].includes("meta")) return found;
    db.read = read;
    answering(200, { token: "t-new", device_id: "d2", person: { id: person, name: "张三" }, epoch: "e1" });
    await signIn("rep", "right");
    return found;
  };
  await act();
  db.read = read;
}

for (const [name, act] of [
  ["a token that was refused", () => noteSignedOut("race", "t-race")],
  ["a lock that was opened", () => noteUnlocked("race")],
])
  test(`${name} is not noted on the session of a sign-in that came between`, async () => {
    signedIn("race");
    await signIn("rep", "right");
    await whileSignedInAnew("race", act);
    const { token, deviceId, isSignedOut } = await currentSession();
    assert.deepEqual({ token, deviceId, isSignedOut }, { token: "t-new", deviceId: "d2", isSignedOut: false });
    await signOut();
  });

test("signing out refuses to leave unsent work behind unasked, and keeps it when asked", async () => {
  signedIn("p2");
  await signIn("rep", "right");
  await captured("p2");
  await assert.rejects(signOut(), { code: "unsent_work", count: 1 });
  assert.equal((await currentSession()).personId, "p2");
  await signOut({ keepUnsent: true });
  assert.equal(await currentSession(), null);
  assert.equal(outboxRows(await capturedWork(await openCapture("p2"))).length, 1);
});

test("two people on one phone have records of their own", async () => {
  signedIn("p3");
  await signIn("one", "right");
  await captured("p3");
  signedIn("p4");
  await signIn("two", "right");
  assert.deepEqual(outboxRows(await capturedWork(await openCapture("p4"))), []);
  assert.equal(outboxRows(await capturedWork(await openCapture("p3"))).length, 1);
});

test("signing in accepts the notice, and the company is told once, when it can be", async () => {
  signedIn("p6");
  await signIn("rep", "right");
  const { notice, token, personId } = await currentSession();
  assert.deepEqual([notice.version, notice.isSent, isNoticeDue({ notice })], [NOTICE_VERSION, false, false]);
  const asked = [];
  const answer =
    (status) =>
    async (path, { body, headers }) => {
      asked.push([path, JSON.parse(body), headers.Authorization]);
      return new Response(null, { status });
    };
  await tellNotice({ personId, token }, () => Promise.reject(new TypeError("offline")));
  await tellNotice({ personId, token }, answer(401));
  assert.equal((await currentSession()).notice.isSent, false);
  await tellNotice({ personId, token }, answer(204));
  await tellNotice({ personId, token }, answer(204));
  assert.deepEqual(asked.at(-1), ["/auth/v1/notice", { version: NOTICE_VERSION, accepted_at: notice.at }, "Bearer t-p6"]);
  assert.deepEqual([asked.length, (await currentSession()).notice.isSent], [2, true]);
});

test("who accepted an older notice, or none that is known of, is asked again", async () => {
  assert.equal(isNoticeDue(null), false);
  assert.equal(isNoticeDue({}), true);
  assert.equal(isNoticeDue({ notice: { version: NOTICE_VERSION - 1, at: "2026-01-01T00:00:00.000Z", isSent: true } }), true);
  await acceptNotice("p6");
  const { notice } = await currentSession();
  assert.deepEqual([notice.version, notice.isSent], [NOTICE_VERSION, false]);
});

test("nobody tells the company of another person's notice", async () => {
  await tellNotice({ personId: "somebody else", token: "t" }, () => assert.fail("nothing may be sent"));
});

const held = () => {
  let answer;
  const send = (_path, asked) => {
    send.asked = asked;
    return new Promise((resolve) => {
      answer = (status) => resolve(new Response(null, { status }));
    });
  };
  return { send, answer: (status) => answer(status) };
};
const untilAsked = async (send) => {
  while (!send.asked) await new Promise((resolve) => setTimeout(resolve, 1));
};

test("telling waits for a while only, sends no cookies, and is kept by no cache", async () => {
  signedIn("p8");
  await signIn("rep", "right");
  const hanging = (_path, { signal, cache, credentials }) => {
    assert.deepEqual([cache, credentials], ["no-store", "omit"]);
    return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  const alive = setTimeout(() => {}, 5_000); // the signal's own timer keeps no process up
  await tellNotice({ personId: "p8", token: "t" }, hanging, 10);
  clearTimeout(alive);
  assert.equal((await currentSession()).notice.isSent, false);
});

test("what the server refuses for good is not asked again and again", async () => {
  signedIn("p9");
  await signIn("rep", "right");
  const asked = [];
  const by = { personId: "p9", token: "t" };
  const answer = (status) => async () => {
    asked.push(status);
    return new Response(null, { status });
  };
  for (const status of [401, 408, 429, 500, 400, 204]) await tellNotice(by, answer(status));
  assert.deepEqual([asked, (await currentSession()).notice.isSent], [[401, 408, 429, 500, 400], false]);
  await acceptNotice("p9");
  await tellNotice(by, answer(204));
  assert.equal((await currentSession()).notice.isSent, true);
});

test("an answer that comes after another sign-in or a sign-out credits nobody", async () => {
  signedIn("p10");
  await signIn("rep", "right");
  const first = held();
  const telling = tellNotice({ personId: "p10", token: "t" }, first.send);
  await untilAsked(first.send);
  signedIn("p11");
  await signIn("other", "right");
  first.answer(204);
  await telling;
  const other = await currentSession();
  assert.deepEqual([other.personId, other.notice.isSent], ["p11", false]);
  const second = held();
  const late = tellNotice({ personId: "p11", token: "t" }, second.send);
  await untilAsked(second.send);
  answering(200, {});
  await signOut();
  second.answer(204);
  await late;
  await acceptNotice("p11");
  assert.equal(await currentSession(), null);
  const db = await sessionStore();
  assert.equal(await db.read(["sessions"], (tx) => tx.objectStore("sessions").get("p11")), undefined);
});

test("an answer to the device of before a sign-in does not count for the one after", async () => {
  signedIn("p14");
  await signIn("rep", "right");
  const first = held();
  const telling = tellNotice({ personId: "p14", token: "t" }, first.send);
  await untilAsked(first.send);
  signedIn("p14", "d2");
  await signIn("rep", "right"); // in another window
  first.answer(204);
  await telling;
  const { deviceId, notice } = await currentSession();
  assert.deepEqual([deviceId, notice.isSent], ["d2", false]);
});

/** A server that tells what it was asked, and answers the notice with a status; 0 stands for no network. */
function company(id, noticeStatus) {
  const asked = [];
  globalThis.fetch = async (path, { body } = {}) => {
    asked.push([path, body ? JSON.parse(body).accepted_at : undefined]);
    if (path !== "/auth/v1/notice") return new Response(JSON.stringify({ token: "t", device_id: "d", person: { id }, epoch: "e" }));
    if (!noticeStatus) throw new TypeError("offline");
    return new Response(null, { status: noticeStatus });
  };
  return asked;
}
const keptOf = async (id) => (await sessionStore()).read(["meta"], (tx) => tx.objectStore("meta").get(`notice:${id}`));
const ofRow = async (id, notice) =>
  (await sessionStore()).write(["sessions"], async (tx) => {
    const row = await tx.objectStore("sessions").get(id);
    await tx.objectStore("sessions").put({ ...row, notice });
  });

test("signing out tells the company of the notice first", async () => {
  const asked = company("p12", 204);
  await signIn("rep", "right");
  const { at } = (await currentSession()).notice;
  await signOut();
  assert.deepEqual(asked.slice(1), [
    ["/auth/v1/notice", at],
    ["/auth/v1/sign-out", undefined],
  ]);
  assert.equal((await keptOf("p12")).isSent, true);
});

test("signing out waits for a while only, and unsent work stays on the phone", async (t) => {
  signedIn("p20");
  await signIn("rep", "right");
  await captured("p20");
  const waits = [];
  t.mock.method(AbortSignal, "timeout", (ms) => {
    waits.push(ms);
    return AbortSignal.abort();
  });
  globalThis.fetch = (path, { signal }) => (signal ? Promise.reject(signal.reason) : new Promise(() => assert.fail(`${path} hangs`)));
  await assert.rejects(signOut(), { code: "unsent_work", count: 1 });
  assert.deepEqual(waits, []);
  await signOut({ keepUnsent: true });
  assert.deepEqual([waits, await currentSession()], [[5_000, 5_000], null]);
  assert.equal(outboxRows(await capturedWork(await openCapture("p20"))).length, 1);
});

test("what the company did not hear of is told after the next sign-in of the same person, as it was accepted", async () => {
  company("p13", 0);
  await signIn("rep", "right");
  const accepted = { version: NOTICE_VERSION, at: "2026-11-20T01:00:00.000Z", isSent: false };
  await ofRow("p13", accepted);
  await signOut();
  assert.deepEqual(await keptOf("p13"), accepted);
  company("p14", 0);
  await signIn("other", "right");
  assert.notEqual((await currentSession()).notice.at, accepted.at);
  const asked = company("p13", 204);
  await signIn("rep", "right");
  await signIn("rep", "right"); // over a session that still stands
  assert.deepEqual((await currentSession()).notice, accepted);
  await tellNotice({ personId: "p13", token: "t" });
  assert.deepEqual(asked.at(-1), ["/auth/v1/notice", accepted.at]);
  assert.deepEqual([(await currentSession()).notice.isSent, await keptOf("p13")], [true, undefined]);
});

test("a sign-in accepts nothing for who accepted an older notice: they are asked", async () => {
  company("p15", 204);
  await signIn("rep", "right");
  const older = { version: NOTICE_VERSION - 1, at: "2026-01-01T00:00:00.000Z", isSent: true };
  await ofRow("p15", older);
  await signOut();
  await signIn("rep", "right");
  const session = await currentSession();
  assert.deepEqual([session.notice, isNoticeDue(session)], [{ ...older, isSent: false }, true]);
  await acceptNotice("p15");
  await tellNotice({ personId: "p15", token: "t" });
  await signOut();
  await signIn("rep", "right");
  const again = await currentSession();
  assert.deepEqual([isNoticeDue(again), again.notice.isSent], [false, false]);
});

/** Sign in, and what was said of the phone's former devices. */
async function formerNamedBy(id, device) {
  let former;
  globalThis.fetch = async (_path, { body }) => {
    former = JSON.parse(body).former_devices;
    return new Response(JSON.stringify({ token: `t-${id}`, device_id: device, person: { id, name: "张三" } }), { status: 200 });
  };
  await signIn("rep", "right");
  return former;
}

test("a sign-in names the devices that this phone was before, whoever they are of, and at most five", async () => {
  await (await sessionStore()).write(["sessions", "meta"], (tx) =>
    Promise.all([tx.objectStore("sessions").clear(), tx.objectStore("meta").clear()]),
  );
  assert.deepEqual(await formerNamedBy("z1", "d-1"), []);
  assert.deepEqual(await formerNamedBy("z1", "d-2"), ["d-1"]);
  assert.deepEqual(await formerNamedBy("a2", "d-3"), ["d-2"]);
  assert.deepEqual(await formerNamedBy("z1", "d-4"), ["d-3", "d-2"]);
  for (const number of [5, 6, 7, 8]) await formerNamedBy(`b${number}`, `d-${number}`);
  assert.deepEqual(await formerNamedBy("z1", "d-9"), ["d-8", "d-3", "d-5", "d-6", "d-7"]);
});

test("a sign-out that the company did not hear of is made up for at the next sign-in of that person", async () => {
  await (await sessionStore()).write(["sessions", "meta"], (tx) =>
    Promise.all([tx.objectStore("sessions").clear(), tx.objectStore("meta").clear()]),
  );
  const named = [];
  for (const [person, device, status] of [
    ["z1", "d-1", 204],
    ["z1", "d-2", 401],
    ["a2", "d-3", 0],
    ["z1", "d-4", 204],
    ["a2", "d-5", 204],
  ]) {
    named.push(await formerNamedBy(person, device));
    globalThis.fetch = async () => (status ? new Response(null, { status }) : Promise.reject(new TypeError("offline")));
    await signOut();
  }
  assert.deepEqual(named, [[], [], ["d-2"], ["d-2", "d-3"], ["d-3"]]);
});
