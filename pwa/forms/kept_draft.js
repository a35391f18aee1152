// @ts-check
// An unfinished form, kept on the phone after every change, so that a kill loses nothing.
import { loadDraft, saveDraft } from "../db/capture.js";

/**
 * The draft under a key, or the `fresh` one, with a `change` that draws at once and says "saved" only after the durable write.
 * While one write is under way the later changes gather into the next.
 * @template {object} Draft
 * @param {any} capture @param {string} key @param {Draft} fresh @param {() => void} draw
 * @param {(draft: Draft, changes: Partial<Draft>) => Partial<Draft>} [follow] what else changes with a change
 */
export async function keptDraft(capture, key, fresh, draw, follow = () => ({})) {
  const known = await loadDraft(capture, key);
  /** @type {Draft} */
  const draft = { ...fresh, ...known };
  let isSaved = known !== null;
  let isClosed = false;
  /** @type {string | null} */
  let problem = null;
  /** @type {{copy: Draft, blobs: any[]} | null} */
  let next = null;
  let writing = Promise.resolve();

  /** @param {Partial<Draft>} changes @param {{sha256: string, bytes: ArrayBuffer, mime: string}[]} [blobs] @returns {Promise<void>} */
  function change(changes, blobs = []) {
    Object.assign(draft, follow(draft, changes), changes);
    isSaved = false;
    draw();
    const isQueued = next !== null;
    next = { copy: structuredClone(draft), blobs: [...(next?.blobs ?? []), ...blobs] };
    if (!isQueued) writing = writing.then(write);
    return writing;
  }

  async function write() {
    const { copy, blobs } = /** @type {NonNullable<typeof next>} */ (next);
    next = null;
    if (isClosed) return;
    try {
      await saveDraft(capture, key, copy, blobs);
      isSaved = next === null;
      problem = null;
    } catch (fault) {
      problem = /** @type {any} */ (fault).code ?? "storage_lost";
    }
    draw();
  }

  /** Let the last write end, and write no more: the record takes over. */
  async function close() {
    await writing;
    isClosed = true;
  }

  /** The record was not taken: go on as a draft. */
  function reopen() {
    isClosed = false;
  }

  return { draft, key, change, close, reopen, isSaved: () => isSaved, problem: () => problem };
}
