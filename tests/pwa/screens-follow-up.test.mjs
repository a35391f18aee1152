// 登记备案 written down during a visit leads back to it.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { clickOf, inputOf, textOf } from "./view_text.mjs";
import { databases } from "../../pwa/company.js";
import { saveDraft } from "../../pwa/db/capture.js";
import { newPaper } from "../../pwa/forms/paper_drafts.js";
import { draftKey, newDraft } from "../../pwa/forms/visit_draft.js";
import { uuid7 } from "../../pwa/ids.js";
import { placeOf } from "../../pwa/router.js";

globalThis.location = { hash: "" };
document.querySelector = () => null;
Object.assign(globalThis, {
  dispatchEvent: () => {},
  HashChangeEvent: class {},
  addEventListener: () => {},
  removeEventListener: () => {},
});
globalThis.history = { replaceState: (_state, _title, hash) => Object.assign(location, { hash }) };
const { followUpScreen, newFollowUpScreen } = await import("../../pwa/screens/follow_up.js");
const { checklistStep } = await import("../../pwa/screens/visit_checklist.js");
const { undoBar } = await import("../../pwa/ui/undo_toast.js");
const { summaryStep } = await import("../../pwa/screens/visit_summary.js");

const OUTLET = { id: "o1", name: "顺达", signers: [] };
const FOUND = {
  id: "f1",
  outlet_id: "o1",
  isOpen: true,
  problem: "漏水",
  owner: "rep",
  registered_on: "2026-11-20",
  clocks: [],
};

/** Where closing the form leads to, with this draft of a visit on the phone. */
async function leadsTo(screen, params, draft) {
  const personId = uuid7();
  const { capture } = await databases(personId);
  if (draft) await saveDraft(capture, draftKey("o1"), draft);
  const work = { followUps: [FOUND] };
  const company = { today: "2026-11-24", outletById: new Map([["o1", OUTLET]]), form: { checklist: [] }, checklists: [], work };
  const app = { session: { personId }, company: { ...company, policyOf: () => ({}), person: { name: "小吴" } }, draw: () => {} };
  const { view, close } = await screen(app, params);
  clickOf(view(), 'class="icon-button"')();
  close();
  return location.hash;
}

for (const [name, screen, params] of [
  ["a new one", newFollowUpScreen, { outletId: "o1" }],
  ["a second look", followUpScreen, { followUpId: "f1" }],
])
  test(`${name} leads back to the visit under way, and to the outlet where it was only opened or let go`, async () => {
    assert.equal(await leadsTo(screen, params, null), "#/outlets/o1");
    assert.equal(await leadsTo(screen, params, { ...newDraft("o1"), checklist_version: null }), "#/outlets/o1");
    assert.equal(await leadsTo(screen, params, { ...newDraft("o1"), checked_in_at: "2026-11-24T01:00:00.000Z" }), "#/outlets/o1/visit");
  });

/** A new form at the outlet, with a draft of it or of the visit on the phone. */
async function newForm(key, draft, form = { checklist: [] }) {
  const personId = uuid7();
  const { capture } = await databases(personId);
  await saveDraft(capture, key, draft);
  const company = { today: "2026-11-24", outletById: new Map([["o1", OUTLET]]), form, checklists: [], work: { followUps: [] } };
  const app = { session: { personId }, company: { ...company, policyOf: () => ({}), person: { name: "小吴" } }, draw: () => {} };
  return newFollowUpScreen(app, { outletId: "o1" });
}

test("what a visit found is cut at what the form takes", async () => {
  const question = (key) => ({ key, zh: "公示牌", en: "Board", choices: [{ value: "no", zh: "坏了", en: "broken", is_problem: true }] });
  const form = { checklist: ["a", "b", "c"].map(question) };
  const answers = Object.fromEntries(form.checklist.map(({ key }) => [key, { answer: "no", note: "字".repeat(980) }]));
  const visit = { ...newDraft("o1"), checked_in_at: "2026-11-24T01:00:00.000Z", checklist_version: null, answers };
  const { view, close } = await newForm(draftKey("o1"), visit, form);
  assert.equal(textOf(view()).match(/字/g).length, 980 + 980 + 12); // a line has 9 letters besides
  close();
});

test("2,000 letters are taken and one more is not, in letters as the server counts them", async () => {
  const said = async (problem) => {
    const { view, close } = await newForm("follow_up:o1", { ...newPaper({ problem, owner: "", working_days: "5" }) });
    clickOf(view(), 'data-testid="paper-next"')();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const text = textOf(view());
    close();
    return [text.includes("最多 2,000 字"), text.includes('id="bad-owner"')];
  };
  assert.deepEqual(await said("𠮷".repeat(2000)), [false, true]);
  assert.deepEqual(await said("字".repeat(2001)), [true, true]);
});

const QUESTIONS = ["display", "tidy", "board", "sign"].map((key) => ({
  key,
  type: "choice",
  zh: `问${key}`,
  en: key,
  choices: [
    { value: "yes", zh: "好", en: "fine", is_problem: false },
    { value: "no", zh: "不好", en: "bad", is_problem: true },
  ],
}));

/** A visit whose questions 2 and 4 found a problem, and what its steps are drawn from. */
function visitFound() {
  const answers = { tidy: { answer: "no", note: "" }, sign: { answer: "no", note: "歪了" } };
  const draft = { ...newDraft("o1"), checked_in_at: "2026-11-24T01:00:00.000Z", checklist_version: null, answers };
  const work = { followUps: [{ ...FOUND, due_on: "2026-11-25" }] };
  const company = {
    today: "2026-11-24",
    outletById: new Map([["o1", OUTLET]]),
    form: { checklist: QUESTIONS },
    checklists: [],
    work,
    visits: [],
  };
  const app = { company: { ...company, policyOf: () => ({}), person: { name: "小吴" } }, draw: () => {} };
  const change = async (changes) => void Object.assign(draft, changes);
  return {
    app,
    outlet: OUTLET,
    draft,
    change,
    form: company.form,
    bar: () => "",
    error: () => "",
    complain: () => {},
    pictureUrl: () => "",
  };
}

/** Tap the way to registering at a question, fill in what is asked and save. */
async function registerAt(flow, question) {
  flow.draft.question = question;
  await clickOf(checklistStep(flow).view(), 'data-testid="register-follow-up"')();
  const { params } = placeOf(location.hash);
  const personId = uuid7();
  const { capture } = await databases(personId);
  await saveDraft(capture, draftKey("o1"), flow.draft);
  const { view, close } = await newFollowUpScreen({ ...flow.app, session: { personId } }, params);
  await clickOf(view(), 'data-testid="p-owner-supervisor"')();
  await clickOf(view(), 'data-testid="paper-next"')();
  close();
  assert.match(textOf(undoBar(() => {})), /登记备案：已存在手机里。/);
  const [{ body_text, entity }] = await capture.read(["ops"], (tx) => tx.objectStore("ops").getAll());
  const { problem, owner } = JSON.parse(body_text);
  flow.app.company.work.followUps.push({
    id: entity.id,
    outlet_id: "o1",
    isOpen: true,
    pending: true,
    problem,
    owner,
    due_on: "2026-11-27",
  });
  return problem;
}

test("each problem of a visit is registered for itself, marked at its question and named once to the owner", async () => {
  const flow = visitFound();
  assert.equal(await registerAt(flow, 1), "问tidy：不好");
  assert.match(textOf(checklistStep(flow).view()), /已登记备案.*问tidy：不好.*主管来办，11月27日前/s);
  assert.equal(clickOf(checklistStep(flow).view(), 'data-testid="register-follow-up"'), undefined);
  assert.equal(await registerAt(flow, 3), "问sign：不好 (歪了)");
  const summary = textOf(summaryStep(flow).view());
  assert.equal(summary.match(/问tidy：不好/g).length, 1);
  assert.equal(summary.match(/问sign：不好/g).length, 1);
  assert.equal(summary.match(/已登记备案/g).length, 2);
  assert.match(summary, /备案中的问题（1）.*漏水/s);
});

test("what was registered in other words stands under its problem", async () => {
  const flow = visitFound();
  await registerAt(flow, 1);
  flow.app.company.work.followUps.at(-1).problem = "门口漏水";
  assert.match(textOf(summaryStep(flow).view()), /问tidy：不好.*门口漏水.*已登记备案/s);
});

test("one whose answer was made good afterwards still stays open for the owner", async () => {
  const flow = visitFound();
  await registerAt(flow, 1);
  flow.draft.answers.tidy.answer = "yes";
  assert.match(textOf(summaryStep(flow).view()), /备案中的问题（2）.*问tidy：不好/s);
});

test("one tapped for and not saved leaves the way to it, and goes on where it was", async () => {
  const flow = visitFound();
  flow.draft.question = 1;
  const tap = () => clickOf(checklistStep(flow).view(), 'data-testid="register-follow-up"')();
  await tap();
  const first = location.hash;
  await tap();
  assert.equal(location.hash, first);
});

test("a visit registers though its outlet has left the phone, and goes on", async () => {
  for (const kept of [OUTLET, null]) {
    const flow = visitFound();
    flow.draft.outlet = kept;
    flow.app.company.outletById.clear();
    assert.equal(await registerAt(flow, 1), "问tidy：不好");
    assert.deepEqual([flow.app.company.work.followUps.at(-1).owner, location.hash], ["supervisor", "#/outlets/o1/visit"]);
  }
});

test("without its outlet and without a visit in which something stands nothing is registered", async () => {
  const { app } = visitFound();
  app.company.outletById.clear();
  const personId = uuid7();
  const { capture } = await databases(personId);
  const screen = async () => textOf((await newFollowUpScreen({ ...app, session: { personId } }, { outletId: "o1" })).view());
  assert.match(await screen(), /这件事不用再办了/);
  await saveDraft(capture, draftKey("o1"), { ...newDraft("o1"), checklist_version: null });
  assert.match(await screen(), /这件事不用再办了/);
});

test("from the outlet's page the problems that are not registered yet are written down", async () => {
  const flow = visitFound();
  flow.draft.follow_ups = { tidy: "f7" };
  const { view, close } = await newForm(draftKey("o1"), flow.draft, flow.form);
  assert.match(textOf(view()), /问sign：不好/);
  assert.doesNotMatch(textOf(view()), /问tidy/);
  close();
});

test("a second look asks in its own words how it is now", async () => {
  const work = { followUps: [FOUND] };
  const company = { today: "2026-11-24", outletById: new Map([["o1", OUTLET]]), workingYears: {}, work, policyOf: () => ({}) };
  const { view, close } = await followUpScreen({ session: { personId: uuid7() }, company, draw: () => {} }, { followUpId: "f1" });
  await clickOf(view(), 'data-testid="paper-next"')();
  assert.match(textOf(view()), /选一下解决了没有。.*写一句现在怎么样了。/s);
  assert.doesNotMatch(textOf(view()), /怎么知道的/);
  inputOf(view(), 'data-testid="p-note"')({ target: { value: "修好了" } });
  await clickOf(view(), 'data-testid="paper-next"')();
  assert.doesNotMatch(textOf(view()), /写一句现在怎么样了。/);
  close();
});
