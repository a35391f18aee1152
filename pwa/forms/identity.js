// @ts-check
// 证件号码: sealed for the server before anything is stored, so that this phone itself cannot open it again (ADR 19).
import { uuid7 } from "../ids.js";
import { masked } from "../rules/resident_id.js";

/**
 * Bytes stand as base64url without padding.
 *
 * @typedef {object} PhoneKey the server's public key as the feed brings it (`identity_key`)
 * @property {string} id 16 hex digits, the start of the key's SHA-256
 * @property {string} public 87 letters: the 65 bytes of an uncompressed point of P-256
 *
 * @typedef {object} SealedNumber as `SealedNumber` of sync/identity_form.py takes it
 * @property {string} key the `id` of the server's key
 * @property {string} public 87 letters: this number's own public key, a point as in PhoneKey
 * @property {string} iv 16 letters: 12 bytes
 * @property {string} data the number in AES-256-GCM, ending in its tag of 16 bytes
 *
 * @typedef {object} Once what is made for one number and then forgotten
 * @property {CryptoKeyPair} pair ECDH on P-256
 * @property {Uint8Array<ArrayBuffer>} iv 12 random bytes
 */

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const PURPOSE = "xundian ID number from a phone";
const IV_BYTES = 12;

/**
 * The record of a number that was checked. Rejects when the browser refuses the key.
 * @param {string} outletId @param {string} kind one of DOCUMENT_KINDS @param {string} number as `documentNumber` gives it
 * @param {PhoneKey} key @param {string} at when it was read, by the phone's own clock, uncorrected: an instant in UTC, `2026-11-24T01:00:00.000Z`
 * @returns {Promise<import("../db/capture.js").Captured>}
 */
export async function identityRecord(outletId, kind, number, key, at) {
  const id = uuid7();
  const sealed = await sealedNumber(number, outletId, key);
  const body = { identity_id: id, outlet_id: outletId, read_at: at, kind, masked: masked(number), sealed };
  return { kind: "record", form: "identity.v1", entity: { type: "identity", id }, scope: `outlet:${outletId}`, body, blobs: [] };
}

/**
 * The number sealed for the server, so that it opens for this outlet only. Rejects when the browser refuses the key.
 * @param {string} number as `documentNumber` gives it @param {string} about the outlet's id @param {PhoneKey} key
 * @param {Once} [once] made here unless a test brings it @returns {Promise<SealedNumber>}
 */
export async function sealedNumber(number, about, key, once) {
  const { pair, iv } = once ?? (await newOnce());
  const theirs = bytesOf(key.public);
  const own = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const their = await crypto.subtle.importKey("raw", theirs, CURVE, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: their }, pair.privateKey, 256);
  const material = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const salt = new Uint8Array([...own, ...theirs]);
  const derivation = { name: "HKDF", hash: "SHA-256", salt, info: new TextEncoder().encode(PURPOSE) };
  const cipher = await crypto.subtle.deriveKey(derivation, material, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const additionalData = new TextEncoder().encode(about);
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, cipher, new TextEncoder().encode(number));
  return { key: key.id, public: textOf(own), iv: textOf(iv), data: textOf(new Uint8Array(data)) };
}

/** @returns {Promise<Once>} */
async function newOnce() {
  const pair = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]));
  return { pair, iv: crypto.getRandomValues(new Uint8Array(IV_BYTES)) };
}

/** @param {Uint8Array} bytes @returns {string} base64url without padding */
function textOf(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
function bytesOf(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}
