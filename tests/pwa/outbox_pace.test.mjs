import assert from "node:assert/strict";
import { test } from "node:test";
import { chunkBytesAfter, createPace, FIRST_CHUNK_BYTES } from "../../pwa/outbox/pace.js";
import { isWorthATry } from "../../pwa/outbox/uploads.js";

const FAR = 10 * 1024 * 1024;

test("the first chunk is small", () => {
  assert.equal(FIRST_CHUNK_BYTES, 24576);
  assert.equal(createPace().beginChunk(0, FAR), 24576);
});

test("a chunk takes one to four seconds whatever the network", () => {
  assert.deepEqual(
    [999, 1000, 4000, 4001].map((ms) => chunkBytesAfter(24576, ms)),
    [49152, 24576, 24576, 12288],
  );
});

test("chunks stay between 8 KB and 1 MB", () => {
  assert.equal(chunkBytesAfter(1048576, 10), 1048576);
  assert.equal(chunkBytesAfter(8192, 60_000), 8192);
});

test("a photo that begins soon after another sends half as much again", () => {
  const pace = createPace();
  assert.deepEqual([pace.beginChunk(0, FAR), pace.beginChunk(249, FAR), pace.beginChunk(499, FAR)], [24576, 36864, 24576]);
});

test("no request for a small rest", () => {
  assert.equal(createPace().beginChunk(0, 36864), 36864);
  assert.equal(createPace().beginChunk(0, 36865), 24576);
});

test("a chunk that was short says nothing", () => {
  const pace = createPace();
  pace.noteChunk(900, 5);
  assert.equal(pace.beginChunk(0, FAR), 24576);
});

test("a fault makes chunks small again, and smaller ones stay so", () => {
  const quick = createPace();
  quick.noteChunk(24576, 100);
  assert.equal(quick.beginChunk(0, FAR), 49152);
  quick.noteFault();
  assert.equal(quick.beginChunk(9000, FAR), 24576);
  const slow = createPace();
  slow.noteChunk(24576, 5000);
  slow.noteFault();
  assert.equal(slow.beginChunk(9000, FAR), 12288);
});

test("a cut is tried again twice, a mendable answer whenever tus may", () => {
  assert.deepEqual(
    [0, 1, 2].map((tries) => isWorthATry(0, tries)),
    [true, true, false],
  );
  assert.deepEqual(
    [409, 460, 403].map((status) => isWorthATry(status, 2)),
    [true, true, false],
  );
});
