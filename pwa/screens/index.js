// @ts-check
// Every screen by the name that the router gives it. A module is fetched when its screen is first opened.

import { coded } from "../db/problems.js";

/** @typedef {(app: any, params: any) => any} MakeScreen */

/** @type {Record<string, () => Promise<MakeScreen>>} */
const SCREENS = {
  today: async () => (await import("./today.js")).todayScreen,
  outlets: async () => (await import("./outlets.js")).outletsScreen,
  outlet: async () => (await import("./outlet.js")).outletScreen,
  new_outlet: async () => (await import("./new_outlet.js")).newOutletScreen,
  edit_file: async () => (await import("./edit_file.js")).editFileScreen,
  identity: async () => (await import("./identity.js")).identityScreen,
  saved_outlet: async () => (await import("./saved_outlet.js")).savedOutletScreen,
  visit: async () => (await import("./visit.js")).visitScreen,
  past_visit: async () => (await import("./past_visit.js")).pastVisitScreen,
  correction: async () => (await import("./correction.js")).correctionScreen,
  saved: async () => (await import("./saved.js")).savedScreen,
  new_complaint: async () => (await import("./new_complaint.js")).newComplaintScreen,
  complaint: async () => (await import("./complaint.js")).complaintScreen,
  material_request: async () => (await import("./materials.js")).materialRequestScreen,
  delivery: async () => (await import("./materials.js")).deliveryScreen,
  training: async () => (await import("./training.js")).trainingScreen,
  churn: async () => (await import("./churn.js")).churnScreen,
  new_follow_up: async () => (await import("./follow_up.js")).newFollowUpScreen,
  follow_up: async () => (await import("./follow_up.js")).followUpScreen,
  month: async () => (await import("./month.js")).monthScreen,
  finding: async () => (await import("./finding.js")).findingScreen,
  payslip: async () => (await import("./payslip.js")).payslipScreen,
  me: async () => (await import("./me.js")).meScreen,
  unfinished: async () => (await import("./unfinished.js")).unfinishedScreen,
  sync: async () => (await import("./sync.js")).syncScreen,
  export: async () => (await import("./export.js")).exportScreen,
  privacy: async () => (await import("./privacy.js")).privacyScreen,
  lock: async () => (await import("./lock.js")).lockScreen,
  new_pin: async () => (await import("./lock.js")).newPinScreen,
  unlock: async () => (await import("./unlock.js")).unlockScreen,
  sign_in: async () => (await import("./sign_in.js")).signInScreen,
  sign_in_password: async () => (await import("./sign_in.js")).signInPasswordScreen,
  sign_in_link: async () => (await import("./sign_in.js")).signInLinkScreen,
  sign_in_code: async () => (await import("./sign_in.js")).signInCodeScreen,
};

/** Rejects with the code `screen_not_here` when there was no network to fetch it by. @param {string} name @returns {Promise<MakeScreen>} */
export async function screenNamed(name) {
  try {
    return await SCREENS[name]();
  } catch (fault) {
    throw coded("screen_not_here", { cause: fault });
  }
}

/** Fetch what is not here yet, so that a page runs one build to its end: a newer one may take over the phone's storage any time. The rep's taps come between. */
export async function fetchAllScreens() {
  for (const fetchScreen of Object.values(SCREENS)) {
    await fetchScreen();
    await new Promise((resolve) => setTimeout(resolve));
  }
}
