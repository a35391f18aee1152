// Sending an objection as it is tapped, without a browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { clickOf, textOf } from "./view_text.mjs";
import { databases } from "../../pwa/company.js";
import { listDrafts, saveDraft } from "../../pwa/db/capture.js";
import { newObjection, objectionKey } from "../../pwa/forms/objection_draft.js";
import { uuid7 } from "../../pwa/ids.js";
import { everything } from "./capture_factories.mjs";
import { proposedFinding } from "./finding_factories.mjs";

document.querySelector = () => null;
Object.assign(globalThis, { scrollTo: () => {}, addEventListener: () => {}, removeEventListener: () => {} });
const { findingScreen } = await import("../../pwa/screens/finding.js");

const FINDING = proposedFinding({ month: "2026-11", object_until: "2026-11-29" });

test("an objection whose record cannot be made stays a draft that is kept on, and says so", async () => {
  const personId = uuid7();
  const { capture } = await databases(personId);
  await saveDraft(capture, objectionKey("f1"), { ...newObjection("f1"), ground: "not_mine", text: 5 }); // no text
  const company = { person: { id: personId }, findings: [FINDING], outbox: [], visits: [], outletById: new Map() };
  const app = { session: { personId }, company: { ...company, today: "2026-11-24", month: "2026-11" }, draw: () => {} };
  const screen = await findingScreen(app, { findingId: "f1" });
  const tap = (testId) => clickOf(screen.view(), `data-testid="${testId}"`)();
  for (const _ of ["once", "again"]) {
    await tap("send-objection");
    assert.match(textOf(screen.view()), /role="alert".*应用出了错，没存上/s);
    assert.equal((await everything(capture, "ops")).length, 0);
  }
  tap("ground-was_done");
  await new Promise((resolve) => setTimeout(resolve, 50));
  screen.close();
  assert.equal((await listDrafts(capture))[0].draft.ground, "was_done");
});
