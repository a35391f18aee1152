// @ts-check
// The app's modules as the server joins them into packs (server/phone_packs.py, ADR 20): each is made when it is first used, once.

/** A pack puts its modules here, by their names. @type {Record<string, () => any>} */
export const make = {};
/** @type {Record<string, any>} */
const made = {};

/** What a module exports, once its pack is here. @param {string} name as in the source, like `db/capture.js` */
export function use(name) {
  made[name] ??= make[name]();
  return made[name];
}

/** The same, fetching its pack where needed. @param {string} name @param {string} [pack] the last brings all before it */
export async function load(name, pack = "rest") {
  if (!(name in make)) await import(`./packs/${pack}.js`);
  return use(name);
}
