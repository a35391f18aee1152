// @ts-check
// 培训记录 (附表三): where, what, who came, a photo, and the signature of the outlet, or why there is none.
import { trainingPlan, untrained } from "../db/overlay_work.js";
import { missing, namesIn, newPaper, trainingRecord } from "../forms/paper_drafts.js";
import { t } from "../i18n/index.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { area, choice, facts, line } from "./paper_fields.js";
import { nothingToFill, paperForm, paperGround, unsignedWords } from "./paper_form.js";

const MOST_PHOTOS = 3;
const MOST_NAMES = 30;

/** @param {import("../app.js").App} app @param {{outletId: string}} params */
export async function trainingScreen(app, { outletId }) {
  const company = app.company;
  const key = `training:${outletId}`;
  const ground = await paperGround(app, key, outletId);
  if (!company || !ground) return nothingToFill(t("paper.training"), outletId);
  const planned = company.work.plannedTrainings.find((one) => one.outlet_id === outletId && one.month === company.month);
  const isPlanned = waitsPlanned(company, outletId);
  const isFirst = !isPlanned && untrained([ground.outlet], company.work.trainings, company.today).length > 0;
  const answers = {
    place: planned?.place || ground.outlet.address || "",
    content: planned?.content ?? "",
    is_new_customer: isFirst ? "yes" : "no",
  };
  return paperForm(app, {
    key,
    fresh: newPaper({ ...answers, attendees: "", attendee_count: "" }),
    title: t("paper.training"),
    ground,
    steps: [
      { name: "training", view: (form) => view(form, isPlanned), faults },
      { name: "sign", view: summary, faults: () => ({}), isSigned: () => true },
    ],
    record: (draft, at) => trainingRecord(outletId, draft, at),
    saveWords: "",
    photoTitle: t("paper.training.photo"),
    unsigned: unsignedWords(company, "training", company.today),
  });
}

/** Whether a training of the month's plan is still to be held at the outlet. @param {import("../company.js").Company} company @param {string} outletId */
function waitsPlanned({ work, month }, outletId) {
  return trainingPlan(work, month).left.some((one) => one.outlet_id === outletId);
}

/** @param {any} draft @returns {Record<string, string>} */
function faults(draft) {
  const found = missing(draft, ["content", "attendee_count"]);
  const names = namesIn(draft.attendees);
  if (!/^[1-9]\d{0,2}$/.test(draft.attendee_count.trim())) found.attendee_count ??= "paper.bad.attendee_count";
  if (names.length > MOST_NAMES || names.some((name) => name.length > 60)) found.attendees = "paper.bad.attendees";
  if (!draft.photos.length) found.photos = "paper.missing.photos";
  return found;
}

/** @param {import("./paper_form.js").Form} form @param {boolean} isPlanned */
function view(form, isPlanned) {
  const isBeside = isPlanned && form.draft.is_new_customer === "yes";
  return html`${area(form, "content")} ${line(form, "attendee_count", { most: 3, mode: "numeric" })} ${area(form, "attendees", { isOptional: true, rows: 2 })}
    ${line(form, "place", { most: 200, isOptional: true })} ${choice(form, "is_new_customer", ["no", "yes"])}
    ${isBeside ? html`<p class="small quiet" role="status">${t("paper.is_new_customer.beside")}</p>` : nothing}
    <section class="section" aria-labelledby="photos"><h2 id="photos">${t("paper.training.photo")}</h2>${form.photos({ title: t("paper.training.photo"), add: t("paper.training.photo.add"), most: MOST_PHOTOS, testId: "paper-photo", isNeeded: true })}</section>`;
}

/** What the other side signs. @param {import("./paper_form.js").Form} form */
function summary({ app, draft }) {
  return html`<p class="small quiet">${t("paper.sign.training")}</p>
    ${facts([
      [t("paper.content"), draft.content],
      [t("paper.attendee_count"), draft.attendee_count],
      [t("paper.trainer"), app.company?.person.name ?? ""],
    ])}`;
}
