"""What a phone keeps, read from its IndexedDB."""

from typing import Any

from playwright.sync_api import Page

READ_CAPTURE = """async (personId) => {
    const name = `xundian-capture-${personId}`;
    if (!(await indexedDB.databases()).some((known) => known.name === name)) return { ops: [], blobs: {}, uploads: {} };
    const db = await new Promise((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
    });
    const all = (store) => new Promise((resolve, reject) => {
        const reading = db.transaction(store).objectStore(store).getAll();
        reading.onsuccess = () => resolve(reading.result);
        reading.onerror = () => reject(reading.error);
    });
    const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const blobs = {};
    for (const { sha256, bytes } of await all("blobs")) {
        blobs[sha256] = { sha256: hex(await crypto.subtle.digest("SHA-256", bytes)), size: bytes.byteLength };
    }
    const ops = (await all("ops")).map((op) => ({ ...op, body: JSON.parse(op.body_text) }));
    const uploads = Object.fromEntries((await all("uploads")).map((upload) => [upload.sha256, upload.state]));
    db.close();
    return { ops, blobs, uploads };
}"""


def capture_of(page: Page, person_id: str) -> dict[str, Any]:
    """The person's operations with their bodies, each blob's real hash and size by its key, and the state of each upload."""
    kept: dict[str, Any] = page.evaluate(READ_CAPTURE, person_id)
    return kept
