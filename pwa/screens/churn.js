// @ts-check
// 离网确认: whether the customer has left, as seen at the outlet; marketing's word within its working days.
import { isWordOver } from "../db/overlay_work.js";
import { churnWordRecord, missing, newPaper } from "../forms/paper_drafts.js";
import { t } from "../i18n/index.js";
import { previousMonth } from "../rules/months.js";
import { dayText, monthText } from "../ui/format.js";
import { empty, topbar } from "../ui/parts.js";
import { html } from "../vendor/lit-html/lit-html.js";
import { clockCard } from "./clock_card.js";
import { area, choice } from "./paper_fields.js";
import { nothingToFill, paperForm, paperGround } from "./paper_form.js";

/** @param {import("../app.js").App} app @param {{caseId: string}} params */
export async function churnScreen(app, { caseId }) {
  const key = `churn:${caseId}`;
  const found = app.company?.work.churnCases.find((one) => one.id === caseId) ?? null;
  if (found?.isOpen && isWordOver(found, app.company?.today ?? "")) return wordOver(found);
  const ground = await paperGround(app, key, found?.outlet_id ?? "", found);
  if (!ground) return nothingToFill(t("paper.churn"), found?.outlet_id ?? "");
  const churnCase = ground.about;
  return paperForm(app, {
    key,
    fresh: newPaper({ is_gone: "", note: "" }),
    title: t("paper.churn"),
    ground,
    steps: [{ name: "what", view: (form) => view(form, churnCase), faults: (draft) => missing(draft, ["is_gone", "note"]) }],
    record: (draft, at) => churnWordRecord(churnCase, draft, at),
    saveWords: t("paper.churn.save"),
  });
}

/** Why there is no form any more. @param {any} churnCase */
function wordOver({ outlet_id, due_on }) {
  const title = t("paper.churn");
  const view = () =>
    html`${topbar(title, { back: `#/outlets/${outlet_id}` })}<main class="main">${empty("flag", "churn.over", t("churn.over.text", { day: dayText(due_on) }))}</main>`;
  return { title: () => title, view };
}

/** @param {import("./paper_form.js").Form} form @param {any} churnCase */
function view(form, churnCase) {
  const last = previousMonth(churnCase.month);
  return html`${clockCard(form.app, churnCase)}
    <p>${t("paper.churn.why", { month: monthText(last), before: monthText(previousMonth(last)) })}</p>
    ${choice(form, "is_gone", ["yes", "no"], { isWide: true })} ${area(form, "note")}`;
}
