// What is said when a form could not be saved, and how a photo whose bytes are gone is told and taken again.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import "./chinese_page.mjs";
import { clickOf, inputOf, textOf } from "./view_text.mjs";
import { databases } from "../../pwa/company.js";
import { saveDraft, saveRecord } from "../../pwa/db/capture.js";
import { uuid7 } from "../../pwa/ids.js";
import { pictureUrls } from "../../pwa/ui/picture_urls.js";
import { captureWith, everything, photoOf, visitRecord } from "./capture_factories.mjs";

const { setLanguage } = await import("../../pwa/i18n/index.js");
const { identityScreen } = await import("../../pwa/screens/identity.js");
const { saveFaultText } = await import("../../pwa/ui/save_faults.js");

after(() => setLanguage("zh"));

const drop = (db, sha256) => db.write(["blobs"], (tx) => tx.objectStore("blobs").delete(sha256));

/** A photo in a kept draft, and its pictures; `drawn` settles with the next drawing. */
async function draftWithPhoto(isKept = () => true) {
  const db = await captureWith();
  const photo = await photoOf(1);
  await saveDraft(db, "visit:o1", { photos: [photo.sha256] }, [photo]);
  const seen = { draws: 0, draw: () => {} };
  const drawn = new Promise((resolve) => {
    seen.draw = () => {
      seen.draws += 1;
      resolve(null);
    };
  });
  return { db, photo, seen, drawn, pictures: pictureUrls(db, seen.draw, isKept) };
}

/** As long as a read of the fake database takes, and more. */
const later = () => new Promise((resolve) => setTimeout(resolve, 50));

for (const [code, zh, en] of [
  ["storage_full", /^手机满了/, /^The phone is full/],
  ["blob_missing", /照片在手机里丢了.*重拍一张.*都还在。$/, /^A photo was lost.*again\. Everything else is kept\.$/],
  ["body_too_large", /^字太多，没存上.*删短.*都还在。$/, /^Too much text; not saved\. Shorten.*Nothing here is lost\.$/],
  ["storage_lost", /^没存上，再点一次/, /^Not saved\. Tap again/],
])
  test(`${code} is told with what to do, as a fault and as its code`, async () => {
    for (const [language, words] of /** @type {const} */ ([
      ["zh", zh],
      ["en", en],
    ])) {
      await setLanguage(language);
      assert.match(saveFaultText(code), words);
      assert.match(saveFaultText(Object.assign(new Error(code), { code })), words);
    }
  });

test("a fault without a code is told as one that may pass", async () => {
  await setLanguage("zh");
  for (const fault of [new DOMException("odd", "NotFoundError"), null, undefined]) assert.match(saveFaultText(fault), /^没存上，再点一次/);
});

test("a fault of the app itself is told with a way that does not need it", async () => {
  await setLanguage("zh");
  for (const fault of [new TypeError("odd"), new RangeError("odd")]) {
    assert.match(saveFaultText(fault), /^应用出了错，没存上。这里填的都还在。.*重新打开.*救援文件.*管理员/);
  }
  await setLanguage("en");
  assert.match(saveFaultText(new TypeError("odd")), /^The app failed; not saved\. Nothing here is lost\./);
});

test("an ID number that the app could not save is kept by its page only, and that is said", async () => {
  await setLanguage("zh");
  const personId = uuid7();
  document.querySelector = () => null;
  const company = { outletById: new Map([["o1", { id: "o1", name: "顺达" }]]), identityKey: { id: "k" }, today: "2026-11-24" };
  const screen = await identityScreen({ session: { personId }, company, draw: () => {} }, { outletId: "o1" });
  inputOf(screen.view(), 'data-testid="identity-number"')({ target: { value: "11010519491231002X" } });
  await clickOf(screen.view(), 'data-testid="save-identity"')();
  const text = textOf(screen.view());
  assert.match(text, /role="alert".*应用出了错，没存上。号码还在这一页，离开就没有了。再点一次.*先把号码记下来.*再填一次/s);
  assert.doesNotMatch(text, /都还在/);
  assert.match(text, /11010519491231002X/);
  const { capture } = await databases(personId);
  assert.deepEqual(await everything(capture, "ops"), []);
});

test("a photo that is here is shown and not lost", async () => {
  const { photo, seen, drawn, pictures } = await draftWithPhoto();
  assert.equal(pictures.of(photo.sha256), "");
  await drawn;
  assert.match(pictures.of(photo.sha256), /^blob:/);
  assert.deepEqual([pictures.isLost(photo.sha256), seen.draws], [false, 1]);
  pictures.close();
});

test("a photo that a kept draft names without its bytes is lost, which is drawn once, until it is here again", async () => {
  const { db, photo, seen, drawn, pictures } = await draftWithPhoto();
  await drop(db, photo.sha256);
  pictures.of(photo.sha256);
  await drawn;
  assert.equal(pictures.isLost(photo.sha256), true);
  pictures.of(photo.sha256);
  await later();
  assert.equal(seen.draws, 1);
  await saveDraft(db, "visit:o1", { photos: [photo.sha256] }, [photo]);
  pictures.of(photo.sha256);
  await later();
  assert.match(pictures.of(photo.sha256), /^blob:/);
  assert.deepEqual([pictures.isLost(photo.sha256), seen.draws], [false, 2]);
  pictures.close();
});

test("a photo that is still being written is not lost", async () => {
  const { db, photo, seen, pictures } = await draftWithPhoto(() => false);
  await drop(db, photo.sha256);
  pictures.of(photo.sha256);
  await later();
  assert.deepEqual([pictures.isLost(photo.sha256), seen.draws], [false, 0]);
});

test("a save that misses a photo tells which, though its picture was drawn", async () => {
  const { db, photo, drawn, pictures } = await draftWithPhoto();
  pictures.of(photo.sha256);
  await drawn;
  await drop(db, photo.sha256);
  const fault = await saveRecord(db, visitRecord([{ sha256: photo.sha256 }]), "visit:o1").catch((/** @type {any} */ one) => one);
  assert.equal(fault.code, "blob_missing");
  pictures.noteFault(Object.assign(new Error("storage_full"), { code: "storage_full" }));
  assert.deepEqual([pictures.isLost(photo.sha256), pictures.of(photo.sha256) === ""], [false, false]);
  pictures.noteFault(fault);
  assert.deepEqual([pictures.isLost(photo.sha256), pictures.of(photo.sha256)], [true, ""]);
  pictures.close();
});
