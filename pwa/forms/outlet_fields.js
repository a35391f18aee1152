// @ts-check
// The fields of an outlet's file as a person types them, and as they are sent (server/outlets/fields.py). Pure.
import { monthOf, previousMonth } from "../rules/months.js";

/**
 * @typedef {"text" | "count" | "decimal" | "yes_no" | "cashiers" | "position" | "photo"} Kind
 * @typedef {{kind: Kind, most?: number, least?: number, isSensitive?: boolean, isNullable?: boolean}} Field
 * @typedef {{name: string, is_certified: boolean | null}} Cashier
 */

/** @type {Record<string, Field>} */
export const FIELDS = {
  name: { kind: "text", most: 120, least: 1 },
  address: { kind: "text", most: 200 },
  position_text: { kind: "text", most: 200 },
  position: { kind: "position", isSensitive: true },
  chain_outlets: { kind: "count", isSensitive: true },
  is_franchised_or_own_hall: { kind: "yes_no", isSensitive: true },
  floor_area_m2: { kind: "decimal", isSensitive: true },
  monthly_fee_yuan: { kind: "decimal", isSensitive: true },
  monthly_payments: { kind: "count" },
  households_nearby: { kind: "count" },
  person_in_charge: { kind: "text", most: 60, isSensitive: true },
  phone: { kind: "text", most: 40 },
  contact: { kind: "text", most: 120 },
  agent_name: { kind: "text", most: 120, isSensitive: true },
  account_no: { kind: "text", most: 40, isSensitive: true, isNullable: true },
  cashiers: { kind: "cashiers" },
  are_materials_complete: { kind: "yes_no" },
  are_materials_placed_right: { kind: "yes_no" },
  is_tidy: { kind: "yes_no" },
  storefront_photo: { kind: "photo" },
  counter_photo: { kind: "photo" },
};

export const CLASS_FIELDS = ["chain_outlets", "is_franchised_or_own_hall", "floor_area_m2", "monthly_fee_yuan"];
export const MOST_CASHIERS = 20;
const MOST_COUNT = 10_000_000;
const WHOLE_DIGITS = 8;

/** What the form shows for a value. @param {string} name @param {any} value @returns {any} */
export function typedOf(name, value) {
  const { kind } = FIELDS[name];
  if (kind === "text") return value ?? "";
  if (kind === "count") return value === null ? "" : String(value);
  if (kind === "decimal")
    return value === null
      ? ""
      : String(value)
          .replace(/(\.[0-9]*?)0+$/, "$1")
          .replace(/\.$/, "");
  return structuredClone(value ?? (kind === "cashiers" ? [] : null));
}

/**
 * The value to send for what was typed, or what is wrong with it.
 * @param {string} name @param {any} typed @returns {{value: any, fault: "" | "required" | "too_long" | "count" | "decimal" | "cashiers"}}
 */
export function readTyped(name, typed) {
  const field = FIELDS[name];
  if (field.kind === "text") return readText(field, typed);
  if (field.kind === "count") return readCount(typed);
  if (field.kind === "decimal") return readDecimal(typed);
  if (field.kind === "cashiers") return readCashiers(typed);
  if (field.kind === "position") return { value: sentPosition(typed), fault: "" };
  return { value: typed, fault: "" };
}

/** @param {Field} field @param {string} typed @returns {ReturnType<typeof readTyped>} */
function readText({ most = 0, least = 0, isNullable }, typed) {
  const text = typed.trim();
  const length = [...text].length; // as Python counts
  if (length < least) return { value: text, fault: "required" };
  if (length > most) return { value: text, fault: "too_long" };
  return { value: isNullable && text === "" ? null : text, fault: "" };
}

/** Full-width digits and the commas of thousands are fine. @param {string} typed */
function plainNumber(typed) {
  return typed.normalize("NFKC").replace(/[\s,]/g, "");
}

/** @param {string} typed @returns {ReturnType<typeof readTyped>} */
function readCount(typed) {
  const text = plainNumber(typed);
  if (text === "") return { value: null, fault: "" };
  const isCount = /^[0-9]{1,8}$/.test(text) && Number(text) <= MOST_COUNT;
  return isCount ? { value: Number(text), fault: "" } : { value: null, fault: "count" };
}

/** @param {string} typed @returns {ReturnType<typeof readTyped>} a text with two decimals */
function readDecimal(typed) {
  const text = plainNumber(typed);
  if (text === "") return { value: null, fault: "" };
  const found = /^([0-9]+)(?:\.([0-9]{0,2}))?$/.exec(text);
  const whole = found?.[1].replace(/^0+(?=[0-9])/, "") ?? "";
  if (!found || whole.length > WHOLE_DIGITS) return { value: null, fault: "decimal" };
  return { value: `${whole}.${(found[2] ?? "").padEnd(2, "0")}`, fault: "" };
}

/** Lines without a name are left out, unless something else was said in them. @param {Cashier[]} typed @returns {ReturnType<typeof readTyped>} */
function readCashiers(typed) {
  const cashiers = typed.map(({ name, is_certified }) => ({ name: name.trim(), is_certified }));
  const named = cashiers.filter((one) => one.name !== "");
  const isNameless = cashiers.some((one) => one.name === "" && one.is_certified !== null);
  const isTooLong = named.some((one) => [...one.name].length > 60);
  return { value: named, fault: isNameless || isTooLong ? "cashiers" : "" };
}

/** When it was taken is for the person at the form only. @param {any} typed */
function sentPosition(typed) {
  return typed && { lat: typed.lat, lon: typed.lon, accuracy_m: typed.accuracy_m };
}

/** What is wrong with each of these fields. @param {Record<string, any>} typed @param {string[]} names @returns {Record<string, string>} */
export function faultsOf(typed, names) {
  const faults = names.map((name) => [name, name in typed ? readTyped(name, typed[name]).fault : ""]);
  return Object.fromEntries(faults.filter(([, fault]) => fault));
}

/** What the manager's approval needs, and this file still lacks. @param {any} outlet its document @returns {string[]} names of fields */
export function missingForApproval(outlet) {
  return ["name", "address", "person_in_charge", "phone", "storefront_photo"].filter((name) => !outlet[name]);
}

/**
 * Whether the outlet would not count as a new customer for want of an ID number (RULEBOOK §10): files on their way to approval, and those
 * whose account was made in a month that is not closed yet.
 * @param {any} outlet its document @param {string} month the running one @param {any[]} sheets the person's wage sheets
 */
export function lacksIdentity(outlet, month, sheets) {
  if (outlet.id_masked || outlet.refused) return false;
  if (!outlet.account_made_on) return outlet.state === "draft" || outlet.state === "returned";
  const made = monthOf(outlet.account_made_on);
  return made >= previousMonth(month) && !sheets.some((sheet) => sheet.month >= made && sheet.state === "closed");
}

/** Whether two values are the same in the file; decimals by their two places. @param {string} name @param {any} one @param {any} other */
export function isSameValue(name, one, other) {
  const plain = (/** @type {any} */ value) => (FIELDS[name].kind === "decimal" && value != null ? readDecimal(String(value)).value : value);
  return contentOf(plain(one) ?? null) === contentOf(plain(other) ?? null);
}

/** A value as text, its keys in one order: the server sends them in another than the phone writes them. @param {any} value @returns {string} */
function contentOf(value) {
  const ordered = (/** @type {string} */ _key, /** @type {any} */ part) =>
    part && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part;
  return JSON.stringify(value, ordered);
}
