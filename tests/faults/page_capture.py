"""Visits captured by the app's own modules inside its page, without the taps."""

from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.e2e.phone_storage import capture_of
from tests.faults.fleet import Kept
from tests.sync.conftest import visit_body

# As in the visit's screens, draft and photos are kept first; then the record takes them over in one transaction. Photos are
# random bytes: nothing on their way looks into them. What is printed is heard by the test also when the browser dies next.
CAPTURE = """async ({ personId, outletId, body, sizes }) => {
    const { openCapture, saveDraft, saveRecord } = await (await import("/m/packs.js")).load("db/capture.js");
    const { sha256Hex, uuid7 } = await (await import("/m/packs.js")).load("ids.js");
    const capture = (globalThis.testCapture ??= await openCapture(personId));
    const blobs = await Promise.all(sizes.map(async (size) => {
        const bytes = new Uint8Array(size);
        for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
        return { sha256: await sha256Hex(bytes.buffer), bytes: bytes.buffer, mime: "image/jpeg" };
    }));
    const hashes = blobs.map((blob) => blob.sha256);
    const photos = hashes.slice(1).map((sha256, number) => ({ ...body.photos[0], sha256, slot: ["storefront", "counter", "other"][number % 3] }));
    const visit = { ...body, visit_id: uuid7(), photos, signature: { ...body.signature, sha256: hashes[0] } };
    const key = `visit:${outletId}`;
    await saveDraft(capture, key, visit, blobs);
    console.log(`draft kept ${visit.visit_id}`);
    const record = { kind: "record", form: "visit.v1", entity: { type: "visit", id: visit.visit_id }, scope: `outlet:${outletId}` };
    await saveRecord(capture, { ...record, body: visit, blobs: hashes.map((sha256) => ({ sha256 })) }, key);
    console.log(`saved ${visit.visit_id}`);
    return { visitId: visit.visit_id, hashes };
}"""

FINISH = """async ({ personId, outletId }) => {
    const { loadDraft, openCapture, saveRecord } = await (await import("/m/packs.js")).load("db/capture.js");
    const capture = await openCapture(personId);
    const key = `visit:${outletId}`;
    const visit = await loadDraft(capture, key);
    const hashes = [visit.signature, ...visit.photos].map((file) => file.sha256);
    const record = { kind: "record", form: "visit.v1", entity: { type: "visit", id: visit.visit_id }, scope: `outlet:${outletId}` };
    await saveRecord(capture, { ...record, body: visit, blobs: hashes.map((sha256) => ({ sha256 })) }, key);
    console.log(`saved ${visit.visit_id}`);
}"""

SIGNATURE_BYTES = 900


@dataclass
class Capturing:
    """A page whose modules capture for this person; `hashes` are of all files so far."""

    page: Page
    person_id: str
    outlet_id: str
    hashes: list[str] = field(default_factory=list)
    file_bytes: int = 0

    def asked(self, photo_sizes: list[int]) -> dict[str, object]:
        """What `CAPTURE` is called with."""
        body = visit_body(self.outlet_id, b"", b"")
        return {"personId": self.person_id, "outletId": self.outlet_id, "body": body, "sizes": [SIGNATURE_BYTES, *photo_sizes]}

    def visit(self, photo_sizes: list[int]) -> str:
        """Capture a visit; returns its id."""
        made = self.page.evaluate(CAPTURE, self.asked(photo_sizes))
        self.hashes += made["hashes"]
        self.file_bytes += SIGNATURE_BYTES + sum(photo_sizes)
        return str(made["visitId"])

    def finish_draft(self) -> None:
        """Save the record of the draft that a killed page left."""
        self.page.evaluate(FINISH, {"personId": self.person_id, "outletId": self.outlet_id})

    def kept(self, page: Page) -> list[Kept]:
        """The operations that the phone holds."""
        ops = capture_of(page, self.person_id)["ops"]
        return [Kept(op["op_id"], op["entity"]["id"], op["blobs"]) for op in ops]
