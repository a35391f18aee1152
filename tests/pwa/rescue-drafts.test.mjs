// Unfinished forms in rescue files: into the file, and back onto another phone of the same person.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./chinese_page.mjs";
import { captureWith, everything, photoOf, visitRecord } from "./capture_factories.mjs";
import { textOf } from "./view_text.mjs";
import { listDrafts, openCapture, saveDraft, saveRecord } from "../../pwa/db/capture.js";
import { applyPage, openReplica } from "../../pwa/db/replica.js";
import { holdKey } from "../../pwa/db/seals.js";
import { newOutletDraft } from "../../pwa/forms/new_outlet_draft.js";
import { newObjection } from "../../pwa/forms/objection_draft.js";
import { newPaper } from "../../pwa/forms/paper_drafts.js";
import { newDraft } from "../../pwa/forms/visit_draft.js";
import { uuid7 } from "../../pwa/ids.js";
import { bringDrafts, readRescue } from "../../pwa/outbox/rescue_drafts.js";
import { rescueParts } from "../../pwa/outbox/rescue.js";
import { rescueBlob, rescuePlan, unsentRecords } from "../../pwa/outbox/rescue_file.js";

Object.assign(globalThis, { addEventListener: () => {}, removeEventListener: () => {}, location: { hash: "" } });
globalThis.matchMedia = () => ({ matches: false, addEventListener: () => {} });
document.querySelector = () => null;
const { exportScreen } = await import("../../pwa/screens/export.js");

const HEAD = { personName: "赵广田", app: "abc123", madeAt: "2026-11-26T04:00:00.000Z" };
const begun = (photos, changes = {}) => ({
  ...newDraft("o1"),
  checked_in_at: "2026-11-26T03:00:00.000Z",
  photos: photos.map(({ sha256 }) => ({ slot: "storefront", sha256 })),
  ...changes,
});
const fileOf = async (db) => {
  const [part] = await rescuePlan(db);
  return (await rescueBlob(db, { ...HEAD, personId: db.personId }, part)).text();
};
/** Another phone of the same person. */
const emptied = async (db) => {
  const { personId } = db;
  await db.write(["drafts", "blobs"], async (tx) => {
    await tx.objectStore("drafts").clear();
    await tx.objectStore("blobs").clear();
  });
  return openCapture(personId);
};
const bring = async (capture, text) => {
  const rescued = await readRescue(new Blob([text]), capture.personId);
  return bringDrafts({ capture, replica: await openReplica(capture.personId) }, rescued);
};

test("a visit under way goes into the file with its photos, and is no record of it", async () => {
  const [db, photo] = [await captureWith(), await photoOf(7, 1000)];
  const draft = begun([photo]);
  await saveDraft(db, "visit:o1", draft, [photo]);
  const content = JSON.parse(await fileOf(db));
  assert.deepEqual([content.ops, await unsentRecords(db)], [[], []]);
  assert.deepEqual(
    content.drafts.map((one) => [one.key, one.draft, typeof one.saved_at]),
    [["visit:o1", draft, "string"]],
  );
  assert.deepEqual(content.blobs, { [photo.sha256]: Buffer.alloc(1000, 7).toString("base64") });
});

test("a form that was only opened stays out", async () => {
  const db = await captureWith();
  await saveDraft(db, "visit:o1", newDraft("o1"));
  assert.deepEqual(await rescuePlan(db), []);
});

test("a photo of a record and of a form is once in each file", () => {
  const upload = { sha256: "x", state: "held", size: 300 };
  const op = { op_id: "a", n: 1, state: "pending", body_text: "{}", blobs: ["x"] };
  const draft = { row: { key: "visit:o1", draft: {}, saved_at: "" }, sizes: new Map([["x", 300]]) };
  assert.deepEqual(
    rescueParts([op], [upload], [draft]).map(({ hashes }) => hashes),
    [["x"]],
  );
  const apart = rescueParts([op], [upload], [draft], { bytes: 420 });
  assert.deepEqual(
    apart.map(({ ops, drafts, hashes }) => [ops.length, drafts.length, hashes]),
    [
      [1, 0, ["x"]],
      [0, 1, ["x"]],
    ],
  );
});

test("the form and its photo come back on another phone, twice as well", async () => {
  const [db, photo] = [await captureWith(), await photoOf(8, 900)];
  const draft = begun([photo]);
  await saveDraft(db, "visit:o1", draft, [photo]);
  const text = await fileOf(db);
  const other = await emptied(db);
  assert.deepEqual(await bring(other, text), { brought: 1, here: 0, saved: 0, damaged: 0 });
  assert.deepEqual(await bring(other, text), { brought: 0, here: 1, saved: 0, damaged: 0 });
  assert.deepEqual(
    (await everything(other, "drafts")).map((row) => row.draft),
    [draft],
  );
  const [{ sha256, bytes }] = await everything(other, "blobs");
  assert.deepEqual([sha256, bytes.byteLength], [photo.sha256, 900]);
});

test("of a large file no more is read at once than a piece or one photo, and none of its records", async () => {
  const [db, photo] = [await captureWith(), await photoOf(8, 900)];
  await saveDraft(db, "visit:o1", begun([photo]), [photo]);
  const { ops: _, ...content } = JSON.parse(await fileOf(db));
  const ops = Array.from({ length: 40 }, () => ({ body_text: "网".repeat(30_000) }));
  const others = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`${n}`.padStart(64, "0"), "A".repeat(100_000)]));
  const file = new Blob([JSON.stringify({ ...content, ops, blobs: { ...others, ...content.blobs } })]);
  const reads = [];
  for (const name of ["text", "arrayBuffer"]) {
    const own = Blob.prototype[name];
    Blob.prototype[name] = function read() {
      reads.push([name, this.size]);
      return own.call(this);
    };
  }
  const phone = await emptied(db);
  const rescued = await readRescue(file, phone.personId);
  const came = await bringDrafts({ capture: phone, replica: await openReplica(phone.personId) }, rescued);
  assert.deepEqual(came, { brought: 1, here: 0, saved: 0, damaged: 0 });
  assert.equal((await everything(phone, "blobs"))[0].bytes.byteLength, 900);
  const most = (kind) => Math.max(...reads.filter(([name]) => name === kind).map(([, size]) => size));
  assert.equal(most("arrayBuffer"), 1_048_576);
  assert.ok(most("text") < 5000, String(most("text")));
});

test("what was begun on this phone stays as it is", async () => {
  const db = await captureWith();
  await saveDraft(db, "visit:o1", begun([], { condition: "旧手机" }));
  const text = await fileOf(db);
  const other = await emptied(db);
  await saveDraft(other, "visit:o1", begun([], { condition: "新手机" }));
  assert.deepEqual(await bring(other, text), { brought: 0, here: 1, saved: 0, damaged: 0 });
  assert.equal((await everything(other, "drafts"))[0].draft.condition, "新手机");
});

test("what was brought says when it was filled in on the other phone", async () => {
  const db = await captureWith();
  await saveDraft(db, "visit:o1", begun([]));
  const content = JSON.parse(await fileOf(db));
  const kept = async (saved_at) => {
    const phone = await emptied(db);
    await bring(phone, JSON.stringify({ ...content, drafts: [{ ...content.drafts[0], saved_at }] }));
    return (await listDrafts(phone))[0].savedAt;
  };
  assert.equal(await kept("2026-11-20T01:00:00.000Z"), "2026-11-20T01:00:00.000Z");
  assert.equal(await kept("2026-11-20T09:00:00+08:00"), "2026-11-20T01:00:00.000Z");
  const before = new Date().toISOString();
  for (const odd of ["yesterday", "", 5, null, undefined, "2999-01-01T00:00:00.000Z"]) {
    const savedAt = await kept(odd);
    assert.ok(savedAt >= before && savedAt <= new Date().toISOString(), String(odd));
  }
});

test("of two files the newer form stays, whichever comes first, unless it was changed here", async () => {
  const db = await captureWith();
  await saveDraft(db, "visit:o1", begun([]));
  const content = JSON.parse(await fileOf(db));
  const draft = begun([]);
  const file = (day, condition) =>
    JSON.stringify({ ...content, drafts: [{ key: "visit:o1", draft: { ...draft, condition }, saved_at: `2026-11-${day}T01:00:00.000Z` }] });
  const phone = await emptied(db);
  const told = async (text) => {
    const { brought, here } = await bring(phone, text);
    return [brought, here, (await listDrafts(phone))[0].draft.condition];
  };
  assert.deepEqual(await told(file(20, "旧的")), [1, 0, "旧的"]);
  assert.deepEqual(await told(file(19, "更旧的")), [0, 1, "旧的"]);
  assert.deepEqual(await told(file(20, "同时的")), [0, 1, "旧的"]);
  assert.deepEqual(await told(file(21, "新的")), [1, 0, "新的"]);
  await saveDraft(phone, "visit:o1", { ...draft, condition: "这里改的" });
  assert.deepEqual(await told(file(22, "更新的")), [0, 1, "这里改的"]);
});

test("a form whose record was saved on this phone, or is with the company, is not offered again", async () => {
  const db = await captureWith();
  const op = visitRecord();
  const [visit, other] = [begun([], { visit_id: op.body.visit_id }), begun([])];
  const paper = newPaper({ note: "放在柜台" });
  const objection = { ...newObjection("f1"), text: "不是我" };
  const outlet = { ...newOutletDraft(), typed: { ...newOutletDraft().typed, name: "新店" } };
  const edit = { edited_outlet_id: "o1", base: { phone: "1" }, typed: { phone: "2" }, dropped: null };
  const forms = { "visit:o1": visit, "visit:o2": other, "follow_up:o1": paper, "objection:f1": objection, new_outlet: outlet };
  for (const [key, draft] of Object.entries({ ...forms, "outlet_edit:o1": edit })) await saveDraft(db, key, draft);
  const text = await fileOf(db);
  const phone = await emptied(db);
  await saveRecord(phone, op);
  const docs = [
    ["follow_up", { id: paper.record_id }],
    ["finding", { id: "f1", objections: [{ id: objection.objection_id, text: "不是我", answer: "" }] }],
    ["outlet", { id: outlet.new_outlet_id }],
    ["outlet", { id: "o1" }],
    ["op_verdict", { op_id: "x" }],
  ];
  const events = docs.map(([type, doc]) => ({ e: "put", type, id: doc.id ?? doc.op_id, scope: "o", v: 1, doc }));
  await applyPage(await openReplica(phone.personId), { events, cursor: "c", last_n: 0 });
  assert.deepEqual(await bring(phone, text), { brought: 2, here: 0, saved: 4, damaged: 0 });
  assert.deepEqual((await everything(phone, "drafts")).map(({ key }) => key).sort(), ["outlet_edit:o1", "visit:o2"]);
});

test("a file of somebody else, of before and of another kind", async () => {
  const [db, other] = [await captureWith(), await captureWith()];
  await saveDraft(db, "visit:o1", begun([]));
  const text = await fileOf(db);
  await assert.rejects(bring(other, text), { code: "rescue_of_another" });
  for (const wrong of ["", "{", "[]", "null", '{"format":"else"}']) {
    await assert.rejects(bring(db, wrong), { code: "not_a_rescue_file" }, wrong);
  }
  const { drafts: _, ...before } = JSON.parse(text);
  assert.deepEqual(await bring(db, JSON.stringify(before)), { brought: 0, here: 0, saved: 0, damaged: 0 });
});

test("a file of a later shape is told apart, and one of another shape is no rescue file", async () => {
  const db = await captureWith();
  await saveDraft(db, "visit:o1", begun([]));
  const content = JSON.parse(await fileOf(db));
  const changed = (changes) => bring(db, JSON.stringify({ ...content, ...changes }));
  for (const format of ["xundian-rescue.v2", "xundian-rescue.v10"]) {
    await assert.rejects(changed({ format, drafts: {} }), { code: "newer_rescue_file" }, format);
  }
  for (const wrong of [
    { drafts: {} },
    { drafts: null },
    { drafts: "x" },
    { blobs: null },
    { blobs: [] },
    { format: "xundian" },
    { format: 1 },
  ]) {
    await assert.rejects(changed(wrong), { code: "not_a_rescue_file" }, JSON.stringify(wrong));
  }
});

test("a form that is damaged, or a photo of it, holds up none of the others", async () => {
  const [db, photo] = [await captureWith(), await photoOf(9, 30)];
  await saveDraft(db, "visit:o1", begun([photo]), [photo]);
  await saveDraft(db, "visit:o2", begun([]));
  const content = JSON.parse(await fileOf(db));
  const [withPhoto, without] = content.drafts;
  const phone = await emptied(db);
  const changed = (drafts, blobs = {}) => bring(phone, JSON.stringify({ ...content, drafts: [...drafts, without], blobs }));
  for (const wrong of ["AAAA", "%", "京东", 5, null, ["AAAA"]]) {
    const [came, text] = [await changed([withPhoto], { [photo.sha256]: wrong }), JSON.stringify(wrong)];
    assert.equal(came.damaged, 1, text);
    assert.deepEqual(
      (await everything(phone, "drafts")).map(({ key }) => key),
      ["visit:o2"],
      text,
    );
  }
  const { draft } = without;
  const wrong = [null, 5, {}, { key: "visit:o3" }, { key: 3, draft }, { key: "visit:o3", draft: null }, { key: "visit:o3", draft: [] }];
  wrong.push({ key: "visit:o3", draft: { ...draft, answers: null, checked_in_at: null } });
  wrong.push({ key: "new_outlet", draft: { new_outlet_id: "n1" } }, { key: "outlet_edit:o1", draft: { edited_outlet_id: "o1" } });
  assert.deepEqual(await changed(wrong), { brought: 0, here: 1, saved: 0, damaged: 10 });
  assert.deepEqual((await everything(phone, "blobs")).length, 0);
});

test("the screen says how many forms are in the file, with records and without", async () => {
  const personId = uuid7();
  localStorage.getItem = () => JSON.stringify({ [personId]: { name: "赵广田", login: "rep1" } });
  const db = await openCapture(personId);
  await saveDraft(db, "visit:o1", begun([]));
  const app = { session: { personId }, draw: () => {} };
  const words = async () => textOf((await exportScreen(app, { personId })).view());
  assert.match(await words(), /1 份没填完的/);
  assert.doesNotMatch(await words(), /0 条记录/);
  await saveRecord(db, visitRecord());
  assert.match(await words(), /1 条记录.*1 份没填完的/s);
  assert.doesNotMatch(await words(), /份坏了/);
  holdKey(personId, await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]), false);
  const draft = { seal: 1, iv: new Uint8Array(12), data: new ArrayBuffer(40) };
  await db.write(["drafts"], (tx) =>
    tx.objectStore("drafts").put({ key: "visit:o2", draft, saved_at: "2026-11-24T01:00:00.000Z", blobs: [] }),
  );
  assert.match(await words(), /2 份没填完的.*其中 1 份坏了，读不出来，不在文件里。/s);
});
