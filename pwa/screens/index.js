// @ts-check
// Every screen by the name that the router gives it.
import { churnScreen } from "./churn.js";
import { complaintScreen } from "./complaint.js";
import { editFileScreen } from "./edit_file.js";
import { exportScreen } from "./export.js";
import { findingScreen } from "./finding.js";
import { deliveryScreen, materialRequestScreen } from "./materials.js";
import { meScreen } from "./me.js";
import { monthScreen } from "./month.js";
import { newComplaintScreen } from "./new_complaint.js";
import { newOutletScreen } from "./new_outlet.js";
import { outletScreen } from "./outlet.js";
import { outletsScreen } from "./outlets.js";
import { pastVisitScreen } from "./past_visit.js";
import { payslipScreen } from "./payslip.js";
import { privacyScreen } from "./privacy.js";
import { savedScreen } from "./saved.js";
import { savedOutletScreen } from "./saved_outlet.js";
import { signInCodeScreen, signInLinkScreen, signInPasswordScreen, signInScreen } from "./sign_in.js";
import { syncScreen } from "./sync.js";
import { todayScreen } from "./today.js";
import { trainingScreen } from "./training.js";
import { visitScreen } from "./visit.js";

/** @type {Record<string, (app: any, params: any) => any>} */
export const SCREENS = {
  today: todayScreen,
  outlets: outletsScreen,
  outlet: outletScreen,
  new_outlet: newOutletScreen,
  edit_file: editFileScreen,
  saved_outlet: savedOutletScreen,
  visit: visitScreen,
  past_visit: pastVisitScreen,
  saved: savedScreen,
  new_complaint: newComplaintScreen,
  complaint: complaintScreen,
  material_request: materialRequestScreen,
  delivery: deliveryScreen,
  training: trainingScreen,
  churn: churnScreen,
  month: monthScreen,
  finding: findingScreen,
  payslip: payslipScreen,
  me: meScreen,
  sync: syncScreen,
  export: exportScreen,
  privacy: privacyScreen,
  sign_in: signInScreen,
  sign_in_password: signInPasswordScreen,
  sign_in_link: signInLinkScreen,
  sign_in_code: signInCodeScreen,
};
