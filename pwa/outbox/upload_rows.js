// @ts-check
/** The stored standing of each photo's upload. */

/**
 * @typedef {import("../db/connection.js").Database} Database
 * @typedef {import("../db/capture_schema.js").StoredUpload} StoredUpload
 */

/** @param {Database} db @param {string[]} hashes @returns {Promise<StoredUpload[]>} those that are known */
export async function uploadsOf(db, hashes) {
  const rows = await db.read(["uploads"], (tx) => Promise.all(hashes.map((sha256) => tx.objectStore("uploads").get(sha256))));
  return rows.filter(Boolean);
}

/**
 * Change a wanted upload; one that was confirmed or given up meanwhile stays as it is.
 * @param {Database} db
 * @param {string} sha256
 * @param {Partial<StoredUpload>} changes
 */
export async function markUpload(db, sha256, changes) {
  await db.write(
    ["uploads"],
    async (tx) => {
      const upload = await tx.objectStore("uploads").get(sha256);
      if (upload?.state === "wanted") await tx.objectStore("uploads").put({ ...upload, ...changes });
    },
    "strict",
  );
}

/** A wanted photo has no bytes here that are its own: what is left of them goes, so that a spare copy can come back. @param {Database} db @param {string} sha256 */
export async function giveUpBytes(db, sha256) {
  await db.write(
    ["uploads", "blobs"],
    async (tx) => {
      const upload = await tx.objectStore("uploads").get(sha256);
      if (upload?.state !== "wanted") return;
      await tx.objectStore("blobs").delete(sha256);
      await tx.objectStore("uploads").put({ ...upload, state: "gone" });
    },
    "strict",
  );
}
