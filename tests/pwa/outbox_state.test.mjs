import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, backoff, initialState, nextStep, repaired, woken } from "../../pwa/outbox/state.js";

const NOW = 1_000_000;
const facts = { now: NOW, pending: 0, wanted: 0, missing: 0 };
const around = { now: NOW, chance: 1 };
const state = (changes = {}) => ({ ...initialState(), ...changes });
const problem = (status, code) => ({ kind: "problem", status, code, body: {} });
const push = { do: "push", maxOps: 50 };

test("operations go before pulling, asking for photos and sending them", () => {
  const all = { ...facts, pending: 1, wanted: 1, missing: 1 };
  assert.equal(nextStep(state(), all).do, "push");
  assert.equal(nextStep(state(), { ...all, pending: 0 }).do, "pull");
  assert.equal(nextStep(state({ isPullDue: false }), { ...all, pending: 0 }).do, "have");
  assert.equal(nextStep(state({ isPullDue: false, isHaveDue: false }), { ...all, pending: 0 }).do, "upload");
  assert.equal(nextStep(state({ isPullDue: false, isHaveDue: false }), facts).do, "rest");
});

test("a push that settled operations is followed by a pull", () => {
  const after = answered(state({ isPullDue: false, failures: 3 }), push, { kind: "ok", body: {} }, { ...around, settled: 2 });
  assert.deepEqual([after.isPullDue, after.isHaveDue, after.failures], [true, true, 0]);
});

test("a push that settles nothing waits, so that it cannot turn in circles", () => {
  const after = answered(state(), push, { kind: "ok", body: {} }, { ...around, settled: 0 });
  assert.deepEqual(nextStep(after, { ...facts, pending: 1 }), { do: "wait", until: NOW + 2000 });
});

test("pulling goes on while there are pages", () => {
  assert.equal(answered(state(), { do: "pull" }, { kind: "ok", body: { page: "p" } }, around).isPullDue, true);
  assert.equal(answered(state(), { do: "pull" }, { kind: "ok", body: { cursor: "c" } }, around).isPullDue, false);
});

test("401 stops sending and says signed out", () => {
  const after = answered(state(), push, problem(401, "auth_expired"), around);
  assert.deepEqual(nextStep(after, { ...facts, pending: 3 }), { do: "stop", why: "signed_out" });
});

test("403 wrong_owner stops until the person asks again", () => {
  const after = answered(state(), push, problem(403, "wrong_owner"), around);
  assert.deepEqual(nextStep(after, facts), { do: "stop", why: "wrong_owner" });
  assert.notEqual(nextStep(woken(after, "tick"), facts).do, "pull");
  assert.equal(nextStep(woken(after, "person"), facts).do, "pull");
});

for (const code of ["epoch_changed", "gap", "forked"]) {
  test(`409 ${code} is recovered from at once`, () => {
    const after = answered(state(), push, problem(409, code), around);
    assert.deepEqual(nextStep(after, { ...facts, pending: 1 }), { do: "recover", why: code });
  });
}

test("the second recovery in a row waits first", () => {
  const once = repaired(answered(state(), push, problem(409, "forked"), around), around);
  const twice = answered(once, push, problem(409, "forked"), around);
  assert.equal(nextStep(twice, facts).do, "wait");
});

test("recovery ends with operations offered in full batches", () => {
  const after = answered(state({ recovery: "gap", maxOps: 6 }), { do: "recover", why: "gap" }, { kind: "ok", body: {} }, around);
  assert.deepEqual(nextStep(after, { ...facts, pending: 9 }), { do: "push", maxOps: 50 });
});

test("413 halves the batch that was sent", () => {
  const after = answered(state(), push, { kind: "too_large" }, { ...around, batchSize: 9 });
  assert.deepEqual(nextStep(after, { ...facts, pending: 9 }), { do: "push", maxOps: 4 });
});

test("413 on a single operation lets the others pass", () => {
  const after = answered(state({ maxOps: 1 }), push, { kind: "too_large" }, { ...around, batchSize: 1 });
  assert.equal(nextStep(after, { ...facts, pending: 9 }).do, "set_aside");
  const behind = repaired(after, around);
  assert.deepEqual(nextStep(behind, { ...facts, pending: 9 }), { do: "recover", why: "gap" });
  const free = answered(behind, { do: "recover", why: "gap" }, { kind: "ok", body: {} }, around);
  assert.deepEqual([free.maxOps, nextStep(free, { ...facts, pending: 9 }).do], [50, "pull"]);
  const quiet = { ...free, isPullDue: false };
  assert.deepEqual(nextStep(quiet, { ...facts, pending: 9 }), { do: "wait", until: NOW + 2000 });
});

test("a request that the server calls malformed is narrowed down to one operation", () => {
  const after = answered(state(), push, problem(400, "malformed"), { ...around, batchSize: 2 });
  assert.equal(after.maxOps, 1);
});

test("a lost page token begins the pull again", () => {
  const after = answered(state(), { do: "pull" }, problem(400, "malformed"), around);
  assert.equal(nextStep(after, { ...facts, now: NOW + 5000 }).do, "restart_page");
});

for (const kind of ["busy"]) {
  test("429 and 503 are waited out as the server says, whatever wakes the phone", () => {
    const after = woken(answered(state(), push, { kind, retryAfterMs: 90_000 }, around), "person");
    assert.deepEqual(nextStep(after, { ...facts, pending: 1 }), { do: "wait", until: NOW + 90_000 });
  });
}

test("a captive portal counts as no answer", () => {
  const after = answered(state(), push, { kind: "foreign", status: 200 }, around);
  assert.deepEqual(nextStep(after, { ...facts, pending: 1 }), { do: "wait", until: NOW + 2000 });
  assert.deepEqual(after.lastError, { code: "foreign", status: 200 });
});

test("an own wait ends when the network comes back, not with the clock", () => {
  const after = answered(state(), push, { kind: "unreachable" }, around);
  assert.equal(nextStep(woken(after, "tick"), { ...facts, pending: 1 }).do, "wait");
  assert.equal(nextStep(woken(after, "online"), { ...facts, pending: 1 }).do, "push");
});

test("a photo that is refused does not hold up records", () => {
  const after = answered(state({ isPullDue: false, isHaveDue: false }), { do: "upload" }, { kind: "foreign", status: 500 }, around);
  assert.equal(nextStep(after, { ...facts, missing: 1 }).do, "wait");
  assert.equal(nextStep(after, { ...facts, pending: 1, missing: 1 }).do, "push");
});

test("photos that got through are followed by a pull", () => {
  const after = answered(state({ isPullDue: false }), { do: "upload" }, { kind: "ok", body: {} }, around);
  assert.equal(after.isPullDue, true);
});

test("backoff doubles from two seconds to a minute with a spread over its upper half", () => {
  assert.deepEqual(
    [0, 1, 2, 5, 40].map((failures) => backoff(failures, 1)),
    [2000, 4000, 8000, 60_000, 60_000],
  );
  assert.equal(backoff(1, 0), 2000);
});
