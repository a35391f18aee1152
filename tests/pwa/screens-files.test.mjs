// Files that were returned or never submitted: on today's page, and at the head of the list.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { clickOf, textOf } from "./view_text.mjs";

globalThis.location = { hash: "" };
const { matching, standingText } = await import("../../pwa/screens/outlets.js");
const { filesSection: filesOf, filesToDo } = await import("../../pwa/screens/today_files.js");

const { fileWay } = await import("../../pwa/screens/outlet_file_way.js");
const { savedOutletScreen } = await import("../../pwa/screens/saved_outlet.js");

const standing = (state) => ({ state, owed: 1, counted: 0, waiting: 0, outletClass: "C" });
const outlet = (name, state, changes = {}) => ({ id: name, name, address: "", code: "", state, standing: standing("none"), ...changes });
const filesSection = (outlets, state = { areFilesOpen: false }) => filesOf({ company: { outlets }, draw: () => {} }, state);
const RETURNED = outlet("d", "returned", { file_step: { state: "returned", reason: "门头照片看不清" } });

test("today tells the files that were returned, then those never submitted, with the way to each", () => {
  const outlets = [outlet("b", "draft"), outlet("a", "approved"), outlet("c", "submitted"), RETURNED, outlet("e", "archived")];
  assert.deepEqual(
    filesToDo(outlets).map(({ name }) => name),
    ["d", "b"],
  );
  const text = textOf(filesSection(outlets));
  assert.match(text, /资料被退回 1 家/);
  assert.match(text, /资料还没提交 1 家/);
  assert.match(text, /#\/outlets\/d.*门头照片看不清.*#\/outlets\/b/s);
  assert.doesNotMatch(text, /data-testid="all-files"/);
});

test("nothing is said when no file waits for the rep, as with one that the company could not take in or somebody else's", () => {
  const others = [outlet("a", "returned", { isOthers: true }), outlet("b", "draft", { refused: true }), outlet("c", "submitted")];
  assert.equal(textOf(filesSection(others)), "");
});

test("beyond three files a tap shows them all in place", () => {
  const files = (count) => ["a", "b", "c", "d"].slice(0, count).map((name) => outlet(name, "returned"));
  assert.doesNotMatch(textOf(filesSection(files(3))), /all-files/);
  const state = { areFilesOpen: false };
  const rows = () => textOf(filesSection(files(4), state)).match(/data-testid="file-row"/g).length;
  const tap = () => clickOf(filesSection(files(4), state), "data-testid=all-files")();
  assert.match(textOf(filesSection(files(4), state)), /全部 4 家/);
  assert.doesNotMatch(textOf(filesSection(files(4), state)), /href="#\/outlets"/);
  assert.equal(rows(), 3);
  tap();
  assert.equal(rows(), 4);
  assert.match(textOf(filesSection(files(4), state)), /收起/);
  tap();
  assert.equal(rows(), 3);
});

test("what is due stands before what waits, is done or owes nothing, and what is overdue beside it", () => {
  const states = ["none", "done", "waiting", "overdue", "due"];
  const outlets = states.map((state) => outlet(state, "approved", { standing: standing(state) }));
  const found = matching(outlets, { query: "", filter: "all", shown: 20 }, null).map((one) => one.standing.state);
  assert.deepEqual(found, ["due", "overdue", "waiting", "done", "none"]);
});

test("a returned file stands first in the list and looks overdue", () => {
  const outlets = [
    outlet("a", "approved", { standing: standing("overdue") }),
    outlet("b", "submitted", { standing: standing("none") }),
    RETURNED,
  ];
  const names = (filter) => matching(outlets, { query: "", filter, shown: 20 }, null).map(({ name }) => name);
  assert.deepEqual(names("all"), ["d", "a", "b"]);
  assert.match(textOf(standingText(RETURNED)), /data-state=overdue>.*资料被退回/s);
  assert.match(textOf(standingText(outlets[1])), /data-state=waiting>.*资料待审/s);
});

const WHOLE = { name: "惠民", address: "解放路 1 号", person_in_charge: "王琴", phone: "13900000000", storefront_photo: "d".repeat(64) };
const company = (changes = {}) => ({ month: "2026-11", today: "2026-11-24", sheets: [], outbox: [], ...changes });

/** What an outlet's page says of its file. */
function way(changes) {
  const state = { error: "", isSaving: false };
  return textOf(
    fileWay({ company: company() }, outlet("惠民", "draft", { ...WHOLE, id_masked: "", account_made_on: null, ...changes }), null, state),
  );
}

test("a file without an ID number can be submitted, is not called complete, and says what the number is for", () => {
  const page = way({});
  assert.match(page, /能提交了.*还没有证件号码：缺了它，新增客户不算绩效。.*#\/outlets\/惠民\/identity.*data-testid="submit-file"/s);
  assert.doesNotMatch(page, /填齐了/);
  const whole = way({ id_masked: "5101**********1234" });
  assert.match(whole, /填齐了/);
  assert.doesNotMatch(whole, /证件号码|能提交了/);
});

test("an approved outlet with a new account says that its ID number is wanting, one without an account does not", () => {
  const page = way({ state: "approved", account_made_on: "2026-11-03" });
  assert.match(page, /缺了它，新增客户不算绩效.*#\/outlets\/惠民\/identity/s);
  assert.doesNotMatch(page, /submit-file/);
  assert.doesNotMatch(way({ state: "approved" }), /identity/);
  assert.doesNotMatch(way({ state: "approved", account_made_on: "2026-11-03", id_masked: "5***8" }), /identity/);
});

test("a new outlet that was saved says what the ID number is for", async () => {
  const saved = async (id_masked) => {
    const one = outlet("惠民", "draft", { ...WHOLE, id_masked, account_made_on: null });
    const app = { company: company({ outletById: new Map([["惠民", one]]) }), refresh: async () => {} };
    return textOf((await savedOutletScreen(app, { outletId: "惠民" })).view());
  };
  assert.match(await saved(""), /打开网点就能提交给部门经理。.*缺了它，新增客户不算绩效/s);
  assert.doesNotMatch(await saved(""), /填齐了/);
  assert.match(await saved("5***8"), /资料填齐了，打开网点就能提交给部门经理。/);
  assert.doesNotMatch(await saved("5***8"), /缺了它/);
});

test("a file that was never submitted stands after the returned ones and before what is due, one that waits for the office does not", () => {
  const due = outlet("a", "approved", { standing: standing("due") });
  const outlets = [due, outlet("b", "submitted"), outlet("c", "draft"), RETURNED];
  const found = matching(outlets, { query: "", filter: "all", shown: 20 }, null).map(({ name }) => name);
  assert.deepEqual(found, ["d", "c", "a", "b"]);
});
