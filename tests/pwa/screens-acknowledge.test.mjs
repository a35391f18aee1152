// 知道了: the record goes from what needs a look, the focus to the heading, and a phone without room says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { clickOf, textOf } from "./view_text.mjs";
import { databases } from "../../pwa/company.js";
import { capturedWork } from "../../pwa/db/captured_work.js";
import { uuid7 } from "../../pwa/ids.js";

const { syncScreen } = await import("../../pwa/screens/sync.js");

const LATE = {
  opId: "op1",
  form: "churn_word.v1",
  entity: { type: "churn_word", id: "w1" },
  body: {},
  scope: "outlet:o1",
  state: "attention",
  code: "quarantined",
  problem: { code: "word_late" },
  savedAt: "2026-11-24T03:00:00.000Z",
  photosTotal: 0,
};
const STATUS = { unsent: 0, photosUnsent: 0, online: true, phase: "idle", lastError: null, storage: { quota: null, persisted: null } };

/** The screen of a person with one record to put aside, what has the focus, and how often the databases were read again. */
async function screenWithLate() {
  const personId = uuid7();
  const { capture } = await databases(personId);
  const seen = { focused: "", refreshed: 0 };
  document.querySelector = (selector) => ({ scrollIntoView: () => {}, focus: () => Object.assign(seen, { focused: selector }) });
  const refresh = async () => {
    seen.refreshed += 1;
  };
  const company = { outbox: [LATE], outletById: new Map(), visits: [], person: { id: personId }, today: "2026-11-24" };
  const app = { session: { personId }, company, engine: { status: () => STATUS }, draw: () => {}, refresh };
  const screen = syncScreen(app);
  return { capture, seen, text: () => textOf(screen.view()), tap: () => clickOf(screen.view(), 'data-testid="acknowledge"')() };
}

test("what was put aside leaves the focus on the heading", async () => {
  const { capture, seen, tap } = await screenWithLate();
  await tap();
  assert.deepEqual([(await capturedWork(capture)).acknowledged, seen], [["op1"], { focused: "h1[tabindex]", refreshed: 1 }]);
});

test("what could not be put aside says why, and can be tried again", async () => {
  const { capture, seen, text, tap } = await screenWithLate();
  const { write } = capture;
  capture.write = async () => {
    throw Object.assign(new Error("full"), { code: "storage_full" });
  };
  await tap();
  assert.match(text(), /role="alert".*没存上/s);
  assert.deepEqual(seen, { focused: "[role=alert]", refreshed: 0 });
  capture.write = write;
  await tap();
  assert.doesNotMatch(text(), /role="alert"/);
  assert.deepEqual((await capturedWork(capture)).acknowledged, ["op1"]);
});
