// Members of a large JSON object, found without reading it whole.
import assert from "node:assert/strict";
import { test } from "node:test";
import { membersOf, parsed } from "../../pwa/outbox/json_members.js";

/** What each member holds. */
async function read(...pieces) {
  const found = [...(await membersOf(new Blob(pieces)))];
  return Object.fromEntries(await Promise.all(found.map(async ([key, text]) => [key, await parsed(text)])));
}

test("each value is found by its key, whatever stands in it", async () => {
  const whole = {
    name: '他说"好"，{[:,]}\\',
    "odd: key, }": 1,
    '"': '\\"',
    ops: [{ a: [1, { b: "]}" }] }, "x,y:z"],
    none: null,
    blobs: { a: "AA==", b: {} },
    empty: {},
    last: [],
  };
  assert.deepEqual(await read(JSON.stringify(whole)), whole);
  assert.deepEqual(await read(JSON.stringify(whole, null, 2), "\r\n"), whole);
  assert.deepEqual(await read("\ufeff", JSON.stringify(whole)), whole);
  assert.deepEqual(await read(" {\n} "), {});
});

test("a key or a sign may lie on both sides of what is read at once", async () => {
  for (let less = 0; less < 24; less += 1) {
    const whole = { a: "A".repeat(1_048_576 - less), 网点: '"\\', c: [1] };
    const { a, ...rest } = await read(JSON.stringify(whole));
    assert.deepEqual([a.length, rest], [1_048_576 - less, { 网点: '"\\', c: [1] }], String(less));
  }
});

test("what is no object, no whole one, or goes on behind it, is refused", async () => {
  for (const wrong of ["", " ", "[]", "null", '"{}"', "x{}", "{", '{"a":1', '{"a":"1}', '{"a":[1}', "{}{}", "{} x", '{"a":1}}', "{a:1}x"]) {
    await assert.rejects(membersOf(new Blob([wrong])), { code: "not_json" }, wrong);
  }
  await assert.rejects(membersOf(new Blob([`{"${"k".repeat(300)}":1}`])), { code: "not_json" });
});

test("a value that is no JSON is told when it is read", async () => {
  const members = await membersOf(new Blob(['{"a":tru,"b":2}']));
  await assert.rejects(parsed(members.get("a")), { code: "not_json" });
  assert.equal(await parsed(members.get("b")), 2);
});
