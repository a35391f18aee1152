// @ts-check
// Photos, the condition found, and how it was handled.
import { byCompanyClock } from "../business_day.js";
import { countedAnswers } from "../forms/visit_draft.js";
import { t } from "../i18n/index.js";
import { businessDate, businessTime } from "../rules/months.js";
import { dayText } from "../ui/format.js";
import { banner, faultBanner, icon, shape, stateText } from "../ui/parts.js";
import { photoInput } from "../ui/photo_input.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { fullBanner } from "./photo_full.js";
import { lostWords, photoWords, warningOf } from "./photo_judged.js";
import { discardButton, outletGone } from "./visit_begun.js";
import { addFile, missingSlots, openPhoto, photoIn, requiredSlots, shoot } from "./visit_shots.js";

const MOST_OTHERS = 10;

/** @param {import("./visit.js").Flow} flow */
export function photosStep(flow) {
  const state = { busy: "", isFull: false };
  return { view: () => view(flow, state) };
}

/** @param {import("./visit.js").Flow} flow @param {import("./visit_shots.js").State} state */
function view(flow, state) {
  const missing = missingSlots(flow);
  const others = flow.draft.photos.filter((photo) => photo.slot === "other");
  return html`${flow.bar()}
    <main class="main">
      ${flow.draft.corrects ? correctionBanner(flow) : nothing} ${outletGone(flow)} ${doneCard(flow)}
      <section class="section" aria-labelledby="required">
        <div class="section-head"><h2 id="required">${t("photos.required", { n: requiredSlots(flow).length })}</h2>${missing.length ? stateText("due", t("photos.missing", { n: missing.length })) : stateText("done", t("photos.all"))}</div>
        <div class="slots two">${requiredSlots(flow).map((slot) => (photoIn(flow, slot) ? filledSlot(flow, state, photoIn(flow, slot)) : emptySlot(flow, state, slot)))}</div>
      </section>
      ${faultBanner(flow.error())} ${state.isFull ? faultBanner(fullBanner(fullWords(flow, missing))) : nothing}
      <section class="section" aria-labelledby="others">
        <div class="section-head"><h2 id="others">${t("photos.others")}</h2><span class="small quiet">${t("photos.others.hint", { n: MOST_OTHERS })}</span></div>
        <div class="slots">${others.map((photo) => filledSlot(flow, state, photo))} ${others.length < MOST_OTHERS ? emptySlot(flow, state, "other") : nothing}</div>
      </section>
      ${textField(flow, "condition")} ${textField(flow, "handling")} ${discardButton(flow)}
    </main>
    <footer class="bottom"><div class="actions">
      <button class="button back" aria-label=${t("visit.back")} @click=${() => flow.goTo("checklist")}>${icon("back")}</button>
      ${nextButton(flow, state, missing)}
    </div></footer>`;
}

/** What stays, and what is to be done. @param {import("./visit.js").Flow} flow */
function correctionBanner({ app, draft, drop }) {
  const since = byCompanyClock(app.company, draft.checked_in_at ?? "");
  const when = { day: dayText(businessDate(since)), time: businessTime(since) };
  const away = html`<button class="button" data-testid="drop-correction" @click=${drop}>${t("correction.drop")}</button>`;
  return banner("waiting", t("correction.of", when), t("correction.text"), away);
}

/** What is safe of the visit, and what to do. @param {import("./visit.js").Flow} flow @param {string[]} missing */
function fullWords(flow, missing) {
  const taken = flow.draft.photos.length;
  const told = [taken ? t("photo.full.kept", { n: taken }) : "", t("photo.full.text"), missing.length ? t("photo.full.skip") : ""];
  return told.filter(Boolean).join(t("sentence_gap"));
}

/** @param {import("./visit.js").Flow} flow @param {import("./visit_shots.js").State} state @param {string[]} missing */
function nextButton(flow, state, missing) {
  if (missing.length && state.isFull)
    return html`<button class="button" data-testid="to-owner" @click=${() => flow.goTo("summary")}>${t("photo.skip")}</button
      ><button class="button primary" data-testid="take-${missing[0]}" ?disabled=${Boolean(state.busy)} @click=${() => shoot(flow, state, missing[0])}>${icon("camera")}${t(`photo.take.${missing[0]}`)}</button>`;
  if (missing.length)
    return html`<button class="button primary" data-testid="take-${missing[0]}" ?disabled=${Boolean(state.busy)} @click=${() => shoot(flow, state, missing[0])}>${icon("camera")}${t(`photo.take.${missing[0]}`)}</button>`;
  return html`<button class="button primary" data-testid="to-owner" @click=${() => flow.goTo("summary")}>${t("owner.show")}</button>`;
}

/** @param {import("./visit.js").Flow} flow */
function doneCard(flow) {
  const { fine, problems, left } = countedAnswers(flow.draft, flow.form);
  const n = flow.form.checklist.length - left;
  const text = [t("photos.checked.text", { n: fine, m: problems }), left ? t("checklist.left", { n: left }) : ""]
    .filter(Boolean)
    .join(t("comma"));
  return html`<button class="card row wide-button" @click=${() => flow.goTo("checklist")}><span class="lead">${shape(problems ? "due" : "done")}</span>
    <span class="body"><span class="name">${t(left ? "photos.checked.some" : "photos.checked", { n })}</span><span class="small quiet">${text}</span></span><span class="small strong pos">${t("change")}</span></button>`;
}

/** A frame that opens the camera; the file input beside it is for phones whose camera does not open here. @param {import("./visit.js").Flow} flow @param {import("./visit_shots.js").State} state @param {string} slot */
function emptySlot(flow, state, slot) {
  const isOther = slot === "other";
  const isBusy = state.busy === slot;
  const name = t(isOther ? "photo.add" : `photo.${slot}`);
  return html`<div class="slot" aria-busy=${isBusy}>
    <button class="frame" aria-label=${isOther ? name : t(`photo.take.${slot}`)} ?disabled=${Boolean(state.busy)} @click=${() => shoot(flow, state, slot)}>${isBusy ? html`<span class="skeleton line"></span>` : icon(isOther ? "plus" : "camera")}</button>
    ${fileInput(flow, state, slot, undefined)}
    <span class="what">${name}</span>${isBusy ? html`<span class="quiet" role="status">${t("photo.preparing")}</span>` : isOther ? nothing : stateText("due", t("photo.needed"))}
  </div>`;
}

/** @param {import("./visit.js").Flow} flow @param {import("./visit_shots.js").State} state @param {any} photo */
function filledSlot(flow, state, photo) {
  const isLost = flow.isPhotoLost(photo.sha256);
  const isGood = !isLost && !warningOf(photo);
  const address = flow.pictureUrl(photo.sha256);
  return html`<div class="slot filled">
    <button class="frame" aria-label=${t("photo.open", { what: t(`photo.${photo.slot}`) })} @click=${() => openPhoto(flow, state, photo)}>
      ${address ? html`<img src=${address} alt="" />` : isLost ? icon("camera") : html`<span class="skeleton line"></span>`}<span class="mark" data-state=${isGood ? "done" : "due"}>${icon(isGood ? "check" : "warn", "s")}</span></button>
    ${fileInput(flow, state, photo.slot, photo)}
    ${photo.slot === "other" ? nothing : html`<span class="what">${t(`photo.${photo.slot}`)}</span>`}
    ${isLost ? lostWords() : photoWords(photo, flow.app.company)}
  </div>`;
}

/** @param {import("./visit.js").Flow} flow @param {import("./visit_shots.js").State} state @param {string} slot @param {any} replaced */
function fileInput(flow, state, slot, replaced) {
  const isOldOther = slot === "other" && replaced;
  if (isOldOther) return nothing; // the empty slot beside has one
  return photoInput({
    asksCamera: flow.policy["photo.gallery_allowed"] !== "true",
    label: t(replaced ? "photo.retake" : "photo.file", { what: t(`photo.${slot}`) }),
    testId: `photo-input-${slot}`,
    take: (blob, origin) => void addFile(flow, state, slot, replaced, { blob, origin }),
  });
}

/** @param {import("./visit.js").Flow} flow @param {"condition" | "handling"} name */
function textField(flow, name) {
  const type = (/** @type {InputEvent} */ event) => void flow.change({ [name]: /** @type {HTMLTextAreaElement} */ (event.target).value });
  return html`<div class="field"><label for=${name}><span>${t(`visit.${name}`)}</span> <span class="hint">${t("optional")}</span></label>
    <div class="input area"><textarea id=${name} data-testid=${name} maxlength="2000" .value=${flow.draft[name]} @input=${type}></textarea></div></div>`;
}
