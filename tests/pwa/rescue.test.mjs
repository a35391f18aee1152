// Rescue files: what goes into them, and their exact text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { captureWith, everything, photoOf, visitRecord } from "./capture_factories.mjs";
import { saveRecord } from "../../pwa/db/capture.js";
import { base64Of, rescueName, rescueParts, rescueText } from "../../pwa/outbox/rescue.js";
import { rescueBlob, rescuePlan } from "../../pwa/outbox/rescue_file.js";

const HEAD = { personId: "p1", personName: "赵广田", app: "abc123", madeAt: "2026-11-26T04:00:00.000Z" };
const op = (op_id, n, changes = {}) => ({
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
  state: "pending",
  code: null,
  problem: null,
  v: null,
  acked_at: null,
  ...changes,
});
const acked = (op_id, n, blobs, code = "applied") => op(op_id, n, { state: "acked", code, blobs, acked_at: "2026-11-24T04:00:00.000Z" });
const upload = (sha256, state, size = 3) => ({ sha256, state, size, url: null, confirmed_at: null });
const idsOf = (parts) => parts.map((part) => part.ops.map((one) => one.op_id));
const textOf = async (part, readBytes) => {
  const pieces = [];
  for await (const piece of rescueText(HEAD, part, readBytes)) pieces.push(piece);
  return pieces.join("");
};

test("everything unsent goes into the file, in the order of its numbers", () => {
  assert.deepEqual(idsOf(rescueParts([op("c", 3), op("a", 1), op("b", 2)], [])), [["a", "b", "c"]]);
});

test("a record that the company has goes along only while it lacks one of its files", () => {
  const uploads = [upload("x", "confirmed"), upload("y", "wanted"), upload("z", "gone")];
  const [part] = rescueParts([acked("a", 1, ["x"]), acked("b", 2, ["x", "y"]), acked("c", 3, ["z"]), op("d", 4)], uploads);
  assert.deepEqual([idsOf([part]), part.hashes], [[["b", "d"]], ["y"]]);
});

test("what was set aside as too large goes along", () => {
  const aside = op("a", Number.MAX_SAFE_INTEGER, { problem: { code: "too_large" } });
  assert.deepEqual(idsOf(rescueParts([aside, op("b", 1)], [])), [["b", "a"]]);
});

test("a photo that two records name is written once", () => {
  const [part] = rescueParts([op("a", 1, { blobs: ["x"] }), op("b", 2, { blobs: ["x"] })], [upload("x", "held")]);
  assert.deepEqual([part.ops.length, part.hashes], [2, ["x"]]);
});

test("nothing is left to rescue once the company has it all", () => {
  assert.deepEqual(rescueParts([acked("a", 1, ["x"])], [upload("x", "confirmed")]), []);
  assert.deepEqual(rescueParts([acked("a", 1, [], "quarantined")], []), [], "quarantined: its bytes are on the server");
});

test("much work is divided into files, each record with its photos in the same one", () => {
  const ops = ["a", "b", "c"].map((id, place) => op(id, place + 1, { blobs: [`${id}1`, `${id}2`] }));
  const uploads = ops.flatMap((one) => one.blobs.map((sha256) => upload(sha256, "held", 300)));
  const parts = rescueParts(ops, uploads, [], { bytes: 1700 });
  assert.deepEqual(idsOf(parts), [["a", "b"], ["c"]]);
  assert.deepEqual(parts[1].hashes, ["c1", "c2"]);
  assert.deepEqual(idsOf(rescueParts(ops, uploads, [], { ops: 1 })), [["a"], ["b"], ["c"]]);
});

test("a record larger than a file gets one of its own", () => {
  const ops = [op("a", 1, { blobs: ["x"] }), op("b", 2)];
  assert.deepEqual(idsOf(rescueParts(ops, [upload("x", "held", 9000)], [], { bytes: 100 })), [["a"], ["b"]]);
});

test("the text is the agreed JSON, with each body as the exact text that was stored", async () => {
  const [part] = rescueParts([op("a", 1, { blobs: ["x"], body_text: '{"a": 1.0,\t"电": "½"}' })], [upload("x", "held")]);
  const text = await textOf(part, async () => new Uint8Array([255, 216, 255]).buffer);
  assert.ok(text.startsWith('{"format":"xundian-rescue.v1","person_id":"p1",'), "the server looks for the format at the very beginning");
  assert.deepEqual(JSON.parse(text), {
    format: "xundian-rescue.v1",
    person_id: "p1",
    person_name: "赵广田",
    app: "abc123",
    made_at: "2026-11-26T04:00:00.000Z",
    ops: [
      {
        op_id: "a",
        kind: "record",
        form: "visit.v1",
        entity: { type: "visit", id: "a" },
        scope: "outlet:o1",
        base_v: null,
        body_text: '{"a": 1.0,\t"电": "½"}',
        blobs: ["x"],
        t: { wall: "2026-11-24T03:04:05.678Z", mono: 5, boot: "b", offset_ms: null },
      },
    ],
    drafts: [],
    blobs: { x: "/9j/" },
  });
});

test("a photo whose bytes are gone is left out, and the text stays whole", async () => {
  const part = { ops: [op("a", 1)], drafts: [], hashes: ["gone", "x", "gone too", "y"], bytes: 0 };
  const bytes = { x: new Uint8Array([1]).buffer, y: new Uint8Array([2]).buffer };
  assert.deepEqual(JSON.parse(await textOf(part, async (sha256) => bytes[sha256] ?? null)).blobs, { x: "AQ==", y: "Ag==" });
});

test("no more than one photo is read at a time", async () => {
  let open = 0;
  let most = 0;
  const slow = async () => {
    open += 1;
    most = Math.max(most, open);
    await new Promise((resolve) => setTimeout(resolve, 1));
    open -= 1;
    return new ArrayBuffer(6);
  };
  await textOf({ ops: [op("a", 1)], drafts: [], hashes: ["u", "v", "w"], bytes: 0 }, slow);
  assert.equal(most, 1);
});

for (const size of [0, 1, 2, 3, 24_575, 24_576, 24_577, 500_001]) {
  test(`${size} bytes come back from base64 as they were`, () => {
    const bytes = Uint8Array.from({ length: size }, (_, place) => (place * 31 + 7) % 256);
    assert.deepEqual(Buffer.from(base64Of(bytes.buffer), "base64"), Buffer.from(bytes));
  });
}

test("the name says what, whose and when, and is fit for a file", () => {
  assert.equal(rescueName("巡店-救援", "rep1", "2026-11-26", { place: 0, of: 1 }), "巡店-救援-rep1-2026-11-26.json");
  assert.equal(rescueName("Xundian-rescue", "a/b:c", "2026-11-26", { place: 1, of: 3 }), "Xundian-rescue-a_b_c-2026-11-26-2-3.json");
  assert.equal(rescueName("巡店-救援", "", "2026-11-26", { place: 0, of: 1 }), "巡店-救援-2026-11-26.json");
});

test("a file holds what the phone stored, and exporting changes nothing on the phone", async () => {
  const [db, photo] = [await captureWith(), await photoOf(7, 1000)];
  await saveRecord(db, visitRecord([photo], { note: "电费 ½" }));
  const stores = () => Promise.all(["meta", "ops", "blobs", "uploads", "drafts"].map((store) => everything(db, store)));
  const before = await stores();
  const [part] = await rescuePlan(db);
  const content = JSON.parse(await (await rescueBlob(db, HEAD, part)).text());
  assert.deepEqual([content.ops[0].body_text, content.ops[0].blobs], [before[1][0].body_text, [photo.sha256]]);
  assert.equal(content.blobs[photo.sha256], Buffer.alloc(1000, 7).toString("base64"));
  assert.deepEqual(await stores(), before);
});
