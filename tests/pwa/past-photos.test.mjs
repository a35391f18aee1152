// Photos of past work: from this phone, else from the company, else a frame that says why not.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./chinese_page.mjs";
import { photoCopy } from "../../pwa/photo_copies.js";
import { newestPhotos } from "../../pwa/screens/photo_lists.js";
import { pastPictures } from "../../pwa/ui/past_pictures.js";

const [ONE, TWO, THREE] = ["1", "2", "3"].map((letter) => letter.repeat(64));
const COPY = new Blob(["copy"], { type: "image/webp" });

/** A phone that has `own` photos, in front of a company that gives `answer`; what was asked is kept. */
function phoneWith({ own = {}, answer = COPY, isOnline = true, isSignedOut = false }) {
  const phone = { asked: [], drawn: 0, isOnline, isSignedOut, answer };
  const sources = {
    read: async (sha256) => own[sha256] ?? null,
    ask: async (sha256, size) => {
      phone.asked.push(`${sha256[0]} ${size}`);
      return phone.answer;
    },
    isOnline: () => phone.isOnline,
    isSignedOut: () => phone.isSignedOut,
  };
  phone.pictures = pastPictures(sources, () => {
    phone.drawn += 1;
  });
  return phone;
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

async function sightOf(phone, sha256) {
  phone.pictures.of(sha256);
  await settled();
  return phone.pictures.of(sha256);
}

test("what the phone has itself is shown without asking, and is as large as it gets", async () => {
  const phone = phoneWith({ own: { [ONE]: { bytes: new ArrayBuffer(3), mime: "image/jpeg" } } });
  assert.equal(phone.pictures.of(ONE).sight, "coming");
  const { sight, address } = await sightOf(phone, ONE);
  assert.deepEqual([sight, await phone.pictures.larger(ONE), phone.asked, phone.drawn], ["here", address, [], 1]);
});

test("what is gone here is asked for once, small; large only at a tap, and once", async () => {
  const phone = phoneWith({});
  const { sight, address } = await sightOf(phone, ONE);
  assert.deepEqual([sight, phone.asked], ["here", ["1 thumb"]]);
  const large = await phone.pictures.larger(ONE);
  assert.ok(large && large !== address);
  assert.equal(await phone.pictures.larger(ONE), large);
  assert.deepEqual(phone.asked, ["1 thumb", "1 full"]);
});

test("a phone that the company signed out asks for nothing until somebody signs in again", async () => {
  const phone = phoneWith({ isSignedOut: true });
  assert.equal((await sightOf(phone, ONE)).sight, "signed_out");
  assert.equal((await sightOf(phone, ONE)).sight, "signed_out");
  assert.deepEqual(phone.asked, []);
  phone.isSignedOut = false;
  assert.equal((await sightOf(phone, ONE)).sight, "here");
});

test("without a network nothing is asked; once it is back the photo comes by itself", async () => {
  const phone = phoneWith({ isOnline: false });
  assert.equal((await sightOf(phone, ONE)).sight, "offline");
  assert.deepEqual(phone.asked, []);
  phone.isOnline = true;
  assert.equal((await sightOf(phone, ONE)).sight, "here");
});

test("a company that gives no answer is asked again at a tap only", async () => {
  const phone = phoneWith({ answer: "offline" });
  for (let times = 0; times < 3; times += 1) assert.equal((await sightOf(phone, ONE)).sight, "failed");
  assert.deepEqual(phone.asked, ["1 thumb"]);
  phone.answer = COPY;
  phone.pictures.again(ONE);
  assert.equal((await sightOf(phone, ONE)).sight, "here");
});

test("what the company does not have is said so and not asked again", async () => {
  const phone = phoneWith({ answer: "missing" });
  assert.equal((await sightOf(phone, ONE)).sight, "missing");
  assert.equal((await sightOf(phone, ONE)).sight, "missing");
  assert.deepEqual(phone.asked, ["1 thumb"]);
});

test("a large copy that did not come is asked for again at the next tap", async () => {
  const phone = phoneWith({});
  await sightOf(phone, ONE);
  phone.answer = "offline";
  assert.equal(await phone.pictures.larger(ONE), "");
  phone.answer = COPY;
  assert.notEqual(await phone.pictures.larger(ONE), "");
});

test("a screen that was left draws nothing and keeps no picture", async () => {
  const phone = phoneWith({});
  phone.pictures.of(ONE);
  phone.pictures.close();
  await settled();
  assert.deepEqual([phone.drawn, phone.pictures.of(ONE).address], [0, ""]);
});

const answered =
  (status, type, body = "x") =>
  async () =>
    new Response(body, { status, headers: { "Content-Type": type } });

test("only a picture with 200 is one: a portal's page or a refusal is not", async () => {
  const got = (send) => photoCopy("token", ONE, "thumb", send);
  assert.ok((await got(answered(200, "image/webp"))) instanceof Blob);
  assert.equal(await got(answered(200, "text/html")), "failed");
  assert.equal(await got(answered(401, "application/problem+json")), "failed");
  assert.equal(await got(answered(503, "image/webp")), "failed");
  assert.equal(await got(answered(404, "application/problem+json")), "missing");
  assert.equal(await got(async () => Promise.reject(new TypeError("no network"))), "offline");
});

test("the photo is asked for by the person's token and past every cache", async () => {
  let asked;
  await photoCopy("secret", ONE, "full", async (address, options) => {
    asked = { address, ...options };
    return new Response("x", { headers: { "Content-Type": "image/webp" } });
  });
  const { address, cache, credentials, redirect, headers } = asked;
  assert.deepEqual([address, cache, credentials, redirect], [`/sync/v1/photos/${ONE}?size=full`, "no-store", "omit", "error"]);
  assert.equal(headers.Authorization, "Bearer secret");
});

const visit = (day, photos, changes = {}) => ({ outlet_id: "o", visited_on: day, photos, ...changes });
const photo = (slot, sha256) => ({ slot, sha256, is_stored: true, taken_at: "2026-11-24T01:00:00Z" });
const OUTLET = { id: "o", storefront_photo: THREE, counter_photo: null };
const looks = (outlet, visits) => newestPhotos(outlet, visits).map(({ slot, sha256, under }) => `${slot} ${sha256[0]} ${under}`);

test("an outlet shows the newest visit's storefront and counter before those of its file", () => {
  const visits = [
    visit("2026-11-26", [photo("other", ONE)]),
    visit("2026-11-25", [photo("storefront", ONE)], { outlet_id: "another" }),
    visit("2026-11-24", [photo("storefront", ONE), photo("other", TWO), photo("counter", TWO)]),
    visit("2026-11-03", [photo("storefront", TWO)]),
  ];
  assert.deepEqual(looks(OUTLET, visits), ["storefront 1 11月24日巡检", "counter 2 11月24日巡检", "storefront 3 资料里的"]);
});

test("a picture that is in the file and of the visit stands there once", () => {
  assert.deepEqual(looks(OUTLET, [visit("2026-11-24", [photo("storefront", THREE)])]), ["storefront 3 11月24日巡检"]);
});

test("an outlet without photos shows none", () => {
  assert.deepEqual(looks({ id: "o" }, [visit("2026-11-24", [])]), []);
});
