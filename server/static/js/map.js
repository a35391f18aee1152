// @ts-check
// The visit map: outlets as state shapes, visits as diamonds, in clusters with their numbers; it keeps itself up to date.
import { worldX, worldY } from "./map_gather.js";
import { drawOffice, newMap } from "./map_ground.js";
import { PointLayer } from "./map_layer.js";
import { clusterRadius, drawCluster, drawOutlet, drawVisit, MARKS, STATES } from "./map_shapes.js";

/** @typedef {import("./map_gather.js").Group} Group */
/** @typedef {import("./map_layer.js").PointSet} PointSet */
/** @typedef {{day: string, states: Record<string, string>, marks: Record<string, string>, outlets: string, visits: string, more: string}} Words */
/** Leaflet and htmx come as classic scripts before this module. @type {any} */
const { L, htmx } = globalThis;
const DEGREE = 100_000;
const MOST_LISTED = 30;
const RING_OF_VISITS = ["no", "waiting", "done"];

/** @type {{map: any, layer: any, points: any, shown: string, tag: string, tiles: string, readAt: number} | null} */
let drawn = null;

const sourceElement = () => /** @type {HTMLElement | null} */ (document.querySelector("#map-source"));

/** @param {HTMLElement} canvas @param {HTMLElement} source */
function startMap(canvas, source) {
  const map = newMap(canvas, source.dataset);
  const points = new PointLayer().addTo(map);
  map.on("click", (/** @type {any} */ event) => {
    const found = points.found(event.containerPoint);
    if (found) openGroup(map, found.set, found.group);
  });
  map.on("mousemove", (/** @type {any} */ event) => {
    const found = points.found(event.containerPoint);
    canvas.classList.toggle("over-point", Boolean(found));
    canvas.title = found ? found.set.words(found.group) : "";
  });
  return { map, points, layer: L.layerGroup().addTo(map), shown: "", tag: "", tiles: source.dataset.tiles ?? "", readAt: Date.now() };
}

/** One opens; a cluster comes nearer, and where that takes it no further apart it lists what is in it. @param {any} map @param {PointSet} set @param {Group} group */
function openGroup(map, set, group) {
  if (group.members.length === 1) {
    set.open(group);
    return;
  }
  const { x, y } = set.points;
  const corners = group.members.map((one) => L.CRS.EPSG3857.pointToLatLng(L.point(x[one], y[one]), 0));
  const bounds = L.latLngBounds(corners);
  const zoom = Math.min(map.getBoundsZoom(bounds, false, L.point(80, 80)), map.getMaxZoom());
  if (zoom > map.getZoom()) map.setView(bounds.getCenter(), zoom);
  else L.popup({ maxHeight: 260, minWidth: 180 }).setLatLng(bounds.getCenter()).setContent(listOf(set, group)).openOn(map);
}

/** @param {PointSet} set @param {Group} group */
function listOf(set, group) {
  const list = document.createElement("ul");
  list.className = "point-list";
  for (const one of group.members.slice(0, MOST_LISTED)) {
    const single = { ...group, members: [one] };
    const button = document.createElement("button");
    button.type = "button";
    button.translate = false;
    button.textContent = set.words(single);
    button.addEventListener("click", () => set.open(single));
    const entry = document.createElement("li");
    entry.append(button);
    list.append(entry);
  }
  if (group.members.length > MOST_LISTED) {
    const entry = document.createElement("li");
    entry.textContent = wordsOf().more.replace("0", String(group.members.length - MOST_LISTED));
    list.append(entry);
  }
  return list;
}

/** @returns {Words} */
const wordsOf = () => JSON.parse(sourceElement()?.dataset.words ?? "{}");

/** Beside the map where there is room, else on its own page. @param {string} address */
function openOutlet(address) {
  if (matchMedia("(max-width: 1080px)").matches) location.assign(address);
  else htmx.ajax("GET", address, { target: "#panel", swap: "innerHTML" });
}

/** How many of each, as a sentence. @param {Group} group @param {string[]} order @param {string[]} kinds @param {Record<string, string>} words @param {string} noun */
function clusterWords(group, order, kinds, words, noun) {
  const parts = order
    .filter((kind) => group.kinds[kinds.indexOf(kind)])
    .map((kind) => `${words[kind]} ${group.kinds[kinds.indexOf(kind)]}`);
  return `${group.members.length} ${noun} · ${parts.join(" · ")}`;
}

/** @param {any[][]} outlets @param {string} address @param {Words} words @returns {PointSet} */
function outletSet(outlets, address, words) {
  return {
    points: {
      x: Float64Array.from(outlets, (row) => worldX(row[3])),
      y: Float64Array.from(outlets, (row) => worldY(row[2])),
      kind: Uint8Array.from(outlets, (row) => STATES.indexOf(row[4])),
    },
    kinds: STATES.length,
    reach: 10,
    isSeenFar: true,
    radius: (group) => (group.members.length > 1 ? clusterRadius(group.members.length) + 4 : 9),
    draw: (pen, group, x, y, colours) => {
      if (group.members.length > 1) drawCluster(pen, group, x, y, STATES, STATES, colours);
      else drawOutlet(pen, outlets[group.members[0]][4], x, y, colours);
    },
    words: (group) =>
      group.members.length > 1
        ? clusterWords(group, STATES, STATES, words.states, words.outlets)
        : `${outlets[group.members[0]][1]} · ${words.states[outlets[group.members[0]][4]]}`,
    open: (group) => openOutlet(`${address}${outlets[group.members[0]][0]}`),
  };
}

/**
 * Under outlets, visits are drawn only where the map is near enough to tell them apart.
 * @param {{id: string[], lat: number[], lon: number[], mark: number[], day: number[], outlet: number[]}} visits @param {string[]} names
 * @param {string} address @param {Words} words @param {boolean} isAlone @returns {PointSet}
 */
function visitSet(visits, names, address, words, isAlone) {
  const markOf = (/** @type {Group} */ group) => MARKS[visits.mark[group.members[0]]];
  return {
    points: {
      x: Float64Array.from(visits.lon, (lon) => worldX(lon / DEGREE)),
      y: Float64Array.from(visits.lat, (lat) => worldY(lat / DEGREE)),
      kind: Uint8Array.from(visits.mark),
    },
    kinds: MARKS.length,
    reach: 7,
    isSeenFar: isAlone,
    radius: (group) => (group.members.length > 1 ? clusterRadius(group.members.length) + 4 : 7),
    draw: (pen, group, x, y, colours) => {
      if (group.members.length > 1) drawCluster(pen, group, x, y, MARKS, RING_OF_VISITS, colours);
      else drawVisit(pen, markOf(group), x, y, colours);
    },
    words: (group) => {
      if (group.members.length > 1) return clusterWords(group, RING_OF_VISITS, MARKS, words.marks, words.visits);
      const day = words.day.replace("00", String(visits.day[group.members[0]]).padStart(2, "0"));
      return `${day} ${names[visits.outlet[group.members[0]]]} · ${words.marks[markOf(group)]}`;
    },
    open: (group) => location.assign(`${address}${visits.id[group.members[0]]}`),
  };
}

/** @type {Map<string, Promise<Response>>} answers on their way, asked for while the page itself was still being made */
const early = new Map();

document.addEventListener("htmx:beforeRequest", (event) => {
  const { target, pathInfo } = /** @type {CustomEvent} */ (event).detail;
  if (target?.id !== "result" || !sourceElement()) return;
  const address = pathInfo.finalRequestPath.replace(/map(?=\?|$)/, "map.json").replace(/[?&]after=[^&]*/, "");
  early.clear();
  early.set(address, fetch(address));
});

/** Fetch and draw what the page's filter says; what is drawn already and has not changed stays. */
async function showPoints() {
  const [source, canvas] = [sourceElement(), /** @type {HTMLElement | null} */ (document.querySelector("#map"))];
  if (!source || !canvas) return;
  const { points: address = "", outlet = "", visit = "", look = "" } = source.dataset;
  drawn ??= startMap(canvas, source);
  const answer = await (early.get(address) ?? fetch(address));
  early.delete(address);
  const tag = answer.headers.get("ETag") ?? "";
  if (!answer.ok || sourceElement()?.dataset.points !== address) return;
  const isMoved = drawn.shown !== address;
  drawn.readAt = Date.now();
  if (!isMoved && drawn.tag === tag) return;
  const { offices, outlets, visits, names, tiles } = await answer.json();
  if (tiles !== drawn.tiles) {
    location.reload(); // another ground: this page may not ask its server
    return;
  }
  [drawn.shown, drawn.tag] = [address, tag];
  drawn.layer.clearLayers();
  for (const office of offices) drawOffice(drawn.layer, office);
  const words = wordsOf();
  const ofVisits = visitSet(visits, names, visit, words, look === "visits");
  const ofOutlets = outletSet(outlets, outlet, words);
  const isFramed = isMoved && frame(drawn.map, look === "visits" ? [ofVisits] : [ofOutlets, ofVisits], offices);
  drawn.points.showSets(look === "visits" ? [ofVisits] : [ofVisits, ofOutlets]);
  canvas.dataset.framed = String(isFramed);
  canvas.dataset.outlets = String(outlets.length);
  canvas.dataset.visits = String(visits.id.length);
}

/** How much of the map's lower side the legend lies over; nothing where it stands below the map. */
function legendHeight() {
  const legend = /** @type {HTMLElement | null} */ (document.querySelector("#map-frame .legend"));
  return legend && getComputedStyle(legend).position === "absolute" ? legend.offsetHeight : 0;
}

/** Bring all points of the first set that has any into sight, offices too. @param {any} map @param {PointSet[]} sets @param {any[]} offices */
function frame(map, sets, offices) {
  const { x, y } = (sets.find((set) => set.points.x.length) ?? sets[0]).points;
  const bounds = L.bounds([]);
  for (let one = 0; one < x.length; one += 1) bounds.extend(L.point(x[one], y[one]));
  for (const [, lat, lon] of offices) bounds.extend(L.point(worldX(lon), worldY(lat)));
  if (!bounds.isValid()) return false;
  const corners = [bounds.min, bounds.max].map((corner) => L.CRS.EPSG3857.pointToLatLng(corner, 0));
  const sides = { paddingTopLeft: [36, 36], paddingBottomRight: [36, 36 + legendHeight()] };
  map.fitBounds(L.latLngBounds(corners), { ...sides, maxZoom: 16, animate: false });
  return true;
}

/** Read everything again by itself, unless nobody looks or somebody is using the filter or the table. */
function refresh() {
  const every = Number(sourceElement()?.dataset.every) * 1000;
  const held = document.activeElement?.closest("#result");
  const isUsed = (held && !document.activeElement?.closest("#map")) || document.querySelector("#result input:checked");
  if (document.hidden || isUsed || !drawn || Date.now() - drawn.readAt < every) return;
  drawn.readAt = Date.now();
  htmx.ajax("GET", location.pathname + location.search, { target: "#result", swap: "innerHTML" });
}

document.addEventListener("htmx:afterSwap", () => void showPoints());
document.addEventListener("visibilitychange", refresh);
setInterval(refresh, 1000);
document.addEventListener("click", (event) => {
  const empties = event.target instanceof Element && event.target.closest("[data-empties]");
  if (empties) document.getElementById(empties.getAttribute("data-empties") ?? "")?.replaceChildren();
});
void showPoints();
