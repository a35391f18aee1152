// The frame of Chinese maps, and links to map apps.
import assert from "node:assert/strict";
import { test } from "node:test";
import { distanceM } from "../../pwa/rules/geo.js";
import { gcj02Of } from "../../pwa/rules/gcj02.js";
import { MAPS, mapLink } from "../../pwa/ui/map_links.js";

const SHOP = { name: "鑫源通讯（解放路店）", address: "解放路 11 号", lat: 30.66, lon: 104.07 };

test("GCJ-02 is what is known of three places", () => {
  for (const [lat, lon, mapLat, mapLon] of /** @type {const} */ ([
    [31.1774276, 121.5272106, 31.17530398364597, 121.531541859215], // Shanghai
    [22.543847, 113.912316, 22.540796131694766, 113.9171764808363], // Shenzhen
    [39.911954, 116.377817, 39.91334545536069, 116.38404722455657], // Beijing
  ])) {
    const found = gcj02Of({ lat, lon });
    assert.ok(distanceM(found.lat, found.lon, mapLat, mapLon) < 0.05, String(lat));
  }
});

test("outside of China a position stays", () => {
  assert.deepEqual(gcj02Of({ lat: 39.7392, lon: -104.9903 }), { lat: 39.7392, lon: -104.9903 }); // Denver
  assert.deepEqual(gcj02Of({ lat: 48.8566, lon: 2.3522 }), { lat: 48.8566, lon: 2.3522 }); // Paris
});

test("the box around China ends at its edges", () => {
  for (const [lat, lon, pastLat, pastLon] of /** @type {const} */ ([
    [0.8293, 105, 0.8292, 105],
    [55.8271, 105, 55.8272, 105],
    [35, 72.004, 35, 72.0039],
    [35, 137.8347, 35, 137.8348],
  ])) {
    assert.notDeepEqual(gcj02Of({ lat, lon }), { lat, lon });
    assert.deepEqual(gcj02Of({ lat: pastLat, lon: pastLon }), { lat: pastLat, lon: pastLon });
  }
});

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
