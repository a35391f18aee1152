// @ts-check
/** A person's own work as it is stored, read in one go: what the screens lay over the server's rows, and what the outbox says of it. */
import { openedRows } from "./seals.js";

/**
 * @typedef {object} CapturedWork
 * @property {import("./capture_schema.js").StoredOp[]} ops with their texts opened
 * @property {import("./capture_schema.js").StoredUpload[]} uploads
 * @property {{op_ids: string[], at: number} | undefined} inFlight the request under way, `at` in ms since 1970
 * @property {string | null} clientId null before the first record
 */

/** Rejects with the code `locked` while the person's lock is closed. @param {import("./connection.js").Database} capture @returns {Promise<CapturedWork>} */
export async function capturedWork(capture) {
  const [ops, uploads, inFlight, client] = await capture.read(["ops", "uploads", "meta"], (tx) =>
    Promise.all([
      tx.objectStore("ops").getAll(),
      tx.objectStore("uploads").getAll(),
      tx.objectStore("meta").get("in_flight"),
      tx.objectStore("meta").get("client"),
    ]),
  );
  return { ops: await openedRows(capture, ops, "body_text"), uploads, inFlight, clientId: client?.client_id ?? null };
}
