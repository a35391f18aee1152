// What the outbox says: every problem has a reason and a remedy, every record a name, every result its words.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, test } from "node:test";
import "./chinese_page.mjs";
import { en } from "../../pwa/i18n/en.js";
import { zh } from "../../pwa/i18n/zh.js";
import { FINE_CODES, mayAcknowledge } from "../../pwa/outbox/rows.js";
import { textOf } from "./view_text.mjs";

const { setLanguage } = await import("../../pwa/i18n/index.js");
const { fateOf, isOfNoOutlet, kindWords, outletName, problemWords, PROBLEMS, wayOf } = await import("../../pwa/screens/sync_words.js");

const { attentionBanner } = await import("../../pwa/screens/sync_rows.js");
const { syncChip } = await import("../../pwa/ui/sync_chip.js");

const ROOT = new URL("../../", import.meta.url);
const OF_THE_PHONE = ["photo_gone", "too_large", "malformed"];

afterEach(() => setLanguage("zh"));

/** Codes of single operations: those of the catalogue with status 200, and those that the server's code gives to one. */
function codesOfOperations() {
  const catalogue = readFileSync(new URL("sync/problems.py", ROOT), "utf-8");
  const listed = [...catalogue.matchAll(/Refusal\(\s*"(\w+)",\s*200,/g)].map((found) => found[1]);
  const files = readdirSync(new URL("server/", ROOT), { recursive: true }).filter((name) => name.endsWith(".py"));
  const source = files.map((name) => readFileSync(new URL(`server/${name}`, ROOT), "utf-8")).join("\n");
  const given = [...source.matchAll(/\b(?:quarantined|OpProblem)\(\s*"(\w+)"/g)].map((found) => found[1]);
  return { listed, all: [...new Set([...listed, ...given])] };
}

test("a reply to a payslip and an objection are at no outlet; whatever has the scope of one is", () => {
  assert.ok(isOfNoOutlet({ scope: "user:0194b8a0-0000-7000-8000-000000000001" }));
  assert.ok(!isOfNoOutlet({ scope: "outlet:0194b8a0-0000-7000-8000-000000000001" }));
});

test("every problem that an operation can get is told with its reason and what to do, in both languages", () => {
  const { listed, all } = codesOfOperations();
  assert.ok(listed.length >= 13, "the catalogue of problems was not read");
  for (const code of all) assert.ok(PROBLEMS.includes(code), `the phone has no words for ${code}`);
  for (const code of [...new Set([...all, ...PROBLEMS, ...OF_THE_PHONE, "other"])]) {
    for (const [language, catalogue] of Object.entries({ zh, en })) {
      assert.ok(catalogue[`problem.${code}`], `${language}: why of ${code}`);
      assert.ok(catalogue[`problem.${code}.do`], `${language}: what to do about ${code}`);
    }
  }
});

const row = (changes) => ({
  form: "visit.v2",
  entity: { type: "visit", id: "v1" },
  body: { outlet_id: "o1" },
  state: "accepted",
  code: "applied",
  problem: null,
  verdict: null,
  ...changes,
});
const verdict = (code, reason = "") => ({ op_id: "a", code, reason, by_name: "周敏", at: "2026-11-24T05:00:00.000Z" });
const edit = (...fields) =>
  row({
    form: "outlet_edit.v1",
    body: { outlet_id: "o1", fields: Object.fromEntries(fields.map((name) => [name, { base: 1, mine: 2 }])) },
  });

test("a record is named by what it is", () => {
  assert.deepEqual(
    [row({}), row({ form: "visit.v1" }), row({ form: "new_outlet.v1" }), edit("phone", "address"), edit("position"), edit("colour")].map(
      kindWords,
    ),
    ["巡检", "巡检", "新网点", "改资料", "改位置", "改资料"],
  );
  assert.equal(kindWords(row({ form: "survey.v1" })), "记录");
});

test("a record is named by its outlet, a new one by its own name", () => {
  const company = { outletById: new Map([["o1", { name: "鑫源通讯" }]]) };
  assert.equal(outletName(row({}), company), "鑫源通讯");
  assert.equal(outletName(row({ form: "new_outlet.v1", body: { outlet_id: "o9", name: "阳光副食店" } }), company), "阳光副食店");
  assert.equal(outletName(row({ body: { outlet_id: "o9" } }), company), "");
});

test("every result has words of its own, and only those that need it a sentence", () => {
  const told = (code, problem = null) => fateOf(row({ code, problem: problem && { code: problem } }));
  assert.deepEqual(told("applied"), { state: "done", words: "全到了", text: "", by: "" });
  assert.match(told("merged").text, /本来就一样/);
  assert.match(told("noop").text, /没有要改的/);
  assert.match(told("conflict_recorded", "field_conflict").text, /以后到的（你的）为准.*找主管/);
  assert.match(told("out_of_scope_accepted", "outlet_reassigned").text, /仍记在你名下/);
  assert.match(told("applied", "possible_duplicate").text, /可能是同一家/);
  for (const code of FINE_CODES) assert.equal(told(code).state, "done", code);
});

test("what waits for review is no error and says who decides", () => {
  for (const code of ["waits_for_decision", "not_yours_now", "outlet_removed"]) {
    const fate = fateOf(row({ state: "review", code: "parked", problem: { code } }));
    assert.deepEqual([fate.state, fate.words], ["waiting", "等主管审"]);
    assert.match(fate.text, /市场主管或部门经理决定/);
  }
});

const quarantined = (code, changes = {}) => row({ state: "attention", code: "quarantined", problem: { code }, ...changes });

test("only what leaves nothing to do can be put aside", () => {
  for (const code of [
    "finding_dismissed",
    "objection_known",
    "objection_late",
    "already_delivered",
    "complaint_closed",
    "complaint_void",
    "case_decided",
    "word_late",
    "identity_not_yours",
  ])
    assert.ok(mayAcknowledge(quarantined(code)), code);
  for (const code of ["invalid_record", "unknown_outlet", "unknown_form", "handler_failed", "identity_invalid", "photo_gone"])
    assert.ok(!mayAcknowledge(quarantined(code)), code);
  assert.ok(!mayAcknowledge(quarantined("word_late", { isAcknowledged: true })));
  assert.ok(!mayAcknowledge(row({ state: "review", code: "parked", problem: { code: "word_late" } })));
});

test("what can be put aside has the button for it, and once it was the record says that it had no effect", () => {
  const company = { outletById: new Map(), visits: [], person: { id: "p1" }, today: "2026-11-24" };
  const told = (one) =>
    textOf(attentionBanner({ ...one, savedAt: "2026-11-24T03:00:00.000Z", photosTotal: 0, scope: "outlet:o1" }, company, () => {}));
  assert.match(told(quarantined("word_late")), /data-testid="acknowledge".*知道了/s);
  assert.doesNotMatch(told(quarantined("invalid_record")), /acknowledge/);
  const fate = fateOf(quarantined("word_late", { isAcknowledged: true }));
  assert.deepEqual([fate.state, fate.words], ["none", "没有生效"]);
  assert.match(fate.text, /过了期限/);
});

test("the chip counts what is unsent beside what needs a look", () => {
  const chipOf = (outbox, status) => textOf(syncChip({ company: { outbox }, engine: { status: () => status } }));
  const late = quarantined("word_late");
  assert.match(chipOf([late], { unsent: 3, photosUnsent: 1 }), /data-state=overdue .*要你看一下 · 3 条待发</s);
  assert.match(chipOf([late], { unsent: 0, photosUnsent: 2 }), /要你看一下 · 2 张照片待发</);
  assert.match(chipOf([late], { unsent: 0, photosUnsent: 0 }), />要你看一下</);
  assert.match(chipOf([{ ...late, isAcknowledged: true }], { unsent: 3, photosUnsent: 0 }), /data-state=waiting .*>3 条待发</s);
  assert.match(chipOf([{ ...late, isAcknowledged: true }], { unsent: 0, photosUnsent: 0 }), /都发了</);
});

test("whoever has the outlet now, or removed it, is named", () => {
  const told = (state, code, problem) => fateOf(row({ state, code, problem: { code: problem, detail: "林晓月" } }));
  const with_ = told("accepted", "out_of_scope_accepted", "outlet_reassigned");
  assert.deepEqual([with_.by, with_.text.endsWith("现在的负责人：")], ["林晓月", true]);
  assert.ok(told("review", "parked", "outlet_removed").text.endsWith("移除的人："));
  assert.equal(told("review", "parked", "waits_for_decision").by, "", "another problem's detail is no name");
});

test("what people decided is told with their name and reason", () => {
  const told = (state, code, decided) => fateOf(row({ state, code, problem: { code: "invalid_record" }, verdict: decided }));
  assert.deepEqual(told("refused", "parked", verdict("rejected", "位置不对")), {
    state: "overdue",
    words: "没有采用",
    text: "主管没有采用这个改动。",
    by: "周敏：位置不对",
  });
  assert.equal(told("accepted", "parked", verdict("applied")).text, "主管同意了这个改动。");
  assert.equal(told("accepted", "parked", verdict("edited")).text, "主管改过后用了。");
  assert.equal(told("accepted", "quarantined", verdict("applied")).text, "公司处理好后收下了。");
  assert.match(told("refused", "quarantined", verdict("rejected")).text, /重新记一次/);
});

test("a record set aside says how to get it out, whatever the server called it", () => {
  const aside = (code) => problemWords(row({ state: "attention", code: null, problem: { code } }));
  assert.match(aside("too_large").what, /导出交给管理员/);
  assert.match(aside("forbidden").what, /导出交给管理员/);
});

test("a problem of a newer server is told in the server's words", async () => {
  const newer = row({
    state: "attention",
    code: "quarantined",
    problem: { code: "of_tomorrow", title: "明天的事", title_en: "Of tomorrow" },
  });
  assert.equal(problemWords(newer).why, "明天的事");
  await setLanguage("en");
  assert.equal(problemWords(newer).why, "Of tomorrow");
  assert.equal(problemWords({ ...newer, problem: null }).why, en["problem.other"]);
});

test("the way to the company is told with what to do", () => {
  const way = (changes) =>
    wayOf({ signedOut: false, online: true, phase: "idle", unsent: 0, photosUnsent: 0, lastError: null, ...changes });
  const failed = (code, status) => way({ phase: "waiting", lastError: { code, status } });
  assert.deepEqual(way({}), { state: "done", words: "已连上", what: "" });
  assert.deepEqual([way({ signedOut: true }).state, way({ online: false }).words], ["overdue", "没有网络"]);
  assert.deepEqual([way({ online: false }).what, way({ online: false, unsent: 1 }).what], ["", "有网会自己发，不用等。"]);
  assert.equal(way({ phase: "uploading" }).words, "正在传照片");
  assert.match(failed("foreign", 200).what, /无线网/);
  assert.equal(failed("foreign", 502).words, "公司的系统出错了");
  assert.equal(failed("busy").words, "公司的系统正忙");
  assert.equal(failed("a_code_of_tomorrow").words, "公司的系统出错了");
  assert.equal(failed("wrong_owner").state, "overdue");
});
