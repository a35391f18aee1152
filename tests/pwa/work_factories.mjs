// What waits at outlets, and what of a company it is read from.
import { POLICY_DEFAULTS } from "../../pwa/rules/policy_defaults.js";

export const AT = "2026-11-26T02:00:00.000Z"; // a Thursday
export const YEARS = { 2026: { year: 2026, is_provisional: false, off: [], on: [] } };
export const CONTEXT = { person: { id: "p1", name: "李维" }, policyOf: () => POLICY_DEFAULTS, workingYears: YEARS };
export const DOCS = {
  complaint: [{ id: "c1", outlet_id: "o1", state: "assigned", account: "没到账", received_on: "2026-11-23", due_on: "2026-11-26" }],
  material_request: [
    { id: "r1", outlet_id: "o1", contents: "POS 纸", requested_on: "2026-11-24", due_on: "2026-11-27", delivered_on: null },
  ],
  training: [],
  planned_training: [{ id: "o1:2026-11", outlet_id: "o1", month: "2026-11", planned_on: null, place: "", content: "" }],
  follow_up: [],
  churn_case: [{ id: "k1", outlet_id: "o2", month: "2026-11", listed_on: "2026-11-20", due_on: "2026-11-30", state: "open" }],
};

/** What of a company the open work is read from. */
export function on(work, today = "2026-11-26") {
  return { work, outlets: [], month: "2026-11", today };
}

/** The operation that a record becomes. */
export function opOf(captured, { offset_ms = null, code = null } = {}) {
  return { ...captured, body_text: JSON.stringify(captured.body), t: { offset_ms }, code };
}
