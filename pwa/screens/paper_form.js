// @ts-check
// A paper form on the phone: a step or two, each kept after every change, and one record in the end, without a network too.
import { databases } from "../company.js";
import { deleteDraft, saveRecord } from "../db/capture.js";
import { isAnythingIn } from "../forms/begun.js";
import { keptDraft } from "../forms/kept_draft.js";
import { changesContent, unsigned } from "../forms/paper_drafts.js";
import { groundOf, keptGround } from "../forms/paper_ground.js";
import { t } from "../i18n/index.js";
import { go, replace } from "../router.js";
import { firstDay, monthOf } from "../rules/months.js";
import { bringUp, focusHeading } from "../ui/focus.js";
import { banner, empty, faultBanner, icon, stateText, topbar } from "../ui/parts.js";
import { pictureUrls } from "../ui/picture_urls.js";
import { saveFaultText } from "../ui/save_faults.js";
import { signPad } from "../ui/sign_pad.js";
import { offerUndo, sayDone } from "../ui/undo_toast.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { savedWords } from "./paper_saved.js";
import { photoRow, photoTaker } from "./photo_taker.js";
import { refusalField, refusalTurn } from "./sign_refusal.js";
import { otherSigner, signerChoices } from "./visit_signer.js";

/**
 * @typedef {object} Step
 * @property {string} name its words are `paper.step.<name>`
 * @property {(form: Form) => unknown} view
 * @property {(draft: any) => Record<string, string>} faults what is wrong, by field: the key of what to do
 * @property {(draft: any) => boolean} [isSigned] whether the other side reads and signs here
 *
 * @typedef {object} Paper
 * @property {string} key of the draft
 * @property {any} fresh the empty draft
 * @property {string} title
 * @property {import("../forms/paper_ground.js").Ground} ground
 * @property {Step[]} steps
 * @property {(draft: any, at: string) => import("../db/capture.js").Captured} record
 * @property {string} saveWords
 * @property {string} [home] where it leads in the end, by default the outlet's page, or today where the outlet has left the phone
 * @property {string} [photoTitle] what its photos are of
 * @property {string} [unsigned] where policy allows it, what it means to save without a signature
 *
 * @typedef {object} Form what the steps are drawn from
 * @property {import("../app.js").App} app
 * @property {any} draft
 * @property {(changes: any, blobs?: any[]) => Promise<void>} change
 * @property {(field: string) => string} fault what is wrong with a field, in words, or ""
 * @property {(words: {title: string, add: string, most: number, testId: string, isNeeded?: boolean}) => unknown} photos
 */

/** What is shown when what the form is about is not on this phone. @param {string} title @param {string} outletId */
export function nothingToFill(title, outletId) {
  const back = outletId ? `#/outlets/${outletId}` : "#/today";
  return { title: () => title, view: () => html`${topbar(title, { back })}<main class="main">${empty("doc", "paper.gone")}</main>` };
}

/** What the form stands on; null where there is nothing to fill in. @param {import("../app.js").App} app @param {string} key of the draft @param {string} outletId @param {any} [about] null where it is not on the phone @returns {Promise<import("../forms/paper_ground.js").Ground | null>} */
export async function paperGround(app, key, outletId, about) {
  const { capture } = await databases(/** @type {any} */ (app.session).personId);
  return groundOf(capture, key, outletId, { outlet: app.company?.outletById.get(outletId), about });
}

/** @param {import("../app.js").App} app @param {Paper} paper */
export async function paperForm(app, paper) {
  const { capture } = await databases(/** @type {any} */ (app.session).personId);
  const state = { error: /** @type {unknown} */ (""), faults: /** @type {Record<string, string>} */ ({}), isSaving: false, isBusy: false };
  const kept = await keptDraft(capture, paper.key, paper.fresh, app.draw, follow);
  const { draft } = kept;
  const outlet = { ...paper.ground.outlet, name: paper.ground.outlet.name || t("outlet") };
  const pictures = pictureUrls(capture, app.draw, kept.isSaved);
  const taker = photoTaker(app, capture, { draft, change: changePhotos, problem: kept.problem }, state, () => ({
    title: paper.photoTitle ?? paper.title,
    isGalleryAllowed,
    shop: paper.ground.outlet.name,
  }));
  const { policyOf, today } = /** @type {import("../company.js").Company} */ (app.company);
  const isGalleryAllowed = policyOf(today)["photo.gallery_allowed"] === "true";
  const signing = signingOf();
  const home = () => paper.home ?? (app.company?.outletById.has(outlet.id) ? `/outlets/${outlet.id}` : "/today");

  /** A change of what was signed takes the signature away, on the page too; what the form stands on stays with what is in it. @param {any} before @param {Record<string, any>} changes */
  function follow(before, changes) {
    for (const name of Object.keys(changes)) delete state.faults[name];
    state.error = "";
    const voided = unsigned(before, changes);
    if (changesContent(before, changes)) signing.pad.wipe(); // a cleared one does not come back under it either
    return { ...voided, ...keptGround({ ...before, ...changes }, paper.ground) };
  }

  /** A photo less can be brought back, unless it was never kept. @param {Record<string, any>} changes @param {any[]} [blobs] @returns {Promise<void>} */
  async function changePhotos(changes, blobs) {
    const isLess = changes.photos?.length < draft.photos.length && !kept.problem();
    if (!isLess) return kept.change(changes, blobs);
    offerUndo({ words: t("undo.photo"), ...kept.takeOut(changes) });
  }

  /** Who signs, and the pad; or why nobody does. */
  function signingOf() {
    const { signers } = outlet;
    const isListed = signers.some((/** @type {any} */ one) => one.name === draft.signer?.name && one.role === draft.signer?.role);
    return {
      pad: signPad(
        () => draft.ink,
        (ink) => void kept.change(ink ? { ink, is_ink_void: false } : { ink }),
      ),
      signer: draft.signer ?? signers[0] ?? { name: "", role: "owner" },
      isOther: signers.length === 0 || Boolean(draft.signer && !isListed),
      refuses: Boolean(draft.signature_refusal && paper.unsigned),
      refusal: draft.signature_refusal ?? "",
    };
  }

  const complain = (/** @type {string} */ words, where = "[role=alert]") => {
    state.error = words;
    app.draw();
    bringUp(where);
  };

  /** @param {number} step */
  async function show(step) {
    await kept.change({ step });
    app.draw();
    scrollTo(0, 0);
    focusHeading();
  }

  function back() {
    return draft.step === 0 ? go(home()) : show(draft.step - 1);
  }

  /** On to the next step, or to the record; not while something is missing. */
  async function next() {
    if (state.isBusy) return complain(t("photo.preparing"));
    const step = paper.steps[draft.step];
    state.faults = step.faults(draft);
    const [first] = Object.keys(state.faults);
    if (first === "photos") return complain(t(state.faults.photos));
    if (first) {
      app.draw();
      return bringUp(`#bad-${first}`);
    }
    if (draft.step + 1 < paper.steps.length) return show(draft.step + 1);
    if (step.isSigned?.(draft) && !(await (signing.refuses ? refuse() : sign()))) return;
    await save();
  }

  /** Whether the draft says why nobody signs. @returns {Promise<boolean>} */
  async function refuse() {
    const signature_refusal = signing.refusal.trim();
    if (signature_refusal) await kept.change({ signature: null, signature_refusal });
    else complain(t("sign.refusal.missing"), "#refusal");
    return signature_refusal !== "";
  }

  /** Whether the signature is in the draft with its picture. @returns {Promise<boolean>} */
  async function sign() {
    const { pad, signer } = signing;
    if (!pad.ink()) complain(t("sign.empty"));
    else if (!signer.name.trim()) complain(t("sign.name.missing"), "#signer-name");
    else {
      const { bytes, signature } = await pad.signed(signer);
      await kept.change({ signer, signature, signature_refusal: null }, [{ sha256: signature.sha256, bytes, mime: "image/png" }]);
      if (!kept.problem()) return true;
      complain(saveFaultText(kept.problem()));
    }
    return false;
  }

  /** From signing to the reason why not, or back. */
  function turned() {
    state.error = "";
    app.draw();
  }

  /** The outlet's page, or the visit, shows what is on the phone, only once the phone's storage said so. */
  async function save() {
    if (state.isSaving) return;
    state.isSaving = true;
    await kept.close();
    let record;
    try {
      record = await keptRecord();
    } catch (fault) {
      kept.reopen();
      state.isSaving = false;
      pictures.noteFault(fault);
      return complain(saveFaultText(fault));
    }
    replace(home());
    sayDone(savedWords(app.company, record, paper));
  }

  /** The record, once the phone has it. */
  async function keptRecord() {
    const record = paper.record(draft, new Date().toISOString());
    try {
      await saveRecord(capture, record, kept.key);
    } catch (fault) {
      if (/** @type {any} */ (fault).code !== "already_saved") throw fault;
      await deleteDraft(capture, kept.key); // another window saved it
    }
    return record;
  }

  const stands = (/** @type {any} */ { outlet: of, about }) => JSON.stringify([of, about]);
  if (kept.isSaved() && isAnythingIn(draft) && stands(draft) !== stands(keptGround(draft, paper.ground))) await kept.change({});

  /** @type {Form} */
  const form = {
    app,
    draft,
    change: kept.change,
    fault: (field) => (state.faults[field] ? t(state.faults[field]) : ""),
    photos: (words) => photoRow({ app, kept, pictures, state, taker }, words),
  };
  return {
    title: () => paper.title,
    view: () => view(paper, form, { outlet, kept, state, signing, back, next, turned }),
    close: () => {
      signing.pad.close();
      pictures.close();
    },
  };
}

/** @param {Paper} paper @param {Form} form @param {any} acts */
function view(paper, form, { outlet, kept, state, signing, back, next, turned }) {
  const { steps } = paper;
  const at = form.draft.step;
  const step = steps[at];
  const isSigned = Boolean(step.isSigned?.(form.draft));
  const told = kept.problem() ? stateText("overdue", t("draft.failed")) : kept.isSaved() ? stateText("done", t("draft.saved")) : nothing;
  const end = isSigned ? undefined : html`<span class="end small faint" role="status" data-testid="draft-state">${told}</span>`;
  const isLast = at + 1 === steps.length;
  const words = isLast
    ? isSigned
      ? t(signing.refuses ? "sign.save_without" : "sign.save")
      : paper.saveWords
    : t("paper.next", { step: t(`paper.step.${steps[at + 1].name}`) });
  return html`${topbar(paper.title, { ...(at === 0 ? { onClose: back } : { onBack: back }), small: html`<span translate="no">${outlet.name}</span>`, end })}
    <main class="main ${isSigned ? "owner signing" : ""}">
      ${form.app.company?.outletById.has(outlet.id) ? nothing : banner("waiting", t("outlet.gone"), t("paper.outlet_gone.text"))}
      ${steps.length > 1 ? stages(steps, at) : nothing} ${step.view(form)} ${isSigned ? signature(form, signing, { outlet, unsigned: paper.unsigned }, turned) : nothing}
      ${faultBanner(state.error)}
    </main>
    <footer class="bottom"><div class="actions"><button class="button primary wide ${isLast ? "" : "split"}" data-testid="paper-next" ?disabled=${state.isSaving} @click=${next}>
      ${isLast ? icon("check") : nothing}<span>${words}</span>${isLast ? nothing : html`<small class="num">${at + 1} / ${steps.length}</small>`}</button></div></footer>`;
}

/** @param {Step[]} steps @param {number} at */
function stages(steps, at) {
  return html`<ol class="stages" aria-label=${t("new_outlet.steps")}>${steps.map(
    ({ name }, place) =>
      html`<li class=${place < at ? "on" : place === at ? "now" : ""} aria-current=${place === at ? "step" : nothing}>${t(`paper.step.${name}`)}</li>`,
  )}</ol>`;
}

/** @param {Form} form @param {any} signing @param {{outlet: any, unsigned?: string}} paper @param {() => void} turned */
function signature(form, signing, { outlet, unsigned }, turned) {
  const around = { outlet, change: form.change, draw: form.app.draw };
  const isAsked = !signing.refuses;
  return html`${form.draft.is_ink_void && isAsked ? banner("due", t("sign.void"), "") : nothing}
    ${isAsked ? [signing.pad.view(), signerChoices(around, signing)] : refusalField(signing, form.change, unsigned ?? "")}
    <div class="line between small">${signing.isOther || !isAsked ? html`<span></span>` : otherSigner(around, signing)} ${refusalTurn(signing, Boolean(unsigned), turned)}</div>`;
}

/**
 * What saving without a signature means, where today's policy allows it: by the policy of the month in which the paper counts.
 * @param {Pick<import("../company.js").Company, "policyOf" | "today">} company @param {"training" | "material"} kind
 * @param {string} date `2026-11-24`, in that month: when a training is held, or by when materials are to be delivered
 * @returns {string | undefined}
 */
export function unsignedWords({ policyOf, today }, kind, date) {
  if (policyOf(today)[`${kind}.refusal_allowed`] !== "true") return undefined;
  const counts = policyOf(firstDay(monthOf(date)))[`${kind}.unsigned_counts`] === "true";
  return t(`paper.unsigned.${kind}.${counts ? "counts" : "not"}`);
}
