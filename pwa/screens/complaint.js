// @ts-check
// 投诉处理 (附表五): what was found, what was done, what the customer thinks of it, and the customer's signature.
import { complaintResultRecord, missing, newPaper } from "../forms/paper_drafts.js";
import { t } from "../i18n/index.js";
import { bringUp } from "../ui/focus.js";
import { dayText, maskedPhone } from "../ui/format.js";
import { icon } from "../ui/parts.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { clockCard } from "./clock_card.js";
import { area, choice, facts } from "./paper_fields.js";
import { nothingToFill, paperForm, paperGround } from "./paper_form.js";

/** Whether the customer can rate and sign, is there and will not, or is not there: the record has no field for the reason. */
const PRESENCE = ["yes", "unwilling", "no"];
const FEEDBACKS = ["satisfied", "fair", "dissatisfied"];

/** @param {import("../app.js").App} app @param {{complaintId: string}} params */
export async function complaintScreen(app, { complaintId }) {
  const key = `complaint_result:${complaintId}`;
  const found = app.company?.work.complaints.find((one) => one.id === complaintId) ?? null;
  const ground = await paperGround(app, key, found?.outlet_id ?? "", found);
  if (!ground) return nothingToFill(t("paper.complaint_result"), found?.outlet_id ?? "");
  const complaint = ground.about;
  const answers = { investigation: complaint.investigation, verdict: complaint.verdict, handling: "", is_present: "" };
  return paperForm(app, {
    key,
    fresh: newPaper({ ...answers, feedback_result: "", feedback_speed: "", feedback_text: "" }),
    title: t("paper.complaint_result"),
    ground,
    steps: [
      {
        name: "investigate",
        view: (form) => investigate(form, complaint),
        faults: (draft) => missing(draft, ["investigation", "verdict"]),
      },
      { name: "handle", view: handle, faults: (draft) => missing(draft, ["handling", "is_present"]) },
      { name: "feedback", view: feedback, faults: feedbackFaults, isSigned: isPresent },
    ],
    record: (draft, at) => complaintResultRecord(complaint, draft, at),
    saveWords: t("paper.complaint_result.save"),
  });
}

const isPresent = (/** @type {any} */ draft) => draft.is_present === "yes";

/** Only who is there and willing can be asked. @param {any} draft */
function feedbackFaults(draft) {
  return isPresent(draft) ? missing(draft, ["feedback_result", "feedback_speed"]) : {};
}

/** @param {import("./paper_form.js").Form} form @param {any} complaint */
function investigate(form, complaint) {
  const call = html`<a class="button wide" href="tel:${complaint.phone}" data-testid="call-complainant">${icon("phone")}<span class="num">${maskedPhone(complaint.phone)}</span></a>`;
  return html`${clockCard(form.app, complaint)}
    ${facts([
      [t("paper.account"), complaint.account],
      [t("paper.demand"), complaint.demand],
      [t("paper.complainant"), complaint.complainant],
      [t("complaint.received"), dayText(complaint.received_on)],
    ])}
    ${complaint.phone ? call : nothing} ${area(form, "investigation")} ${choice(form, "verdict", ["founded", "unfounded"])}`;
}

/** @param {import("./paper_form.js").Form} form */
function handle(form) {
  return [area(form, "handling"), choice(form, "is_present", PRESENCE)];
}

/** @param {import("./paper_form.js").Form} form */
export function feedback(form) {
  const { is_present } = form.draft;
  const turn = (/** @type {string} */ to, /** @type {string} */ words) => {
    const take = () => {
      void form.change({ is_present: to });
      bringUp(to === "yes" ? "[role=radio]" : "[data-testid=turn-yes]"); // the button is gone
    };
    return html`<button class="button wide" data-testid="turn-${to}" @click=${take}>${t(words)}</button>`;
  };
  if (is_present === "unwilling") return html`<p class="quiet">${t("paper.feedback.unwilling")}</p>${turn("yes", "sign.sign_after_all")}`;
  if (is_present !== "yes") return html`<p class="quiet">${t("paper.feedback.absent")}</p>`;
  return [
    choice(form, "feedback_result", FEEDBACKS),
    choice(form, "feedback_speed", FEEDBACKS),
    area(form, "feedback_text", { isOptional: true, rows: 2 }),
    turn("unwilling", "paper.feedback.refuses"),
  ];
}
