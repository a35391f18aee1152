/** A finding as phones get it, proposed and open to objections until `object_until`. */
export function proposedFinding(changes = {}) {
  const what = { id: "f1", kind: "missed_visit", kind_zh: "", is_award: false, amount_yuan: "50.00" };
  return { ...what, state: "proposed", object_until: "2026-11-09", objections: [], ...changes };
}
