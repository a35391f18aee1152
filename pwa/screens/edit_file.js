// @ts-check
// 改资料: changes to an outlet's file, each with the value that it was made from, kept at once and saved as one edit.
import { databases } from "../company.js";
import { deleteDraft, loadDraft, saveRecord } from "../db/capture.js";
import { waits } from "../db/overlay_outlets.js";
import { isAnythingIn } from "../forms/begun.js";
import {
  changesIn,
  editableFields,
  editKey,
  editRecord,
  fileOf,
  fileOfBase,
  newEdit,
  shownIn,
  touched,
} from "../forms/outlet_edit_draft.js";
import { FIELDS, faultsOf, missingForApproval } from "../forms/outlet_fields.js";
import { keptDraft } from "../forms/kept_draft.js";
import { t } from "../i18n/index.js";
import { go } from "../router.js";
import { bringUp } from "../ui/focus.js";
import { banner, empty, faultBanner, icon, stateText, topbar } from "../ui/parts.js";
import { pictureUrls } from "../ui/picture_urls.js";
import { saveFaultText } from "../ui/save_faults.js";
import { offerUndo } from "../ui/undo_toast.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { classCard } from "./file_class.js";
import { lineField, yesNoField } from "./file_fields.js";
import { agentField, cashierFields, contactFields } from "./file_people.js";
import { photoSlots } from "./file_photos.js";
import { positionTaker } from "./file_position.js";
import { sizeFields } from "./new_outlet_steps.js";
import { identityTurn } from "./outlet_file.js";

const SHOP = ["are_materials_complete", "are_materials_placed_right", "is_tidy"];

/** @typedef {{faults: Record<string, string>, error: unknown, isSaving: boolean}} State */

/** When a change of the field is not used at once, "" for one that always is. @param {any} outlet @param {string} name @returns {string} */
function waitingNote(outlet, name) {
  if (!FIELDS[name].isSensitive) return "";
  if (name !== "account_no") return t("field.sensitive");
  return t(waits(outlet, name) ? "field.account_no.waits" : "field.account_no.sensitive");
}

/** @param {import("../app.js").App} app @param {{outletId: string, missing?: string}} params missing: the first field that the approval waits for, to begin at */
export async function editFileScreen(app, { outletId, missing }) {
  const here = () => app.company?.outletById.get(outletId);
  const { capture } = await databases(/** @type {any} */ (app.session).personId);
  const begun = await loadDraft(capture, editKey(outletId));
  const file = here() ? fileOf(here()) : begun && isAnythingIn(begun) ? (begun.outlet ?? fileOfBase(begun)) : null;
  if (!file) {
    if (begun && !isAnythingIn(begun)) await deleteDraft(capture, editKey(outletId));
    return {
      title: () => t("file.edit"),
      view: () => html`${topbar(t("file.edit"), { back: "#/outlets" })}<main class="main">${empty("shop", "outlet.gone")}</main>`,
    };
  }
  const outlet = () => here() ?? file; // which has left the phone
  const home = () => (here() ? `/outlets/${outletId}` : "/today");
  /** @param {any} draft @param {any} changes */
  const follow = (draft, changes) => ({ outlet: isAnythingIn({ ...draft, ...changes }) ? file : null });
  const kept = await keptDraft(capture, editKey(outletId), newEdit(outletId), app.draw, follow);
  if (begun && isAnythingIn(begun) && JSON.stringify(begun.outlet) !== JSON.stringify(file)) await kept.change({});
  const pictures = pictureUrls(capture, app.draw, kept.isSaved);
  /** @type {State} */
  const state = { faults: {}, error: "", isSaving: false };
  const { draft } = kept;
  if (missing) state.faults = stillMissing(outlet(), draft);

  /** @type {import("./file_fields.js").Sheet} */
  const sheet = {
    typed: (name) => shownIn(draft, outlet(), name),
    set: (name, typed, blobs, more) => {
      delete state.faults[name];
      state.error = "";
      return kept.change({ ...touched(draft, outlet(), name, typed), ...more }, blobs);
    },
    takeOut: (name, typed, words) => {
      delete state.faults[name];
      offerUndo({ words, ...kept.takeOut(touched(draft, outlet(), name, typed)) });
    },
    fault: (name) => state.faults[name] ?? "",
    note: (name) => (name in draft.typed ? waitingNote(outlet(), name) : ""),
  };
  const taker = positionTaker(app, {
    read: () => draft.typed.position ?? null,
    keep: (position) => sheet.set("position", position),
    isOn: () => "position" in draft.typed,
    off: "place.stays",
    turn: (isOn) => void (isOn ? sheet.set("position", null) : forget("position")),
    isBegun: isAnythingIn(draft),
  });
  const complain = (/** @type {unknown} */ fault) => {
    state.error = fault;
    app.draw();
    if (fault) bringUp("[role=alert]");
  };
  const photos = photoSlots(app, capture, {
    sheet,
    pictures,
    shop: () => outlet().name,
    draft,
    problem: kept.problem,
    complain,
  });

  /** Leave a field as the file has it. @param {string} name */
  function forget(name) {
    const { [name]: _base, ...base } = draft.base;
    const { [name]: _typed, ...typed } = draft.typed;
    return kept.change({ base, typed });
  }

  async function save() {
    if (state.isSaving) return;
    if ("position" in draft.typed && draft.typed.position === null) await forget("position"); // no fix came
    Object.assign(state, { faults: faultsOf(draft.typed, Object.keys(draft.typed)), error: "" });
    const [first] = Object.keys(state.faults);
    if (first) {
      app.draw();
      return bringUp(`#bad-${first}`);
    }
    try {
      const record = editRecord(draft);
      if (!record) return complain(t("file.edit.nothing"));
      state.isSaving = true;
      await kept.close();
      await saveRecord(capture, record, kept.key);
      go(home());
    } catch (fault) {
      kept.reopen();
      state.isSaving = false;
      pictures.noteFault(fault);
      complain(saveFaultText(fault));
    }
  }

  /** The file stays as it was; the banner brings the changes back. */
  function drop() {
    taker.close();
    state.faults = {};
    return kept.change({ base: {}, typed: {}, dropped: { base: draft.base, typed: draft.typed } });
  }

  function undrop() {
    return kept.change({ ...draft.dropped, dropped: null });
  }

  return {
    title: () => t("file.edit"),
    view: () => view(app, outlet(), { home, kept, state, sheet, taker, photos, save, drop, undrop }),
    goBack: () => missing && bringUp(`#f-${missing}, [data-testid=take-${missing}]`),
    close: () => {
      taker.close();
      pictures.close();
    },
  };
}

/** Of what the approval needs, what is neither in the file nor typed. @param {any} outlet @param {any} draft @returns {Record<string, string>} */
function stillMissing(outlet, draft) {
  const open = missingForApproval(outlet).filter((name) => !shownIn(draft, outlet, name));
  return Object.fromEntries(open.map((name) => [name, "required"]));
}

/** @param {import("../app.js").App} app @param {any} outlet @param {any} writing */
function view(app, outlet, { home, kept, state, sheet, taker, photos, save, drop, undrop }) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  const has = new Set(editableFields(outlet));
  const isTouched = Object.keys(kept.draft.typed).length > 0;
  const count = Object.keys(changesIn(kept.draft)).length;
  const told = kept.problem()
    ? stateText("overdue", t("draft.failed"))
    : kept.isSaved() && isTouched
      ? stateText("done", t("draft.saved"))
      : nothing;
  const policy = company.policyOf(company.today);
  return html`${topbar(t("file.edit"), { back: `#${home()}`, small: html`<span translate="no">${outlet.name || t("outlet")}</span>`, end: html`<span class="end small faint" role="status" data-testid="draft-state">${told}</span>` })}
    <main class="main">
      ${company.outletById.has(outlet.id) ? nothing : banner("waiting", t("outlet.gone"), t("file.edit.gone.text"))}
      ${kept.draft.dropped ? banner("none", t("file.edit.dropped"), "", html`<button class="button" data-testid="undrop" @click=${undrop}>${icon("undo")}${t("new_outlet.undrop")}</button>`) : nothing}
      <p class="small quiet">${t("file.edit.text")}</p>
      ${lineField(sheet, "name")} ${lineField(sheet, "address", { hint: "field.address.hint" })} ${lineField(sheet, "position_text", { hint: "field.position_text.hint" })}
      ${contactFields(sheet, identityTurn(outlet), has.has("contact"))} ${has.has("cashiers") ? cashierFields(sheet) : nothing}
      ${sizeFields(sheet)} ${classCard(sheet.typed, policy)}
      ${agentField(sheet, company)} ${lineField(sheet, "account_no")}
      ${has.has("storefront_photo") ? html`<section class="section" aria-labelledby="photos"><h2 id="photos">${t("file.photos")}</h2>${photos()}</section>` : nothing}
      ${SHOP.filter((name) => has.has(name)).map((name) => yesNoField(sheet, name))}
      <section class="section" aria-labelledby="place"><h2 id="place">${t("field.position")}</h2>${taker.view(policy)}</section>
      ${faultBanner(state.error)}
    </main>
    <footer class="bottom"><div class="actions">${isTouched ? html`<button class="button side" data-testid="drop-edit" @click=${drop}>${icon("undo")}${t("file.edit.drop")}</button>` : nothing}
      <button class="button primary ${isTouched ? "" : "wide"}" data-testid="save-edit" ?disabled=${state.isSaving} @click=${save}>${count ? t("file.edit.save", { n: count }) : t("file.edit.save_none")}</button></div></footer>`;
}
