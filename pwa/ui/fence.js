// @ts-check
// The geofence drawn to scale: the outlet, its circle, and where the phone is.
import { t } from "../i18n/index.js";
import { svg } from "../vendor/lit-html/lit-html.js";
import { clamp, fencePlaces, HEIGHT, WIDTH } from "./fence_places.js";
import { distanceText } from "./format.js";

const RULERS_M = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];
const PIN = "M0 0C-6-9-19-17-19-32a19 19 0 0 1 38 0C19-17 6-9 0 0Z";
const AWNING = "M-8 1v7.500h16V1M-10-3l2.500-6h15L10-3A3.300 3.300 0 0 1 3.300-3 3.300 3.300 0 0 1-3.300-3 3.300 3.300 0 0 1-10-3Z";

/** @typedef {import("./fence_places.js").Point} Point */

/**
 * @param {{lat: number, lon: number}} outlet @param {{lat: number, lon: number, accuracy_m: number | null}} fix
 * @param {number} away metres @param {number} radius metres @param {boolean} isInside
 */
export function fenceDrawing(outlet, fix, away, radius, isInside) {
  const { shop, phone, scale } = fencePlaces(outlet, fix, away, radius);
  const colour = isInside ? "var(--color-positive)" : "var(--color-negative)";
  const rim = radius * scale;
  return svg`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${t(isInside ? "fence.inside" : "fence.outside", { n: radius })}>
    <rect width=${WIDTH} height=${HEIGHT} fill="var(--color-action-soft)"></rect>
    <g stroke="var(--color-line)" stroke-width="1" opacity=".7"><path d="M0 55h328M0 110h328M0 165h328M54 0v220M109 0v220M164 0v220M219 0v220M274 0v220"></path></g>
    <circle cx=${shop.x} cy=${shop.y} r=${rim} fill=${colour} opacity=".10"></circle>
    <circle cx=${shop.x} cy=${shop.y} r=${rim} fill="none" stroke=${colour} stroke-width="2" stroke-dasharray="7 5"></circle>
    ${rimLabel(shop, rim, radius, colour)}
    ${isInside ? "" : svg`<path d="M${shop.x} ${shop.y} ${phone.x} ${phone.y}" stroke=${colour} stroke-width="2" stroke-dasharray="5 5" fill="none"></path>`}
    <circle cx=${phone.x} cy=${phone.y} r=${Math.max(11, Math.min(60, (fix.accuracy_m ?? 0) * scale))} fill="var(--color-notice)" opacity=".18"></circle>
    <g transform="translate(${shop.x} ${shop.y})"><path d=${PIN} fill="var(--color-action)" stroke="var(--color-surface)" stroke-width="2.5"></path>
      <path transform="translate(0 -33)" d=${AWNING} fill="none" stroke="var(--color-surface)" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"></path></g>
    <circle cx=${phone.x} cy=${phone.y} r="8" fill="var(--color-notice)" stroke="var(--color-surface)" stroke-width="3"></circle>
    ${phoneLabel(phone, shop, isInside)} ${ruler(scale, Math.max(shop.x, phone.x) > WIDTH / 2 && Math.max(shop.y, phone.y) > 150)}
  </svg>`;
}

/** @param {Point} shop @param {number} rim @param {number} radius @param {string} colour */
function rimLabel(shop, rim, radius, colour) {
  const isRoomy = rim > 70;
  const y = isRoomy ? shop.y - rim + 20 : Math.min(HEIGHT - 8, shop.y + rim + 17);
  return svg`<text x=${shop.x} y=${y} text-anchor="middle" font-size="12" font-weight="600" fill=${colour}>${t("fence.radius", { d: distanceText(radius) })}</text>`;
}

/** Beside the dot, or on the side away from the outlet so that the line stays free. @param {Point} phone @param {Point} shop @param {boolean} isInside */
function phoneLabel(phone, shop, isInside) {
  const isRight = phone.x < WIDTH - 90;
  const beside = { x: isRight ? phone.x + 18 : phone.x - 18, y: phone.y + 5, anchor: isRight ? "start" : "end" };
  const beyond = { x: clamp(phone.x, WIDTH, 36), y: phone.y <= shop.y ? phone.y - 16 : phone.y + 26, anchor: "middle" };
  const at = isInside ? beside : beyond;
  return svg`<text x=${at.x} y=${at.y} text-anchor=${at.anchor} font-size="13" font-weight="700" fill="var(--color-notice)">${t("fence.you")}</text>`;
}

/** At the bottom right, or left when something else is there. @param {number} scale @param {boolean} isLeft */
function ruler(scale, isLeft) {
  const metres = RULERS_M.find((one) => one * scale >= 36) ?? 100_000;
  const length = Math.min(metres * scale, 120);
  return svg`<g transform="translate(${isLeft ? 14 : WIDTH - 66 - length} 208)"><path d=${`M0-5v5h${length}v-5`} fill="none" stroke="var(--color-text-quiet)" stroke-width="1.5"></path>
    <text x=${length + 6} y="1" font-size="12" fill="var(--color-text-quiet)">${distanceText(metres)}</text></g>`;
}
