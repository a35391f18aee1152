// @ts-check
// A file input for one photo, which says where the photo came from.
import { originOfFile } from "../capture/photo_source.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

/**
 * Hidden from sight: a label around it, or a button beside it, is what one sees.
 * @param {{asksCamera: boolean, label?: string, testId: string, take: (blob: Blob, origin: import("../capture/photo_source.js").Origin) => void}} wanted
 *   `asksCamera`: the phone's camera only, as far as the browser obeys
 */
export function photoInput({ asksCamera, label, testId, take }) {
  const opened = (/** @type {Event} */ event) => {
    /** @type {HTMLInputElement} */ (event.target).dataset.openedAt = String(Date.now());
  };
  const changed = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    input.value = "";
    if (file) take(file, originOfFile({ asksCamera, openedAtMs: Number(input.dataset.openedAt ?? 0) }, file.lastModified));
  };
  return html`<input class="visually-hidden" type="file" accept="image/*" capture=${asksCamera ? "environment" : nothing} aria-label=${label ?? nothing} data-testid=${testId} @click=${opened} @change=${changed} />`;
}
