// What the screens show of an outlet's file before the company knows it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { doc } from "./outlet_factories.mjs";
import { valueIn } from "../../pwa/db/outlet_document.js";
import { overlayOutlets } from "../../pwa/db/overlay_outlets.js";
import { policyOn } from "../../pwa/rules/policy.js";

const POLICY = policyOn("2026-11-01");
const PERSON = { id: "p1", name: "赵广田" };
const ID = "01a1f000-0000-7000-8000-000000000003";
const MASKED = "1****************X";

const PENDING = { state: "pending", code: null, problem: null };
const op = (form, body, changes = {}) => ({ op_id: `op-${form}`, form, body_text: JSON.stringify(body), ...PENDING, ...changes });
const context = (verdicts = {}) => ({ person: PERSON, policy: POLICY, verdictOf: (id) => verdicts[id] ?? null });
const found = (fields = {}) => op("new_outlet.v1", { outlet_id: ID, region_id: "r1", name: "顺达便民超市", fields });
const edit = (fields, changes) => op("outlet_edit.v1", { outlet_id: "o1", fields }, changes);
const submission = (outlet_id, changes) => op("outlet_submit.v1", { outlet_id }, changes);

test("a new outlet is in the list before it is sent, with its class and its signers", () => {
  const fields = {
    floor_area_m2: "150.00",
    position: { lat: 30.64, lon: 104.06, accuracy_m: 9 },
    person_in_charge: "陈桂英",
    cashiers: [{ name: "李敏", is_certified: true }],
  };
  const [outlet] = overlayOutlets([], [found(fields)], context());
  assert.deepEqual(
    [outlet.pending, outlet.state, outlet.code, outlet.outlet_class, outlet.class_reasons, outlet.lat, outlet.rep_name],
    [true, "draft", "X000000000003", "B", ["B.area"], 30.64, "赵广田"],
  );
  assert.deepEqual(
    outlet.signers.map((one) => one.name),
    ["陈桂英", "李敏"],
  );
  assert.deepEqual(valueIn(outlet, "position"), fields.position);
});

test("the company's row takes the place of the new outlet", () => {
  const outlets = overlayOutlets([doc({ id: ID, name: "公司的" })], [found()], context());
  assert.deepEqual(
    outlets.map((outlet) => [outlet.name, outlet.pending]),
    [["公司的", undefined]],
  );
});

test("a new outlet that was not taken in stays in view until people decide", () => {
  const refused = { ...found(), code: "quarantined" };
  const [outlet] = overlayOutlets([], [refused], context());
  assert.deepEqual([outlet.pending, outlet.refused], [false, true]);
  assert.deepEqual(overlayOutlets([], [refused], context({ [refused.op_id]: { code: "rejected" } })), []);
});

test("unsent changes lie on top of the row, which stays as it came", () => {
  const row = doc();
  const ops = [
    edit({ phone: { base: "13800001001", mine: "1" }, floor_area_m2: { base: "45", mine: "250.00" } }),
    edit({ phone: { base: "1", mine: "2" } }),
  ];
  const [outlet] = overlayOutlets([row], ops, context());
  assert.deepEqual(
    [outlet.phone, outlet.outlet_class, outlet.class_reasons, outlet.unsent],
    ["2", "A", ["A.area"], ["phone", "floor_area_m2"]],
  );
  assert.deepEqual(row, doc());
});

test("a change that waits for a supervisor or was not taken in shows the company's value", () => {
  for (const code of ["parked", "quarantined"])
    assert.equal(overlayOutlets([doc()], [edit({ phone: { base: "", mine: "1" } }, { code })], context())[0].phone, "13800001001");
});

test("a change of an outlet that is gone shows nothing", () => {
  assert.deepEqual(overlayOutlets([], [edit({ phone: { base: "", mine: "1" } })], context()), []);
});

test("a submitted file waits at once, and only one that may be submitted", () => {
  const state = (outlet, changes) => overlayOutlets([outlet], [submission("o1", changes)], context())[0].state;
  assert.deepEqual(
    ["draft", "returned", "submitted", "approved", "archived"].map((from) => state(doc({ state: from }))),
    ["submitted", "submitted", "submitted", "approved", "archived"],
  );
  assert.equal(state(doc({ state: "draft" }), { code: "quarantined" }), "draft");
});

test("a position or an account that waits for the office does not stand in an approved file yet, and is named all the same", () => {
  const position = { base: { lat: 30.66, lon: 104.07, accuracy_m: null }, mine: { lat: 30.7, lon: 104.1, accuracy_m: 5 } };
  const changes = { position, account_no: { base: "JF-1", mine: "JF-2" }, phone: { base: "1", mine: "2" } };
  const shown = (was) => {
    const [{ lat, lon, account_no, phone, unsent }] = overlayOutlets([doc(was)], [edit(changes)], context());
    return [lat, lon, account_no, phone, unsent];
  };
  const names = ["position", "account_no", "phone"];
  for (const state of ["approved", "archived"])
    assert.deepEqual(shown({ state, account_no: "JF-1" }), [30.66, 104.07, "JF-1", "2", names], state);
  for (const state of ["draft", "submitted", "returned"])
    assert.deepEqual(shown({ state, account_no: "JF-1" }), [30.7, 104.1, "JF-2", "2", names], state);
  assert.deepEqual(shown({ lat: null, lon: null, account_no: null }), [30.7, 104.1, "JF-2", "2", names]);
});

test("a new outlet can be changed and submitted before it is sent", () => {
  const change = op("outlet_edit.v1", { outlet_id: ID, fields: { address: { base: "", mine: "解放路 203 号" } } });
  const [outlet] = overlayOutlets([], [found(), change, submission(ID)], context());
  assert.deepEqual([outlet.pending, outlet.address, outlet.state, outlet.is_submission_unsent], [true, "解放路 203 号", "submitted", true]);
});

test("a file shows the mask of what waits on this phone, unless the company could not take it in", () => {
  const body = { outlet_id: "o1", kind: "resident_id", masked: MASKED };
  const [waiting] = overlayOutlets([doc()], [op("identity.v1", body)], context());
  assert.deepEqual([waiting.id_kind, waiting.id_masked, waiting.is_identity_unsent], ["resident_id", MASKED, true]);
  const [left] = overlayOutlets([doc({ id_masked: "E*******8" })], [op("identity.v1", body, { code: "quarantined" })], context());
  assert.deepEqual([left.id_masked, left.is_identity_unsent], ["E*******8", undefined]);
  const acked = { state: "acked", code: "applied" };
  const [taken] = overlayOutlets([doc({ id_masked: "E*******8" })], [op("identity.v1", body, acked)], context());
  assert.deepEqual([taken.id_masked, taken.is_identity_unsent], [MASKED, false]);
  const [, fresh] = overlayOutlets([doc()], [found(), op("identity.v1", { ...body, outlet_id: ID })], context());
  assert.deepEqual([fresh.id_masked, fresh.pending], [MASKED, true]);
});

for (const problem of ["identity_older", "people_erased"])
  test(`a file keeps its own number when the company answered ${problem}`, () => {
    const body = { outlet_id: "o1", kind: "passport", masked: MASKED };
    const answered = op("identity.v1", body, { state: "acked", code: "noop", problem: { code: problem } });
    const [left] = overlayOutlets([doc({ id_kind: "resident_id", id_masked: "E*******8" })], [answered], context());
    assert.deepEqual([left.id_kind, left.id_masked, left.is_identity_unsent], ["resident_id", "E*******8", undefined]);
  });
