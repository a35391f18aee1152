// The service worker itself, with stand-ins for the browser around it.
import { readFileSync } from "node:fs";
import vm from "node:vm";
import { dropOtherBuilds } from "../../pwa/build.js";

export const PACK = "/m/packs/rest.js";
export const FORM = "/m/sync/forms/visit.v3.json";
const SOURCE = readFileSync(new URL("../../pwa/sw.js", import.meta.url), "utf-8");

/** The browser's caches with these builds, oldest first, each with a pack that says whose it is, and others. */
export function fakeCaches(...builds) {
  const kept = new Map([["xundian-spare-1", new Map()]]);
  const add = (name) => kept.set(`xundian-shell-${name}`, new Map([[PACK, name]]));
  builds.forEach(add);
  const answer = (texts, address) => (texts?.has(address) ? new Response(texts.get(address)) : undefined);
  globalThis.caches = {
    keys: async () => [...kept.keys()],
    delete: async (name) => kept.delete(name),
    match: async (address, { cacheName }) => answer(kept.get(cacheName), address),
    open: async (name) => ({
      match: async (address) => answer(kept.get(name), address),
      put: async (address, response) => kept.get(name).set(address, await response.text()),
      delete: async (address) => kept.get(name).delete(address),
    }),
  };
  const left = () => [...kept.keys()].slice(1).map((name) => name.replace("xundian-shell-", ""));
  return Object.assign(left, { add });
}

export function fakeRegistration(registration) {
  Object.defineProperty(globalThis, "navigator", {
    value: { serviceWorker: { getRegistration: async () => registration } },
    configurable: true,
  });
}

/** What the worker of a build does at each event. */
export function workerOf(build, clients = {}, shell = [PACK]) {
  const heard = {};
  const self = {
    addEventListener: (name, act) => Object.assign(heard, { [name]: act }),
    clients,
    location: { origin: "https://app.test" },
  };
  const fetch = async () => new Response("network");
  vm.runInNewContext(`const BUILD = "${build}"; const SHELL = ${JSON.stringify(shell)}; ${SOURCE}`, { self, caches, fetch, Response, URL });
  return heard;
}

/** Pages of the app that are open, by their ids, and a tab of the console; the worker may ask for them. */
export function opened(...ids) {
  const tab = { id: "console", url: "https://app.test/findings" };
  return { matchAll: async () => [tab, ...ids.map((id) => ({ id, url: "https://app.test/m/?from=home#/today" }))], claim: async () => {} };
}

/** The worker of a build after it took over, while these pages are open: of which build a page gets a pack, or one that is opened. */
export async function serving(build, ...ids) {
  const heard = workerOf(build, opened(...ids));
  const done = [];
  heard.activate({ waitUntil: (work) => done.push(work) });
  await Promise.all(done);
  return asked(heard);
}

/** The same worker, killed and started again. */
export function again(build, ...ids) {
  return asked(workerOf(build, opened(...ids)));
}

export function asked(heard) {
  const ask = async (clientId, mode, address = PACK) => {
    let answer;
    const done = [];
    heard.fetch({
      request: { url: `https://app.test${address}`, method: "GET", mode },
      clientId,
      respondWith: (work) => (answer = work),
      waitUntil: (work) => done.push(work),
    });
    const text = await (await answer).text();
    await Promise.all(done);
    return text;
  };
  return { packOf: (id) => ask(id, "cors"), formOf: (id) => ask(id, "cors", FORM), open: () => ask("", "navigate") };
}

/** The worker of a build as a page sees it. */
export function active(build) {
  const { message } = workerOf(build);
  return { postMessage: (data, ports) => message({ data, ports }) };
}

/** What the worker of a build does when it takes over. */
export async function takeOver(build) {
  let isClaimed = false;
  const heard = workerOf(build, { ...opened(), claim: async () => (isClaimed = true) });
  let done;
  heard.activate({ waitUntil: (work) => (done = work) });
  await done;
  return isClaimed;
}

/** A full phone, whose worker is the one that serves. */
export async function dropOnFullPhone(build, how) {
  fakeRegistration({ active: active(build) });
  await dropOtherBuilds(how);
}
