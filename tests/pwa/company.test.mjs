// What the screens show is worked out anew when something moved, and only then.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { visitRecord } from "./capture_factories.mjs";
import { isDayOver } from "../../pwa/business_day.js";
import { databases, readCompany, visitForm } from "../../pwa/company.js";
import { saveRecord } from "../../pwa/db/capture.js";
import { applyPage } from "../../pwa/db/replica.js";
import { uuid7 } from "../../pwa/ids.js";

const FORM = JSON.parse(readFileSync(new URL("../../sync/forms/visit.v3.json", import.meta.url), "utf-8"));
const NOW = new Date("2026-11-24T02:00:00Z");
const put = (id, doc) => ({
  e: "put",
  type: "outlet",
  id,
  scope: `outlet:${id}`,
  v: 1,
  doc: { id, state: "approved", class_history: [], ...doc },
});
const page = (events, cursor) => ({ events, cursor, last_n: 0 });

let answers = [];
globalThis.fetch = async () => (answers.shift() ?? (() => Response.json(FORM)))();

async function companyWithOutlet() {
  const personId = uuid7();
  const session = { personId, person: { id: personId, name: "赵广田" }, token: "t" };
  const { capture, replica } = await databases(personId);
  await applyPage(replica, page([put("o1", { name: "一" })], "e1.5.5.n"));
  return { session, capture, replica };
}

test("a form that did not come is asked for again", async () => {
  answers = [() => Promise.reject(new TypeError("no network")), () => new Response("", { status: 503 })];
  await assert.rejects(visitForm(), /no network/);
  await assert.rejects(visitForm());
  assert.deepEqual(await visitForm(), FORM);
});

test("while nothing moved the outlets are the same objects", async () => {
  const { session } = await companyWithOutlet();
  const first = await readCompany(session, NOW);
  const again = await readCompany(session, new Date(NOW.getTime() + 60_000));
  assert.equal(again.outlets, first.outlets);
  assert.deepEqual(
    first.outlets.map((outlet) => outlet.name),
    ["一"],
  );
});

test("a training planned at an outlet falls away from the month after it churned", async () => {
  const { session, replica } = await companyWithOutlet();
  const plan = { id: "o1:2026-11", outlet_id: "o1", month: "2026-11", planned_on: null, place: "", content: "" };
  const planned = async (/** @type {string} */ churned_on, /** @type {number} */ n) => {
    const events = [put("o1", { name: "一", churned_on }), { ...put("o1", {}), type: "planned_training", id: plan.id, doc: plan }];
    await applyPage(replica, page(events, `e1.${n}.${n}.n`), { cursor: `e1.${n - 1}.${n - 1}.n`, page: null });
    return (await readCompany(session, NOW)).work.plannedTrainings.length;
  };
  assert.deepEqual([await planned("2026-11-01", 6), await planned("2026-10-31", 7)], [1, 0]);
});

test("rows of the company, own work and a new day are seen at once", async () => {
  const { session, capture, replica } = await companyWithOutlet();
  const first = await readCompany(session, NOW);
  await applyPage(replica, page([put("o1", { name: "二" })], "e1.6.6.n"), { cursor: "e1.5.5.n", page: null });
  const renamed = await readCompany(session, NOW);
  assert.deepEqual([first.outlets[0].name, renamed.outlets[0].name], ["一", "二"]);

  await saveRecord(capture, visitRecord());
  const visited = await readCompany(session, NOW);
  assert.notEqual(visited.outlets, renamed.outlets);
  assert.deepEqual([renamed.outbox.length, visited.outbox.length], [0, 1]);

  const tomorrow = await readCompany(session, new Date("2026-11-24T16:00:00Z"));
  assert.deepEqual([visited.today, tomorrow.today], ["2026-11-24", "2026-11-25"]);
});

test("today is reckoned with what is known of the phone's clock, which moves nothing else", async () => {
  const { session, capture } = await companyWithOutlet();
  const at = async (instant) => readCompany(session, new Date(instant));
  assert.deepEqual([(await at("2026-11-24T15:59:59Z")).today, (await at("2026-11-24T15:59:59Z")).clockOffsetMs], ["2026-11-24", 0]);
  const first = await at("2026-11-24T15:00:00Z");
  await capture.write(["meta"], (tx) => tx.objectStore("meta").put([{ offset_ms: 3_600_000, rtt_ms: 10 }], "clock_samples"));
  const before = await at("2026-11-24T14:59:59Z");
  assert.deepEqual([before.today, before.clockOffsetMs, before.outlets === first.outlets], ["2026-11-24", 3_600_000, true]);
  assert.equal((await at("2026-11-24T15:00:00Z")).today, "2026-11-25");
});

test("the day is over at midnight in Shanghai by the company's clock", () => {
  const over = (instant, clockOffsetMs = 0) => isDayOver({ today: "2026-11-24", clockOffsetMs }, Date.parse(instant));
  assert.deepEqual([over("2026-11-24T15:59:59.999Z"), over("2026-11-24T16:00:00.000Z")], [false, true]);
  assert.deepEqual([over("2026-11-24T16:59:59.999Z", -3_600_000), over("2026-11-24T17:00:00.000Z", -3_600_000)], [false, true]);
  assert.equal(isDayOver(null, 0), false);
});

test("somebody else on the same phone sees what is theirs", async () => {
  const one = await companyWithOutlet();
  const other = await companyWithOutlet();
  const first = await readCompany(one.session, NOW);
  assert.equal((await readCompany(other.session, NOW)).person.id, other.session.personId);
  assert.notEqual((await readCompany(one.session, NOW)).outlets, (await readCompany(other.session, NOW)).outlets);
  assert.equal(first.person.id, one.session.personId);
});
