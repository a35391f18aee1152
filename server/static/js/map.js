// @ts-check
// The visit map: outlets as state shapes, visits as small diamonds, rings and a scale on plain ground. No tiles, no borders.
/** Leaflet and htmx come as classic scripts before this module. @type {any} */
const { L, htmx } = globalThis;
let clusterWord = "";
const SVG = "http://www.w3.org/2000/svg";
const RINGS_M = [1000, 2000, 5000, 10000, 20000];
const ORDER = ["overdue", "waiting", "due", "done", "none"];
const SHAPES = {
  done: [["circle", { cx: 9, cy: 9, r: 6, class: "m-done" }]],
  due: [
    ["circle", { cx: 9, cy: 9, r: 5.5, class: "m-due" }],
    ["path", { d: "M9 3.500a5.500 5.500 0 0 1 0 11z", class: "m-due-half" }],
  ],
  overdue: [["path", { d: "M9 1.500 17 15.500H1z", class: "m-overdue" }]],
  waiting: [["circle", { cx: 9, cy: 9, r: 6, class: "m-waiting" }]],
  none: [["circle", { cx: 9, cy: 9, r: 6, class: "m-none" }]],
};

/** @param {string} name @param {Record<string, string | number>} attributes */
function svgNode(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}

/** A marker's drawing with words for those who cannot see it. @param {SVGElement} svg @param {string} words @param {number} size */
function pin(svg, words, size) {
  const html = document.createElement("span");
  const spoken = document.createElement("span");
  spoken.className = "vh";
  spoken.translate = false;
  spoken.textContent = words;
  html.append(svg, spoken);
  return L.divIcon({ html, className: "pin", iconSize: [size, size] });
}

/** @param {string} state @param {string} name */
function outletIcon(state, name) {
  const svg = svgNode("svg", { viewBox: "0 0 18 18", width: 18, height: 18, "aria-hidden": "true" });
  for (const [tag, attributes] of SHAPES[state] ?? SHAPES.none) svg.append(svgNode(tag, attributes));
  return pin(svg, name, 18);
}

/** @param {string} verdict @param {string} text */
function visitIcon(verdict, text) {
  const svg = svgNode("svg", { viewBox: "0 0 10 10", width: 10, height: 10, "aria-hidden": "true" });
  svg.append(svgNode("path", { d: "M5 .8 9.200 5 5 9.200.8 5z", class: `v-${verdict}` }));
  return pin(svg, text, 10);
}

/** A cluster is a ring whose parts show the states inside, and their number. @param {any} cluster */
function clusterIcon(cluster) {
  const states = cluster.getAllChildMarkers().map((/** @type {any} */ marker) => marker.options.state);
  const radius = Math.min(26, 13 + 3.2 * Math.log2(states.length));
  const size = Math.ceil(radius * 2 + 8);
  const round = 2 * Math.PI * radius;
  const svg = svgNode("svg", { viewBox: `0 0 ${size} ${size}`, width: size, height: size, class: "m-clu", "aria-hidden": "true" });
  const middle = { cx: size / 2, cy: size / 2, r: radius };
  svg.append(svgNode("circle", { ...middle, class: "clu-ground" }));
  let passed = 0;
  for (const state of ORDER) {
    const part = (round * states.filter((/** @type {string} */ each) => each === state).length) / states.length;
    if (!part) continue;
    const turn = `rotate(-90 ${size / 2} ${size / 2})`;
    const dash = { "stroke-dasharray": `${part} ${round - part}`, "stroke-dashoffset": -passed };
    svg.append(svgNode("circle", { ...middle, ...dash, class: `clu-${state}`, "stroke-width": 5, transform: turn }));
    passed += part;
  }
  const text = svgNode("text", { x: size / 2, y: size / 2, dy: 4 });
  text.textContent = String(states.length);
  svg.append(text);
  return pin(svg, `${states.length} ${clusterWord}`, size);
}

/** @type {{map: any, layer: any, shown: string} | null} */
let drawn = null;

/** @param {HTMLElement} canvas @param {DOMStringMap} words */
function startMap(canvas, { zoomIn, zoomOut }) {
  const map = L.map(canvas, { attributionControl: false, zoomControl: false, minZoom: 7, maxZoom: 19, zoomSnap: 0.5, keyboard: true });
  map.setView([0, 0], 12);
  L.control.zoom({ position: "topright", zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomright", maxWidth: 120 }).addTo(map);
  return { map, layer: L.layerGroup().addTo(map), shown: "" };
}

/** @param {any} layer @param {any[]} office */
function drawOffice(layer, [name, lat, lon]) {
  for (const radius of RINGS_M) {
    L.circle([lat, lon], { radius, className: "ring", interactive: false, fill: false }).addTo(layer);
    const label = document.createElement("span");
    label.textContent = `${radius / 1000} km`;
    const top = L.latLng(lat, lon)
      .toBounds(radius * 2)
      .getNorth();
    L.marker([top, lon], {
      icon: L.divIcon({ html: label, className: "ring-label", iconSize: [48, 16] }),
      interactive: false,
      keyboard: false,
    }).addTo(layer);
  }
  const label = document.createElement("span");
  label.textContent = name;
  label.translate = false;
  L.marker([lat, lon], {
    icon: L.divIcon({ html: label, className: "office", iconSize: [90, 30] }),
    interactive: false,
    keyboard: false,
  }).addTo(layer);
}

/** Beside the map where there is room, else on its own page. @param {string} address */
function openOutlet(address) {
  if (matchMedia("(max-width: 1080px)").matches) location.assign(address);
  else htmx.ajax("GET", address, { target: "#panel", swap: "innerHTML" });
}

/** @param {any[][]} outlets @param {string} address */
function outletMarkers(outlets, address) {
  const markers = L.markerClusterGroup({
    iconCreateFunction: clusterIcon,
    showCoverageOnHover: false,
    maxClusterRadius: 38,
    disableClusteringAtZoom: 15,
  });
  for (const [id, name, lat, lon, state] of outlets) {
    const marker = L.marker([lat, lon], { icon: outletIcon(state, name), title: name, alt: name, state });
    marker.on("click", () => openOutlet(`${address}${id}`));
    markers.addLayer(marker);
  }
  return markers;
}

/** @param {any[][]} visits @param {string} address */
function visitMarkers(visits, address) {
  const layer = L.layerGroup();
  for (const [id, lat, lon, verdict, text] of visits) {
    const marker = L.marker([lat, lon], { icon: visitIcon(verdict, text), title: text, alt: text, keyboard: false, zIndexOffset: -500 });
    marker.on("click", () => location.assign(`${address}${id}`));
    marker.addTo(layer);
  }
  return layer;
}

async function showPoints() {
  const source = document.querySelector("#map-source");
  const canvas = /** @type {HTMLElement | null} */ (document.querySelector("#map"));
  if (!(source instanceof HTMLElement) || !canvas) return;
  const { points = "", outlet = "", visit = "", word = "" } = source.dataset;
  clusterWord = word;
  drawn ??= startMap(canvas, source.dataset);
  if (drawn.shown === points) return;
  const answer = await fetch(points, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { offices, outlets, visits } = await answer.json();
  drawn.shown = points;
  drawn.layer.clearLayers();
  for (const office of offices) drawOffice(drawn.layer, office);
  visitMarkers(visits, visit).addTo(drawn.layer);
  outletMarkers(outlets, outlet).addTo(drawn.layer);
  const places = [
    ...outlets.map((/** @type {any[]} */ row) => [row[2], row[3]]),
    ...offices.map((/** @type {any[]} */ row) => [row[1], row[2]]),
  ];
  if (places.length) drawn.map.fitBounds(L.latLngBounds(places), { padding: [36, 36], maxZoom: 16, animate: false });
  canvas.dataset.outlets = String(outlets.length);
  canvas.dataset.visits = String(visits.length);
}

document.addEventListener("htmx:afterSettle", () => void showPoints());
document.addEventListener("click", (event) => {
  const empties = event.target instanceof Element && event.target.closest("[data-empties]");
  if (empties) document.getElementById(empties.getAttribute("data-empties") ?? "")?.replaceChildren();
});
void showPoints();
