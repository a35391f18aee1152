// @ts-check
// 投诉登记 (附表五): what a customer complains about, taken down at the outlet; ops assigns it.
import { complaintRecord, missing, newPaper } from "../forms/paper_drafts.js";
import { t } from "../i18n/index.js";
import { area, choice, line } from "./paper_fields.js";
import { nothingToFill, paperForm, paperGround } from "./paper_form.js";

export const COMPLAINT_KINDS = ["settlement", "equipment", "materials", "service", "other"];

/** @param {import("../app.js").App} app @param {{outletId: string}} params */
export async function newComplaintScreen(app, { outletId }) {
  const key = `complaint:${outletId}`;
  const ground = await paperGround(app, key, outletId);
  if (!ground) return nothingToFill(t("paper.complaint"), outletId);
  return paperForm(app, {
    key,
    fresh: newPaper({ kind: "", complainant: "", phone: "", account: "", demand: "" }),
    title: t("paper.complaint"),
    ground,
    steps: [{ name: "what", view, faults: (draft) => missing(draft, ["kind", "account", "complainant"]) }],
    record: (draft, at) => complaintRecord(outletId, draft, at),
    saveWords: t("paper.complaint.save"),
  });
}

/** @param {import("./paper_form.js").Form} form */
function view(form) {
  return [
    choice(form, "kind", COMPLAINT_KINDS, { isWide: true }),
    area(form, "account"),
    line(form, "complainant", { most: 60 }),
    line(form, "phone", { most: 40, type: "tel", mode: "tel", isOptional: true }),
    area(form, "demand", { isOptional: true, rows: 2 }),
  ];
}
