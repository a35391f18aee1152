// 代理商 on the phone's form: which names are suggested.
import assert from "node:assert/strict";
import { test } from "node:test";
import "fake-indexeddb/auto";
import "./chinese_page.mjs";
import { textOf } from "./view_text.mjs";

globalThis.location = { hash: "" };
const { withValues } = await import("../../pwa/db/outlet_document.js");
const { agentField } = await import("../../pwa/screens/file_people.js");

const sheet = { typed: () => "", fault: () => undefined, note: () => "", set: () => undefined };
const offered = (...outlets) => [...textOf(agentField(sheet, { outlets })).matchAll(/<option value="?([^">]*)/g)].map(([, name]) => name);

test("the agents of this phone's outlets are suggested once each, but for those that were retired", () => {
  const retired = { agent_name: "蜀都代理商", is_agent_retired: true };
  const known = { agent_name: "巴蜀通代理", is_agent_retired: false };
  assert.deepEqual(offered(known, retired, known, { agent_name: "" }, { agent_name: "老文档的代理" }), ["巴蜀通代理", "老文档的代理"]);
  assert.deepEqual(offered(retired), []);
});

test("a change that waits goes by its own agent", () => {
  const retired = { agent_name: "蜀都代理商", is_agent_retired: true, class_inputs: {} };
  const changed = withValues(retired, { agent_name: "巴蜀通代理" }, {});
  assert.deepEqual(offered(retired, changed), ["巴蜀通代理"]);
  assert.deepEqual(offered(retired, withValues({ ...changed, agent_name: "" }, { agent_name: "蜀都代理商" }, {})), []);
});
