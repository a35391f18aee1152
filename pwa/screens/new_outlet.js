// @ts-check
// 新网点: a new outlet in four steps, each kept at once, and saved as one record without a network too.
import { databases } from "../company.js";
import { deleteDraft, saveRecord } from "../db/capture.js";
import {
  DRAFT_KEY,
  droppedDraft,
  isBegun,
  newOutletDraft,
  newOutletRecord,
  regionOf,
  STEP_FIELDS,
  STEPS,
} from "../forms/new_outlet_draft.js";
import { faultsOf } from "../forms/outlet_fields.js";
import { keptDraft } from "../forms/kept_draft.js";
import { t } from "../i18n/index.js";
import { go, replace } from "../router.js";
import { bringUp, focusHeading } from "../ui/focus.js";
import { banner, faultBanner, icon, stateText, topbar } from "../ui/parts.js";
import { pictureUrls } from "../ui/picture_urls.js";
import { saveFaultText } from "../ui/save_faults.js";
import { offerUndo } from "../ui/undo_toast.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { positionTaker } from "./file_position.js";
import { photoSlots } from "./file_photos.js";
import { peopleStep, photosStep, placeStep, sizeStep } from "./new_outlet_steps.js";

/**
 * @typedef {object} Finding what the steps share
 * @property {import("../app.js").App} app
 * @property {import("../forms/new_outlet_draft.js").NewOutletDraft} draft
 * @property {(changes: any, blobs?: any[]) => Promise<void>} change
 * @property {import("./file_fields.js").Sheet} sheet
 * @property {import("./file_position.js").PositionTaker} taker
 * @property {() => unknown} photos
 *
 * @typedef {{faults: Record<string, string>, error: unknown, isSaving: boolean}} State
 */

const VIEWS = { place: placeStep, size: sizeStep, people: peopleStep, photos: photosStep };

/** @param {import("../app.js").App} app */
export async function newOutletScreen(app) {
  const { capture } = await databases(/** @type {any} */ (app.session).personId);
  const kept = await keptDraft(capture, DRAFT_KEY, newOutletDraft(), app.draw);
  const pictures = pictureUrls(capture, app.draw, kept.isSaved);
  /** @type {State} */
  const state = { faults: {}, error: "", isSaving: false };
  const { draft } = kept;
  if (draft.typed.position && !isBegun(draft)) await kept.change({ typed: { ...draft.typed, position: null } }); // it was only opened there

  /** @type {import("./file_fields.js").Sheet} */
  const sheet = {
    typed: (name) => draft.typed[name],
    set: (name, typed, blobs, more) => {
      delete state.faults[name];
      state.error = "";
      const isSaid = name !== "position"; // which comes by itself
      return kept.change({ typed: { ...draft.typed, [name]: typed }, ...(isSaid ? { dropped: null } : {}), ...more }, blobs);
    },
    takeOut: (name, typed, words) => {
      delete state.faults[name];
      offerUndo({ words, ...kept.takeOut({ typed: { ...draft.typed, [name]: typed }, dropped: null }) });
    },
    fault: (name) => state.faults[name] ?? "",
    note: () => "",
  };
  const taker = positionTaker(app, {
    read: () => draft.typed.position,
    keep: (position) => sheet.set("position", position),
    isOn: () => draft.uses_position && draft.step === "place",
    off: "place.off",
    turn: (isOn) => void kept.change({ uses_position: isOn, typed: { ...draft.typed, position: null } }),
    isBegun: isBegun(draft),
  });
  const complain = (/** @type {unknown} */ fault) => {
    state.error = fault;
    app.draw();
    if (fault) bringUp("[role=alert]");
  };
  const photos = photoSlots(app, capture, {
    sheet,
    pictures,
    shop: () => draft.typed.name.trim(),
    draft,
    problem: kept.problem,
    complain,
  });
  /** @type {Finding} */
  const finding = { app, draft, change: kept.change, sheet, taker, photos };

  /** @param {import("../forms/new_outlet_draft.js").Step} step */
  async function show(step) {
    await kept.change({ step });
    taker.settle();
    app.draw();
    scrollTo(0, 0);
    focusHeading();
  }

  /** Begin anew; the banner brings it back. */
  function drop() {
    const written = kept.change(droppedDraft(draft));
    taker.settle();
    return written;
  }

  function undrop() {
    taker.close();
    return kept.change({ ...draft.dropped, dropped: null });
  }

  /** On to the next step, or to the record; not while a field of this one is wrong. */
  async function next() {
    Object.assign(state, { faults: faultsOf(draft.typed, STEP_FIELDS[draft.step]), error: "" });
    const [first] = Object.keys(state.faults);
    app.draw();
    if (first) return bringUp(`#bad-${first}`);
    const at = STEPS.indexOf(draft.step);
    if (at + 1 < STEPS.length) await show(STEPS[at + 1]);
    else await save();
  }

  async function back() {
    const at = STEPS.indexOf(draft.step);
    if (at === 0) return go("/outlets");
    await show(STEPS[at - 1]);
  }

  /** "On the phone" is said only when the phone's storage said so. */
  async function save() {
    const regionId = regionOf(draft, app.company?.person.region_ids ?? []);
    if (state.isSaving) return;
    if (!regionId) return complain(t("new_outlet.no_region"));
    state.isSaving = true;
    await kept.close();
    try {
      await saveRecord(capture, newOutletRecord(draft, regionId), kept.key);
      return replace(`/outlets/${draft.new_outlet_id}/saved`);
    } catch (fault) {
      const code = /** @type {any} */ (fault).code;
      if (code === "already_saved") {
        await deleteDraft(capture, kept.key); // another window saved it
        return replace(`/outlets/${draft.new_outlet_id}/saved`);
      }
      kept.reopen();
      state.isSaving = false;
      pictures.noteFault(fault);
      complain(saveFaultText(fault));
    }
  }

  return {
    title: () => t("new_outlet"),
    view: () => view(finding, state, kept, { next, back, drop, undrop }),
    close: () => {
      taker.close();
      pictures.close();
    },
  };
}

/** @param {Finding} finding @param {State} state @param {any} kept @param {{next: () => Promise<void>, back: () => Promise<void> | void, drop: () => Promise<void>, undrop: () => Promise<void>}} acts */
function view(finding, state, kept, { next, back, drop, undrop }) {
  const { draft } = finding;
  const at = STEPS.indexOf(draft.step);
  const told = kept.problem()
    ? stateText("overdue", t("draft.failed"))
    : kept.isSaved() && isBegun(draft)
      ? stateText("done", t("draft.saved"))
      : nothing;
  const way = at === 0 ? { onClose: back } : { onBack: back };
  return html`${topbar(t("new_outlet"), { ...way, end: html`<span class="end small faint" role="status" data-testid="draft-state">${told}</span>` })}
    <main class="main">
      <ol class="stages" aria-label=${t("new_outlet.steps")}>${STEPS.map(
        (step, place) =>
          html`<li class=${place < at ? "on" : place === at ? "now" : ""} aria-current=${place === at ? "step" : nothing}>${t(`new_outlet.step.${step}`)}</li>`,
      )}</ol>
      ${draft.dropped ? banner("none", t("new_outlet.dropped"), "", html`<button class="button" data-testid="undrop" @click=${undrop}>${icon("undo")}${t("new_outlet.undrop")}</button>`) : nothing}
      ${VIEWS[draft.step](finding)}
      ${at === 0 && isBegun(draft) ? html`<button class="button quiet" data-testid="drop-new-outlet" @click=${drop}>${t("new_outlet.drop")}</button>` : nothing}
      ${faultBanner(state.error)}
    </main>
    <footer class="bottom"><div class="actions"><button class="button primary split wide" data-testid="new-outlet-next" ?disabled=${state.isSaving} @click=${next}>
      <span>${at + 1 < STEPS.length ? t("new_outlet.next", { step: t(`new_outlet.step.${STEPS[at + 1]}`) }) : t("new_outlet.save")}</span><small class="num">${at + 1} / ${STEPS.length}</small></button></div></footer>`;
}
