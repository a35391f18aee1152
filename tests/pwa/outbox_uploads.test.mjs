// Photos on their way by tus: those whose bytes changed on the phone are given up, once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { captureWith, everything, photoOf, visitRecord } from "./capture_factories.mjs";
import { saveRecord } from "../../pwa/db/capture.js";
import { holdKey, keyFrom } from "../../pwa/db/seals.js";
import { uploadPhotos } from "../../pwa/outbox/uploads.js";
import { outboxRow } from "../../pwa/outbox/rows.js";

const by = { token: "t", signal: new AbortController().signal, isOver: () => false };

/** tus that sends at once, or is refused with a status. @returns {string[]} what was begun */
function fakeTus(status = 204) {
  const begun = [];
  globalThis.tus = {
    Upload: class {
      constructor(_file, options) {
        this.options = options;
      }
      start() {
        begun.push(this.options.metadata.sha256);
        if (status === 204) this.options.onSuccess();
        else this.options.onError({ originalResponse: { getStatus: () => status, getHeader: () => null } });
      }
    },
  };
  return begun;
}

/** A person with a sent visit of two photos that the server wants. @param {boolean} [isLocked] whether they are sealed */
async function wantedPhotos(isLocked = false) {
  const db = await captureWith();
  if (isLocked) holdKey(db.personId, await keyFrom(new Uint8Array(32).buffer, true), true);
  const photos = [await photoOf(1), await photoOf(2)];
  await saveRecord(db, visitRecord(photos));
  await db.write(["uploads", "ops"], async (tx) => {
    for (const { sha256 } of photos) {
      const upload = await tx.objectStore("uploads").get(sha256);
      await tx.objectStore("uploads").put({ ...upload, state: "wanted" });
    }
    const [op] = await tx.objectStore("ops").getAll();
    await tx.objectStore("ops").put({ ...op, state: "acked", code: "applied", acked_at: "2026-11-24T01:00:00.000Z" });
  });
  const states = async () => new Map((await everything(db, "uploads")).map(({ sha256, state }) => [sha256, state]));
  return { db, hashes: photos.map(({ sha256 }) => sha256), states };
}

test("a photo whose bytes have changed is not sent: its bytes go, the other arrives, and the row says so", async () => {
  const { db, hashes, states } = await wantedPhotos();
  const [changed, whole] = hashes;
  await db.write(["blobs"], async (tx) => {
    const blob = await tx.objectStore("blobs").get(changed);
    await tx.objectStore("blobs").put({ ...blob, bytes: new Uint8Array(8).fill(7).buffer });
  });
  const begun = fakeTus();
  assert.equal((await uploadPhotos(db, hashes, by)).kind, "ok");
  assert.deepEqual(begun, [whole]);
  assert.deepEqual([(await states()).get(changed), (await states()).get(whole)], ["gone", "confirmed"]);
  assert.deepEqual(
    (await everything(db, "blobs")).map(({ sha256 }) => sha256),
    [whole],
  );
  const [op] = await everything(db, "ops");
  assert.equal(outboxRow(op, await states(), new Set()).problem.code, "photo_gone");
  await uploadPhotos(db, hashes, by);
  assert.deepEqual(begun, [whole]);
});

test("a photo that was damaged on the way only stays, to be sent again", async () => {
  const { db, hashes, states } = await wantedPhotos();
  fakeTus(460);
  assert.deepEqual(await uploadPhotos(db, hashes, by), { kind: "foreign", status: 460 });
  assert.deepEqual([...(await states()).values()], ["wanted", "wanted"]);
  assert.equal((await everything(db, "blobs")).length, 2);
});

test("with the lock on, too, a photo whose bytes have changed is given up and the other arrives", async () => {
  const { db, hashes, states } = await wantedPhotos(true);
  const [changed, whole] = hashes;
  await db.write(["blobs"], async (tx) => {
    const blob = await tx.objectStore("blobs").get(changed);
    new Uint8Array(blob.bytes.data)[0] ^= 1;
    await tx.objectStore("blobs").put(blob);
  });
  const begun = fakeTus();
  assert.equal((await uploadPhotos(db, hashes, by)).kind, "ok");
  assert.deepEqual([begun, (await states()).get(changed), (await states()).get(whole)], [[whole], "gone", "confirmed"]);
});

test("while the lock is closed no photo is given up", async () => {
  const { db, hashes, states } = await wantedPhotos();
  await db.write(["blobs"], async (tx) => {
    for (const blob of await tx.objectStore("blobs").getAll())
      await tx.objectStore("blobs").put({ ...blob, bytes: { seal: 1, iv: new Uint8Array(12), data: blob.bytes } });
  });
  await assert.rejects(uploadPhotos(db, hashes, by), { code: "locked" });
  assert.deepEqual([[...(await states()).values()], (await everything(db, "blobs")).length], [["wanted", "wanted"], 2]);
});
