// @ts-check
// Which map app this phone's person goes by: asked once, then kept on the phone.
import { t } from "../i18n/index.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { openFullPage } from "./full_page.js";
import { MAPS, mapLink } from "./map_links.js";
import { icon } from "./parts.js";

const KEY = "xundian-map";

/** @returns {import("./map_links.js").MapApp | null} null before the first choice */
export function chosenMap() {
  const kept = localStorage.getItem(KEY);
  return MAPS.find((map) => map === kept) ?? null;
}

/**
 * What an `a` needs to open the outlet on a map. The phone's own app takes the link out of the page, where a new tab would stay empty.
 * @param {import("./map_links.js").MapApp} map @param {any} outlet with a position
 */
export function mapTarget(map, outlet) {
  return { href: mapLink(map, outlet), target: map === "phone" ? nothing : "_blank", rel: map === "phone" ? nothing : "noopener" };
}

/** A sheet of all maps: one tap opens the outlet there, and remembers. @param {any} outlet with a position @returns {Promise<void>} when it is closed */
export async function chooseMap(outlet) {
  const page = openFullPage("sheet", t("map.which"), undefined);
  page.element.addEventListener("click", (event) => event.target === page.element && page.end(undefined));
  const take = (/** @type {string} */ map) => {
    localStorage.setItem(KEY, map);
    page.end(undefined);
  };
  page.show(html`<div class="line one between"><h2>${t("map.which")}</h2>
      <button class="icon-button" @click=${() => page.end(undefined)} aria-label=${t("close")}>${icon("close")}</button></div>
    <div class="card flush rows">${MAPS.map((map) => mapRow(map, outlet, take))}</div>
    <p class="small quiet">${t("map.note")}</p>`);
  return page.answer;
}

/** @param {import("./map_links.js").MapApp} map @param {any} outlet @param {(map: string) => void} take */
function mapRow(map, outlet, take) {
  const { href, target, rel } = mapTarget(map, outlet);
  const isChosen = map === chosenMap();
  return html`<a class="row" href=${href} target=${target} rel=${rel} data-testid="map-${map}" @click=${() => take(map)}>
    <span class="body"><span class="name">${t(`map.${map}`)}</span><span class="small quiet">${t(map === "phone" ? "map.phone.text" : "map.online")}</span></span>
    ${isChosen ? html`<span class="state small" data-state="done">${icon("check", "s")}${t("map.chosen")}</span>` : html`<span class="faint">${icon("next", "s")}</span>`}
  </a>`;
}
