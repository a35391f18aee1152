// @ts-check
// Links that show an outlet on a map app, each in the frame that the app takes. Our positions are WGS-84.
import { gcj02Of } from "../rules/gcj02.js";

/** The map apps that people have, the most usual first; `phone` is whatever opens `geo:`. */
export const MAPS = /** @type {const} */ (["amap", "baidu", "tencent", "phone"]);

/** @typedef {typeof MAPS[number]} MapApp */

/**
 * Amap (uri.amap.com) and Baidu (api.map.baidu.com) are told that the position is WGS-84; Tencent (apis.map.qq.com) takes GCJ-02 only,
 * and in its `marker` the signs `;` and `:` part the fields. `geo:` is WGS-84 by RFC 5870, whatever the app that opens it makes of it.
 * @param {MapApp} app @param {{name: string, address?: string | null, lat: number, lon: number}} outlet WGS-84 degrees @returns {string}
 */
export function mapLink(app, outlet) {
  const name = encodeURIComponent(outlet.name);
  const address = encodeURIComponent(outlet.address || outlet.name);
  const [lat, lon] = degrees(outlet);
  switch (app) {
    case "amap":
      return `https://uri.amap.com/marker?position=${lon},${lat}&name=${name}&src=xundian&coordinate=wgs84&callnative=1`;
    case "baidu":
      return `https://api.map.baidu.com/marker?location=${lat},${lon}&title=${name}&content=${address}&output=html&coord_type=wgs84&src=webapp.xundian.phone`;
    case "tencent":
      return `https://apis.map.qq.com/uri/v1/marker?marker=coord:${degrees(gcj02Of(outlet))};title:${field(outlet.name)};addr:${field(outlet.address || outlet.name)}&referer=xundian`;
    case "phone":
      return `geo:${lat},${lon}?q=${lat},${lon}(${name})`;
  }
}

/** Six decimals are 0.1 m. @param {{lat: number, lon: number}} place @returns {[string, string]} */
function degrees({ lat, lon }) {
  return [lat.toFixed(6), lon.toFixed(6)];
}

/** @param {string} words */
function field(words) {
  return encodeURIComponent(words.replace(/[;:]/g, " "));
}
