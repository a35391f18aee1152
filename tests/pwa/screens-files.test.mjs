// Files that were returned or never submitted: on today's page, and at the head of the list.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { textOf } from "./view_text.mjs";

globalThis.location = { hash: "" };
const { matching, standingText } = await import("../../pwa/screens/outlets.js");
const { filesSection, filesToDo } = await import("../../pwa/screens/today_files.js");

const standing = (state) => ({ state, owed: 1, counted: 0, waiting: 0, outletClass: "C" });
const outlet = (name, state, changes = {}) => ({ id: name, name, address: "", code: "", state, standing: standing("none"), ...changes });
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

test("beyond three files the list has them all", () => {
  const files = (count) => ["a", "b", "c", "d"].slice(0, count).map((name) => outlet(name, "returned"));
  assert.doesNotMatch(textOf(filesSection(files(3))), /all-files/);
  const text = textOf(filesSection(files(4)));
  assert.match(text, /全部 4 家/);
  assert.equal(text.match(/data-testid="file-row"/g).length, 3);
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
