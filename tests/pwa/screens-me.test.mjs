// 我的: signing out says that it is under way, and what is said of sending is what the chip says. What a tap opens comes into sight.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { clickOf, textOf } from "./view_text.mjs";

globalThis.matchMedia = () => ({ matches: false, addEventListener: () => {} });
globalThis.location = new URL("https://xundian.test/#/me");
const { signIn } = await import("../../pwa/session.js");
const { leaving, sendingRow } = await import("../../pwa/screens/me.js");
const { syncState } = await import("../../pwa/ui/sync_chip.js");
const { unlockScreen } = await import("../../pwa/screens/unlock.js");
const { otherSigner } = await import("../../pwa/screens/visit_signer.js");

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

test("what needs a look is said in the row as on the chip, though all is sent", () => {
  const row = { state: "attention", isAcknowledged: false };
  const app = (outbox, unsent) => ({ company: { outbox }, engine: { status: () => ({ unsent, photosUnsent: 0 }) } });
  assert.deepEqual(syncState(app([row], 0)), { state: "overdue", words: "要你看一下" });
  assert.deepEqual(syncState(app([row], 2)).words, "要你看一下 · 2 条待发");
  assert.deepEqual(syncState(app([{ ...row, isAcknowledged: true }], 0)), { state: "done", words: "都发了" });
  assert.match(textOf(sendingRow(app([row], 0))), /#\/sync.*要你看一下/s);
});

/** What is brought into sight, and how, while a tap is seen to. */
async function broughtUp(tap) {
  const seen = [];
  const found = (selector) => ({ scrollIntoView: ({ block }) => seen.push([selector, block]), focus: () => {} });
  document.querySelector = found;
  await tap();
  document.querySelector = () => null;
  return seen;
}

test("what may be done with unsent work comes up above the tabs", async () => {
  const { databases } = await import("../../pwa/company.js");
  const { saveRecord } = await import("../../pwa/db/capture.js");
  globalThis.fetch = async () => Response.json({ token: "t", device_id: "d", person: { id: "p2", name: "小吴" } });
  await signIn("rep2", "right");
  const { capture } = await databases("p2");
  const entity = { type: "training", id: "t1" };
  await saveRecord(capture, { kind: "record", form: "training.v2", entity, scope: "outlet:o1", body: {}, blobs: [] }, null);
  const state = { unsent: 0, drafts: 0, isLeaving: false };
  const app = { session: { personId: "p2" }, draw: () => {} };
  const seen = await broughtUp(() => clickOf(leaving(app, state), 'data-testid="sign-out"')());
  assert.equal(state.unsent, 1);
  assert.deepEqual(seen, [["[data-testid=sign-out-unsent]", "center"]]);
  assert.match(textOf(leaving(app, state)), /data-testid="sign-out-unsent" tabindex="-1"/);
});

test("another signer's name comes into sight without the pad going out of it", async () => {
  const at = { outlet: { signers: [] }, change: async () => {}, draw: () => {} };
  const state = { isOther: false };
  assert.deepEqual(await broughtUp(() => clickOf(otherSigner(at, state), 'data-testid="signer-other"')()), [["#signer-name", "nearest"]]);
});

test("a lock that was just set asks for the new PIN once, and no other closed lock does", async () => {
  const shown = async (wanted) => textOf((await unlockScreen({ locked: { id: "p1", name: "赵广田" }, wanted, draw: () => {} })).view());
  assert.match(await shown("#/lock?set"), /设好了。用刚设的密码打开一次/);
  assert.doesNotMatch(await shown("#/lock"), /设好了/);
});
