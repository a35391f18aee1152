// @ts-check
// 中文，默认语言。
import { basics } from "./zh/basics.js";
import { sign_in } from "./zh/sign_in.js";
import { lock } from "./zh/lock.js";
import { day } from "./zh/day.js";
import { visit } from "./zh/visit.js";
import { phone } from "./zh/phone.js";
import { sending } from "./zh/sending.js";
import { file } from "./zh/file.js";
import { identity } from "./zh/identity.js";
import { findings } from "./zh/findings.js";
import { payslips } from "./zh/payslips.js";
import { work } from "./zh/work.js";

/** @type {Record<string, string>} */
export const zh = {
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
