"""Paper forms as phones send them, and what phones hold of the office's work: operations, results, documents."""

from datetime import date
from typing import Any

from sqlalchemy import select

from server.audit.models import AuditRow
from server.clock import now, today
from server.db import db
from server.feed.audit import audit_feed, feed_differences
from server.outlets.actions import assign_outlets
from sync.digests import Digest, row_hash
from sync.ids import uuid7
from tests.sync.conftest import Company, Phone

AT = "2026-11-24T01:00:00.000Z"  # nine in the morning in Shanghai
PHOTOS = ["a" * 64, "b" * 64, "c" * 64]
SIGNATURE = "e" * 64
SIGNED = {"sha256": SIGNATURE, "signer_name": "王秀兰", "signer_role": "owner", "signed_at": AT, "strokes": [[[0.1, 0.2, 0.0], [0.3, 0.4, 16.5]]]}
UNSIGNED: dict[str, Any] = {"signature": None, "signature_refusal": " 店主看过，不愿签 "}
APPLIED = ("applied", "")
INVALID = ("quarantined", "invalid_record")
NOBODY = "01a1f000-0000-7000-8000-000000000001"

# what is wrong around a form that is filled in rightly
ENVELOPES: list[dict[str, Any]] = [
    {"kind": "edit"},
    {"entity": {"type": "visit", "id": NOBODY}},
    {"scope": f"outlet:{NOBODY}"},
    {"blobs": ["d" * 64]},
]

# (form, the name of its own id)
Form = tuple[str, str]
COMPLAINT: Form = ("complaint.v1", "complaint_id")
RESULT: Form = ("complaint_result.v1", "result_id")
TRAINING: Form = ("training.v2", "training_id")
REQUEST: Form = ("material_request.v1", "request_id")
DELIVERY: Form = ("delivery.v2", "delivery_id")
WORD: Form = ("churn_word.v1", "word_id")


def paper(phone: Phone, form: Form, outlet_id: str, body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The next operation of the phone: a form filled in at an outlet, with the files that it names."""
    name, own_id = form
    body = {own_id: uuid7(), "outlet_id": outlet_id} | body
    phone.n += 1
    op = {
        "n": phone.n,
        "op_id": uuid7(),
        "kind": "record",
        "form": name,
        "entity": {"type": name.partition(".")[0], "id": body[own_id]},
        "scope": f"outlet:{outlet_id}",
        "base_v": None,
        "body": body,
        "blobs": files_of(body),
        "t": {"wall": AT, "mono": 1.0, "boot": "b", "offset_ms": None},
    }
    return op | changes


def files_of(body: dict[str, Any]) -> list[str]:
    photos, signature = body.get("photos", []), body.get("signature")
    named = [sha256 for sha256 in photos if isinstance(sha256, str)] if isinstance(photos, list) else []
    return sorted({*named, *([signature["sha256"]] if isinstance(signature, dict) else [])})


def result_of(phone: Phone, op: dict[str, Any]) -> tuple[str, str]:
    """(code, problem code)."""
    [result] = phone.push(op).json["results"]
    return result["code"], (result.get("problem") or {}).get("code", "")


def before_causes(app: Any) -> list[tuple[str, str, str]]:
    """(kind of record, the day by the phone, the day kept) of what came with a day before its cause."""
    with app.app_context():
        rows = db.session.scalars(select(AuditRow).where(AuditRow.action == "op.before_cause").order_by(AuditRow.id))
        return [(row.subject_type, row.detail["said_on"], row.detail["kept_on"]) for row in rows]


def give_to(app: Any, company: Company, outlet_id: str, person_id: str) -> None:
    """From today on the outlet is this person's."""
    with app.app_context():
        assign_outlets([outlet_id], person_id, today(), company.supervisor_id, now())


def documents(phone: Phone, kind: str, cursor: str | None = None) -> dict[str, dict[str, Any]]:
    """By id what a pull brings of a type."""
    return {event["id"]: event["doc"] for event in phone.pull(cursor)[0] if event["e"] == "put" and event["type"] == kind}


def gone(phone: Phone, kind: str, cursor: str) -> set[str]:
    return {event["id"] for event in phone.pull(cursor)[0] if event["e"] == "del" and event["type"] == kind}


def night(app: Any, kind: str) -> int:
    """How much of a type the audit of the feed had to put right."""
    with app.app_context():
        changed = [entry for entry in feed_differences() if entry.entity_type == kind]
        audit_feed()
        db.session.commit()
        return len(changed)


def to_send_again(phone: Phone) -> list[str]:
    """Pull all, keep it, and ask the server which scopes it would send otherwise."""
    events, cursor = phone.pull()
    held: dict[str, Digest] = {event["scope"]: Digest() for event in events if event["e"] == "begin"}
    for event in events:
        if event["e"] == "put":
            held[event["scope"]] = held[event["scope"]].with_row(row_hash(event["type"], event["id"], event["v"]))
    told = {scope: {"count": digest.count, "xor": digest.xor} for scope, digest in held.items()}
    again: list[str] = phone.post("digests", client_id=phone.client_id, cursor=cursor, scopes=told).json["again"]
    return again


def days_ago(days: int) -> date:
    return date.fromordinal(today().toordinal() - days)
