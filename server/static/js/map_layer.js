// @ts-check
// All points of the map on one canvas: twenty thousand elements would be too many for a browser, as many shapes are not.
import { gathered, within } from "./map_gather.js";
import { coloursOf } from "./map_shapes.js";

/** @typedef {import("./map_gather.js").Points} Points */
/** @typedef {import("./map_gather.js").Group} Group */
/**
 * Points of one sort. `reach` is within how many pixels they are gathered near, `isSeenFar` whether they are drawn far out; `radius` is for finding them.
 * @typedef {object} PointSet
 * @property {Points} points
 * @property {number} kinds how many
 * @property {number} reach
 * @property {boolean} isSeenFar
 * @property {(group: Group) => number} radius
 * @property {(pen: CanvasRenderingContext2D, group: Group, x: number, y: number, colours: Record<string, string>) => void} draw
 * @property {(group: Group) => string} words
 * @property {(group: Group) => void} open
 */
/** Leaflet comes as a classic script before this module. @type {any} */
const { L } = globalThis;
const KEPT_ZOOMS = 12;
const EDGE = 40;
const APART_FROM_ZOOM = 15;
const FAR_REACH = 56;
const MOST_APART = 1500;

/** @param {Points} points @returns {Uint32Array} */
const everyOf = (points) => Uint32Array.from(points.x, (_, place) => place);

/**
 * The layer: while the map moves, the browser moves the picture; it is drawn anew where the map comes to rest.
 * `showSets(sets)` draws these, the last on top; `found(point)` is what lies at a point of the container.
 */
export const PointLayer = L.Renderer.extend({
  options: { padding: 0.2 },

  _initContainer() {
    this._container = document.createElement("canvas");
    this._pen = this._container.getContext("2d");
    this._sets = [];
    this._gathered = new Map();
    this._shown = [];
    this._colours = coloursOf(this._map.getContainer());
    this._font = `650 12px ${getComputedStyle(this._map.getContainer()).fontFamily}`;
    this._themes = new MutationObserver(() => {
      this._colours = coloursOf(this._map.getContainer());
      this._draw();
    });
    this._themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  },

  _destroyContainer() {
    this._themes.disconnect();
    this._container.remove();
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    const before = this._bounds && { bounds: this._bounds, zoom: this._zoom, origin: this._origin };
    L.Renderer.prototype._update.call(this);
    this._origin = this._map.getPixelOrigin();
    L.DomUtil.setPosition(this._container, this._bounds.min);
    const isSame = before && before.zoom === this._zoom && before.bounds.equals(this._bounds) && before.origin.equals(this._origin);
    if (!isSame) this._draw();
  },

  _updatePaths() {},

  /** @param {PointSet[]} sets */
  showSets(sets) {
    this._sets = sets;
    this._gathered.clear();
    this._draw();
  },

  /**
   * Far out, all points are gathered once a zoom, so that clusters stay as they are while the map moves. Near, only those in sight
   * are: they are drawn apart unless there are too many of them.
   * @param {PointSet} set @returns {Group[]}
   */
  _groups(set) {
    if (!set.points.x.length) return [];
    if (this._zoom >= APART_FROM_ZOOM) {
      const seen = this._seen(set.points);
      return gathered(set.points, seen, this._zoom, seen.length > MOST_APART ? FAR_REACH : set.reach, set.kinds);
    }
    if (!set.isSeenFar) return [];
    const key = `${this._sets.indexOf(set)} ${this._zoom}`;
    const known = this._gathered.get(key);
    if (known) return known;
    const groups = gathered(set.points, everyOf(set.points), this._zoom, FAR_REACH, set.kinds);
    if (this._gathered.size >= KEPT_ZOOMS) this._gathered.delete(this._gathered.keys().next().value);
    this._gathered.set(key, groups);
    return groups;
  },

  /** The points in sight, or nearly. @param {Points} points */
  _seen(points) {
    const scale = 2 ** this._zoom;
    const min = this._bounds.min.add(this._origin).subtract([EDGE, EDGE]).divideBy(scale);
    const max = this._bounds.max.add(this._origin).add([EDGE, EDGE]).divideBy(scale);
    return within(points, min.x, min.y, max.x, max.y);
  },

  _draw() {
    if (!this._bounds) return;
    const pen = this._wipedPen();
    const { min, max } = this._bounds;
    this._shown = [];
    for (const set of this._sets) {
      for (const group of this._groups(set)) {
        const [x, y] = [group.x - this._origin.x, group.y - this._origin.y];
        if (x < min.x - EDGE || x > max.x + EDGE || y < min.y - EDGE || y > max.y + EDGE) continue;
        set.draw(pen, group, x, y, this._colours);
        this._shown.push({ set, group, x, y });
      }
    }
    this._map.getContainer().dataset.shapes = String(this._shown.length);
  },

  /** @returns {CanvasRenderingContext2D} over an empty canvas, in the map's own pixels */
  _wipedPen() {
    const { min } = this._bounds;
    const size = this._bounds.getSize();
    const sharpness = Math.min(window.devicePixelRatio || 1, 2);
    const [width, height] = [Math.round(size.x * sharpness), Math.round(size.y * sharpness)];
    if (this._container.width !== width || this._container.height !== height) {
      this._container.width = width;
      this._container.height = height;
      this._container.style.width = `${size.x}px`;
      this._container.style.height = `${size.y}px`;
    }
    this._pen.setTransform(1, 0, 0, 1, 0, 0);
    this._pen.clearRect(0, 0, width, height);
    this._pen.setTransform(sharpness, 0, 0, sharpness, -min.x * sharpness, -min.y * sharpness);
    this._pen.font = this._font;
    this._pen.textAlign = "center";
    this._pen.textBaseline = "middle";
    return this._pen;
  },

  /** The topmost that lies there. @param {any} point of the container @returns {{set: PointSet, group: Group} | undefined} */
  found(point) {
    const at = this._map.containerPointToLayerPoint(point);
    const more = L.Browser.mobile ? 10 : 0;
    return this._shown.findLast(
      (/** @type {any} */ { set, group, x, y }) => (x - at.x) ** 2 + (y - at.y) ** 2 <= (set.radius(group) + more) ** 2,
    );
  },
});
