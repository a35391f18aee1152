// What is said of a visit whose outlet has left the phone meanwhile.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./chinese_page.mjs";
import { textOf } from "./view_text.mjs";

const { outletGone } = await import("../../pwa/screens/visit_begun.js");

const OUTLET = { id: "o1", name: "顺达", lat: 30.66, lon: 104.07, signers: [] };
const told = (outlet, draft, here = []) => textOf(outletGone({ app: { company: { outletById: new Map(here) } }, outlet, draft }));

test("a visit goes on at an outlet that is another rep's now", () => {
  assert.equal(told(OUTLET, { corrects: null, outlet: OUTLET }, [["o1", OUTLET]]), "");
  assert.match(told(OUTLET, { corrects: null, outlet: OUTLET }), /照样能做完/);
  assert.doesNotMatch(told(OUTLET, { corrects: null, outlet: OUTLET }), /签字时请写上签字人/);
});

test("the signer is asked for only where the page knows nothing of the outlet", () => {
  assert.match(told({ id: "o1", name: "网点", signers: [] }, { corrects: null, outlet: null }), /签字时请写上签字人/);
  assert.doesNotMatch(told(OUTLET, { corrects: null, outlet: null }), /签字时请写上签字人/); // it left while the page was open
});

test("a correction says nothing of it: its page knows the outlet still", () => {
  assert.equal(told(OUTLET, { corrects: "v1", outlet: null }), "");
});
