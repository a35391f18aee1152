// @ts-check
/** Making rescue files from the capture database; nothing in it changes. */
import { getBlob } from "../db/drafts.js";
import { openedRows } from "../db/seals.js";
import { rescueParts, rescueText } from "./rescue.js";

/**
 * @typedef {import("../db/connection.js").Database} Database
 * @typedef {import("./rescue.js").RescuePart} RescuePart
 */

/** What has to go into files. @param {Database} db @returns {Promise<RescuePart[]>} */
export async function rescuePlan(db) {
  const [ops, uploads] = await db.read(["ops", "uploads"], (tx) =>
    Promise.all([tx.objectStore("ops").getAll(), tx.objectStore("uploads").getAll()]),
  );
  return rescueParts(ops, uploads);
}

/**
 * One file. Each piece of text becomes a Blob at once, which the browser may keep on disk, so that the page holds one photo at a time.
 * @param {Database} db
 * @param {import("./rescue.js").RescueHead} head
 * @param {RescuePart} part
 * @returns {Promise<Blob>} rejects with the code `locked` while the person's lock is closed
 */
export async function rescueBlob(db, head, part) {
  const read = async (/** @type {string} */ sha256) => (await getBlob(db, sha256))?.bytes ?? null;
  const readable = { ...part, ops: await openedRows(db, part.ops, "body_text") };
  const pieces = [];
  for await (const text of rescueText(head, readable, read)) pieces.push(new Blob([text]));
  return new Blob(pieces, { type: "application/json" });
}
