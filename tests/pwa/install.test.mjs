import assert from "node:assert/strict";
import { test } from "node:test";
import { wayToInstall } from "../../pwa/ui/install.js";

const CHROME = "Mozilla/5.0 (Linux; Android 13; M2101K7BG) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36";
const SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Mobile/15E148 Safari/604.1";

test("an installed app asks for nothing", () => {
  assert.equal(wayToInstall(CHROME, true, true), "installed");
});

test("the browser's own prompt is used where there is one", () => {
  assert.equal(wayToInstall(CHROME, false, true), "prompt");
  assert.equal(wayToInstall(CHROME, false, false), "menu");
});

test("Safari on a phone is told of its share menu", () => {
  assert.equal(wayToInstall(SAFARI, false, false), "safari");
});

for (const app of ["MicroMessenger/8.0.49", "DingTalk/7.5.0", "Lark/7.1", "AlipayClient/10.5", "Weibo", "QQ/9.0"])
  test(`a page inside ${app} is sent to the browser`, () => {
    assert.equal(wayToInstall(`${CHROME} ${app}`, false, true), "in_app");
    assert.equal(wayToInstall(`${SAFARI} ${app}`, false, false), "in_app");
  });

test("a browser of an app's maker is a browser", () => {
  assert.equal(wayToInstall(`${CHROME} MQQBrowser/14.9`, false, false), "menu");
});
