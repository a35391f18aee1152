// The shared vectors, on the phone's rules; tests/domain/test_vectors.py runs the same files in Python.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { digestsOf } from "../../pwa/outbox/digests.js";
import { asked, isComplete } from "../../pwa/rules/checklist.js";
import { gcj02Of } from "../../pwa/rules/gcj02.js";
import { distanceM } from "../../pwa/rules/geo.js";
import { businessDate } from "../../pwa/rules/months.js";
import { oneMoreCustomer } from "../../pwa/rules/new_customer_bonus.js";
import { outletClass } from "../../pwa/rules/outlet_class.js";
import { policyOn } from "../../pwa/rules/policy.js";
import { sealedNumber } from "../../pwa/forms/identity.js";
import { documentFault, documentNumber, isValidResidentId, masked } from "../../pwa/rules/resident_id.js";
import { areNamesAlike } from "../../pwa/rules/shop_names.js";
import { visitVerdict } from "../../pwa/rules/visit_acceptance.js";
import { countedDates, monthState, visitsOwed } from "../../pwa/rules/visit_frequency.js";
import { addWorkingDays, isWorkingDay, workingDaysBetween } from "../../pwa/rules/working_days.js";

const RUN = {
  outlet_class: (input, policy) => {
    const verdict = outletClass(input, policy);
    return { outlet_class: verdict.outletClass, reasons: verdict.reasons };
  },
  visit_acceptance: (input, policy) => {
    const verdict = visitVerdict(input, policy);
    return { counts: verdict.counts, needs_review: verdict.needsReview, reasons: verdict.reasons, allowed_m: verdict.allowedM };
  },
  visits_owed: (input, policy) => visitsOwed(input, input.month, policy),
  counted_dates: (input, policy) => countedDates(input, policy),
  month_state: (input) => monthState(input.owed, input.counted, input.waiting, input.today, input.month),
  document_number: ({ kind, text, today }) => {
    const number = documentNumber(text);
    return { number, fault: documentFault(kind, number, today), masked: masked(number) };
  },
  sealed_number: async ({ number, about, key, pair, iv }) => {
    const curve = { name: "ECDH", namedCurve: "P-256" };
    const { d: _secret, ...open } = pair;
    const publicKey = await crypto.subtle.importKey("jwk", open, curve, true, []);
    const privateKey = await crypto.subtle.importKey("jwk", pair, curve, false, ["deriveBits"]);
    return sealedNumber(number, about, key, { pair: { publicKey, privateKey }, iv: new Uint8Array(Buffer.from(iv, "base64url")) });
  },
  resident_id: (input) => isValidResidentId(input),
  distance: (input) => Math.round(distanceM(...input) * 100) / 100,
  gcj02: ([lat, lon]) => gcj02Of({ lat, lon }),
  working_days: (input) => {
    if (input.ask === "is_working_day") return isWorkingDay(input.date, input.years);
    if (input.ask === "add") return addWorkingDays(input.date, input.count, input.years);
    return workingDaysBetween(input.after, input.until, input.years);
  },
  shop_names: ([one, other]) => areNamesAlike(one, other),
  one_more_customer: (input, policy) => {
    const { count, unitYuan, gainYuan } = oneMoreCustomer(input, policy);
    return { count, unit_yuan: unitYuan, gain_yuan: gainYuan };
  },
  business_date: (input) => businessDate(input),
  checklist: ({ questions, answers, photos }) => ({
    asked: asked(questions, answers).map((question) => question.key),
    is_complete: isComplete(questions, answers, photos),
  }),
  digests: ({ scopes, rows }) => digestsOf(scopes, rows),
};

const folder = new URL("../../sync/vectors/", import.meta.url);
for (const file of readdirSync(folder).sort()) {
  const { subject, cases } = JSON.parse(readFileSync(new URL(file, folder), "utf-8"));
  for (const { name, input, output, policy } of cases) {
    test(`${subject}: ${name}`, async () => {
      const found = await RUN[subject](input, { ...policyOn("2026-11-01"), ...policy });
      if (subject === "distance") assert.ok(Math.abs(found - output) <= 0.02, `${found}`);
      else if (subject === "gcj02") assert.ok(Math.hypot(found.lat - output[0], found.lon - output[1]) <= 1e-6, JSON.stringify(found));
      else assert.deepEqual(found, output);
    });
  }
}
