"""What a phone keeps, in its IndexedDB and beside it, and how it can be damaged."""

import shutil
import struct
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

READ_CAPTURE = """async (personId) => {
    const name = `xundian-capture-${personId}`;
    if (!(await indexedDB.databases()).some((known) => known.name === name)) return { ops: [], blobs: {}, uploads: {}, drafts: [] };
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
    const drafts = await all("drafts");
    db.close();
    return { ops, blobs, uploads, drafts };
}"""


# A database of the same origin that is no part of the app, to use up room.
WRITE_BALLAST = """async (size) => {
    const db = await new Promise((resolve, reject) => {
        const opening = indexedDB.open("ballast", 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore("pieces", { autoIncrement: true });
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
    });
    const bytes = new Uint8Array(size);
    for (let start = 0; start < size; start += 65536) crypto.getRandomValues(bytes.subarray(start, start + 65536));
    const writing = db.transaction("pieces", "readwrite", { durability: "strict" });
    writing.objectStore("pieces").add(bytes.buffer);
    const outcome = await new Promise((resolve) => {
        writing.oncomplete = () => resolve("written");
        writing.onabort = () => resolve(String(writing.error));
    });
    db.close();
    return outcome;
}"""

LIST_SPARE = """async () => {
    const paths = [];
    for (const name of await caches.keys()) {
        if (!name.startsWith("xundian-spare-")) continue;
        for (const request of await (await caches.open(name)).keys()) paths.push(new URL(request.url).pathname);
    }
    return paths;
}"""

PLACES_OF = """async (wanted) => {
    const places = [];
    const textOf = (value) => JSON.stringify(value, (_key, part) => {
        if (part instanceof ArrayBuffer) return new TextDecoder().decode(part);
        return ArrayBuffer.isView(part) ? new TextDecoder().decode(part) : part;
    });
    const done = (asked) => new Promise((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
    });
    for (const { name } of await indexedDB.databases()) {
        const db = await done(indexedDB.open(name));
        for (const store of db.objectStoreNames) {
            const rows = await done(db.transaction(store).objectStore(store).getAll());
            if (textOf(rows).includes(wanted)) places.push(`${name.replace(/-[0-9a-f]{8}-[0-9a-f]{4}-.*/, "")}/${store}`);
        }
        db.close();
    }
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        const texts = await Promise.all((await cache.matchAll()).map((answer) => answer.text()));
        if (texts.some((text) => text.includes(wanted))) places.push(name.replace(/-[0-9a-f]{8}-[0-9a-f]{4}-.*/, ""));
    }
    for (const kept of [localStorage, sessionStorage]) if (JSON.stringify({ ...kept }).includes(wanted)) places.push("storage");
    return places;
}"""

RETYPE_ROWS = """async ({ personId, from, to }) => {
    const done = (asked) => new Promise((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
    });
    const db = await done(indexedDB.open(`xundian-replica-${personId}`));
    const tx = db.transaction(["rows", "meta"], "readwrite");
    const rows = await done(tx.objectStore("rows").index("by_type").getAll(from));
    for (const row of rows) {
        await done(tx.objectStore("rows").delete([from, row.id]));
        await done(tx.objectStore("rows").put({ ...row, type: to }));
    }
    const pull = await done(tx.objectStore("meta").get("pull"));
    await done(tx.objectStore("meta").put({ ...pull, stamp: crypto.randomUUID() }, "pull"));
    db.close();
    return rows.length;
}"""

LOSE_BYTES = """async ({ personId, sha256 }) => {
    const done = (asked) => new Promise((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
    });
    const db = await done(indexedDB.open(`xundian-capture-${personId}`));
    const blobs = db.transaction("blobs", "readwrite", { durability: "strict" }).objectStore("blobs");
    const wasHere = (await done(blobs.getKey(sha256))) !== undefined;
    await done(blobs.delete(sha256));
    db.close();
    return wasHere;
}"""

TORN_BYTES, WRITTEN_BYTES, WHOLE_RECORD = 300, 100, 1


def capture_of(page: Page, person_id: str) -> dict[str, Any]:
    """The person's operations with their bodies, each blob's real hash and size by its key, each upload's state, and drafts."""
    kept: dict[str, Any] = page.evaluate(READ_CAPTURE, person_id)
    return kept


def spare_paths(page: Page) -> list[str]:
    """What lies in the spare copies, of everybody."""
    paths: list[str] = page.evaluate(LIST_SPARE)
    return paths


def places_of(page: Page, text: str) -> set[str]:
    """Where a text stands in all that the phone keeps: `database/store`, the kind of a cache, or `storage`."""
    return set(page.evaluate(PLACES_OF, text))


def lose_last_photo(page: Page, person_id: str, of: str) -> None:
    """Take away the bytes of the photo that was taken last in the draft whose key begins with this; the draft still names it."""
    (draft,) = [row["draft"] for row in capture_of(page, person_id)["drafts"] if row["key"].startswith(of)]
    assert page.evaluate(LOSE_BYTES, {"personId": person_id, "sha256": draft["photos"][-1]["sha256"]})


def retype_rows(page: Page, person_id: str, old: str, new: str) -> None:
    """Let the rows of a type be of another one, which the app does not know: as if they had not come yet. The other way round they are back."""
    assert page.evaluate(RETYPE_ROWS, {"personId": person_id, "from": old, "to": new}) > 0


def tear_log(profile: Path) -> None:
    """Leave behind what a kill in the middle of a write leaves: a record that says it is longer than it is. The browser must be off.

    The next start takes it for the end of the log and goes on behind it; the start after finds the log damaged.
    """
    (log,) = _leveldb(profile).glob("*.log")
    with log.open("ab") as file:
        file.write(struct.pack("<IHB", 0, TORN_BYTES, WHOLE_RECORD) + bytes(WRITTEN_BYTES))


def lose_databases(profile: Path) -> None:
    """As the browser does itself with a damaged log. It must be off."""
    folder = _leveldb(profile)
    shutil.rmtree(folder)
    shutil.rmtree(folder.with_suffix(".blob"), ignore_errors=True)


def _leveldb(profile: Path) -> Path:
    (folder,) = profile.glob("Default/IndexedDB/*.indexeddb.leveldb")
    return folder
