// @ts-check
// The signature: strokes with their times, the signer's name and role, or the reason why not.
import { sha256Hex } from "../ids.js";
import { t } from "../i18n/index.js";
import { businessDate } from "../rules/months.js";
import { dayText } from "../ui/format.js";
import { icon, topbar } from "../ui/parts.js";
import { createRef, ref } from "../vendor/lit-html/directives/ref.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import SignaturePad from "../vendor/signature_pad/signature_pad.js";
import { errorBanner } from "./visit.js";

/** @param {import("./visit.js").Flow} flow */
export function signStep(flow) {
  const canvas = createRef();
  const state = {
    pad: /** @type {any} */ (null),
    signer: flow.draft.signer ?? flow.outlet.signers[0] ?? null,
    isOther: flow.outlet.signers.length === 0,
    refuses: false,
    refusal: "",
    canvas,
  };
  return {
    view: () => {
      queueMicrotask(() => mount(state));
      return view(flow, state);
    },
    close: () => state.pad?.off(),
  };
}

/** Give the pad its pixels once the canvas is on the page. @param {any} state */
function mount(state) {
  const canvas = state.canvas.value;
  if (!canvas || state.pad?.canvas === canvas) return;
  const ratio = Math.max(window.devicePixelRatio || 1, 1);
  canvas.width = canvas.offsetWidth * ratio;
  canvas.height = canvas.offsetHeight * ratio;
  canvas.getContext("2d").scale(ratio, ratio);
  state.pad = new SignaturePad(canvas, { minWidth: 1.2, maxWidth: 3.2, penColor: "#14201d", backgroundColor: "#ffffff" });
}

/** @param {import("./visit.js").Flow} flow @param {any} state */
function view(flow, state) {
  const since = flow.draft.checked_in_at ?? new Date().toISOString();
  return html`${topbar(t("sign.title"), { onClose: () => flow.goTo("summary") })}
    <main class="main owner">
      <p class="small quiet">${t("sign.statement", { date: dayText(businessDate(since)) })}</p>
      ${state.refuses ? refusal(state) : pad(state)}
      ${state.refuses ? nothing : signer(flow, state)} ${errorBanner(flow)}
      <button class="button quiet" data-testid="refuse" @click=${() => turn(flow, state)}>${state.refuses ? t("sign.sign_after_all") : t("sign.refuses")}</button>
    </main>
    <footer class="bottom"><div class="actions"><button class="button primary wide" data-testid="sign-save" @click=${() => save(flow, state)}>${icon("check")}${state.refuses ? t("sign.save_without") : t("sign.save")}</button></div></footer>`;
}

/** @param {any} state */
function pad(state) {
  return html`<div class="sign"><canvas ${ref(state.canvas)} data-testid="sign-pad" role="img" aria-label=${t("sign.pad")}></canvas><span class="base"></span>
    <button class="button quiet clear small" @click=${() => state.pad?.clear()}>${icon("undo", "s")}${t("sign.clear")}</button></div>`;
}

/** @param {import("./visit.js").Flow} flow @param {any} state */
function signer(flow, state) {
  const choose = (/** @type {any} */ one) => {
    Object.assign(state, { signer: one, isOther: false });
    flow.draw();
  };
  const other = () => {
    Object.assign(state, { signer: { name: "", role: "other" }, isOther: true });
    flow.draw();
  };
  const type = (/** @type {InputEvent} */ event) => {
    state.signer = { name: /** @type {HTMLInputElement} */ (event.target).value.trim(), role: "other" };
  };
  return html`<div class="stack s small"><div class="field"><span class="label" id="signer">${t("sign.signer")}</span>
      <div class="choices wide" role="radiogroup" aria-labelledby="signer">
        ${flow.outlet.signers.map((/** @type {any} */ one) => html`<button class="choice" role="radio" aria-checked=${!state.isOther && state.signer?.name === one.name} @click=${() => choose(one)}><span><span translate="no">${one.name}</span><br />${t(`role.${one.role}`)}</span></button>`)}
        <button class="choice" role="radio" aria-checked=${state.isOther} @click=${other}>${t("sign.other")}</button>
      </div></div>
      ${state.isOther ? html`<div class="field"><label for="signer-name">${t("sign.name")}</label><div class="input"><input id="signer-name" data-testid="signer-name" maxlength="60" @input=${type} /></div></div>` : nothing}</div>`;
}

/** @param {any} state */
function refusal(state) {
  const type = (/** @type {InputEvent} */ event) => {
    state.refusal = /** @type {HTMLTextAreaElement} */ (event.target).value;
  };
  return html`<div class="field"><label for="refusal">${t("sign.refusal")}</label><div class="input area"><textarea id="refusal" data-testid="refusal" maxlength="1000" .value=${state.refusal} @input=${type}></textarea></div></div>
    <p class="small quiet">${t("sign.refusal.text")}</p>`;
}

/** @param {import("./visit.js").Flow} flow @param {any} state */
function turn(flow, state) {
  state.refuses = !state.refuses;
  flow.complain("");
}

/** @param {import("./visit.js").Flow} flow @param {any} state */
async function save(flow, state) {
  if (state.refuses) {
    if (!state.refusal.trim()) return flow.complain(t("sign.refusal.missing"));
    await flow.change({ signature: null, signature_refusal: state.refusal.trim() });
    return flow.save();
  }
  if (!state.pad || state.pad.isEmpty()) return flow.complain(t("sign.empty"));
  if (!state.signer?.name) return flow.complain(t("sign.name.missing"));
  const { bytes, signature } = await signed(state);
  await flow.change({ signer: state.signer, signature, signature_refusal: null }, [{ sha256: signature.sha256, bytes, mime: "image/png" }]);
  return flow.save();
}

/** The PNG and the record of it; stroke times count from the first touch. @param {any} state */
async function signed(state) {
  const blob = await new Promise((resolve) => state.canvas.value.toBlob(resolve, "image/png"));
  const bytes = await /** @type {Blob} */ (blob).arrayBuffer();
  const groups = state.pad.toData();
  const start = groups[0]?.points[0]?.time ?? 0;
  const strokes = groups.map((/** @type {any} */ group) =>
    group.points.map((/** @type {any} */ point) => [round(point.x), round(point.y), Math.round(point.time - start)]),
  );
  const signature = {
    sha256: await sha256Hex(bytes),
    signer_name: state.signer.name,
    signer_role: state.signer.role,
    signed_at: new Date().toISOString(),
    strokes,
  };
  return { bytes, signature };
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
