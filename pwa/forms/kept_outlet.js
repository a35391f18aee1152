// @ts-check
// What an unfinished form needs of its outlet, kept with it for when the outlet leaves the phone (SYNC §5). Pure.

const KEPT = ["id", "name", "lat", "lon", "signers", "person_in_charge", "phone", "outlet_class", "region_id"];

/** @param {any} outlet its document, or what was kept of it @returns {any} */
export function neededOf(outlet) {
  return Object.fromEntries(KEPT.filter((name) => outlet[name] !== undefined).map((name) => [name, outlet[name]]));
}
