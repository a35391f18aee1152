// @ts-check
// Where outlet and phone stand on the drawing of the fence. Pure.

export const WIDTH = 328;
export const HEIGHT = 220;

/** @typedef {{x: number, y: number}} Point */

/**
 * Both within the frame, north up, to scale.
 * @param {{lat: number, lon: number}} outlet @param {{lat: number, lon: number}} fix @param {number} away @param {number} radius
 * @returns {{shop: Point, phone: Point, scale: number}} scale in drawn pixels to the metre
 */
export function fencePlaces(outlet, fix, away, radius) {
  const east = (fix.lon - outlet.lon) * Math.cos((outlet.lat * Math.PI) / 180);
  const north = fix.lat - outlet.lat;
  const length = Math.hypot(east, north) || 1;
  const scale = Math.min(90 / radius, 150 / Math.max(away, 1));
  const [dx, dy] = [(east / length) * away * scale, (-north / length) * away * scale];
  const isNear = away <= radius;
  const shop = { x: WIDTH / 2 - dx * (isNear ? 0.1 : 0.5), y: HEIGHT / 2 + (isNear ? 4 : 16) - dy * (isNear ? 0.1 : 0.5) };
  return { shop, phone: { x: clamp(shop.x + dx, WIDTH), y: clamp(shop.y + dy, HEIGHT, 24) }, scale };
}

/** @param {number} value @param {number} size @param {number} [margin] */
export function clamp(value, size, margin = 16) {
  return Math.max(margin, Math.min(size - margin, value));
}
