// A network that leads nowhere is said to be none, wherever one reads that records are sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { textOf } from "./view_text.mjs";
import { uuid7 } from "../../pwa/ids.js";

const { savedScreen } = await import("../../pwa/screens/saved.js");
const { savedOutletScreen } = await import("../../pwa/screens/saved_outlet.js");
const { todayScreen } = await import("../../pwa/screens/today.js");

/** A person's app while the way to the company stands like this, with one visit and one new outlet that are not sent. */
function appWith(changes) {
  const status = { online: true, phase: "waiting", lastError: null, lastSyncedAt: null, unsent: 2, photosUnsent: 0, ...changes };
  const outbox = [
    { entity: { id: "v1" }, form: "visit.v3", state: "on_phone", photosTotal: 2 },
    { entity: { id: "n1" }, form: "new_outlet.v1", state: "on_phone", photosTotal: 0 },
  ];
  const person = { name: "小吴", phones: [] };
  const company = {
    today: "2026-11-24",
    month: "2026-11",
    outlets: [],
    outletById: new Map(),
    visits: [],
    outbox,
    person,
    workingYears: {},
  };
  return { session: { personId: uuid7() }, company, engine: { status: () => status }, draw: () => {}, refresh: async () => {}, here: null };
}

for (const { name, changes, today, saved } of [
  { name: "that works", changes: {}, today: null, saved: /正在送/ },
  { name: "that is busy", changes: { lastError: { code: "busy" } }, today: null, saved: /正在送/ },
  { name: "that is none", changes: { online: false }, today: /没有网络，照常干活/, saved: /等网络/ },
  { name: "that leads nowhere", changes: { lastError: { code: "unreachable" } }, today: /连不上公司/, saved: /等网络/ },
  { name: "of somebody else", changes: { lastError: { code: "foreign", status: 200 } }, today: /连不上公司/, saved: /等网络/ },
])
  test(`a network ${name} is shown as that`, async () => {
    const app = appWith(changes);
    const shown = textOf((await todayScreen(app)).view());
    if (today) assert.match(shown, today);
    else assert.doesNotMatch(shown, /没有网络|连不上公司/);
    assert.match(textOf((await savedScreen(app, { visitId: "v1" })).view()), saved);
    assert.match(textOf((await savedOutletScreen(app, { outletId: "n1" })).view()), saved);
  });
