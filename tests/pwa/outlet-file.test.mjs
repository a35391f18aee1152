// An outlet's file on the phone: what is typed and what is sent.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { doc } from "./outlet_factories.mjs";
import { withValues } from "../../pwa/db/outlet_document.js";
import { droppedDraft, isBegun, newOutletDraft, newOutletRecord, regionOf, STEP_FIELDS } from "../../pwa/forms/new_outlet_draft.js";
import { changesIn, editableFields, editRecord, newEdit, shownIn, touched } from "../../pwa/forms/outlet_edit_draft.js";
import { FIELDS, faultsOf, lacksIdentity, missingForApproval, readTyped, typedOf } from "../../pwa/forms/outlet_fields.js";
import { identityRecord } from "../../pwa/forms/identity.js";
import { likelySame } from "../../pwa/rules/duplicates.js";
import { en } from "../../pwa/i18n/en.js";
import { zh } from "../../pwa/i18n/zh.js";
import { policyOn } from "../../pwa/rules/policy.js";
import { DOCUMENT_KINDS } from "../../pwa/rules/resident_id.js";

const ROOT = new URL("../../", import.meta.url);
const POLICY = policyOn("2026-11-01");
const PHOTO = "d".repeat(64);

test("the phone knows every field of the server, and which are sensitive", () => {
  const source = readFileSync(new URL("server/outlets/fields.py", ROOT), "utf-8").split("FIELDS: dict")[1];
  const lines = [...source.matchAll(/^ {4}"(\w+)": (.*),$/gm)];
  assert.deepEqual(lines.map((line) => line[1]).sort(), Object.keys(FIELDS).sort());
  const sensitive = lines
    .filter(([, , how]) => how.includes("is_sensitive=True") || how.startsWith("_decimal_column"))
    .map((line) => line[1]);
  assert.deepEqual(
    sensitive.sort(),
    Object.keys(FIELDS)
      .filter((name) => FIELDS[name].isSensitive)
      .sort(),
  );
});

test("the four steps ask for every field once", () => {
  assert.deepEqual(Object.values(STEP_FIELDS).flat().sort(), Object.keys(FIELDS).sort());
});

for (const [name, typed, value] of [
  ["name", " 鑫源 ", "鑫源"],
  ["account_no", "  ", null],
  ["address", "", ""],
  ["chain_outlets", "", null],
  ["chain_outlets", " 0 ", 0],
  ["households_nearby", "１,２００", 1200],
  ["floor_area_m2", "150", "150.00"],
  ["floor_area_m2", "0120.5", "120.50"],
  ["monthly_fee_yuan", "12 000.", "12000.00"],
  ["monthly_fee_yuan", "99999999.99", "99999999.99"],
  ["is_tidy", false, false],
  [
    "cashiers",
    [
      { name: " 李敏 ", is_certified: null },
      { name: " ", is_certified: null },
    ],
    [{ name: "李敏", is_certified: null }],
  ],
])
  test(`${name}: ${JSON.stringify(typed)} is sent as ${JSON.stringify(value)}`, () => {
    assert.deepEqual(readTyped(name, typed), { value, fault: "" });
  });

for (const [name, typed, fault] of [
  ["name", "  ", "required"],
  ["name", "𠮷".repeat(121), "too_long"],
  ["phone", "1".repeat(41), "too_long"],
  ["chain_outlets", "-1", "count"],
  ["chain_outlets", "2.5", "count"],
  ["households_nearby", "10000001", "count"],
  ["floor_area_m2", "很大", "decimal"],
  ["floor_area_m2", "1.234", "decimal"],
  ["monthly_fee_yuan", "100000000", "decimal"],
  ["cashiers", [{ name: "", is_certified: true }], "cashiers"],
  ["cashiers", [{ name: "长".repeat(61), is_certified: null }], "cashiers"],
])
  test(`${name}: ${JSON.stringify(typed).slice(0, 40)} is told as ${fault}`, () => {
    assert.deepEqual(faultsOf({ [name]: typed }, [name]), { [name]: fault });
  });

test("a field shows what the file has, without needless noughts", () => {
  assert.deepEqual(
    ["120.50", "150.00", "45", "0.05", "100"].map((value) => typedOf("floor_area_m2", value)),
    ["120.5", "150", "45", "0.05", "100"],
  );
  assert.deepEqual(
    [typedOf("chain_outlets", 0), typedOf("name", null), typedOf("cashiers", null), typedOf("is_tidy", false)],
    ["0", "", [], false],
  );
});

test("a new outlet sends what was said and nothing else, with its photos", () => {
  const draft = newOutletDraft();
  assert.equal(isBegun(draft), false);
  Object.assign(draft.typed, { name: " 顺达便民超市 ", chain_outlets: "2", is_tidy: false, storefront_photo: PHOTO });
  const { op_id: _, ...record } = newOutletRecord(draft, "r1");
  assert.equal(isBegun(draft), true);
  assert.deepEqual(record, {
    kind: "record",
    form: "new_outlet.v1",
    entity: { type: "outlet", id: draft.new_outlet_id },
    scope: `outlet:${draft.new_outlet_id}`,
    body: {
      outlet_id: draft.new_outlet_id,
      region_id: "r1",
      name: "顺达便民超市",
      fields: { chain_outlets: 2, is_tidy: false, storefront_photo: PHOTO },
    },
    blobs: [{ sha256: PHOTO }],
  });
});

test("a new outlet is of the region chosen while that is the person's, else of their first", () => {
  const draft = newOutletDraft();
  assert.deepEqual([regionOf(draft, ["r1", "r2"]), regionOf(draft, [])], ["r1", undefined]);
  draft.region_id = "r2";
  assert.deepEqual([regionOf(draft, ["r1", "r2"]), regionOf(draft, ["r1", "r3"]), regionOf(draft, [])], ["r2", "r1", undefined]);
});

test("a position alone does not make a draft that was begun", () => {
  const draft = newOutletDraft();
  draft.typed.position = { lat: 30, lon: 104, accuracy_m: 9 };
  assert.equal(isBegun(draft), false);
});

test("a draft that was thrown away can be brought back", () => {
  const draft = newOutletDraft();
  Object.assign(draft, { step: "people", others: ["o1"] });
  Object.assign(draft.typed, { name: "顺达", storefront_photo: PHOTO });
  const cleared = droppedDraft(draft);
  assert.deepEqual([isBegun(cleared), cleared.step, cleared.others, cleared.new_outlet_id], [false, "place", [], draft.new_outlet_id]);
  assert.deepEqual(cleared.dropped, { typed: draft.typed, others: ["o1"], region_id: "" });
});

test("an edit names each field with the value that it was made from", () => {
  const outlet = doc();
  const draft = newEdit("o1");
  Object.assign(draft, touched(draft, outlet, "phone", "13911112222"));
  Object.assign(draft, touched(draft, outlet, "floor_area_m2", "45.0"));
  Object.assign(draft, touched(draft, doc({ phone: "changed meanwhile" }), "phone", "13911113333"));
  assert.deepEqual(changesIn(draft), { phone: { base: "13800001001", mine: "13911113333" } });
  assert.deepEqual(editRecord(draft).body, { outlet_id: "o1", fields: { phone: { base: "13800001001", mine: "13911113333" } } });
  assert.equal(shownIn(draft, outlet, "floor_area_m2"), "45.0");
  assert.equal(shownIn(draft, outlet, "address"), "解放路 12 号");
});

test("an edit that changes nothing is none", () => {
  const draft = newEdit("o1");
  Object.assign(draft, touched(draft, doc(), "name", "惠民便利店 "));
  assert.equal(editRecord(draft), null);
});

test("a field that the document does not have yet is not offered", () => {
  const { cashiers: _, ...older } = doc();
  assert.equal(editableFields(older).includes("cashiers"), false);
  assert.equal(editableFields(doc()).includes("cashiers"), true);
  assert.deepEqual(withValues(older, { phone: "1" }, POLICY).signers, older.signers);
});

test("approval needs a name, an address, a person, a phone and a storefront photo", () => {
  assert.deepEqual(missingForApproval(doc({ address: "", phone: "" })), ["address", "phone", "storefront_photo"]);
  assert.deepEqual(missingForApproval(doc({ storefront_photo: PHOTO })), []);
});

test("an ID number is wanting on the way to approval, and while the month of the account is open", () => {
  const lacks = (changes, sheets = []) => lacksIdentity(doc({ id_masked: "", account_made_on: null, ...changes }), "2026-11", sheets);
  assert.deepEqual(
    ["draft", "returned", "submitted", "approved"].map((state) => lacks({ state })),
    [true, true, false, false],
  );
  assert.equal(lacks({ state: "draft", id_masked: "5***8" }), false);
  assert.equal(lacks({ state: "draft", refused: true }), false);
  const made = (account_made_on, sheets) => lacks({ state: "approved", account_made_on }, sheets);
  assert.deepEqual(
    ["2026-09-30", "2026-10-01", "2026-11-24"].map((on) => made(on)),
    [false, true, true],
  );
  const october = (state) => [{ month: "2026-10", state }];
  assert.deepEqual(
    [made("2026-10-01", october("draft")), made("2026-10-01", october("closed")), made("2026-11-01", october("closed"))],
    [true, false, true],
  );
  assert.equal(lacks({ state: "draft", account_made_on: "2020-01-05" }), false);
});

test("a likely duplicate is near and of a similar name, the nearest first", () => {
  const at = (id, name, east) => ({ id, name, lat: 30.66, lon: 104.07 + east });
  const outlets = [
    at("a", "鑫源通讯（解放路店）", 0.0015),
    at("b", "鑫源通讯解放路", 0.0005),
    at("c", "鑫源通讯解放路", 0.0025),
    at("d", "康佳便民服务站", 0),
  ];
  const same = likelySame("鑫源通信解放路", { lat: 30.66, lon: 104.07 }, outlets);
  assert.deepEqual(
    same.map(({ outlet, away }) => [outlet.id, Math.round(away)]),
    [
      ["b", 48],
      ["a", 143],
    ],
  );
});

test("without a position only the same name tells", () => {
  const outlets = [
    { id: "a", name: "鑫源 通讯", lat: 30.66, lon: 104.07 },
    { id: "b", name: "鑫源通讯（解放路店）", lat: null, lon: null },
  ];
  assert.deepEqual(
    likelySame("鑫源通讯", null, outlets).map(({ outlet }) => outlet.id),
    ["a"],
  );
  assert.deepEqual(likelySame(" ", null, [{ id: "c", name: "（）", lat: null, lon: null }]), []);
});

test("phone and console name each kind of document alike, in both languages", () => {
  const words = readFileSync(new URL("server/outlets/words.py", ROOT), "utf-8").split("DOCUMENT_WORDS = {")[1].split("\n}")[0];
  const chinese = [...words.matchAll(/^ {4}"(\w+)": lazy_gettext\("([^"]+)"\),$/gm)].map(([, kind, name]) => [kind, name]);
  const messages = readFileSync(new URL("server/translations/en/LC_MESSAGES/messages.po", ROOT), "utf-8");
  const english = chinese.map(([kind, name]) => [kind, messages.split(`\nmsgid "${name}"\nmsgstr "`)[1]?.split('"\n')[0]]);
  const named = (catalogue) => DOCUMENT_KINDS.map((kind) => [kind, catalogue[`identity.kind.${kind}`]]);
  assert.deepEqual(named(zh), chinese);
  assert.deepEqual(named(en), english);
});

const KEY = JSON.parse(readFileSync(new URL("sync/vectors/sealed_number.json", ROOT), "utf-8")).cases[0].input.key;
const NUMBER = "11010519491231002X";
const MASKED = "1****************X";

test("an ID document is a record that says its kind and mask, and the number to nobody but the server", async () => {
  const records = await Promise.all([1, 2].map(() => identityRecord("o1", "resident_id", NUMBER, KEY, "2026-11-24T01:00:00.000Z")));
  const [one, other] = records.map(({ body }) => /** @type {any} */ (body));
  assert.deepEqual([one.kind, one.masked, one.outlet_id, one.sealed.key], ["resident_id", MASKED, "o1", KEY.id]);
  assert.deepEqual(records[0].entity, { type: "identity", id: one.identity_id });
  for (const part of ["public", "iv", "data"]) assert.notEqual(one.sealed[part], other.sealed[part]);
  assert.ok(!JSON.stringify(records).includes(NUMBER.slice(0, 6)));
});
