// @ts-check
// Every form under way on this phone, of whatever kind: what it is about and where it goes on. Pure.
import { formKey } from "../db/drafts.js";
import { isWordOver } from "../db/overlay_work.js";
import { isUnfinished } from "./begun.js";

/** The kinds, by the part of a draft's key before the colon: the key of the form's name, the place that it is filled in at, and where the work has what it is about. */
const KINDS =
  /** @type {Record<string, {title: string, path: (id: string, of: string) => string, work?: "complaints" | "requests" | "churnCases" | "followUps"}>} */ ({
    visit: { title: "visit", path: (id) => `/outlets/${id}/visit` },
    correction: { title: "correction", path: (id) => `/visits/${id}/correction` },
    new_outlet: { title: "new_outlet", path: () => "/outlets/new" },
    outlet_edit: { title: "file.edit", path: (id) => `/outlets/${id}/file` },
    complaint: { title: "paper.complaint", path: (id) => `/outlets/${id}/complaint/new` },
    complaint_result: { title: "paper.complaint_result", path: (id) => `/complaints/${id}`, work: "complaints" },
    material_request: { title: "paper.material_request", path: (id) => `/outlets/${id}/request` },
    delivery: { title: "paper.delivery", path: (id) => `/requests/${id}`, work: "requests" },
    training: { title: "paper.training", path: (id) => `/outlets/${id}/training` },
    churn: { title: "paper.churn", path: (id) => `/churn/${id}`, work: "churnCases" },
    follow_up: { title: "paper.follow_up", path: (id, of) => `/outlets/${id}/follow-up${of && `/${of}`}` },
    follow_up_look: { title: "paper.look", path: (id) => `/follow-ups/${id}`, work: "followUps" },
    objection: { title: "record.finding_objection", path: (id) => `/findings/${id}` },
    payslip: { title: "payslip.object", path: (id) => `/payslips/${id}` },
  });

/**
 * @typedef {object} Unfinished
 * @property {string} key of its draft
 * @property {string} title key of the form's name
 * @property {string} path where it goes on
 * @property {string} outlet its name; "" where nothing on the phone says it any more, or it is of no outlet
 * @property {string} over key of why it goes on no more, or ""
 * @property {string} savedAt the last change, an instant of the phone's clock
 */

/** Those in which something stands or that cannot be read, in the order given. @param {import("../db/drafts.js").KeptDraft[]} drafts @param {import("../company.js").Company} company @returns {Unfinished[]} */
export function unfinishedForms(drafts, company) {
  return drafts.filter(isUnfinished).flatMap(({ key, draft, savedAt, isDamaged }) => {
    const [kind, id = "", of = ""] = formKey(key).split(":");
    const found = KINDS[kind];
    if (isDamaged)
      return [
        { key, title: found?.title ?? "unfinished", path: "", outlet: outletName({}, id, company), over: "unfinished.damaged", savedAt },
      ];
    if (!found) return [];
    return [
      {
        key,
        title: found.title,
        path: found.path(id, of),
        outlet: outletName(draft, id, company),
        over: overWord(kind, draft, id, company),
        savedAt,
      },
    ];
  });
}

/** As the form itself would say when it is opened. @param {string} kind @param {any} draft @param {string} id @param {import("../company.js").Company} company @returns {string} */
function overWord(kind, draft, id, { work, today }) {
  const rows = KINDS[kind].work;
  if (!rows) return "";
  const about = work[rows].find((one) => one.id === id);
  if (!about) return draft.about ? "" : "paper.gone"; // from before drafts kept it
  if (!about.isOpen || about.isOthers) return "paper.gone";
  return kind === "churn" && isWordOver(about, today) ? "churn.over" : "";
}

/** By the draft itself, or by what the phone has of what it is about. @param {any} draft @param {string} id @param {import("../company.js").Company} company @returns {string} */
function outletName(draft, id, { outletById, work, findings }) {
  const said = draft.outlet?.name || draft.typed?.name;
  if (said) return said;
  const about = [...work.complaints, ...work.requests, ...work.churnCases, ...work.followUps, ...findings].find((one) => one.id === id);
  const outlet = outletById.get(draft.outlet_id ?? about?.outlet_id ?? id);
  return outlet?.name ?? about?.outlet_name ?? "";
}
