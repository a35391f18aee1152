// @ts-check
// The pad of a form that somebody signs: kept stroke by stroke, and a picture with its strokes once it is done.
import { sha256Hex } from "../ids.js";
import { t } from "../i18n/index.js";
import { createRef, ref } from "../vendor/lit-html/directives/ref.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { icon } from "./parts.js";
import { openSignature, timedStrokes } from "./signature.js";
import { offerUndo } from "./undo_toast.js";

/**
 * @typedef {import("./signature.js").Ink} Ink
 * @typedef {{name: string, role: string}} Signer
 * @typedef {object} SignPad
 * @property {() => unknown} view
 * @property {() => Ink | null} ink what is drawn
 * @property {(signer: Signer) => Promise<{bytes: ArrayBuffer, signature: any}>} signed the PNG, and the record's part about it
 * @property {() => void} wipe take off what is drawn: what it was drawn under has changed
 * @property {() => void} close
 */

/** @param {() => Ink | null} kept what was drawn before @param {(ink: Ink | null) => void} keep after each stroke, and null after clearing @returns {SignPad} */
export function signPad(kept, keep) {
  /** @type {{value?: any}} */
  const canvas = createRef();
  /** @type {HTMLCanvasElement | undefined} */
  let mounted;
  /** @type {import("./signature.js").Signature | null} */
  let pad = null;

  /** Open the pad once its canvas is on the page. */
  function mount() {
    const found = canvas.value;
    if (found === mounted) return;
    pad?.close();
    mounted = found;
    pad = found ? openSignature(found, kept(), () => keep(ink())) : null;
  }

  const ink = () => pad?.ink() ?? null;

  /** @type {Ink | null} what was cleared last, while it can come back */
  let cleared = null;

  function wipe() {
    cleared = null;
    pad?.clear();
  }

  /** For as long as the same pad stays empty the strokes can be brought back. */
  function clear() {
    const [before, own] = [ink(), pad];
    wipe();
    keep(null);
    if (!before || !own) return;
    cleared = before;
    const isOpen = () => cleared === before && pad === own && own.ink() === null;
    const undo = () => {
      if (!isOpen()) return;
      cleared = null;
      own.show(before);
      keep(before);
    };
    const end = () => {
      cleared = null;
    };
    offerUndo({ words: t("undo.signature"), isOpen, undo, end });
  }

  function view() {
    queueMicrotask(mount);
    return html`<div class="sign"><canvas ${ref(canvas)} data-testid="sign-pad" role="img" aria-label=${t("sign.pad")}></canvas><span class="base"></span>
      <button class="button quiet clear small" data-testid="sign-clear" @click=${clear}>${icon("undo", "s")}${t("sign.clear")}</button></div>`;
  }

  /** @type {SignPad["signed"]} */
  async function signed(signer) {
    const drawn = /** @type {HTMLCanvasElement} */ (canvas.value);
    const blob = await new Promise((resolve) => drawn.toBlob(resolve, "image/png"));
    const bytes = await /** @type {Blob} */ (blob).arrayBuffer();
    const signature = {
      sha256: await sha256Hex(bytes),
      signer_name: signer.name.trim(),
      signer_role: signer.role,
      signed_at: new Date().toISOString(),
      strokes: timedStrokes(ink()?.strokes ?? []),
    };
    return { bytes, signature };
  }

  function close() {
    cleared = null;
    pad?.close();
  }

  return { view, ink, signed, wipe, close };
}
