// @ts-check
/** Saving records and drafts on the phone, so that what was called saved is there after a kill. */
import { uuid7 } from "../ids.js";
import { offsetOf, readClocks } from "../outbox/clock.js";
import { isOpen, outboxRow } from "../outbox/rows.js";
import { captureEvents } from "./capture_events.js";
import { STORES } from "./capture_schema.js";
import { checkHashes, sealedPhotos, storeBytes, withRoom } from "./photo_bytes.js";
import { coded } from "./problems.js";
import { sealedValue } from "./seals.js";
import { SENT_WORK_DAYS } from "./retention.js";

export { openCapture } from "./capture_schema.js";
export { deleteDraft, getBlob, listDrafts, loadDraft, saveDraft, savedAt } from "./drafts.js";

/** The server takes bodies up to 200 KB; a longer one must be refused while the person can still shorten it. */
export const MOST_BODY_BYTES = 190 * 1024;

/**
 * @typedef {import("./connection.js").Database} Database
 * @typedef {import("./photo_bytes.js").CapturedBlob} CapturedBlob
 * @typedef {{kind: "record"|"edit", form: string, entity: {type: string, id: string}, scope: string,
 *   baseV?: number|null, body: object, blobs: CapturedBlob[]}} Captured
 */

/**
 * Save a record with its photos, and remove its draft, in one durable transaction; resolves once that is complete.
 * Rejects with the code storage_full, storage_lost, body_too_large, blob_missing, blob_damaged, or already_saved (with
 * opId and n: a record of this entity was saved before, for instance from another tab; nothing was changed).
 * @param {Database} db
 * @param {Captured} captured
 * @param {string|null} [draftKey]
 * @param {Captured[]} [others] records without photos that are saved with it or not at all
 * @returns {Promise<{opId: string, n: number}>}
 */
export async function saveRecord(db, captured, draftKey = null, others = []) {
  const op = opOf(captured);
  const bodyBytes = new TextEncoder().encode(op.body_text).length;
  if (bodyBytes > MOST_BODY_BYTES) throw coded("body_too_large", { bytes: bodyBytes });
  await checkHashes(captured.blobs);
  const kept = await sealedOp(db, op);
  const photos = await sealedPhotos(db, captured.blobs);
  const beside = await Promise.all(others.map((one) => sealedOp(db, opOf(one))));
  const store = () =>
    db.write(
      STORES,
      async (tx) => {
        for (const op of beside) await storeRecord(tx, op, [], null);
        return storeRecord(tx, kept, photos, draftKey);
      },
      "strict",
    );
  const saved = await withRoom(db, store);
  captureEvents.dispatchEvent(new Event("saved"));
  return saved;
}

/** @param {Database} db @param {import("./capture_schema.js").StoredOp} op @returns {Promise<import("./capture_schema.js").StoredOp>} */
async function sealedOp(db, op) {
  return /** @type {typeof op} */ ({ ...op, body_text: await sealedValue(db, op.body_text) });
}

/**
 * Own work for the outbox screen, newest first: everything open, and what was settled in the last 30 days.
 * @param {import("./captured_work.js").CapturedWork} work
 * @param {Map<string, import("../outbox/rows.js").Verdict>} [verdicts] by operation
 * @returns {import("../outbox/rows.js").OutboxRow[]}
 */
export function outboxRows({ ops, uploads, inFlight, acknowledged }, verdicts = new Map()) {
  const states = new Map(uploads.map((upload) => [upload.sha256, upload.state]));
  const known = new Set(acknowledged);
  const oldest = new Date(Date.now() - SENT_WORK_DAYS * 86_400_000).toISOString();
  const sending = new Set(inFlight && Date.now() - inFlight.at < 40_000 ? inFlight.op_ids : []);
  return ops
    .map((op) => ({
      row: { ...outboxRow(op, states, sending, verdicts.get(op.op_id)), isAcknowledged: known.has(op.op_id) },
      isRecent: op.state === "pending" || (op.acked_at ?? "") >= oldest,
    }))
    .filter(({ row, isRecent }) => isRecent || isOpen(row))
    .map(({ row }) => row)
    .sort((a, b) => b.savedAt.localeCompare(a.savedAt) || b.opId.localeCompare(a.opId));
}

/** @param {Captured} captured @returns {import("./capture_schema.js").StoredOp} */
function opOf({ kind, form, entity, scope, baseV = null, body, blobs }) {
  const { wall, mono, boot } = readClocks();
  return {
    op_id: uuid7(),
    n: 0,
    kind,
    form,
    entity: { type: entity.type, id: entity.id },
    scope,
    base_v: baseV,
    body_text: JSON.stringify(body),
    blobs: [...new Set(blobs.map((blob) => blob.sha256))],
    t: { wall, mono, boot, offset_ms: null },
    saved_at: wall,
    state: "pending",
    code: null,
    problem: null,
    v: null,
    acked_at: null,
  };
}

/**
 * @param {any} tx
 * @param {import("./capture_schema.js").StoredOp} op
 * @param {import("./photo_bytes.js").KeptPhoto[]} blobs
 * @param {string|null} draftKey
 */
async function storeRecord(tx, op, blobs, draftKey) {
  const meta = tx.objectStore("meta");
  const [earlier, known, samples] = await Promise.all([earlierRecord(tx, op), meta.get("client"), meta.get("clock_samples")]);
  if (earlier?.op_id === op.op_id) return { opId: earlier.op_id, n: earlier.n };
  if (earlier) throw coded("already_saved", { opId: earlier.op_id, n: earlier.n });
  const client = known ?? { client_id: uuid7(), next_n: 1 };
  const numbered = { ...op, n: client.next_n, t: { ...op.t, offset_ms: offsetOf(samples ?? []) } };
  await Promise.all([
    meta.put({ ...client, next_n: client.next_n + 1 }, "client"),
    ...blobs.map((blob) => storePhoto(tx, blob)),
    tx.objectStore("ops").add(numbered),
    draftKey === null ? null : tx.objectStore("drafts").delete(draftKey),
  ]);
  return { opId: numbered.op_id, n: numbered.n };
}

/** A record is immutable, so its entity is saved once; edits may follow each other. */
async function earlierRecord(/** @type {any} */ tx, /** @type {import("./capture_schema.js").StoredOp} */ op) {
  const same = await tx.objectStore("ops").index("by_entity").getAll([op.entity.type, op.entity.id]);
  const kept = /** @type {import("./capture_schema.js").StoredOp[]} */ (same);
  return kept.find((one) => one.op_id === op.op_id || (op.kind === "record" && one.kind === "record"));
}

/** @param {any} tx @param {import("./photo_bytes.js").KeptPhoto} blob */
async function storePhoto(tx, blob) {
  const uploads = tx.objectStore("uploads");
  const [size, known] = await Promise.all([storeBytes(tx, blob), uploads.get(blob.sha256)]);
  if (known && known.state !== "gone") return;
  await uploads.put({ sha256: blob.sha256, size, state: "held", url: null, confirmed_at: null });
}
