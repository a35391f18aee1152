// Links to map apps; the frame of Chinese maps is in the vectors gcj02.json.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MAPS, mapLink } from "../../pwa/ui/map_links.js";

const SHOP = { name: "鑫源通讯（解放路店）", address: "解放路 11 号", lat: 30.66, lon: 104.07 };

test("Amap gets WGS-84, longitude first, and is told so", () => {
  const link = new URL(mapLink("amap", SHOP));
  assert.equal(link.origin + link.pathname, "https://uri.amap.com/marker");
  assert.deepEqual(Object.fromEntries(link.searchParams), {
    position: "104.070000,30.660000",
    name: "鑫源通讯（解放路店）",
    src: "xundian",
    coordinate: "wgs84",
    callnative: "1",
  });
});

test("Baidu gets WGS-84, latitude first, and is told so", () => {
  const link = new URL(mapLink("baidu", SHOP));
  assert.equal(link.origin + link.pathname, "https://api.map.baidu.com/marker");
  assert.deepEqual(Object.fromEntries(link.searchParams), {
    location: "30.660000,104.070000",
    title: "鑫源通讯（解放路店）",
    content: "解放路 11 号",
    output: "html",
    coord_type: "wgs84",
    src: "webapp.xundian.phone",
  });
});

test("Tencent gets GCJ-02, latitude first", () => {
  const link = new URL(mapLink("tencent", { ...SHOP, lat: 39.911954, lon: 116.377817 }));
  assert.equal(link.origin + link.pathname, "https://apis.map.qq.com/uri/v1/marker");
  assert.deepEqual(Object.fromEntries(link.searchParams), {
    marker: "coord:39.913345,116.384047;title:鑫源通讯（解放路店）;addr:解放路 11 号",
    referer: "xundian",
  });
});

test("the phone's own map gets WGS-84 by a geo link", () => {
  assert.equal(mapLink("phone", { ...SHOP, name: "A 店" }), "geo:30.660000,104.070000?q=30.660000,104.070000(A%20%E5%BA%97)");
});

test("a name cannot add anything to a link", () => {
  const odd = { ...SHOP, name: "a&b=c#d;title:e", address: "1:2;3" };
  assert.equal(new URL(mapLink("amap", odd)).searchParams.get("name"), "a&b=c#d;title:e");
  assert.equal(new URL(mapLink("baidu", odd)).searchParams.get("content"), "1:2;3");
  assert.equal(new URL(mapLink("tencent", odd)).searchParams.get("marker")?.split(/[;:]/).length, 6);
});

test("an outlet without an address is named by its name", () => {
  assert.equal(new URL(mapLink("baidu", { ...SHOP, address: null })).searchParams.get("content"), SHOP.name);
  assert.match(new URL(mapLink("tencent", { ...SHOP, address: "" })).searchParams.get("marker") ?? "", /;addr:鑫源通讯/);
});

test("every map has a link", () => {
  for (const map of MAPS) assert.match(mapLink(map, SHOP), /^(https:\/\/|geo:)/);
});
