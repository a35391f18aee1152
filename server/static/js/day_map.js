// @ts-check
// A rep's day on the map: numbered stops, straight lines between them, and stepping through them in order.
import { drawOffice, newMap } from "./map_ground.js";

/** @typedef {{number: number, name: string, at: number[] | null, outlet: number[] | null, gap: string, isMarked: boolean, isFast: boolean}} Stop */
/** Leaflet comes as a classic script before this module. @type {any} */
const { L } = globalThis;
const STEP_MS = 1500;

/** @param {any} map @param {Stop[]} stops */
function drawLegs(map, stops) {
  for (const [place, stop] of stops.entries()) {
    const before = stops[place - 1];
    if (stop.at && stop.outlet) L.polyline([stop.at, stop.outlet], { className: "off", interactive: false }).addTo(map);
    if (before?.at && stop.at) {
      L.polyline([before.at, stop.at], { className: stop.isFast ? "leg fast" : "leg", interactive: false }).addTo(map);
      const middle = [(before.at[0] + stop.at[0]) / 2, (before.at[1] + stop.at[1]) / 2];
      if (stop.gap)
        L.marker(middle, { icon: named("leg-label", stop.gap, 64), interactive: false, keyboard: false, zIndexOffset: -200 }).addTo(map);
    }
  }
}

/** @param {string} className @param {string} text @param {number} size */
function named(className, text, size) {
  const html = document.createElement("span");
  html.textContent = text;
  return L.divIcon({ html, className, iconSize: [size, className === "leg-label" ? 16 : size] });
}

/** @param {any} map @param {Stop[]} stops @returns {Map<number, any>} markers by the number of their stop */
function drawStops(map, stops) {
  const markers = new Map();
  for (const stop of stops.filter(({ at }) => at)) {
    const words = `${stop.number} ${stop.name}`;
    const marker = L.marker(stop.at, {
      icon: named(stop.isMarked ? "stop marked" : "stop", String(stop.number), 26),
      title: words,
      alt: words,
      zIndexOffset: 10 * stop.number,
    });
    marker.on("click", () => {
      show(stop.number, markers);
      document.getElementById(`stop-${stop.number}`)?.scrollIntoView({ block: "nearest" });
    });
    markers.set(stop.number, marker.addTo(map));
  }
  return markers;
}

/** Mark one stop in the map and in the table; 0 for none. @param {number} number @param {Map<number, any>} markers */
function show(number, markers) {
  for (const row of document.querySelectorAll("tr.now")) row.classList.remove("now");
  document.getElementById(`stop-${number}`)?.classList.add("now");
  for (const [each, marker] of markers) marker.getElement()?.classList.toggle("now", each === number);
}

/** @param {any} map @param {Stop[]} stops @param {Map<number, any>} markers */
function letPlay(map, stops, markers) {
  const button = /** @type {HTMLButtonElement | null} */ (document.querySelector("#play"));
  if (!button || stops.length < 2) return;
  let next = 0;
  let timer = 0;
  const halt = () => {
    clearInterval(timer);
    timer = 0;
    button.textContent = button.dataset.play ?? "";
  };
  const step = () => {
    if (next === stops.length) {
      next = 0;
      halt();
      return;
    }
    const stop = stops[next];
    next += 1;
    show(stop.number, markers);
    if (stop.at) map.panInside(stop.at, { padding: [60, 60] });
  };
  button.addEventListener("click", () => {
    if (timer) {
      halt();
      return;
    }
    button.textContent = button.dataset.stop ?? "";
    timer = setInterval(step, STEP_MS);
    step();
  });
  button.hidden = false;
}

const source = /** @type {HTMLElement | null} */ (document.querySelector("#day-source"));
const canvas = /** @type {HTMLElement | null} */ (document.querySelector("#map"));
if (source && canvas) {
  const { offices, stops } = JSON.parse(source.dataset.drawing ?? "{}");
  const map = newMap(canvas, source.dataset);
  for (const office of offices) drawOffice(map, office);
  const places = stops.flatMap((/** @type {Stop} */ { at, outlet }) => [at, outlet].filter(Boolean));
  const seen = places.length ? places : offices.map((/** @type {any[]} */ [, lat, lon]) => [lat, lon]);
  if (seen.length) map.fitBounds(L.latLngBounds(seen), { padding: [48, 48], maxZoom: 17, animate: false });
  drawLegs(map, stops);
  letPlay(map, stops, drawStops(map, stops));
  canvas.dataset.stops = String(stops.length);
}
