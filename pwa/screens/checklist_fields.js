// @ts-check
// Questions that are answered by more than a tap: a number, some words, a day, a photo.
import { ownUnit, t } from "../i18n/index.js";
import { faultBanner, icon } from "../ui/parts.js";
import { photoInput } from "../ui/photo_input.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { fullBanner } from "./photo_full.js";
import { lostWords } from "./photo_judged.js";
import { addFile, shoot } from "./visit_shots.js";

/** @typedef {import("../rules/checklist.js").Question} Question @typedef {import("./visit.js").Flow} Flow */

/** @param {Flow} flow @param {import("./visit_shots.js").State} shots @param {Question} question @param {string} value @param {(value: string) => void} answer */
export function answerField(flow, shots, question, value, answer) {
  if (question.type === "photo") return photoField(flow, shots, value, answer);
  const type = (/** @type {Event} */ event) => answer(/** @type {HTMLInputElement} */ (event.target).value);
  if (question.type === "date")
    return html`<div class="field"><div class="input"><input id="answer" type="date" data-testid="answer" aria-labelledby="question" .value=${value} @change=${type} /></div></div>`;
  if (question.type === "number")
    return html`<div class="field"><label for="answer" id="bounds">${boundsWords(question)}</label><div class="input"><input id="answer" class="num" inputmode="decimal" maxlength="14" autocomplete="off" aria-labelledby="question bounds" data-testid="answer" .value=${value} @input=${type} /><span class="unit-after">${ownUnit(question)}</span></div></div>`;
  return html`<div class="field"><div class="input area"><textarea id="answer" maxlength="400" data-testid="answer" aria-labelledby="question" .value=${value} @input=${type}></textarea></div></div>`;
}

/** What a number must be. @param {Question} question */
function boundsWords(question) {
  const { lowest, highest } = question;
  if (lowest != null && highest != null) return t("checklist.number.between", { lowest, highest });
  if (lowest != null) return t("checklist.number.from", { lowest });
  return highest != null ? t("checklist.number.to", { highest }) : t("checklist.number");
}

/** @param {Flow} flow @param {import("./visit_shots.js").State} shots @param {string} value @param {(value: string) => void} answer */
function photoField(flow, shots, value, answer) {
  const photo = flow.draft.photos.find((one) => one.sha256 === value);
  const address = photo ? flow.pictureUrl(photo.sha256) : "";
  const added = async (/** @type {() => Promise<void>} */ take) => {
    const before = new Set(flow.draft.photos.map((one) => one.sha256));
    await take();
    const fresh = flow.draft.photos.find((one) => !before.has(one.sha256));
    if (fresh) answer(fresh.sha256);
  };
  const input = photoInput({
    asksCamera: flow.policy["photo.gallery_allowed"] !== "true",
    label: t("photo.file", { what: t("photo.other") }),
    testId: "answer-photo-input",
    take: (blob, origin) => void added(() => addFile(flow, shots, "other", photo, { blob, origin })),
  });
  return html`${photo ? html`<div class="photo-strip">${address ? html`<img src=${address} alt=${t("checklist.photo.taken")} />` : flow.isPhotoLost(photo.sha256) ? lostWords() : html`<span class="skeleton line"></span>`}</div>` : nothing}
    <button class="button" data-testid="answer-photo" aria-busy=${shots.busy !== ""} @click=${() => added(() => shoot(flow, shots, "other", photo))}>${icon("camera")}${t(photo ? "checklist.photo.again" : "checklist.photo.take")}</button>
    ${input}
    ${shots.isFull ? faultBanner(fullBanner(t("photo.full.text"))) : nothing}`;
}
