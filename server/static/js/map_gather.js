// @ts-check
// Gathering of points that lie close together on the screen. Pure: no map, no page.

/** Positions in pixels of the world at zoom 0, each with the number of its kind. @typedef {{x: Float64Array, y: Float64Array, kind: Uint8Array}} Points */
/**
 * Points drawn as one: where, how many, which (by place in `Points`), and how many of each kind.
 * @typedef {{x: number, y: number, members: number[], kinds: number[]}} Group
 */

const WORLD_PX = 256;

/** @param {number} lon degrees @returns {number} pixels at zoom 0, as Leaflet's Web Mercator has them */
export const worldX = (lon) => ((lon + 180) / 360) * WORLD_PX;

/** @param {number} lat degrees @returns {number} pixels at zoom 0, from the north */
export function worldY(lat) {
  const sin = Math.sin((lat * Math.PI) / 180);
  return (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * WORLD_PX;
}

/**
 * The points of a zoom, those within `reach` pixels of one another gathered around the one that comes first.
 * @param {Points} points @param {ArrayLike<number>} among the places in `points` of those that count, in order @param {number} zoom
 * @param {number} reach @param {number} kinds how many kinds there are @returns {Group[]}
 */
export function gathered(points, among, zoom, reach, kinds) {
  const scale = 2 ** zoom;
  const grid = gridOf(points, among, scale, reach);
  const isTaken = new Uint8Array(among.length);
  const groups = [];
  for (let first = 0; first < among.length; first += 1) {
    if (!isTaken[first]) groups.push(groupAround(first, points, among, scale, reach, grid, isTaken, kinds));
  }
  return groups;
}

/** @param {Points} points @param {number} west @param {number} north @param {number} east @param {number} south pixels at zoom 0 @returns {number[]} */
export function within({ x, y }, west, north, east, south) {
  const found = [];
  for (let one = 0; one < x.length; one += 1) {
    if (x[one] >= west && x[one] <= east && y[one] >= north && y[one] <= south) found.push(one);
  }
  return found;
}

/** Cells with their first point, and of each point the next in its cell. @typedef {{first: Map<number, number>, next: Int32Array, cell: Float64Array, width: number}} Grid */

/**
 * Cells as wide as the reach, so that whatever is near lies in a cell or beside it.
 * @param {Points} points @param {ArrayLike<number>} among @param {number} scale @param {number} reach @returns {Grid}
 */
function gridOf({ x, y }, among, scale, reach) {
  let [left, top, right] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < among.length; at += 1) {
    left = Math.min(left, x[among[at]]);
    right = Math.max(right, x[among[at]]);
    top = Math.min(top, y[among[at]]);
  }
  const width = Math.floor(((right - left) * scale) / reach) + 3;
  const first = new Map();
  const next = new Int32Array(among.length);
  const cell = new Float64Array(among.length);
  for (let at = among.length - 1; at >= 0; at -= 1) {
    const column = Math.floor(((x[among[at]] - left) * scale) / reach) + 1;
    cell[at] = Math.floor(((y[among[at]] - top) * scale) / reach) * width + column;
    next[at] = first.get(cell[at]) ?? -1;
    first.set(cell[at], at);
  }
  return { first, next, cell, width };
}

/**
 * @param {number} first @param {Points} points @param {ArrayLike<number>} among @param {number} scale @param {number} reach @param {Grid} grid
 * @param {Uint8Array} isTaken @param {number} kinds @returns {Group}
 */
function groupAround(first, { x, y, kind }, among, scale, reach, grid, isTaken, kinds) {
  const [left, top, far] = [x[among[first]], y[among[first]], (reach / scale) ** 2];
  const group = { x: 0, y: 0, members: /** @type {number[]} */ ([]), kinds: new Array(kinds).fill(0) };
  for (let down = -grid.width; down <= grid.width; down += grid.width) {
    for (let across = -1; across <= 1; across += 1) {
      for (let at = grid.first.get(grid.cell[first] + down + across) ?? -1; at >= 0; at = grid.next[at]) {
        const one = among[at];
        if (isTaken[at] || (x[one] - left) ** 2 + (y[one] - top) ** 2 > far) continue;
        isTaken[at] = 1;
        group.members.push(one);
        group.kinds[kind[one]] += 1;
        group.x += x[one];
        group.y += y[one];
      }
    }
  }
  group.x = (group.x / group.members.length) * scale;
  group.y = (group.y / group.members.length) * scale;
  return group;
}
