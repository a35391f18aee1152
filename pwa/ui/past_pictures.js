// @ts-check
// Pictures of work that was done: this phone's own bytes, else the company's copy while there is a network.

/**
 * @typedef {import("../photo_copies.js").WhyNot} WhyNot
 * @typedef {{sight: "here" | "coming" | "signed_out" | WhyNot, address: string}} Picture `address` for <img>, "" unless it is here
 * @typedef {object} PastPictures
 * @property {(sha256: string) => Picture} of asks for it at its first time, and again once the network, or the sign-in, is back
 * @property {(sha256: string) => Promise<string>} larger the address of as large a copy as there is; "" when only the small one is
 * @property {(sha256: string) => void} again ask for it once more
 * @property {() => void} close
 *
 * @typedef {object} Sources
 * @property {(sha256: string) => Promise<{bytes: ArrayBuffer, mime: string} | null>} read what this phone has
 * @property {(sha256: string, size: "thumb" | "full") => Promise<Blob | WhyNot>} ask the company
 * @property {() => boolean} isOnline
 * @property {() => boolean} isSignedOut asking would be refused
 */

/** @param {Sources} sources @param {() => void} draw @returns {PastPictures} */
export function pastPictures({ read, ask, isOnline, isSignedOut }, draw) {
  /** @type {Map<string, Picture & {isOwn: boolean}>} */
  const known = new Map();
  /** @type {Map<string, Promise<string>>} */
  const larger = new Map();
  /** @type {string[]} */
  const made = [];
  let isClosed = false;

  const addressOf = (/** @type {Blob} */ blob) => {
    if (isClosed) return "";
    made.push(URL.createObjectURL(blob));
    return /** @type {string} */ (made.at(-1));
  };

  /** @param {string} sha256 */
  async function load(sha256) {
    known.set(sha256, { sight: "coming", address: "", isOwn: false });
    known.set(sha256, await found(sha256).catch(() => ({ sight: /** @type {const} */ ("failed"), address: "", isOwn: false })));
    if (!isClosed) draw();
  }

  /** @param {string} sha256 @returns {Promise<Picture & {isOwn: boolean}>} */
  async function found(sha256) {
    const own = await read(sha256);
    if (own) return { sight: "here", address: addressOf(new Blob([own.bytes], { type: own.mime })), isOwn: true };
    const copy = !isOnline() ? "offline" : isSignedOut() ? "signed_out" : await ask(sha256, "thumb");
    if (typeof copy !== "string") return { sight: "here", address: addressOf(copy), isOwn: false };
    const isOdd = copy === "offline" && isOnline(); // asking again at once would go round for ever: a tap does
    return { sight: isOdd ? "failed" : copy, address: "", isOwn: false };
  }

  /** @param {string} sha256 */
  async function largerOf(sha256) {
    const copy = await ask(sha256, "full");
    if (typeof copy !== "string") return addressOf(copy);
    larger.delete(sha256);
    return "";
  }

  return {
    of(sha256) {
      const picture = known.get(sha256);
      const isAgain = isOnline() && (picture?.sight === "offline" || (picture?.sight === "signed_out" && !isSignedOut()));
      if (!picture || isAgain) void load(sha256);
      return /** @type {Picture} */ (known.get(sha256));
    },
    async larger(sha256) {
      const picture = known.get(sha256);
      if (picture?.isOwn) return picture.address;
      const coming = larger.get(sha256) ?? largerOf(sha256);
      larger.set(sha256, coming);
      return coming;
    },
    again(sha256) {
      void load(sha256);
      draw();
    },
    close() {
      isClosed = true;
      for (const address of made) URL.revokeObjectURL(address);
    },
  };
}
