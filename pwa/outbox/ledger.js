// @ts-check
/** The engine's reading and writing of the capture database; every change of numbering is one transaction. */
import { uuid7 } from "../ids.js";
import { STORES } from "../db/capture_schema.js";
import { openedRows } from "../db/seals.js";
import { MOST_OPS, takeBatch } from "./batch.js";
import { withSample } from "./clock.js";
import { afterResult, learned, renumbered } from "./numbering.js";

/**
 * @typedef {import("../db/connection.js").Database} Database
 * @typedef {import("../db/capture_schema.js").StoredOp} StoredOp
 * @typedef {{clientId: string, epoch: string|null, pending: number, oldestUnsentAt: string|null, wanted: string[], lastSyncedAt: string|null, ackedN: number,
 *   witness: string|null, seen: string|null}} Standing ackedN: the highest number that the server acknowledged under this client id; witness: of the
 *   last reconciliation ("" of a server that gives none), until a pull is complete whose cursor vouches for all that was acknowledged before;
 *   seen: the same of the last push or pull
 */

/** Where the outbox stands; makes this installation's client id when there is none. @param {Database} db @returns {Promise<Standing>} */
export async function standing(db) {
  const known = await db.read(["meta", "ops", "uploads"], standingIn); // a save waits for no more than its questions, asked at once
  const clientId = known.clientId ?? (await db.write(["meta"], clientOf)).client_id;
  return { ...known, clientId };
}

/** @param {any} tx @returns {Promise<Omit<Standing, "clientId"> & {clientId: string | null}>} */
async function standingIn(tx) {
  const [meta, byState] = [tx.objectStore("meta"), tx.objectStore("ops").index("by_state")];
  const [client, epoch, pending, oldest, wanted, lastSyncedAt, ackedN, witness, seen] = await Promise.all([
    meta.get("client"),
    meta.get("epoch"),
    byState.count(pendingRange()),
    byState.get(pendingRange()),
    tx.objectStore("uploads").index("by_state").getAllKeys("wanted"),
    meta.get("last_synced_at"),
    highestAcked(byState),
    meta.get("witness"),
    meta.get("seen"),
  ]);
  return {
    clientId: client?.client_id ?? null,
    epoch: epoch ?? null,
    pending,
    oldestUnsentAt: oldest?.saved_at ?? null,
    wanted,
    lastSyncedAt: lastSyncedAt ?? null,
    ackedN,
    witness: witness ?? null,
    seen: seen ?? null,
  };
}

/**
 * The next operations to offer, marked as being sent.
 * @param {Database} db
 * @param {number} maxOps
 * @returns {Promise<{clientId: string, epoch: string|null, ops: StoredOp[]}>}
 */
export async function openBatch(db, maxOps) {
  const { first, ...sender } = await db.write(["meta", "ops"], async (tx) => ({
    first: await tx.objectStore("ops").index("by_state").getAll(pendingRange(), MOST_OPS),
    clientId: (await clientOf(tx)).client_id,
    epoch: (await tx.objectStore("meta").get("epoch")) ?? null,
  }));
  const ops = takeBatch(await openedRows(db, first, "body_text"), maxOps);
  await db.write(["meta"], (tx) => tx.objectStore("meta").put({ op_ids: ops.map((op) => op.op_id), at: Date.now() }, "in_flight"));
  return { ...sender, ops };
}

/** The batch is no longer on its way. @param {Database} db */
export async function closeBatch(db) {
  await db.write(["meta"], (tx) => tx.objectStore("meta").delete("in_flight"));
}

/**
 * Keep the terminal results of a push. An answer for a client that was given up meanwhile is ignored: offering the
 * operations again yields the same results.
 * @param {Database} db
 * @param {string} clientId
 * @param {any} answer
 * @returns {Promise<number>} how many operations were settled
 */
export async function storeResults(db, clientId, answer) {
  return db.write(
    STORES,
    async (tx) => {
      const meta = tx.objectStore("meta");
      await meta.delete("in_flight");
      if ((await clientOf(tx)).client_id !== clientId) return 0;
      await meta.put(answer.epoch, "epoch");
      if (answer.witness) await meta.put(answer.witness, "seen");
      let settled = 0;
      for (const result of answer.results) {
        const op = await tx.objectStore("ops").get(result.op_id);
        if (op?.state !== "pending") continue;
        await tx.objectStore("ops").put(afterResult(op, result, new Date().toISOString()));
        await setUploads(tx, op.blobs, "held", "wanted");
        settled += 1;
      }
      return settled;
    },
    "strict",
  );
}

/** Ids of every operation still kept, for reconciliation. @param {Database} db @returns {Promise<string[]>} */
export async function retainedIds(db) {
  return db.read(["ops"], (tx) => tx.objectStore("ops").getAllKeys());
}

/**
 * Take a new client id and renumber from 1. The server may have lost what it had acknowledged: the unknown ones are
 * offered again, what it holds of the others is learned, and every photo is asked for again.
 * @param {Database} db
 * @param {{unknownIds: string[], epoch: string, results: {op_id: string, code: string, v?: number|null, problem?: any}[], witness: string}} recovered
 */
export async function switchClient(db, { unknownIds, epoch, results, witness }) {
  await db.write(
    STORES,
    async (tx) => {
      const kept = /** @type {StoredOp[]} */ (await tx.objectStore("ops").getAll());
      const ops = learned(kept, results);
      const unknown = new Set(unknownIds);
      await renumber(tx, ops, unknown);
      await tx.objectStore("meta").put(epoch, "epoch");
      await tx.objectStore("meta").put(witness, "witness");
      await tx.objectStore("meta").delete("seen");
      for (const op of ops) {
        const isKnown = op.state === "acked" && !unknown.has(op.op_id);
        await setUploads(tx, op.blobs, null, isKnown ? "wanted" : "held");
      }
    },
    "strict",
  );
}

/**
 * Put an operation that cannot get through (larger than a proxy allows) behind the others; the gap that it leaves is closed by a recovery.
 * @param {Database} db
 * @param {string} opId
 * @param {{code: string, title?: string, detail?: string}} problem
 */
export async function setAside(db, opId, problem) {
  await db.write(
    ["ops"],
    async (tx) => {
      const op = await tx.objectStore("ops").get(opId);
      if (op) await tx.objectStore("ops").put({ ...op, n: Number.MAX_SAFE_INTEGER, problem });
    },
    "strict",
  );
}

/**
 * What the server said about photos: a wanted one that it does not miss is there.
 * @param {Database} db
 * @param {string[]} asked
 * @param {string[]} missing
 */
export async function storePresence(db, asked, missing) {
  const absent = new Set(missing);
  const present = asked.filter((sha256) => !absent.has(sha256));
  await db.write(["uploads"], (tx) => confirm(tx, present), "strict");
}

/** @param {Database} db @param {import("./clock.js").ClockSample} sample */
export async function storeClockSample(db, sample) {
  await db.write(["meta"], async (tx) => {
    const meta = tx.objectStore("meta");
    await meta.put(withSample((await meta.get("clock_samples")) ?? [], sample), "clock_samples");
  });
}

/** A pull is complete. @param {Database} db @param {{epoch: string, at: string, witness: string|null, seen: string|null, cursor: string}} pulled witness, seen: that went with it */
export async function storeSynced(db, { epoch, at, witness, seen, cursor }) {
  await db.write(["meta"], async (tx) => {
    const meta = tx.objectStore("meta");
    if ((await meta.get("epoch")) === undefined) await meta.put(epoch, "epoch");
    await meta.put(at, "last_synced_at");
    if (witness !== null && (await meta.get("witness")) === witness) await meta.delete("witness");
    if (((await meta.get("seen")) ?? null) === seen) await meta.put(witnessOf(cursor), "seen");
  });
}

/** What a cursor (`epoch.until.seen.nonce`) says of the newest commit at its last page; null of a cursor of another shape. @param {string} cursor */
export function witnessOf(cursor) {
  const [epoch, , seen, nonce, ...more] = cursor.split(".");
  return nonce === undefined || more.length > 0 ? null : `${epoch}.${seen}.${nonce}`;
}

/** @param {any} byState the index by state and number */
async function highestAcked(byState) {
  const last = await byState.openCursor(IDBKeyRange.bound(["acked", 1], ["acked", Infinity]), "prev");
  return last ? last.value.n : 0;
}

/** @param {any} tx */
async function clientOf(tx) {
  const meta = tx.objectStore("meta");
  const known = await meta.get("client");
  if (known) return known;
  const fresh = { client_id: uuid7(), next_n: 1 };
  await meta.put(fresh, "client");
  return fresh;
}

/** Pending operations in the index by state and number. */
export function pendingRange() {
  return IDBKeyRange.bound(["pending", 0], ["pending", Infinity]);
}

/** Store the operations with numbers from 1 on, under another client id. @param {any} tx over ops and meta @param {StoredOp[]} ops @param {Set<string>} unknownIds acknowledged ones that are offered again */
export async function renumber(tx, ops, unknownIds) {
  const { ops: fresh, nextN } = renumbered(ops, unknownIds);
  await Promise.all(fresh.map((op) => tx.objectStore("ops").put(op)));
  await tx.objectStore("meta").put({ client_id: uuid7(), next_n: nextN }, "client");
  await tx.objectStore("meta").delete("in_flight");
}

/** @param {any} tx @param {string[]} hashes */
async function confirm(tx, hashes) {
  for (const sha256 of hashes) {
    const upload = await tx.objectStore("uploads").get(sha256);
    if (upload?.state !== "wanted") continue;
    await tx.objectStore("uploads").put({ ...upload, state: "confirmed", url: null, confirmed_at: new Date().toISOString() });
  }
}

/** @param {any} tx @param {string[]} hashes @param {string|null} from any state when null @param {string} to */
async function setUploads(tx, hashes, from, to) {
  for (const sha256 of hashes) {
    const upload = await tx.objectStore("uploads").get(sha256);
    if (upload && (from === null || upload.state === from)) {
      const url = from === null ? null : upload.url;
      await tx.objectStore("uploads").put({ ...upload, state: to, url });
    }
  }
}
