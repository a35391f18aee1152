// 我的: signing out says that it is under way.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { textOf } from "./view_text.mjs";

globalThis.matchMedia = () => ({ matches: false, addEventListener: () => {} });
globalThis.location = new URL("https://xundian.test/#/me");
const { signIn } = await import("../../pwa/session.js");
const { leaving } = await import("../../pwa/screens/me.js");

test("while the company is told of a sign-out the button says so, and a second tap tells it no more", async () => {
  const person = { id: "p1", name: "赵广田" };
  globalThis.fetch = async () => Response.json({ token: "t", device_id: "d", person });
  await signIn("rep", "right");
  const told = [];
  globalThis.fetch = async (path) => {
    told.push(path);
    return new Response(null, { status: 204 });
  };
  const shown = [];
  const state = { unsent: 0, drafts: 0, isLeaving: false };
  const isOut = new Promise((resolve) => {
    const app = { session: null, draw };
    function draw() {
      shown.push(textOf(leaving(app, state)));
      if (!state.isLeaving) resolve();
    }
    const tap = () => leaving(app, state).values.find((value) => typeof value === "function")();
    assert.match(textOf(leaving(app, state)), /退出登录/);
    tap();
    tap();
  });
  await isOut;
  assert.match(shown[0], /正在退出/);
  assert.match(shown.at(-1), /退出登录/);
  assert.deepEqual([shown.length, told, location.hash], [2, ["/auth/v1/notice", "/auth/v1/sign-out"], "#/sign-in"]);
});
