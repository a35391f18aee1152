// A visit as its screens show it, without a browser.
import { mock } from "node:test";
import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import "./chinese_page.mjs";
import { clickOf } from "./view_text.mjs";
import { openCapture, saveDraft } from "../../pwa/db/capture.js";
import { draftKey, newDraft, openDraft } from "../../pwa/forms/visit_draft.js";
import { uuid7 } from "../../pwa/ids.js";

document.querySelector = () => null;
Object.assign(globalThis, { scrollTo: () => {}, addEventListener: () => {}, removeEventListener: () => {} });
Object.assign(globalThis, { dispatchEvent: () => {}, history: { replaceState: () => {} }, HashChangeEvent: class {} });
const { visitFlow } = await import("../../pwa/screens/visit.js");

export const FORM = { ...JSON.parse(readFileSync(new URL("../../sync/forms/visit.v3.json", import.meta.url), "utf-8")), checklist: [] };
export const POLICY = {
  ...{ "visit.refusal_allowed": "true", "visit.required_photo_slots": "", "visit.position_accuracy_max_m": "50" },
  ...{ "visit.fence_radius_m": "200", "visit.fence_accuracy_cap_m": "100" },
};
export const OUTLET = { id: "o1", name: "顺达", lat: 30.66, lon: 104.07, signers: [] };
export const CHECKED_IN = "2026-11-24T01:00:00.000Z";

/** A visit under way as its screen shows it; `tap` taps a button of the step that is shown. */
export async function visitAt(changes, now, { outlet = OUTLET, policyOf = () => POLICY, form = FORM } = {}) {
  mock.timers.enable({ apis: ["Date", "setInterval"], now: new Date(now) });
  const capture = await openCapture(uuid7());
  await saveDraft(capture, draftKey("o1"), { ...newDraft("o1"), checked_in_at: CHECKED_IN, ...changes });
  const draw = () => {};
  const company = {
    today: now.slice(0, 10),
    person: { name: "小吴" },
    form,
    checklists: [],
    visits: [],
    work: { followUps: [] },
    policyOf,
  };
  const app = { company: { ...company, outletById: new Map([["o1", outlet]]) }, draw };
  const kept = await openDraft(capture, "o1", draw);
  const screen = visitFlow(app, { capture, outlet, home: "/today", kept });
  const records = async () => (await capture.read(["ops"], (tx) => tx.objectStore("ops").getAll())).length;
  return { kept, capture, records, screen, tap: (testId) => clickOf(screen.view(), `data-testid="${testId}"`)() };
}

/** Positions of the phone: `fix` comes to whoever watches. */
export function phonePositions() {
  let found = (_position) => {};
  const watchPosition = (then) => {
    found = then;
    return 1;
  };
  Object.defineProperty(globalThis, "navigator", { value: { geolocation: { watchPosition, clearWatch: () => {} } }, configurable: true });
  return (lat, lon, accuracy) => found({ coords: { latitude: lat, longitude: lon, accuracy }, timestamp: Date.now() });
}
