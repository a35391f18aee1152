// Findings on the phone: how they stand with an objection on its way, and the record of an objection.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./chinese_page.mjs";
import { proposedFinding } from "./finding_factories.mjs";

const { findingAmount, findingName, standingOfFinding } = await import("../../pwa/screens/finding_words.js");
const { isSaid, newObjection, objectionRecord } = await import("../../pwa/forms/objection_draft.js");
const { outboxRow } = await import("../../pwa/outbox/rows.js");

const FINDING = proposedFinding();
const row = (changes = {}) => ({ entity: { type: "finding_objection", id: "o1" }, body: { finding_id: "f1" }, code: null, ...changes });
const company = (outbox = [], today = "2026-11-09") => ({ today, outbox });

test("a finding may be objected to until the last day, and not after", () => {
  assert.equal(standingOfFinding(FINDING, company()).canObject, true);
  assert.equal(standingOfFinding(FINDING, company([], "2026-11-10")).canObject, false);
  assert.equal(standingOfFinding({ ...FINDING, object_until: null }, company()).canObject, false);
  assert.equal(standingOfFinding({ ...FINDING, is_award: true }, company()).canObject, false);
});

test("an objection that waits on the phone is shown and not asked for again", () => {
  const standing = standingOfFinding(FINDING, company([row()]));
  assert.deepEqual([standing.canObject, standing.words, standing.waiting?.entity.id], [false, "异议等答复", "o1"]);
});

test("an objection that the company shows itself is not shown twice", () => {
  const said = { ...FINDING, object_until: null, objections: [{ id: "o1", answer: "" }] };
  const standing = standingOfFinding(said, company([row({ code: "applied" })]));
  assert.deepEqual([standing.waiting, standing.words], [null, "异议等答复"]);
});

test("an objection that was not taken in leaves the finding open to another", () => {
  assert.equal(standingOfFinding(FINDING, company([row({ code: "quarantined" })])).canObject, true);
});

test("an answered finding says what was decided", () => {
  const answered = (state, answer) =>
    standingOfFinding({ ...FINDING, state, object_until: null, objections: [{ id: "o1", answer }] }, company());
  assert.deepEqual([answered("dismissed", "accepted").words, answered("dismissed", "accepted").state], ["不予认定", "done"]);
  assert.deepEqual([answered("upheld", "rejected").words, answered("upheld", "rejected").state], ["已认定", "overdue"]);
});

test("amounts carry their sign and own kinds their words", () => {
  assert.equal(findingAmount(FINDING), "−50.00");
  assert.equal(findingAmount({ ...FINDING, is_award: true }), "+50.00");
  assert.equal(findingName({ ...FINDING, kind: "own_x", kind_zh: "全勤", kind_en: "Attendance" }), "全勤");
});

test("a ground is enough, except other, which must be told", () => {
  const draft = newObjection("f1");
  assert.equal(isSaid(draft), false);
  assert.equal(isSaid({ ...draft, ground: "not_mine" }), true);
  assert.equal(isSaid({ ...draft, ground: "other", text: "  " }), false);
  assert.equal(isSaid({ ...draft, ground: "other", text: "店关了" }), true);
});

test("the record holds ground, words and photos by hash", () => {
  const draft = { ...newObjection("f1"), ground: "was_done", text: " 3月6日教过 ", photos: [{ sha256: "a".repeat(64), taken_at: "" }] };
  const record = objectionRecord(draft, "我做过了");
  assert.deepEqual(record.body, { finding_id: "f1", text: "我做过了\n3月6日教过", photos: ["a".repeat(64)] });
  assert.deepEqual(
    [record.form, record.entity.id, record.blobs],
    ["finding_objection.v1", draft.objection_id, [{ sha256: "a".repeat(64) }]],
  );
  assert.equal(objectionRecord({ ...draft, ground: "other" }, "其他").body.text, "3月6日教过");
});

test("photos named by hash alone are counted in the outbox", () => {
  const hashes = ["a".repeat(64), "b".repeat(64)];
  const op = {
    op_id: "x",
    n: 1,
    form: "finding_objection.v1",
    entity: {},
    scope: "",
    state: "acked",
    code: "applied",
    problem: null,
    saved_at: "",
  };
  const shown = outboxRow(
    { ...op, body_text: JSON.stringify({ photos: hashes }), blobs: hashes },
    new Map([[hashes[0], "confirmed"]]),
    new Set(),
  );
  assert.deepEqual([shown.photosTotal, shown.photosSent], [2, 1]);
});
