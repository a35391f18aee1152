// 登记备案 written down during a visit leads back to it.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { clickOf } from "./view_text.mjs";
import { databases } from "../../pwa/company.js";
import { saveDraft } from "../../pwa/db/capture.js";
import { draftKey, newDraft } from "../../pwa/forms/visit_draft.js";
import { uuid7 } from "../../pwa/ids.js";

globalThis.location = { hash: "" };
const { followUpScreen, newFollowUpScreen } = await import("../../pwa/screens/follow_up.js");

const OUTLET = { id: "o1", name: "顺达", signers: [] };
const FOUND = { id: "f1", outlet_id: "o1", isOpen: true, problem: "漏水", owner: "rep", registered_on: "2026-11-20", clocks: [] };

/** Where closing the form leads to, with this draft of a visit on the phone. */
async function leadsTo(screen, params, draft) {
  const personId = uuid7();
  const { capture } = await databases(personId);
  if (draft) await saveDraft(capture, draftKey("o1"), draft);
  const work = { followUps: [FOUND] };
  const company = { today: "2026-11-24", outletById: new Map([["o1", OUTLET]]), form: { checklist: [] }, checklists: [], work };
  const app = { session: { personId }, company: { ...company, policyOf: () => ({}), person: { name: "小吴" } }, draw: () => {} };
  const { view, close } = await screen(app, params);
  clickOf(view(), 'class="icon-button"')();
  close();
  return location.hash;
}

for (const [name, screen, params] of [
  ["a new one", newFollowUpScreen, { outletId: "o1" }],
  ["a second look", followUpScreen, { followUpId: "f1" }],
])
  test(`${name} leads back to the visit under way, and to the outlet where it was only opened or let go`, async () => {
    assert.equal(await leadsTo(screen, params, null), "#/outlets/o1");
    assert.equal(await leadsTo(screen, params, { ...newDraft("o1"), checklist_version: null }), "#/outlets/o1");
    assert.equal(await leadsTo(screen, params, { ...newDraft("o1"), checked_in_at: "2026-11-24T01:00:00.000Z" }), "#/outlets/o1/visit");
  });
