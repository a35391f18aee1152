/** The engine against a server that keeps the promises of SYNC §1 in memory, and a network that breaks them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { captureWith, everything, metaOf, photoOf, visitRecord } from "./capture_factories.mjs";
import { json, NOW, Server } from "./outbox_server.mjs";
import { outboxRows, saveRecord } from "../../pwa/db/capture.js";
import { capturedWork } from "../../pwa/db/captured_work.js";
import { change } from "../../pwa/db/session_store.js";
import { opsToOverlay } from "../../pwa/db/overlay_ops.js";
import { cursorOf, openReplica } from "../../pwa/db/replica.js";
import { createEngine } from "../../pwa/outbox/engine.js";

const states = async (db) => outboxRows(await capturedWork(db)).map((row) => row.state);

/** Sync until nothing is left to do or the engine waits; then `asks` more times, as the person's tap would. */
async function synced(db, server, asks = 0) {
  const engine = createEngine({ personId: db.personId, token: "t", app: "test" }, { fetch: server.fetch, upload: server.upload });
  const isQuiet = () => ["idle", "waiting", "signed_out"].includes(engine.status().phase) && server.asked.length > 0;
  server.asked = [];
  engine.start();
  while (!isQuiet()) await new Promise((resolve) => engine.events.addEventListener("change", resolve, { once: true }));
  for (let index = 0; index < asks; index += 1) await engine.syncNow();
  await engine.stop();
  return engine.status();
}

test("a record and its photo reach the server once, with the bytes of the body unchanged", async () => {
  const [db, server, photo] = [await captureWith(), new Server(), await photoOf(3)];
  const record = visitRecord([photo]);
  await saveRecord(db, record);
  const status = await synced(db, server);
  assert.deepEqual([...server.ops.values()], [{ body: JSON.stringify(record.body), blobs: [photo.sha256] }]);
  assert.deepEqual([status.phase, status.unsent, status.photosUnsent, await states(db)], ["idle", 0, 0, ["accepted"]]);
  assert.ok(server.blobs.has(photo.sha256));
});

test("more than fifty records go in order in several batches", async () => {
  const [db, server] = [await captureWith(120), new Server()];
  await synced(db, server);
  assert.equal(server.asked.filter((question) => question === "push").length, 3);
  assert.deepEqual([server.ops.size, (await metaOf(db, "client")).next_n], [120, 121]);
});

test("a response lost after the commit is asked for again", async () => {
  const [db, server] = [await captureWith(2), new Server()];
  server.faults.push.push(null);
  await synced(db, server, 1);
  assert.deepEqual([server.ops.size, await states(db)], [2, ["accepted", "accepted"]]);
});

test("a captive portal's page settles nothing", async () => {
  const [db, server] = [await captureWith(1), new Server()];
  server.faults.push.push(new Response("<html>", { headers: { "Content-Type": "text/html" } }));
  const status = await synced(db, server);
  assert.deepEqual([status.phase, status.lastError, await states(db)], ["waiting", { code: "foreign", status: 200 }, ["on_phone"]]);
});

test("an expired sign-in pauses sending and keeps the records", async () => {
  const [db, server] = [await captureWith(2), new Server()];
  server.faults.push.push(json(401, { code: "auth_expired" }));
  const status = await synced(db, server);
  assert.deepEqual([status.phase, status.signedOut, status.unsent], ["signed_out", true, 2]);
});

test("413 halves the batch until it gets through", async () => {
  const [db, server] = [await captureWith(4), new Server()];
  server.faults.push.push(new Response("", { status: 413 }), new Response("", { status: 413 }));
  await synced(db, server);
  assert.deepEqual([server.ops.size, server.asked.filter((question) => question === "push").length], [4, 6]);
});

test("a copied phone takes a new client id and offers what is pending", async () => {
  const [db, server] = [await captureWith(2), new Server()];
  await synced(db, server);
  const { client_id } = await metaOf(db, "client");
  server.clients.get(client_id).push("the copy's record");
  await saveRecord(db, visitRecord());
  await synced(db, server);
  assert.equal(server.ops.size, 3);
  assert.notEqual((await metaOf(db, "client")).client_id, client_id);
  assert.deepEqual(await opsToOverlay(await capturedWork(db), await openReplica(db.personId)), []);
});

test("a server restored from a backup gets again what it lost, photos too", async () => {
  const [db, server, photo] = [await captureWith(1), new Server(), await photoOf(5)];
  await synced(db, server);
  await saveRecord(db, visitRecord([photo]));
  await synced(db, server);
  const lost = [...server.ops.keys()][1];
  server.ops.delete(lost);
  server.blobs.clear();
  server.clients.clear();
  server.epoch = "e2";
  await saveRecord(db, visitRecord());
  await synced(db, server);
  assert.deepEqual([server.ops.size, server.ops.has(lost), server.blobs.has(photo.sha256)], [3, true, true]);
  assert.deepEqual([await metaOf(db, "epoch"), await states(db)], ["e2", ["accepted", "accepted", "accepted"]]);
});

test("an older backup under the same epoch shows as a gap and is mended", async () => {
  const [db, server] = [await captureWith(3), new Server()];
  await synced(db, server);
  const [client] = server.clients.values();
  for (const id of client.splice(1)) server.ops.delete(id);
  await saveRecord(db, visitRecord());
  await synced(db, server);
  assert.equal(server.ops.size, 4);
});

test("a server restored while nothing is pending is noticed by the pull", async () => {
  const [db, server] = [await captureWith(1), new Server()];
  await synced(db, server);
  Object.assign(server, { epoch: "e2", ops: new Map(), clients: new Map() });
  await synced(db, server);
  assert.deepEqual([server.ops.size, (await cursorOf(await openReplica(db.personId))).cursor], [1, "e2.1"]);
});

test("an acknowledged record stays on screen until a pull that has it is applied", async () => {
  const [db, server] = [await captureWith(1), new Server()];
  const replica = await openReplica(db.personId);
  server.faults.pull.push(new Response("", { status: 503 }));
  await synced(db, server);
  assert.equal((await everything(db, "ops"))[0].state, "acked");
  assert.equal((await opsToOverlay(await capturedWork(db), replica)).length, 1);
  await synced(db, server);
  assert.deepEqual(await opsToOverlay(await capturedWork(db), replica), []);
});

test("what the company could not take in stays on top of the replica after every pull", async () => {
  const [db, server] = [await captureWith(2), new Server()];
  const replica = await openReplica(db.personId);
  const push = server.push.bind(server);
  server.push = (message) => {
    const [status, answer] = push(message);
    const problem = { code: "invalid_record" };
    return [status, { ...answer, results: answer.results.map((one) => (one.n === 1 ? { ...one, code: "quarantined", problem } : one)) }];
  };
  await synced(db, server);
  assert.deepEqual(
    (await opsToOverlay(await capturedWork(db), replica)).map((op) => [op.n, op.code]),
    [[1, "quarantined"]],
  );
});

test("a phone too full to note a result lets go of what the server has, and notes it at the next try", async (t) => {
  const [db, server, photo] = [await captureWith(), new Server(), await photoOf(8)];
  await saveRecord(db, visitRecord([photo]));
  await synced(db, server);
  await saveRecord(db, visitRecord());
  const put = IDBObjectStore.prototype.put;
  let refusals = 1;
  t.mock.method(IDBObjectStore.prototype, "put", function (value, ...key) {
    if (this.name === "ops" && value.state === "acked" && refusals-- > 0) throw new DOMException("full", "QuotaExceededError");
    return put.call(this, value, ...key);
  });
  const status = await synced(db, server, 2);
  assert.deepEqual([status.phase, status.lastError, await states(db)], ["idle", null, ["accepted", "accepted"]]);
  assert.deepEqual(await everything(db, "blobs"), []);
});

test("a server restored while nothing is pending, under the same epoch, shows in the numbers of a pull", async () => {
  const [db, server] = [await captureWith(2), new Server()];
  await synced(db, server);
  const [client] = server.clients.values();
  for (const id of client.splice(1)) server.ops.delete(id);
  await synced(db, server);
  assert.equal(server.ops.size, 2);
});

test("what a reconciliation heard is asked again when the server goes back before a pull is complete", async () => {
  const [db, server] = [await captureWith(2), new Server()];
  await synced(db, server);
  const shown = [];
  const lives = ["life 1", "life 2"];
  server.reconcile = ({ op_ids }) => [200, { unknown: op_ids.filter((id) => !server.ops.has(id)), witness: lives.shift() }];
  const pull = server.pull.bind(server);
  server.pull = (question) => {
    shown.push(question.witness);
    if (question.witness !== "life 1") return pull(question);
    server.ops.clear(); // the first life is gone, and what it had taken in
    server.clients.clear();
    return [409, { code: "epoch_changed" }];
  };
  server.faults.pull.push(json(409, { code: "epoch_changed" }));
  await synced(db, server, 2);
  assert.deepEqual([server.ops.size, await states(db)], [2, ["accepted", "accepted"]]);
  assert.deepEqual([shown[0], shown[1], shown.at(-1)], ["life 1", "life 2", null]);
  assert.equal(await metaOf(db, "witness"), undefined);
});

test("a push says which life of the server the phone has seen last, by the push or by the pull before it", async () => {
  const [db, server] = [await captureWith(1), new Server()];
  const told = [];
  const [push, pull] = [server.push.bind(server), server.pull.bind(server)];
  server.push = (message) => {
    told.push(message.seen);
    const [status, answer] = push(message);
    return [status, { ...answer, witness: "e1.7.abc" }];
  };
  server.pull = (question) => {
    told.push(question.seen);
    const [status, answer] = pull(question);
    return [status, { ...answer, cursor: "e1.3.9.def" }];
  };
  await synced(db, server);
  await saveRecord(db, visitRecord());
  await synced(db, server);
  assert.deepEqual(told.slice(0, 3), [null, "e1.7.abc", "e1.9.def"]);
});

test("once a day the phone compares its rows and asks again for the scopes that differ", async () => {
  const [db, server] = [await captureWith(1), new Server()];
  const asked = [];
  const pull = server.pull.bind(server);
  server.pull = (question) => {
    asked.push(question.again);
    return pull(question);
  };
  server.again.push("global");
  await synced(db, server);
  assert.deepEqual([server.asked.filter((question) => question === "digests").length, asked.at(-1)], [1, ["global"]]);
  await synced(db, server);
  assert.deepEqual([server.asked.includes("digests"), asked.at(-1)], [false, undefined]);
});

test("many scopes that differ are asked for twenty at a time, one pull after the other", async () => {
  const [db, server] = [await captureWith(1), new Server()];
  const asked = [];
  const pull = server.pull.bind(server);
  server.pull = (question) => {
    asked.push(question.again?.length ?? 0);
    return pull(question);
  };
  server.again = Array.from({ length: 41 }, (_, n) => `outlet:o${n}`);
  await synced(db, server);
  assert.deepEqual(asked.slice(-3), [20, 20, 1]);
  assert.equal(server.asked.filter((question) => question === "digests").length, 1);
});

test("a server too old to compare rows is no trouble", async () => {
  const [db, server] = [await captureWith(1), new Server()];
  server.faults.digests.push(json(404, { code: "not_found" }));
  const status = await synced(db, server);
  assert.deepEqual([status.phase, status.lastError], ["idle", null]);
});

test("the phone says how it stands", async () => {
  const [db, server, photo] = [await captureWith(), new Server(), await photoOf(9)];
  await saveRecord(db, visitRecord([photo]));
  const told = [];
  const push = server.push.bind(server);
  server.push = (message) => {
    told.push(message.status);
    return push(message);
  };
  await synced(db, server);
  assert.deepEqual([told[0].queue, typeof told[0].oldest, told[0].photos, told[0].free_bytes], [1, "string", 0, null]);
});

test("a notice that is told to nobody who answers holds up no sending", { timeout: 10_000 }, async () => {
  const [db, server] = [await captureWith(1), new Server()];
  const notice = { version: 1, at: NOW, isSent: false };
  await change((tx) => tx.objectStore("sessions").put({ personId: db.personId, deviceId: "d", token: "t", notice }));
  let told = 0;
  const { fetch } = server;
  server.fetch = (path, asked) => {
    if (path !== "/auth/v1/notice") return fetch(path, asked);
    told += 1;
    return new Promise(() => {});
  };
  const status = await synced(db, server, 2);
  assert.deepEqual([status.phase, status.unsent, told], ["idle", 0, 1]);
});
