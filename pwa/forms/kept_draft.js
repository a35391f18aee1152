// @ts-check
// An unfinished form, kept on the phone after every change, so that a kill loses nothing.
import { loadDraft, saveDraft } from "../db/capture.js";

/** Going on to another step or question changes nothing that could be brought back. */
const MOVES = ["step", "question"];

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
  if (known?.taken_out) Object.assign(draft, { taken_out: null }); // nobody can bring it back any more
  let isSaved = known !== null;
  let isClosed = false;
  /** @type {string | null} */
  let problem = null;
  /** @type {{copy: Draft, blobs: any[]} | null} */
  let next = null;
  let writing = Promise.resolve();
  /** @type {Partial<Draft> | null} what was in the draft before something was taken out of it, while it can be brought back */
  let before = null;

  /** @param {Partial<Draft>} changes @param {{sha256: string, bytes: ArrayBuffer, mime: string}[]} [blobs] @returns {Promise<void>} */
  function change(changes, blobs = []) {
    const isMove = Object.keys(changes).every((name) => MOVES.includes(name));
    if (before === null || isMove) return apply(changes, blobs);
    before = null;
    return apply({ ...changes, taken_out: null }, blobs);
  }

  /**
   * A change that takes something out, and the way back until anything else changes. Meanwhile the draft names what was in it under
   * `taken_out`, so that photos keep their bytes.
   * @param {Partial<Draft>} changes @returns {{isOpen: () => boolean, undo: () => Promise<void>, end: () => Promise<void>}}
   */
  function takeOut(changes) {
    const names = Object.keys({ ...follow(draft, changes), ...changes });
    const own = /** @type {Partial<Draft>} */ (Object.fromEntries(names.map((name) => [name, /** @type {any} */ (draft)[name]])));
    before = own;
    void apply({ ...changes, taken_out: own });
    const isOpen = () => before === own && !isClosed;
    const close = (/** @type {Partial<Draft>} */ back) => {
      if (!isOpen()) return writing;
      before = null;
      return apply({ ...back, taken_out: null });
    };
    return { isOpen, undo: () => close(own), end: () => close({}) };
  }

  /** @param {Partial<Draft> & {taken_out?: unknown}} changes @param {{sha256: string, bytes: ArrayBuffer, mime: string}[]} [blobs] @returns {Promise<void>} */
  function apply(changes, blobs = []) {
    Object.assign(draft, follow(draft, changes), changes);
    isSaved = false;
    draw();
    const isQueued = next !== null;
    next = { copy: structuredClone(draft), blobs: [...(next?.blobs ?? []), ...blobs] };
    if (!isQueued) writing = writing.then(write);
    return writing;
  }

  async function write() {
    if (isClosed || next === null) return;
    const { copy, blobs } = next;
    next = null;
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
    if (next !== null) writing = writing.then(write);
  }

  return { draft, key, change, takeOut, close, reopen, isSaved: () => isSaved, problem: () => problem };
}
