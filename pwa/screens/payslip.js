// @ts-check
// 工资条: a month's sheet with every line, what was said about it, and the person's word: confirmed, or what is wrong.
import { databases } from "../company.js";
import { saveRecord } from "../db/capture.js";
import { uuid7 } from "../ids.js";
import { t } from "../i18n/index.js";
import { keptDraft } from "../forms/kept_draft.js";
import { bringUp } from "../ui/focus.js";
import { momentText, monthText } from "../ui/format.js";
import { chip, empty, faultBanner, icon, stateText, topbar } from "../ui/parts.js";
import { saveFaultText } from "../ui/save_faults.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { slipStanding, slipSums } from "./payslip_words.js";
import { sheetLines, wageSum } from "./wage_lines.js";

const MOST_LETTERS = 2000;

/** @typedef {{draft: {text: string}, isAsking: boolean, isSaving: boolean, error: string}} SlipState */

/** @param {import("../app.js").App} app @param {{month: string}} params */
export async function payslipScreen(app, { month }) {
  const { capture } = await databases(/** @type {any} */ (app.session).personId);
  const find = () => app.company?.sheets.find((sheet) => sheet.month === month);
  const kept = await keptDraft(capture, `payslip:${month}`, { text: "" }, app.draw);
  /** @type {SlipState} */
  const state = { draft: kept.draft, isAsking: kept.draft.text !== "", isSaving: false, error: "" };

  /** @param {"seen" | "confirmed" | "objected"} action @param {string} text */
  async function note(action, text) {
    if (state.isSaving) return;
    state.isSaving = true;
    const entity = { type: "payslip_step", id: uuid7() };
    const record = { kind: /** @type {const} */ ("record"), form: "payslip_step.v1", entity, body: { month, action, text }, blobs: [] };
    try {
      await kept.close();
      await saveRecord(capture, { ...record, scope: `user:${app.company?.person.id}` }, action === "objected" ? kept.key : null);
      Object.assign(state, { error: "", isAsking: false });
      if (action === "objected") kept.draft.text = "";
    } catch (fault) {
      state.error = saveFaultText(fault);
    }
    kept.reopen();
    state.isSaving = false;
    app.draw();
    if (state.error) bringUp("[role=alert]");
  }

  async function object() {
    if (kept.draft.text.trim()) return note("objected", kept.draft.text.trim());
    state.error = t("payslip.object.empty");
    app.draw();
    bringUp("[role=alert]");
  }

  /** @param {string} text */
  function write(text) {
    state.error = "";
    void kept.change({ text });
  }

  const sheet = find();
  const isNew = sheet?.state === "closed" && slipStanding(sheet, /** @type {any} */ (app.company)).last === "";
  if (isNew) await note("seen", "");
  return {
    title: () => t("payslip.title", { month: monthText(month, app.company?.month) }),
    view: () => (find() ? view(app, find(), state, { note, object, write }) : gone()),
  };
}

function gone() {
  return html`${topbar(t("payslips"), { back: "#/month" })}<main class="main">${empty("wallet", "payslip.none")}</main>`;
}

/** @param {import("../app.js").App} app @param {any} sheet @param {SlipState} state @param {{note: (action: any, text: string) => void, object: () => void, write: (text: string) => void}} deeds */
function view(app, sheet, state, deeds) {
  const company = /** @type {import("../company.js").Company} */ (app.company);
  const standing = slipStanding(sheet, company);
  const isOpen = sheet.state === "closed" && standing.last !== "objected";
  return html`${topbar(t("payslip.title", { month: monthText(sheet.month, company.month) }), { back: "#/month" })}
    <main class="main">
      <div class="card stack s"><div class="line between"><h2>${t("payslip.total")}</h2>${chip(standing.state, standing.words)}</div>
        <p class="big num" data-testid="payslip-total">${wageSum(sheet.total_yuan)}</p>
        <dl class="kv">${slipSums(sheet).map(({ name, amount, note }) => html`<div><dt>${name}${note ? html`<p class="small">${note}</p>` : nothing}</dt><dd class="num">${amount}</dd></div>`)}</dl>
        <p class="small quiet">${t(sheet.state === "closed" ? "payslip.closed" : "payslip.draft")}</p></div>
      ${sheetLines(sheet, company)} ${steps(sheet, standing, company)} ${state.isAsking && isOpen ? question(state, deeds.write) : nothing}
      ${faultBanner(state.error)}
    </main>
    ${isOpen ? html`<footer class="bottom"><div class="actions">${answers(app, state, standing.last === "confirmed", deeds)}</div></footer>` : nothing}`;
}

/** Whoever confirmed by mistake asks all the same. @param {import("../app.js").App} app @param {SlipState} state @param {boolean} isConfirmed @param {{note: (action: any, text: string) => void, object: () => void, write: (text: string) => void}} deeds */
function answers(app, state, isConfirmed, deeds) {
  const ask = (/** @type {boolean} */ isAsking) => {
    Object.assign(state, { isAsking, error: "" });
    app.draw();
    if (isAsking) bringUp("#slip-text");
  };
  if (state.isAsking)
    return html`<button class="button back" aria-label=${t("back")} @click=${() => ask(false)}>${icon("back")}</button>
      <button class="button primary" data-testid="payslip-send" ?disabled=${state.isSaving} @click=${deeds.object}>${icon("object")}${t("payslip.object.send")}</button>`;
  if (isConfirmed)
    return html`<button class="button wide" data-testid="payslip-object" @click=${() => ask(true)}>${t("payslip.object")}</button>`;
  return html`<button class="button" data-testid="payslip-object" @click=${() => ask(true)}>${t("payslip.object")}</button>
    <button class="button primary" data-testid="payslip-confirm" ?disabled=${state.isSaving} @click=${() => deeds.note("confirmed", "")}>${icon("check")}${t("payslip.confirm")}</button>`;
}

/** @param {SlipState} state @param {(text: string) => void} write */
function question(state, write) {
  const type = (/** @type {InputEvent} */ event) => write(/** @type {HTMLTextAreaElement} */ (event.target).value);
  return html`<div class="field"><label for="slip-text">${t("payslip.object.text")}</label><div class="input area"><textarea id="slip-text" data-testid="payslip-text" rows="3" maxlength=${MOST_LETTERS} .value=${state.draft.text} @input=${type}></textarea></div></div>`;
}

/** @param {any} sheet @param {import("./payslip_words.js").SlipStanding} standing @param {import("../company.js").Company} company */
function steps(sheet, standing, company) {
  const told = sheet.steps ?? [];
  if (!told.length && !standing.waiting.length) return nothing;
  return html`<section class="section" aria-labelledby="told"><h2 id="told">${t("payslip.answer")}</h2><div class="card stack s" data-testid="payslip-steps">
    ${told.map((/** @type {any} */ step) => html`<div class="stack xs"><p class="line between">${stateText(step.action === "objected" ? "waiting" : "done", t(`payslip.step.${step.says ?? step.action}`))}<span class="small quiet"><span translate="no">${step.by_name}</span> <span class="num">${momentText(step.at, company.today)}</span></span></p>${step.text ? html`<p class="small note-text" translate="no">${step.text}</p>` : nothing}</div>`)}
    ${standing.waiting.map((row) => html`<div class="stack xs"><p class="line between">${stateText("waiting", t(`payslip.step.${row.body.action}`))}<span class="small quiet">${t("payslip.waiting")}</span></p>${row.body.text ? html`<p class="small note-text" translate="no">${row.body.text}</p>` : nothing}</div>`)}
  </div></section>`;
}
