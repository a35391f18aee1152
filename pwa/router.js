// @ts-check
// Which screen an address shows: `#/outlets/<id>` and the like.

/** @typedef {{name: string, params: Record<string, string>}} Place */

/** @type {[string, RegExp, string[]][]} */
const ROUTES = [
  ["today", /^\/today$/, []],
  ["outlets", /^\/outlets$/, []],
  ["new_outlet", /^\/outlets\/new$/, []],
  ["outlet", /^\/outlets\/([^/]+)$/, ["outletId"]],
  ["visit", /^\/outlets\/([^/]+)\/visit$/, ["outletId"]],
  ["edit_file", /^\/outlets\/([^/]+)\/file$/, ["outletId"]],
  ["edit_file", /^\/outlets\/([^/]+)\/file\/([^/]+)$/, ["outletId", "missing"]],
  ["identity", /^\/outlets\/([^/]+)\/identity$/, ["outletId"]],
  ["saved_outlet", /^\/outlets\/([^/]+)\/saved$/, ["outletId"]],
  ["new_complaint", /^\/outlets\/([^/]+)\/complaint\/new$/, ["outletId"]],
  ["material_request", /^\/outlets\/([^/]+)\/request$/, ["outletId"]],
  ["training", /^\/outlets\/([^/]+)\/training$/, ["outletId"]],
  ["new_follow_up", /^\/outlets\/([^/]+)\/follow-up$/, ["outletId"]],
  ["new_follow_up", /^\/outlets\/([^/]+)\/follow-up\/([^/]+)$/, ["outletId", "followUpId"]],
  ["follow_up", /^\/follow-ups\/([^/]+)$/, ["followUpId"]],
  ["complaint", /^\/complaints\/([^/]+)$/, ["complaintId"]],
  ["delivery", /^\/requests\/([^/]+)$/, ["requestId"]],
  ["churn", /^\/churn\/([^/]+)$/, ["caseId"]],
  ["past_visit", /^\/visits\/([^/]+)$/, ["visitId"]],
  ["correction", /^\/visits\/([^/]+)\/correction$/, ["visitId"]],
  ["saved", /^\/saved\/([^/]+)$/, ["visitId"]],
  ["month", /^\/month$/, []],
  ["payslip", /^\/payslips\/([^/]+)$/, ["month"]],
  ["finding", /^\/findings\/([^/]+)$/, ["findingId"]],
  ["me", /^\/me$/, []],
  ["unfinished", /^\/unfinished$/, []],
  ["sync", /^\/sync$/, []],
  ["export", /^\/export\/([^/]+)$/, ["personId"]],
  ["privacy", /^\/privacy$/, []],
  ["lock", /^\/lock$/, []],
  ["new_pin", /^\/lock\/new$/, []],
  ["unlock", /^\/unlock$/, []],
  ["sign_in", /^\/sign-in$/, []],
  ["sign_in_password", /^\/sign-in\/password$/, []],
  ["sign_in_link", /^\/sign-in\/link$/, []],
  ["sign_in_code", /^\/link\/([^/]+)$/, ["code"]],
];

/** Screens that need nobody signed in. */
export const OPEN_SCREENS = new Set(["sign_in", "sign_in_password", "sign_in_link", "sign_in_code", "privacy", "export", "unlock"]);

/** The place of an address's fragment; today when it names none. @param {string} hash @returns {Place} */
export function placeOf(hash) {
  const path = hash.replace(/^#/, "").split("?")[0];
  for (const [name, pattern, names] of ROUTES) {
    const found = pattern.exec(path);
    if (found) return { name, params: Object.fromEntries(names.map((key, at) => [key, decodeURIComponent(found[at + 1])])) };
  }
  return { name: "today", params: {} };
}

/** @param {string} path such as `/today` */
export function go(path) {
  location.hash = `#${path}`;
}

/** Go without leaving the present screen in the history. @param {string} path */
export function replace(path) {
  history.replaceState(null, "", `#${path}`);
  dispatchEvent(new HashChangeEvent("hashchange"));
}
