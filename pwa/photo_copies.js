// @ts-check
// The company's copies of photos, for looking at only: asked for by name, never stored on the phone.

const MOST_WAIT_MS = 20_000;

/**
 * @typedef {"offline" | "missing" | "failed"} WhyNot offline: nobody answered; missing: the company does not have it, or it is none of
 *   this person's business; failed: some other answer, such as that of a network that wants a sign-in first
 */

/**
 * @param {string} token @param {string} sha256 @param {"thumb" | "full"} size 320 or 1600 px @param {typeof fetch} [send]
 * @returns {Promise<Blob | WhyNot>}
 */
export async function photoCopy(token, sha256, size, send = fetch) {
  try {
    const answer = await send(`/sync/v1/photos/${sha256}?size=${size}`, {
      headers: { Authorization: `Bearer ${token}`, Accept: "image/webp" },
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout(MOST_WAIT_MS),
    });
    if (answer.status === 404) return "missing";
    const isPhoto = answer.status === 200 && answer.headers.get("Content-Type") === "image/webp";
    return isPhoto ? await answer.blob() : "failed";
  } catch {
    return "offline";
  }
}
