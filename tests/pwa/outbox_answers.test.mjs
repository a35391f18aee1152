import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf, retryAfterMs } from "../../pwa/outbox/answers.js";
import { isMendable, uploadFault } from "../../pwa/outbox/uploads.js";

const response = (changes) => ({ status: 200, contentType: "application/json", retryAfter: null, text: "{}", nowMs: 0, ...changes });
const answer = { epoch: "e1", server_now: "2026-11-24T03:04:05.678Z", last_n: 1, results: [{ n: 1, op_id: "a", code: "applied" }] };

test("a push answer of this protocol is taken", () => {
  assert.deepEqual(outcomeOf("push", response({ text: JSON.stringify(answer) })), { kind: "ok", body: answer });
});

test("a portal's page with status 200 is foreign", () => {
  assert.equal(outcomeOf("push", response({ contentType: "text/html", text: "<html>" })).kind, "foreign");
});

test("JSON that is not of this protocol is foreign", () => {
  assert.equal(outcomeOf("push", response({ text: '{"ok":true}' })).kind, "foreign");
  assert.equal(outcomeOf("have", response({ text: '{"missing":"all"}' })).kind, "foreign");
  assert.equal(outcomeOf("pull", response({ text: "not json" })).kind, "foreign");
});

test("a pull must hold either a page or a cursor", () => {
  const pulled = { epoch: "e1", events: [], last_n: 0 };
  assert.equal(outcomeOf("pull", response({ text: JSON.stringify(pulled) })).kind, "foreign");
  assert.equal(outcomeOf("pull", response({ text: JSON.stringify({ ...pulled, page: "p", cursor: "c" }) })).kind, "foreign");
  assert.equal(outcomeOf("pull", response({ text: JSON.stringify({ ...pulled, cursor: "c" }) })).kind, "ok");
});

test("a problem is told by its code", () => {
  const outcome = outcomeOf(
    "push",
    response({ status: 409, contentType: "application/problem+json", text: '{"code":"gap","expected_n":4}' }),
  );
  assert.deepEqual([outcome.kind, outcome.code, outcome.body.expected_n], ["problem", "gap", 4]);
});

test("a portal's 401 signs nobody out", () => {
  assert.equal(outcomeOf("push", response({ status: 401, contentType: "text/html", text: "<html>" })).kind, "foreign");
});

test("a proxy's 413, 429 and 503 are understood without JSON", () => {
  const html = { contentType: "text/html", text: "<html>" };
  assert.equal(outcomeOf("push", response({ ...html, status: 413 })).kind, "too_large");
  assert.deepEqual(outcomeOf("push", response({ ...html, status: 429, retryAfter: "7" })), { kind: "busy", retryAfterMs: 7000 });
  assert.deepEqual(outcomeOf("push", response({ ...html, status: 503 })), { kind: "busy", retryAfterMs: 30_000 });
});

test("a server error is no problem of the record", () => {
  assert.equal(
    outcomeOf("push", response({ status: 500, contentType: "application/problem+json", text: '{"code":"server_error"}' })).kind,
    "foreign",
  );
});

test("Retry-After is read as seconds or a date, and bounded", () => {
  assert.equal(retryAfterMs("Thu, 01 Jan 1970 00:00:20 GMT", 5000), 15_000);
  assert.equal(retryAfterMs("999999", 0), 3_600_000);
  assert.equal(retryAfterMs("soon", 0), 30_000);
});

test("upload faults: 401 signs out, 503 waits, silence is the network, the rest concerns the photo", () => {
  assert.equal(uploadFault(401, null).code, "auth_expired");
  assert.deepEqual(uploadFault(503, "4"), { kind: "busy", retryAfterMs: 4000 });
  assert.equal(uploadFault(0, null).kind, "unreachable");
  assert.deepEqual(uploadFault(500, null), { kind: "foreign", status: 500 });
});

test("an upload that stands elsewhere or is gone is mended by tus", () => {
  assert.deepEqual([404, 409, 410, 423, 460, 500, 401].map(isMendable), [true, true, true, true, true, false, false]);
});
