// @ts-check
// The correction of a visit that was made: begun with what was recorded, saved as a record of its own that names the one it replaces (SYNC §4).
import { loadDraft } from "../db/drafts.js";
import { openedValue } from "../db/seals.js";
import { offsetOf } from "../outbox/clock.js";
import { keptDraft } from "./kept_draft.js";
import { neededOf } from "./kept_outlet.js";
import { newDraft, voided } from "./visit_draft.js";

/** @param {string} visitId */
export function correctionKey(visitId) {
  return `correction:${visitId}`;
}

/** Own visits that stand; what the company could not take in has nothing to be replaced. @param {import("../company.js").Company} company @param {any} visit */
export function mayCorrect(company, visit) {
  const row = company.outbox.find((one) => one.entity.id === visit.id);
  const isTaken = row?.state !== "attention" && row?.state !== "refused";
  return visit.rep_id === company.person.id && !visit.reasons.includes("replaced") && isTaken;
}

/**
 * The record of a visit as this phone saved it, with its instants by the phone's clock of now; null unless the record and all its photos are here.
 * @param {import("../db/connection.js").Database} capture @param {string} visitId @returns {Promise<any>}
 */
export async function savedVisit(capture, visitId) {
  const found = await capture.read(["ops", "meta"], async (tx) => {
    const ops = await tx.objectStore("ops").index("by_entity").getAll(["visit", visitId]);
    const op = ops.find((/** @type {any} */ one) => one.kind === "record");
    if (!op || op.code === "quarantined") return null;
    return { op, samples: (await tx.objectStore("meta").get("clock_samples")) ?? [] };
  });
  if (!found) return null;
  const { op, samples } = found;
  const body = JSON.parse(await openedValue(capture, op.body_text));
  const offsetMs = offsetOf(samples) ?? 0;
  return (await arePhotosHere(capture, body.photos))
    ? { ...moved(body, (op.t.offset_ms ?? 0) - offsetMs), clock_offset_ms: offsetMs }
    : null;
}

/** @param {import("../db/connection.js").Database} capture @param {{sha256: string}[]} photos @returns {Promise<boolean>} */
async function arePhotosHere(capture, photos) {
  const keys = await capture.read(["blobs"], (tx) => Promise.all(photos.map(({ sha256 }) => tx.objectStore("blobs").getKey(sha256))));
  return !keys.includes(undefined);
}

/** @param {import("../db/connection.js").Database} capture @returns {Promise<number>} ms that the server's clock is ahead */
async function offsetNow(capture) {
  return offsetOf((await capture.read(["meta"], (tx) => tx.objectStore("meta").get("clock_samples"))) ?? []) ?? 0;
}

/** The record with its instants moved: the clock that it was written by may have been set since. Pure. @param {any} body @param {number} byMs */
export function moved(body, byMs) {
  const at = (/** @type {string} */ text) => new Date(Date.parse(text) + byMs).toISOString();
  return {
    ...body,
    checked_in_at: at(body.checked_in_at),
    checked_out_at: at(body.checked_out_at),
    fix: body.fix && { ...body.fix, taken_at: at(body.fix.taken_at) },
    photos: body.photos.map((/** @type {any} */ photo) => ({ ...photo, taken_at: at(photo.taken_at) })),
  };
}

/**
 * What a correction begins with: check-in, position and times stay as they were measured, and whoever signed has to sign again. Pure.
 * @param {any} body @returns {import("./visit_draft.js").VisitDraft}
 */
export function correctionOf(body) {
  const { outlet_id, checked_in_at, checked_out_at, fix, presence_reason, presence_note, complaint_note, condition, handling, photos } =
    body;
  const signer = body.signature && { name: body.signature.signer_name, role: body.signature.signer_role };
  return {
    ...newDraft(outlet_id),
    ...{ checked_in_at, checked_out_at, fix, presence_reason, presence_note, complaint_note, condition, handling, photos, signer },
    step: "photos",
    corrects: body.visit_id,
    clock_offset_ms: body.clock_offset_ms ?? 0,
    ...(body.has_complaint ? { complaint_id: null } : {}),
    checklist_version: body.checklist_version ?? null,
    card: body.card ?? "",
    answers: Object.fromEntries(body.checklist.map((/** @type {any} */ { key, answer, note }) => [key, { answer, note: note ?? "" }])),
  };
}

/**
 * The correction under way of a visit, or a fresh one; null where there is neither. Its instants follow a clock that was set meanwhile, and
 * what it needs of its outlet stays with it.
 * @param {any} capture @param {string} visitId @param {() => void} draw @param {any} [outlet] its document, if it is here
 */
export async function openCorrection(capture, visitId, draw, outlet) {
  const known = await loadDraft(capture, correctionKey(visitId));
  const body = known ? null : await savedVisit(capture, visitId);
  if (!known && !body) return null;
  const needed = outlet ? neededOf(outlet) : (known?.outlet ?? null);
  /** @param {import("./visit_draft.js").VisitDraft} draft @param {Partial<import("./visit_draft.js").VisitDraft>} changes */
  const follow = (draft, changes) => ({ ...voided(draft, changes), outlet: needed });
  const fresh = known ? newDraft(known.outlet_id) : correctionOf(body);
  const kept = await keptDraft(capture, correctionKey(visitId), fresh, draw, follow);
  if (known && JSON.stringify(known.outlet ?? null) !== JSON.stringify(needed)) await kept.change({});
  const offsetMs = await offsetNow(capture);
  const before = kept.draft.clock_offset_ms ?? offsetMs;
  if (before !== offsetMs) {
    const { checked_in_at, checked_out_at, fix, photos } = moved(kept.draft, before - offsetMs);
    await kept.change({ checked_in_at, checked_out_at, fix, photos, clock_offset_ms: offsetMs });
  }
  return kept;
}
