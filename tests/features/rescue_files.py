"""Rescue files as phones export them, and what their import leaves in the database."""

import base64
import hashlib
import json
import os
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select

from server.audit.models import AuditRow
from server.db import db
from server.devices.models import Device
from server.intake.models import SyncClient, SyncConflict, SyncOp, SyncSlot
from server.intake.rescue_report import IMPORTED
from server.media.models import Blob
from server.visits.models import Visit
from sync.ids import uuid7
from tests.features.waiting import edit
from tests.sync.conftest import Company, Phone


def rescued(op: dict[str, Any]) -> dict[str, Any]:
    """An operation as the export writes it."""
    kept = {name: op[name] for name in ("op_id", "kind", "form", "entity", "scope", "base_v", "blobs", "t")}
    return kept | {"body_text": json.dumps(op["body"], ensure_ascii=False, separators=(",", ":"))}


def rescue_file(person_id: str, ops: list[dict[str, Any]], files: list[bytes] = [], **changes: Any) -> bytes:  # noqa: B006
    blobs = {hashlib.sha256(content).hexdigest(): base64.b64encode(content).decode() for content in files}
    head = {"format": "xundian-rescue.v1", "person_id": person_id, "person_name": "赵广田", "app": "1.4.0", "made_at": "2026-11-24T02:00:00.000Z"}
    return json.dumps(head | {"ops": [rescued(op) for op in ops], "blobs": blobs} | changes, ensure_ascii=False).encode()


def send(client: Any, raw: bytes) -> Any:
    return client.post("/rescue", data={"file": (BytesIO(raw), "rescue.json")}, content_type="multipart/form-data")


def counted(app: Any) -> dict[str, int]:
    """Rows of every table that an import may write, the audit apart."""
    with app.app_context():
        tables = (SyncOp, SyncSlot, SyncClient, SyncConflict, Device, Blob, Visit)
        return {table.__name__: db.session.scalar(select(func.count()).select_from(table)) for table in tables}


def imports(app: Any) -> list[AuditRow]:
    with app.app_context():
        return list(db.session.scalars(select(AuditRow).where(AuditRow.action == IMPORTED)))


@pytest.fixture
def lost_phone(app, company: Company, office, phone: Phone) -> bytes:
    """Two visits with their files, one of them without its photo; a change that waits; a record of a form to come."""
    edit(phone, company.outlet_id, person_in_charge=("", "王秀兰"))
    photo, signature = os.urandom(200), os.urandom(100)
    ops = [phone.op(company.outlet_id, photo, signature), phone.op(company.second_outlet_id, None, signature)]
    change = {"outlet_id": company.outlet_id, "fields": {"person_in_charge": {"base": "", "mine": "李建国"}}}
    shape = {"kind": "edit", "form": "outlet_edit.v1", "entity": {"type": "outlet", "id": company.outlet_id}, "blobs": []}
    ops.append(phone.op(company.outlet_id, **shape) | {"body": change})
    ops.append(phone.op(company.outlet_id, form="visit.v9") | {"blobs": []})
    return rescue_file(company.rep_id, ops, [photo, signature, b"nobody named this"])


def unfinished_visit(outlet_id: str, photo: bytes) -> dict[str, Any]:
    """A visit under way, as the export writes its draft."""
    sha256 = hashlib.sha256(photo).hexdigest()
    draft = {"visit_id": uuid7(), "outlet_id": outlet_id, "answers": {}, "photos": [{"slot": "counter", "sha256": sha256}]}
    return {"key": f"visit:{outlet_id}", "draft": draft, "saved_at": "2026-11-24T01:50:00.000Z"}
