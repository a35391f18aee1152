// @ts-check
// The form of an objection: on what ground, in own words, with up to three photos.
import { MOST_LETTERS, MOST_PHOTOS } from "../forms/objection_draft.js";
import { t } from "../i18n/index.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { photoRow } from "./photo_taker.js";

const GROUNDS = ["not_mine", "was_done", "wrong_amount", "other"];

/** @typedef {import("./photo_taker.js").TakerState & {isSaving: boolean}} FormState */
/** @typedef {{draft: import("../forms/objection_draft.js").ObjectionDraft, change: (changes: any, blobs?: any[]) => Promise<void>, isSaved: () => boolean, problem: () => string | null}} Kept */
/** @typedef {import("./photo_taker.js").Taker} Taker */
/** @typedef {{app: import("../app.js").App, kept: Kept, pictures: import("./photo_taker.js").Pictures, state: FormState, taker: Taker, send: () => void}} Writing */

/** @param {Writing} writing */
export function objectionForm(writing) {
  const { kept } = writing;
  const choose = (/** @type {string} */ ground) => {
    writing.state.error = "";
    void kept.change({ ground });
  };
  const type = (/** @type {InputEvent} */ event) => kept.change({ text: /** @type {HTMLTextAreaElement} */ (event.target).value });
  return html`<section class="section" aria-labelledby="say"><h2 id="say">${t("objection")}</h2>
    <div class="choices wide" role="radiogroup" aria-labelledby="say">${GROUNDS.map(
      (ground) =>
        html`<button class="choice start" role="radio" aria-checked=${kept.draft.ground === ground} data-testid="ground-${ground}" @click=${() => choose(ground)}><span class="radio"></span>${t(`objection.ground.${ground}`)}</button>`,
    )}</div>
    <div class="field"><label for="objection-text">${t("objection.text")}</label><div class="input area"><textarea id="objection-text" data-testid="objection-text" rows="3" maxlength=${MOST_LETTERS} .value=${kept.draft.text} @input=${type}></textarea></div></div>
    ${photoRow(writing, { title: t("objection.photo"), add: t("objection.photo.add"), most: MOST_PHOTOS, testId: "objection-photo" })}
    <p class="small quiet">${t("objection.offline")}</p></section>`;
}
