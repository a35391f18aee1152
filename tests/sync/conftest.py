"""A small company and phones that speak the protocol by hand, on both databases."""

import base64
import hashlib
import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from server.clock import now
from server.db import db
from server.outlets.actions import assign_outlets
from server.outlets.models import Outlet
from server.people.actions import add_person, add_region
from server.people.models import Role
from sync.ids import uuid7
from tests.founded import Founded

PASSWORD = "correct-horse-battery"
CHECKLIST = {
    "materials_complete": "yes",
    "materials_placed": "yes",
    "shop_tidy": "yes",
    "notice_board": "yes",
    "cashier_certified": "yes",
    "terminal_works": "yes",
    "receipt_given": "yes",
    "owner_complaint": "no",
}


@dataclass
class Company:
    region_id: str
    rep_id: str
    other_rep_id: str
    supervisor_id: str
    outlet_id: str
    second_outlet_id: str


@pytest.fixture
def company(app: Any, founded: Founded) -> Company:
    """Two reps and a supervisor of one region; the first rep has two outlets."""
    made: Company = founded.company
    return made


def found_company() -> Company:
    """It, in the database of the application at hand."""
    at = now()
    region = add_region("城东区域", at, (30.66, 104.07))
    db.session.flush()
    people = [
        add_person(login, name, PASSWORD, [role], [region.id], at)
        for login, name, role in (("rep1", "赵广田", Role.REP), ("rep2", "林晓月", Role.REP), ("boss", "周敏", Role.SUPERVISOR))
    ]
    outlets = [_outlet(f"CD-{number}", region.id, at) for number in (1, 2)]
    db.session.add_all(outlets)
    db.session.commit()
    rep, other, boss = (person.id for person in people)
    ids = [outlet.id for outlet in outlets]
    assign_outlets(ids, rep, date(2026, 1, 1), boss, at)
    return Company(region.id, rep, other, boss, *ids)


def _outlet(code: str, region_id: str, at: datetime) -> Outlet:
    outlet = Outlet(id=uuid7(), code=code, name=f"网点 {code}", state="approved", region_id=region_id, outlet_class="C", created_at=at)
    outlet.lat, outlet.lon = 30.66, 104.07
    outlet.approved_on = outlet.account_made_on = date(2026, 1, 5)
    return outlet


@dataclass
class Phone:
    """A phone that keeps nothing: each test says what it sends."""

    client: FlaskClient
    token: str
    epoch: str
    client_id: str = field(default_factory=uuid7)
    n: int = 0

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, path: str, **message: Any) -> Any:
        return self.client.post(f"/sync/v1/{path}", json=message, headers=self.headers)

    def push(self, *ops: dict[str, Any], epoch: str | None = None, **more: Any) -> Any:
        return self.post("push", proto=1, epoch=epoch or self.epoch, client_id=self.client_id, app="test", ops=list(ops), **more)

    def pull(self, cursor: str | None = None, limit_bytes: int = 256_000) -> tuple[list[dict[str, Any]], str]:
        """All events of one pull, and the cursor behind them."""
        events, page = [], None
        while True:
            answer = self.post("pull", client_id=self.client_id, cursor=cursor, page=page, view_v=1, limit_bytes=limit_bytes).json
            events += answer["events"]
            if "cursor" in answer:
                return events, answer["cursor"]
            page = answer["page"]

    def op(self, outlet_id: str, photo: bytes | None = None, signature: bytes | None = None, **changes: Any) -> dict[str, Any]:
        """The next operation: a complete visit at the outlet's door on 2026-11-24 at 09:00 in Shanghai."""
        self.n += 1
        body = visit_body(outlet_id, photo or os.urandom(64), signature or os.urandom(64)) | changes.pop("body", {})
        blobs = [p["sha256"] for p in body["photos"]] + ([body["signature"]["sha256"]] if body["signature"] else [])
        op = {
            "n": self.n,
            "op_id": uuid7(),
            "kind": "record",
            "form": "visit.v1",
            "entity": {"type": "visit", "id": body["visit_id"]},
            "scope": f"outlet:{outlet_id}",
            "base_v": None,
            "body": body,
            "blobs": blobs,
            "t": {"wall": body["checked_out_at"], "mono": 1.0, "boot": "b", "offset_ms": None},
        }
        return op | changes

    def upload(self, content: bytes, promised: bytes | None = None) -> Any:
        """Send a file in two pieces; returns the last answer."""
        digest = hashlib.sha256(promised or content).hexdigest()
        tus = self.headers | {"Tus-Resumable": "1.0.0"}
        metadata = "sha256 " + base64.b64encode(digest.encode()).decode()
        made = self.client.post("/sync/v1/uploads", headers=tus | {"Upload-Length": str(len(content)), "Upload-Metadata": metadata})
        half = len(content) // 2
        kind = "application/offset+octet-stream"
        self.client.patch(made.headers["Location"], data=content[:half], headers=tus | {"Upload-Offset": "0"}, content_type=kind)
        return self.client.patch(made.headers["Location"], data=content[half:], headers=tus | {"Upload-Offset": str(half)}, content_type=kind)


def visit_body(outlet_id: str, photo: bytes, signature: bytes) -> dict[str, Any]:
    at = "2026-11-24T01:00:00.000Z"
    return {
        "visit_id": uuid7(),
        "outlet_id": outlet_id,
        "checked_in_at": at,
        "checked_out_at": "2026-11-24T01:20:00.000Z",
        "fix": {"lat": 30.6603, "lon": 104.07, "accuracy_m": 35.0, "taken_at": at, "source": "gps"},
        "checklist": [{"key": key, "answer": answer, "note": ""} for key, answer in CHECKLIST.items()],
        "has_complaint": False,
        "photos": [{"slot": "storefront", "sha256": hashlib.sha256(photo).hexdigest(), "taken_at": at}],
        "signature": {"sha256": hashlib.sha256(signature).hexdigest(), "signer_name": "王秀兰", "signer_role": "owner", "signed_at": at},
    }


@pytest.fixture
def phone(app: Any, company: Company) -> Phone:
    return signed_in(app, "rep1")


@pytest.fixture
def other_phone(app: Any, company: Company) -> Phone:
    return signed_in(app, "rep2")


def signed_in(app: Any, login: str) -> Phone:
    client = app.test_client()
    answer = client.post("/auth/v1/sign-in", json={"login": login, "password": PASSWORD, "device_label": "test"}).json
    return Phone(client, answer["token"], answer["epoch"])


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
