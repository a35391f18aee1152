// @ts-check
/** A person's own work as it is stored, read in one go: what the screens lay over the server's rows, and what the outbox says of it. */
import { offsetOf } from "../outbox/clock.js";
import { openedRows } from "./seals.js";

/**
 * @typedef {object} CapturedWork
 * @property {import("./capture_schema.js").StoredOp[]} ops with their texts opened
 * @property {import("./capture_schema.js").StoredUpload[]} uploads
 * @property {{op_ids: string[], at: number} | undefined} inFlight the request under way, `at` in ms since 1970
 * @property {string | null} clientId null before the first record
 * @property {number} clockOffsetMs server time less phone time, 0 before the first answer
 * @property {string[]} acknowledged operations without effect of which the person has said that they know
 * @property {import("./spare_restore.js").Restored | null} restored what was put back after the browser lost the database, until it is read
 */

/** Rejects with the code `locked` while the person's lock is closed. @param {import("./connection.js").Database} capture @returns {Promise<CapturedWork>} */
export async function capturedWork(capture) {
  const [ops, uploads, inFlight, client, restored = null, acknowledged = [], samples = []] = await capture.read(
    ["ops", "uploads", "meta"],
    (tx) =>
      Promise.all([
        tx.objectStore("ops").getAll(),
        tx.objectStore("uploads").getAll(),
        tx.objectStore("meta").get("in_flight"),
        tx.objectStore("meta").get("client"),
        tx.objectStore("meta").get("restored"),
        tx.objectStore("meta").get("acknowledged"),
        tx.objectStore("meta").get("clock_samples"),
      ]),
  );
  return {
    ops: await openedRows(capture, ops, "body_text"),
    uploads,
    inFlight,
    clientId: client?.client_id ?? null,
    clockOffsetMs: offsetOf(samples) ?? 0,
    acknowledged,
    restored,
  };
}

/** The person knows that this operation had no effect. @param {import("./connection.js").Database} capture @param {string} opId */
export async function acknowledge(capture, opId) {
  await capture.write(["meta"], async (tx) => {
    const meta = tx.objectStore("meta");
    const before = (await meta.get("acknowledged")) ?? [];
    await meta.put([...new Set([...before, opId])], "acknowledged");
  });
}

/** The person has read that their work was put back. @param {import("./connection.js").Database} capture */
export async function forgetRestored(capture) {
  await capture.write(["meta"], (tx) => tx.objectStore("meta").delete("restored"));
}
