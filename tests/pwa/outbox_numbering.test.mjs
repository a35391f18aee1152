import assert from "node:assert/strict";
import { test } from "node:test";
import { opText, pushText, takeBatch } from "../../pwa/outbox/batch.js";
import { clockSample, offsetOf, withSample } from "../../pwa/outbox/clock.js";
import { afterResult, learned, renumbered } from "../../pwa/outbox/numbering.js";
import { outboxRow } from "../../pwa/outbox/rows.js";

const op = (op_id, n, state = "pending", changes = {}) => ({
  op_id,
  n,
  kind: "record",
  form: "visit.v1",
  entity: { type: "visit", id: op_id },
  scope: "outlet:o1",
  base_v: null,
  body_text: '{"a": 1.0}',
  blobs: [],
  t: { wall: "2026-11-24T03:04:05.678Z", mono: 5, boot: "b", offset_ms: null },
  saved_at: "2026-11-24T03:04:05.678Z",
  state,
  code: state === "acked" ? "applied" : null,
  problem: null,
  v: null,
  acked_at: null,
  ...changes,
});
const numbers = ({ ops }) => Object.fromEntries(ops.map((one) => [one.op_id, one.n]));

test("after a fork only what is pending gets new numbers", () => {
  const fresh = renumbered([op("a", 1, "acked"), op("b", 2), op("c", 3)], new Set());
  assert.deepEqual([numbers(fresh), fresh.nextN], [{ a: 0, b: 1, c: 2 }, 3]);
});

test("results that the server holds now replace those of a life that is gone", () => {
  const parked = op("a", 1, "acked", { code: "parked", problem: { code: "outlet_removed" }, acked_at: "then" });
  const [known, pending, reused] = learned(
    [parked, op("b", 2), op("c", 3, "acked", { code: "quarantined", problem: { code: "op_id_reused" } })],
    ["a", "b", "c"].map((op_id) => ({ op_id, code: "applied", v: 7, problem: null })),
  );
  assert.deepEqual([known.code, known.problem, known.v, known.acked_at], ["applied", null, 7, "then"]);
  assert.deepEqual([pending.state, pending.code, reused.code], ["pending", null, "quarantined"]);
});

test("what the server lost is offered again before what is pending, by the same ids", () => {
  const fresh = renumbered([op("a", 1, "acked"), op("b", 2, "acked"), op("c", 3)], new Set(["b"]));
  assert.deepEqual([numbers(fresh), fresh.nextN], [{ a: 0, b: 1, c: 2 }, 3]);
  assert.deepEqual(
    fresh.ops.map((one) => `${one.op_id} ${one.state}`),
    ["a acked", "b pending", "c pending"],
  );
  assert.equal(fresh.ops[1].body_text, '{"a": 1.0}');
});

test("what is lost twice keeps the order of capture", () => {
  const fresh = renumbered([op("b", 0, "acked"), op("a", 0, "acked"), op("c", 1)], new Set(["a", "b"]));
  assert.deepEqual(numbers(fresh), { a: 1, b: 2, c: 3 });
});

for (const code of ["applied", "merged", "noop", "conflict_recorded", "out_of_scope_accepted"]) {
  test(`the result ${code} is final and needs nobody`, () => {
    const settled = afterResult(op("a", 1), { code, v: 9 }, "2026-11-24T04:00:00.000Z");
    assert.deepEqual([settled.state, settled.v, outboxRow(settled, new Map(), new Set()).state], ["acked", 9, "accepted"]);
  });
}

for (const [code, state] of [
  ["parked", "review"],
  ["quarantined", "attention"],
  ["a_code_of_tomorrow", "attention"],
]) {
  test(`the result ${code} is final and shown with its problem`, () => {
    const settled = afterResult(op("a", 1), { code, problem: { code: "invalid_record" } }, "2026-11-24T04:00:00.000Z");
    const row = outboxRow(settled, new Map(), new Set());
    assert.deepEqual([settled.state, row.state, row.code, row.problem.code], ["acked", state, code, "invalid_record"]);
  });
}

for (const [code, decided, state] of [
  ["parked", "applied", "accepted"],
  ["parked", "edited", "accepted"],
  ["parked", "rejected", "refused"],
  ["quarantined", "applied", "accepted"],
  ["quarantined", "out_of_scope_accepted", "accepted"],
  ["quarantined", "parked", "review"],
  ["quarantined", "rejected", "refused"],
]) {
  test(`a ${code} record about which people decided ${decided} is ${state}`, () => {
    const verdict = { op_id: "a", code: decided, reason: "", by_name: null, at: "2026-11-24T05:00:00.000Z" };
    assert.equal(outboxRow(op("a", 1, "acked", { code }), new Map(), new Set(), verdict).state, state);
  });
}

test("a record is sent, then accepted when its last photo and signature are confirmed", () => {
  const body_text = '{"photos":[{"sha256":"x"},{"sha256":"y"}]}';
  const settled = op("a", 1, "acked", { blobs: ["x", "y", "z"], body_text });
  const row = (z) =>
    outboxRow(
      settled,
      new Map([
        ["x", "confirmed"],
        ["y", "confirmed"],
        ["z", z],
      ]),
      new Set(),
    );
  assert.deepEqual([row("wanted").state, row("wanted").photosSent, row("wanted").photosTotal], ["sent", 2, 2]);
  assert.equal(row("confirmed").state, "accepted");
});

test("a photo that is gone from the phone before the server had it needs attention", () => {
  const row = outboxRow(op("a", 1, "acked", { blobs: ["x"] }), new Map([["x", "gone"]]), new Set());
  assert.deepEqual([row.state, row.problem.code], ["attention", "photo_gone"]);
  const elsewhere = op("a", 1, "acked", { blobs: ["x"], code: "out_of_scope_accepted", problem: { code: "outlet_reassigned" } });
  assert.equal(outboxRow(elsewhere, new Map([["x", "gone"]]), new Set()).problem.code, "photo_gone");
});

test("an operation in the request under way is being sent", () => {
  assert.equal(outboxRow(op("a", 1), new Map(), new Set(["a"])).state, "sending");
});

test("the push holds each body exactly as it was stored", () => {
  const text = pushText({ epoch: null, clientId: "me", app: "1", deviceNow: "2026-11-24T03:04:05.678Z" }, [op("a", 1), op("b", 2)]);
  assert.equal(text.split('"body":{"a": 1.0},"blobs":[]').length, 3);
  const { ops, ...envelope } = JSON.parse(text);
  assert.deepEqual(envelope, { proto: 1, epoch: null, client_id: "me", app: "1", device_now: "2026-11-24T03:04:05.678Z" });
  assert.deepEqual(
    ops.map((one) => one.n),
    [1, 2],
  );
  assert.deepEqual(Object.keys(ops[0]), ["n", "op_id", "kind", "form", "entity", "scope", "base_v", "body", "blobs", "t"]);
});

test("a batch holds at most fifty operations and 256 KB", () => {
  const many = Array.from({ length: 60 }, (_, index) => op(`o${index}`, index + 1));
  assert.equal(takeBatch(many, 50).length, 50);
  const large = many.map((one) => ({ ...one, body_text: JSON.stringify("长".repeat(30_000)) }));
  assert.equal(takeBatch(large, 50).length, 2);
  assert.equal(takeBatch([{ ...many[0], body_text: JSON.stringify("x".repeat(300_000)) }], 50).length, 1);
  assert.ok(opText(many[0]).startsWith('{"n":1,'));
});

test("the offset is that of the least round trip of the last eight answers", () => {
  const fresh = clockSample({ serverNow: "2026-11-24T03:00:01.000Z", receivedAtMs: Date.parse("2026-11-24T03:00:00.000Z"), rttMs: 200 });
  assert.deepEqual(fresh, { offset_ms: 1100, rtt_ms: 200 });
  assert.equal(offsetOf([{ offset_ms: 900, rtt_ms: 50 }, fresh]), 900);
  assert.equal(offsetOf([]), null);
  const nine = Array.from({ length: 9 }, (_, index) => ({ offset_ms: index, rtt_ms: 10 + index }));
  const kept = nine.reduce((samples, one) => withSample(samples, one), []);
  assert.deepEqual([kept.length, offsetOf(kept)], [8, 1]);
});

test("samples from before the phone's clock was set are forgotten", () => {
  const kept = withSample([{ offset_ms: 0, rtt_ms: 20 }], { offset_ms: -7_200_000, rtt_ms: 400 });
  assert.equal(offsetOf(kept), -7_200_000);
});
