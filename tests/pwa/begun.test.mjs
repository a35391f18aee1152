// Drafts that count as unfinished work: those in which something stands.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isAnythingIn, isUnfinished } from "../../pwa/forms/begun.js";
import { newOutletDraft } from "../../pwa/forms/new_outlet_draft.js";
import { newObjection } from "../../pwa/forms/objection_draft.js";
import { newEdit, touched } from "../../pwa/forms/outlet_edit_draft.js";
import { newPaper } from "../../pwa/forms/paper_drafts.js";
import { newDraft } from "../../pwa/forms/visit_draft.js";

const training = newPaper({ place: "", content: "", is_new_customer: "no", attendees: "", attendee_count: "" });
const followUp = newPaper({ problem: " ", owner: "", working_days: "5" });
const photo = { sha256: "a".repeat(64) };

test("a form that was only opened, or emptied again, is no work", () => {
  const opened = { ...newDraft("o1"), checklist_version: "c1", taken_out: null };
  const away = { base: {}, typed: {}, dropped: { base: {}, typed: { phone: "1" } } };
  const empty = [
    opened,
    newOutletDraft(),
    newEdit("o1"),
    { ...newEdit("o1"), ...away },
    newObjection("f1"),
    training,
    followUp,
    { text: "" },
  ];
  for (const draft of empty) assert.equal(isAnythingIn(draft), false, JSON.stringify(draft));
});

test("nothing is in a draft that never was; one that cannot be read is unfinished", () => {
  assert.equal(isAnythingIn(null), false);
  assert.equal(isUnfinished({ draft: null, isDamaged: false }), false);
  assert.equal(isUnfinished({ draft: null, isDamaged: true }), true);
  assert.equal(isUnfinished({ draft: { text: "" }, isDamaged: false }), false);
  assert.equal(isUnfinished({ draft: { text: "工资少了" }, isDamaged: false }), true);
});

test("whatever was said, shot or signed is", () => {
  const named = newOutletDraft();
  named.typed.name = "顺达";
  const said = [
    { ...newDraft("o1"), checked_in_at: "2026-11-24T01:00:00.000Z" },
    { ...newDraft("o1"), answers: { is_open: { answer: "yes", note: "" } } },
    { ...newDraft("o1"), photos: [photo] },
    named,
    { ...newEdit("o1"), ...touched(newEdit("o1"), { phone: "1" }, "phone", "2") },
    { ...newObjection("f1"), ground: "other" },
    { ...training, attendees: "小吴" },
    { ...training, photos: [photo] },
    { ...followUp, signature: photo },
    { text: "工资少了" },
  ];
  for (const draft of said) assert.equal(isAnythingIn(draft), true, JSON.stringify(draft));
});
