// What every module of the app must be for the browsers that reps have.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const PWA = fileURLToPath(new URL("../../pwa/", import.meta.url));
const MODULES = new Map(
  readdirSync(PWA, { recursive: true })
    .filter((name) => name.endsWith(".js"))
    .map((name) => [name, ts.createSourceFile(name, readFileSync(join(PWA, name), "utf-8"), ts.ScriptTarget.Latest)]),
);

function waits(node) {
  if (ts.isFunctionLike(node)) return false;
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
  return ts.forEachChild(node, (child) => waits(child) || undefined) ?? false;
}

function importsOf(name) {
  return MODULES.get(name)
    .statements.filter((one) => (ts.isImportDeclaration(one) || ts.isExportDeclaration(one)) && one.moduleSpecifier?.text.startsWith("."))
    .map((one) => normalize(join(dirname(name), one.moduleSpecifier.text)));
}

/** The way from a module to itself, or null. */
function circleFrom(name, way = []) {
  if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
  if (circleFrom.over.has(name)) return null;
  for (const next of importsOf(name)) {
    const found = circleFrom(next, [...way, name]);
    if (found) return found;
  }
  circleFrom.over.add(name);
  return null;
}
circleFrom.over = new Set();

test("no module waits at its top level: WebKit runs others that import it before it is done (WebKit bug 242740)", () => {
  assert.ok(MODULES.size > 200);
  assert.deepEqual(
    [...MODULES].filter(([, source]) => waits(source)).map(([name]) => name),
    [],
  );
});

/** Every text in a module, template or not. */
function textsIn(node) {
  const own = ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) ? [node.text] : [];
  const inner = [];
  ts.forEachChild(node, (child) => void inner.push(...textsIn(child)));
  return [...own, ...inner];
}

test("no text has a line that packs would take for a comment (ADR 20)", () => {
  const parsed = [...MODULES].filter(([name]) => !name.startsWith("vendor"));
  assert.ok(textsIn(MODULES.get("screens/outlets.js")).length > 50);
  assert.deepEqual(
    parsed.filter(([, source]) => textsIn(source).some((text) => /^[ \t]*(\/\/|\/\*\*)/m.test(text))).map(([name]) => name),
    [],
  );
});

test("no module imports itself by way of others", () => {
  for (const name of MODULES.keys()) assert.equal(circleFrom(name), null);
});
