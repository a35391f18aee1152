// @ts-check
// The ground of a map: the company's own tiles or plain, offices with distance rings, a scale. National borders are never drawn.
/** Leaflet comes as a classic script before this module. @type {any} */
const { L } = globalThis;
const RINGS_M = [1000, 2000, 5000, 10000, 20000];
const [LOWEST_ZOOM, HIGHEST_ZOOM] = [4, 19];

/** `words` are the data of the page's source element. @param {HTMLElement} canvas @param {DOMStringMap} words @returns {any} */
export function newMap(canvas, { zoomIn, zoomOut, tiles, highest }) {
  const map = L.map(canvas, {
    attributionControl: false,
    zoomControl: false,
    minZoom: LOWEST_ZOOM,
    maxZoom: HIGHEST_ZOOM,
    zoomSnap: tiles ? 1 : 0.5,
  });
  map.setView([0, 0], 12);
  if (tiles) layTiles(map, tiles, Number(highest));
  L.control.zoom({ position: "topright", zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomright", maxWidth: 120 }).addTo(map);
  return map;
}

/** Past their highest zoom tiles are stretched; where none comes at all, the page says so. @param {any} map @param {string} url @param {number} highest */
function layTiles(map, url, highest) {
  const trouble = /** @type {HTMLElement | null} */ (document.querySelector("#no-tiles"));
  const layer = L.tileLayer(url, { maxNativeZoom: highest, maxZoom: HIGHEST_ZOOM, className: "ground-tiles" });
  let hasAny = false;
  layer.on("tileload", () => {
    hasAny = true;
    if (trouble) trouble.hidden = true;
  });
  layer.on("tileerror", () => {
    if (trouble) trouble.hidden = hasAny;
  });
  layer.addTo(map);
}

/** An office with rings around it. @param {any} layer @param {any[]} office */
export function drawOffice(layer, [name, lat, lon]) {
  for (const radius of RINGS_M) {
    L.circle([lat, lon], { radius, className: "ring", interactive: false, fill: false }).addTo(layer);
    const top = L.latLng(lat, lon)
      .toBounds(radius * 2)
      .getNorth();
    label(`${radius / 1000} km`, top, lon, "ring-label", [48, 16]).addTo(layer);
  }
  label(name, lat, lon, "office", [90, 30]).addTo(layer);
}

/** @param {string} text @param {number} lat @param {number} lon @param {string} className @param {number[]} iconSize */
function label(text, lat, lon, className, iconSize) {
  const html = document.createElement("span");
  html.textContent = text;
  html.translate = false;
  return L.marker([lat, lon], { icon: L.divIcon({ html, className, iconSize }), interactive: false, keyboard: false });
}
