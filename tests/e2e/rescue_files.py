"""Rescue files: as a phone exports them, by taps and made by hand."""

import base64
import hashlib
import json
from datetime import timedelta

from playwright.sync_api import Page, expect

from server.clock import now
from sync.ids import uuid7
from sync.times import iso_instant
from tests.e2e.company import Company
from tests.features.staff import picture

PHOTO = picture("olive", "JPEG")


def exported(page: Page) -> tuple[str, bytes]:
    """Tap through the export that the screen leads to; the file's name and content."""
    page.get_by_test_id("export").tap()
    page.get_by_test_id("export-make").tap()
    with page.expect_download() as waiting:
        page.get_by_test_id("export-save").tap()
    expect(page.get_by_test_id("export-result")).to_contain_text("已交给浏览器去存")
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def rescue_file(company: Company, login: str) -> bytes:
    """A visit without its signature, one of whose two photos is missing; a record of a form to come; a file that nobody named."""
    at, outlet_id = now(), company.outlets[company.due]
    hashes = [hashlib.sha256(content).hexdigest() for content in (PHOTO, b"lost")]
    body = {
        "visit_id": uuid7(),
        "outlet_id": outlet_id,
        "checked_in_at": iso_instant(at - timedelta(minutes=15)),
        "checked_out_at": iso_instant(at),
        "checklist": [],
        "has_complaint": False,
        "photos": [{"slot": "storefront", "sha256": sha256, "taken_at": iso_instant(at)} for sha256 in hashes],
    }
    ops = [_op("visit.v1", body, hashes), _op("visit.v9", body | {"visit_id": uuid7()}, [])]
    files = {hashlib.sha256(content).hexdigest(): base64.b64encode(content).decode() for content in (PHOTO, b"nobody named this")}
    head = {"format": "xundian-rescue.v1", "person_id": company.people[login], "made_at": iso_instant(at)}
    return json.dumps(head | {"ops": ops, "blobs": files}).encode()


def _op(form: str, body: dict[str, object], blobs: list[str]) -> dict[str, object]:
    head = {"op_id": uuid7(), "kind": "record", "form": form, "entity": {"type": "visit", "id": body["visit_id"]}}
    times = {"wall": body["checked_out_at"], "mono": 1.0, "boot": "b", "offset_ms": None}
    return head | {"scope": f"outlet:{body['outlet_id']}", "base_v": None, "blobs": blobs, "t": times, "body_text": json.dumps(body)}
