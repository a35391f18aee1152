// The spare copy of who is signed in, and of the locks.
import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { test } from "node:test";
import { everything, metaOf } from "./capture_factories.mjs";
import "./fake_caches.mjs";
import { sessionStore } from "../../pwa/db/session_store.js";
import { pathsIn } from "../../pwa/db/spare_cache.js";
import { copySession, restoreSession } from "../../pwa/db/spare_session.js";
import { uuid7 } from "../../pwa/ids.js";

test("who is signed in and the locks are put back, and what was set anew since stays", async () => {
  const db = await sessionStore();
  const [kept, anew] = [uuid7(), uuid7()];
  const put = (token, ids) =>
    db.write(["sessions", "meta"], async (tx) => {
      for (const id of ids) await tx.objectStore("sessions").put({ personId: id, token });
      for (const id of ids) await tx.objectStore("meta").put({ token }, `lock:${id}`);
    });
  await put("before", [kept, anew]);
  await copySession(db);
  await db.write(["sessions", "meta"], async (tx) => {
    for (const store of ["sessions", "meta"]) await tx.objectStore(store).clear();
    await tx.objectStore("meta").put(true, "is_new");
  });
  await put("after", [anew]);
  await restoreSession(db);
  const tokens = Object.fromEntries((await everything(db, "sessions")).map((row) => [row.personId, row.token]));
  assert.deepEqual(tokens, { [kept]: "before", [anew]: "after" });
  assert.deepEqual([await metaOf(db, `lock:${kept}`), await metaOf(db, `lock:${anew}`)], [{ token: "before" }, { token: "after" }]);
  assert.equal(await metaOf(db, "is_new"), undefined);
});

test("a lock that only the copy holds stays in it, and nothing is written when nothing changed", async () => {
  const db = await sessionStore();
  const older = uuid7();
  await db.write(["meta"], (tx) => tx.objectStore("meta").put({ pin: 1 }, `lock:${older}`));
  await copySession(db);
  await db.write(["meta"], (tx) => tx.objectStore("meta").delete(`lock:${older}`));
  await copySession(db);
  const cache = await caches.open("xundian-spare-session");
  const [path] = await pathsIn(cache);
  await copySession(db);
  assert.deepEqual(await pathsIn(cache), [path]);
  await db.write(["meta"], (tx) => tx.objectStore("meta").put(true, "is_new"));
  await restoreSession(db);
  assert.deepEqual(await metaOf(db, `lock:${older}`), { pin: 1 });
});
