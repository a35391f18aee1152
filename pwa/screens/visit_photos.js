// @ts-check
// Photos, the condition found, and how it was handled.
import { preparePhoto } from "../capture/photo.js";
import { problemsFound } from "../forms/visit_draft.js";
import { t } from "../i18n/index.js";
import { businessDate, businessTime } from "../rules/months.js";
import { takePicture } from "../ui/camera_page.js";
import { dayWithWeekday, distanceText } from "../ui/format.js";
import { icon, shape, stateText } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { errorBanner } from "./visit.js";

const MOST_OTHERS = 10;

/** @param {import("./visit.js").Flow} flow */
export function photosStep(flow) {
  const state = { busy: "" };
  return { view: () => view(flow, state) };
}

/** @param {import("./visit.js").Flow} flow */
function requiredSlots(flow) {
  return flow.policy["visit.required_photo_slots"].split(",").filter(Boolean);
}

/** @param {import("./visit.js").Flow} flow */
function missingSlots(flow) {
  return requiredSlots(flow).filter((slot) => !flow.draft.photos.some((photo) => photo.slot === slot));
}

/** @param {import("./visit.js").Flow} flow @param {{busy: string}} state */
function view(flow, state) {
  const missing = missingSlots(flow);
  const others = flow.draft.photos.filter((photo) => photo.slot === "other");
  return html`${flow.bar()}
    <main class="main">
      ${doneCard(flow)}
      <section class="section" aria-labelledby="required">
        <div class="section-head"><h2 id="required">${t("photos.required", { n: requiredSlots(flow).length })}</h2>${missing.length ? stateText("due", t("photos.missing", { n: missing.length })) : stateText("done", t("photos.all"))}</div>
        <div class="slots two">${requiredSlots(flow).map((slot) =>
          slotView(
            flow,
            state,
            slot,
            flow.draft.photos.find((photo) => photo.slot === slot),
          ),
        )}</div>
      </section>
      <section class="section" aria-labelledby="others">
        <div class="section-head"><h2 id="others">${t("photos.others")}</h2><span class="small quiet">${t("photos.others.hint", { n: MOST_OTHERS })}</span></div>
        <div class="slots">${others.map((photo) => slotView(flow, state, "other", photo))} ${others.length < MOST_OTHERS ? slotView(flow, state, "other", undefined) : nothing}</div>
      </section>
      ${textField(flow, "condition")} ${textField(flow, "handling")} ${errorBanner(flow)}
    </main>
    <footer class="bottom"><div class="actions">
      <button class="button back" aria-label=${t("back")} @click=${() => flow.goTo("checklist")}>${icon("back")}</button>
      ${nextButton(flow, state, missing)}
    </div></footer>`;
}

/** @param {import("./visit.js").Flow} flow @param {{busy: string}} state @param {string[]} missing */
function nextButton(flow, state, missing) {
  if (missing.length)
    return html`<button class="button primary" data-testid="take-${missing[0]}" @click=${() => shoot(flow, state, missing[0])}>${icon("camera")}${t(`photo.take.${missing[0]}`)}</button>`;
  return html`<button class="button primary" data-testid="to-owner" @click=${() => flow.goTo("summary")}>${t("owner.show")}</button>`;
}

/** @param {import("./visit.js").Flow} flow */
function doneCard(flow) {
  const problems = problemsFound(flow.draft, flow.form).length;
  const total = flow.form.checklist.length;
  return html`<button class="card row wide-button" @click=${() => flow.goTo("checklist")}><span class="lead">${shape(problems ? "due" : "done")}</span>
    <span class="body"><span class="name">${t("photos.checked", { n: total })}</span><span class="small quiet">${t("photos.checked.text", { n: total - problems, m: problems })}</span></span><span class="small strong pos">${t("change")}</span></button>`;
}

/** One slot: an empty frame whose file input opens the camera or a file, or the photo with its state. @param {import("./visit.js").Flow} flow @param {{busy: string}} state @param {string} slot @param {any} photo */
function slotView(flow, state, slot, photo) {
  const isBusy = state.busy === slot && !photo;
  const words = photo ? photoWords(photo) : isBusy ? t("photo.preparing") : t(slot === "other" ? "photo.add" : "photo.needed");
  const wanted = photo || slot === "other" ? "none" : "due";
  return html`<div class="slot ${photo ? "filled" : ""}">
    <div class="frame">
      ${photo ? html`<img src=${flow.pictureUrl(photo.sha256) || "/m/icons/icon.svg"} alt=${t(`photo.${slot}`)} /><span class="mark">${icon("check", "s")}</span>` : isBusy ? html`<span class="skeleton line"></span>` : icon(slot === "other" ? "plus" : "camera")}
      <input type="file" accept="image/*" capture="environment" aria-label=${t(photo ? "photo.retake" : "photo.file", { what: t(`photo.${slot}`) })} data-testid="photo-input-${slot}" @change=${(/** @type {Event} */ event) => fromFile(flow, state, slot, photo, event)} />
    </div>
    <span class="what">${t(`photo.${slot}`)}</span>
    <span class="line small" data-state=${wanted}>${photo || slot === "other" ? nothing : shape("due")}<span class=${wanted === "due" ? "cau strong" : "quiet"}>${words}</span></span>
  </div>`;
}

/** @param {any} photo */
function photoWords(photo) {
  const quality = photo.is_blurred ? t("photo.blurred") : photo.is_dark ? t("photo.dark") : t("photo.clear");
  return `${businessTime(photo.taken_at)} · ${quality}`;
}

/** @param {import("./visit.js").Flow} flow @param {"condition" | "handling"} name */
function textField(flow, name) {
  const type = (/** @type {InputEvent} */ event) => void flow.change({ [name]: /** @type {HTMLTextAreaElement} */ (event.target).value });
  return html`<div class="field"><label for=${name}><span>${t(`visit.${name}`)}</span> <span class="hint">${t("optional")}</span></label>
    <div class="input area"><textarea id=${name} data-testid=${name} maxlength="2000" .value=${flow.draft[name]} @change=${type}></textarea></div></div>`;
}

/** @param {import("./visit.js").Flow} flow @param {{busy: string}} state @param {string} slot */
async function shoot(flow, state, slot) {
  const shot = await takePicture(t(`photo.${slot}`), stampLines(flow));
  if (shot.problem) return flow.complain(t(`camera.${shot.problem}`));
  if (shot.blob) await add(flow, state, slot, undefined, shot.blob, "camera");
}

/** @param {import("./visit.js").Flow} flow @param {{busy: string}} state @param {string} slot @param {any} replaced @param {Event} event */
async function fromFile(flow, state, slot, replaced, event) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const file = input.files?.[0];
  input.value = "";
  if (file) await add(flow, state, slot, replaced, file, "file");
}

/** @param {import("./visit.js").Flow} flow @param {{busy: string}} state @param {string} slot @param {any} replaced @param {Blob} blob @param {"camera" | "file"} source */
async function add(flow, state, slot, replaced, blob, source) {
  state.busy = slot;
  flow.complain("");
  try {
    const { bytes, mime, ...photo } = await preparePhoto(blob, { lines: stampLines(flow), source, takenAt: new Date().toISOString() });
    const kept = flow.draft.photos.filter((one) => one !== replaced && !(slot !== "other" && one.slot === slot));
    await flow.change({ photos: [...kept, { slot, ...photo, bytes: bytes.byteLength }] }, [{ sha256: photo.sha256, bytes, mime }]);
  } catch (fault) {
    const code = /** @type {any} */ (fault).code;
    flow.complain(t(code === "photo_unreadable" ? "photo.unreadable" : code === "storage_full" ? "save.full" : "photo.failed"));
  }
  state.busy = "";
  flow.draw();
}

/** What is drawn on the picture: time, rep, outlet, distance. @param {import("./visit.js").Flow} flow */
function stampLines(flow) {
  const now = new Date();
  const { draft, outlet, app } = flow;
  const far =
    draft.distance_m === null
      ? ""
      : `${t("stamp.distance", { d: distanceText(draft.distance_m) })}${draft.fix?.accuracy_m ? ` ±${Math.round(draft.fix.accuracy_m)} ${t("unit.m")}` : ""}`;
  return [businessTime(now), `${dayWithWeekday(businessDate(now))} · ${app.company?.person.name}`, outlet.name, far].filter(Boolean);
}
