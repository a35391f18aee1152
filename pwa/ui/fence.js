// @ts-check
// The geofence drawn to scale: the outlet, its circle, and where the phone is.
import { t } from "../i18n/index.js";
import { svg } from "../vendor/lit-html/lit-html.js";
import { distanceText } from "./format.js";

const WIDTH = 328;
const HEIGHT = 220;
const RULERS_M = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
const PIN = "M0 0C-6-9-19-17-19-32a19 19 0 0 1 38 0C19-17 6-9 0 0Z";

/**
 * @param {{lat: number, lon: number}} outlet @param {{lat: number, lon: number, accuracy_m: number | null}} fix
 * @param {number} away metres @param {number} radius metres @param {boolean} isInside
 */
export function fenceDrawing(outlet, fix, away, radius, isInside) {
  const east = (fix.lon - outlet.lon) * Math.cos((outlet.lat * Math.PI) / 180);
  const north = fix.lat - outlet.lat;
  const length = Math.hypot(east, north) || 1;
  const scale = Math.min(98 / radius, 150 / Math.max(away, 1));
  const x = WIDTH / 2 - (east / length) * away * scale * 0.4;
  const y = HEIGHT / 2 + (north / length) * away * scale * 0.3;
  const [px, py] = [clamp(x + (east / length) * away * scale, WIDTH), clamp(y - (north / length) * away * scale, HEIGHT)];
  const colour = isInside ? "var(--color-positive)" : "var(--color-negative)";
  const ruler = RULERS_M.find((metres) => metres * scale >= 36) ?? 10_000;
  return svg`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${t(isInside ? "fence.inside" : "fence.outside", { n: radius })}>
    <rect width=${WIDTH} height=${HEIGHT} fill="var(--color-action-soft)"></rect>
    <g stroke="var(--color-line)" stroke-width="1" opacity=".7"><path d="M0 55h328M0 110h328M0 165h328M54 0v220M109 0v220M164 0v220M219 0v220M274 0v220"></path></g>
    <circle cx=${x} cy=${y} r=${radius * scale} fill=${colour} opacity=".10"></circle>
    <circle cx=${x} cy=${y} r=${radius * scale} fill="none" stroke=${colour} stroke-width="2" stroke-dasharray="7 5"></circle>
    ${isInside ? "" : svg`<path d="M${x} ${y} ${px} ${py}" stroke=${colour} stroke-width="2" stroke-dasharray="5 5" fill="none"></path>`}
    <circle cx=${px} cy=${py} r=${Math.max(11, Math.min(60, (fix.accuracy_m ?? 0) * scale))} fill="var(--color-notice)" opacity=".18"></circle>
    <g transform="translate(${x} ${y})"><path d=${PIN} fill="var(--color-action)" stroke="var(--color-surface)" stroke-width="2.5"></path>
      <path transform="translate(0 -33)" d="M-8 1v7.500h16V1M-10-3l2.500-6h15L10-3" fill="none" stroke="var(--color-surface)" stroke-width="2" stroke-linecap="round"></path></g>
    <circle cx=${px} cy=${py} r="8" fill="var(--color-notice)" stroke="var(--color-surface)" stroke-width="3"></circle>
    <g transform="translate(${WIDTH - 70 - ruler * scale} 208)"><path d="M0-5v5h${ruler * scale}v-5" fill="none" stroke="var(--color-text-quiet)" stroke-width="1.5"></path>
      <text x=${ruler * scale + 6} y="1" font-size="12" fill="var(--color-text-quiet)">${distanceText(ruler)}</text></g>
  </svg>`;
}

/** @param {number} value @param {number} size */
function clamp(value, size) {
  return Math.max(16, Math.min(size - 16, value));
}
