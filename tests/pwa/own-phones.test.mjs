// On which phones somebody is signed in: new ones are said on Today until they are read, all stand under 我的.
import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { test } from "node:test";
import "./chinese_page.mjs";
import { textOf } from "./view_text.mjs";

globalThis.matchMedia = () => ({ matches: false, addEventListener: () => {} });
globalThis.location = new URL("https://xundian.test/#/me");
const { newPhones, notePhonesSeen } = await import("../../pwa/own_phones.js");
const { currentSession, signIn } = await import("../../pwa/session.js");
const { phones } = await import("../../pwa/screens/me.js");

const OWN = { id: "d1", label: "Chromium", since: "2026-11-24T03:00:00.000Z", code_by: "" };
const OLDER = { id: "d0", label: "Safari", since: "2026-11-20T03:00:00.000Z", code_by: "" };
const NEWER = { id: "d2", label: "Firefox", since: "2026-11-24T03:00:01.000Z", code_by: "周敏" };
const NEWEST = { id: "d3", label: "Edge", since: "2026-11-25T03:00:00.000Z", code_by: "" };
const person = { id: "p1", name: "赵广田", phones: [NEWEST, NEWER, OWN, OLDER] };
const idsOf = (phones) => phones.map(({ id }) => id);

test("phones signed in after this one are new, and neither this one nor those of before", () => {
  assert.deepEqual(idsOf(newPhones(person, { deviceId: "d1" })), ["d3", "d2"]);
  assert.deepEqual(idsOf(newPhones({ phones: [OWN, OLDER] }, { deviceId: "d1" })), []);
});

test("what was looked at is new no more, what came after it is", () => {
  assert.deepEqual(idsOf(newPhones(person, { deviceId: "d1", phonesSeen: NEWER.since })), ["d3"]);
  assert.deepEqual(idsOf(newPhones(person, { deviceId: "d1", phonesSeen: NEWEST.since })), []);
});

test("a server that says nothing of phones, and a phone that is not in the file yet, bring nothing", () => {
  assert.deepEqual(newPhones({ id: "p1" }, { deviceId: "d1" }), []);
  assert.deepEqual(newPhones({ phones: [NEWER] }, { deviceId: "d1" }), []);
  assert.deepEqual(newPhones(undefined, null), []);
});

test("having looked is kept with the session, and a new sign-in begins anew", async () => {
  globalThis.fetch = async () => Response.json({ token: "t", device_id: "d1", person });
  await signIn("rep", "right");
  await notePhonesSeen("p1", newPhones(person, await currentSession()));
  assert.equal((await currentSession()).phonesSeen, NEWEST.since);
  await signIn("rep", "right");
  assert.equal((await currentSession()).phonesSeen, undefined);
});

test("我的 lists them with who made the code, and marks this one", () => {
  const app = { company: { person, today: "2026-11-25" }, session: { deviceId: "d1" } };
  const text = textOf(phones(app));
  assert.match(text, /Firefox.*登录码的提供人：.*周敏/s);
  assert.equal(text.match(/这台/g).length, 1);
  assert.match(text, /告诉管理员/);
  assert.equal(textOf(phones({ company: { person: { id: "p1" }, today: "2026-11-25" }, session: { deviceId: "d1" } })), "");
});
