// @ts-check
// English, complete.
import { basics } from "./en/basics.js";
import { sign_in } from "./en/sign_in.js";
import { lock } from "./en/lock.js";
import { day } from "./en/day.js";
import { visit } from "./en/visit.js";
import { phone } from "./en/phone.js";
import { sending } from "./en/sending.js";
import { file } from "./en/file.js";
import { identity } from "./en/identity.js";
import { findings } from "./en/findings.js";
import { payslips } from "./en/payslips.js";
import { work } from "./en/work.js";

/** @type {Record<string, string>} */
export const en = {
  ...basics,
  ...sign_in,
  ...lock,
  ...day,
  ...visit,
  ...phone,
  ...sending,
  ...file,
  ...identity,
  ...findings,
  ...payslips,
  ...work,
};
