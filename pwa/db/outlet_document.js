// @ts-check
/** An outlet's document as the feed brings it, and the fields of its file in it (server/outlets/fields.py). Pure. */
import { outletClass } from "../rules/outlet_class.js";

/** @typedef {{lat: number, lon: number, accuracy_m: number | null}} Position */

const CLASS_INPUTS = ["chain_outlets", "is_franchised_or_own_hall", "floor_area_m2", "monthly_fee_yuan"];

/** A field's value as an edit names it; undefined where this phone's document does not have the field (yet). @param {any} doc @param {string} name @returns {any} */
export function valueIn(doc, name) {
  if (CLASS_INPUTS.includes(name)) return doc.class_inputs[name];
  if (name !== "position") return doc[name];
  if (!Number.isFinite(doc.lat) || !Number.isFinite(doc.lon)) return null;
  return { lat: doc.lat, lon: doc.lon, accuracy_m: doc.position_accuracy_m ?? null };
}

/**
 * The document with other values in its fields; class and signers follow them.
 * @param {any} doc @param {Record<string, any>} values @param {import("../rules/policy.js").Policy} policy @returns {any} a new document
 */
export function withValues(doc, values, policy) {
  const changed = { ...doc, class_inputs: { ...doc.class_inputs } };
  for (const [name, value] of Object.entries(values)) {
    if (CLASS_INPUTS.includes(name)) changed.class_inputs[name] = value;
    else if (name === "position")
      Object.assign(changed, { lat: value?.lat ?? null, lon: value?.lon ?? null, position_accuracy_m: value?.accuracy_m ?? null });
    else changed[name] = value;
  }
  if (values.agent_name !== undefined && values.agent_name !== doc.agent_name) changed.is_agent_retired = false; // of the one before
  const isClassed = Object.keys(values).some((name) => CLASS_INPUTS.includes(name));
  if (isClassed && Object.values(changed.class_inputs).some((value) => value !== null)) {
    const verdict = outletClass(changed.class_inputs, policy);
    Object.assign(changed, { outlet_class: verdict.outletClass, class_reasons: verdict.reasons });
  }
  return { ...changed, signers: signersOf(changed) };
}

/** Who may sign at the counter: the person in charge first, then the cashiers. @param {any} doc */
function signersOf(doc) {
  if (!Array.isArray(doc.cashiers)) return doc.signers; // a document from before cashiers were sent
  const owner = doc.person_in_charge ? [{ name: doc.person_in_charge, role: "owner" }] : [];
  return [...owner, ...doc.cashiers.map((/** @type {any} */ cashier) => ({ name: cashier.name, role: "cashier" }))];
}

/**
 * The document that the server will make of a new outlet.
 * @param {any} body of `new_outlet.v1` @param {{id: string, name: string}} person @param {import("../rules/policy.js").Policy} policy @returns {any}
 */
export function newDocument(body, person, policy) {
  const bare = {
    id: body.outlet_id,
    code: `X${body.outlet_id.replaceAll("-", "").slice(-12).toUpperCase()}`,
    name: body.name,
    state: "draft",
    region_id: body.region_id,
    rep_id: person.id,
    rep_name: person.name,
    address: "",
    position_text: "",
    lat: null,
    lon: null,
    position_accuracy_m: null,
    outlet_class: "C",
    class_reasons: ["C.unknown"],
    class_history: [],
    class_inputs: Object.fromEntries(CLASS_INPUTS.map((name) => [name, null])),
    person_in_charge: "",
    id_kind: "",
    id_masked: "",
    phone: "",
    contact: "",
    cashiers: [],
    are_materials_complete: null,
    are_materials_placed_right: null,
    is_tidy: null,
    storefront_photo: null,
    counter_photo: null,
    households_nearby: null,
    monthly_payments: null,
    agent_name: "",
    is_agent_retired: false,
    account_no: null,
    account_made_on: null,
    approved_on: null,
    churned_on: null,
    signers: [],
    file_step: null,
  };
  return withValues(bare, body.fields ?? {}, policy);
}
