"""A copy of everything that is kept of an outlet's people: owner, cashiers, who signed, trained or complained (PIPL article 45)."""

import json
import zipfile
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import force_locale
from sqlalchemy import select, union

from server.audit.models import AuditRow
from server.complaints.models import Complaint
from server.materials.models import MaterialRequest
from server.outlets.identity import whole_number
from server.outlets.models import Outlet
from server.outlets.words import DOCUMENT_WORDS
from server.privacy.copies import Copy, write_files, write_section
from server.privacy.sections import Section
from server.reports.sending import new_file
from server.training.models import Training
from server.visits.models import Visit


def _all_but(model: Any, *names: str) -> tuple[str, ...]:
    return tuple(column.name for column in model.__table__.columns if column.name not in names)


FEEDBACK = ("feedback_result", "feedback_speed", "feedback_text")
OF_FILE = ("id", "code", "name", "address", "person_in_charge", "phone", "contact", "cashiers", "id_kind", "storefront_photo", "counter_photo")
OF_VISIT = ("id", "visited_on", "has_complaint", "complaint_note", "signer_name", "signer_role", "signature_sha256", "signature_refusal")
OF_TRAINING = ("id", "trained_on", "place", "attendees", "attendee_count", "signer_name", "signature_sha256", "signature_refusal", "photos")
OF_DELIVERY = ("id", "contents", "requested_on", "delivered_on", "signer_name", "signature_sha256", "signature_refusal")
OF_COMPLAINT = (
    "id",
    "received_on",
    "complainant",
    "phone",
    "account",
    "demand",
    "feedback_result",
    "feedback_speed",
    "feedback_text",
    "signature_sha256",
)
LOOKS = ("outlet.id_entered", "outlet.id_viewed", "outlet.people_copied", "outlet.people_erased", "outlet.people_forgotten")
SECTIONS = (
    Section("file", "网点资料里的人", Outlet, lambda outlet_id: Outlet.id == outlet_id, _all_but(Outlet, *OF_FILE)),
    Section("visits", "巡检时的签字", Visit, lambda outlet_id: Visit.outlet_id == outlet_id, _all_but(Visit, *OF_VISIT)),
    Section("trainings", "参加的培训", Training, lambda outlet_id: Training.outlet_id == outlet_id, _all_but(Training, *OF_TRAINING)),
    Section(
        "deliveries", "签收的物料", MaterialRequest, lambda outlet_id: MaterialRequest.outlet_id == outlet_id, _all_but(MaterialRequest, *OF_DELIVERY)
    ),
    Section("complaints", "提的投诉", Complaint, lambda outlet_id: Complaint.outlet_id == outlet_id, _all_but(Complaint, *OF_COMPLAINT)),
    Section(
        "looks",
        "谁登记、看过、复制、删除过个人信息",
        AuditRow,
        lambda outlet_id: (AuditRow.subject_type == "outlet") & (AuditRow.subject_id == outlet_id) & AuditRow.action.in_(LOOKS),
        ("actor_id", "detail", "subject_type", "subject_id"),
    ),
)


def outlet_copy(outlet: Outlet, now: datetime) -> Copy:
    """As `copy_of`, of an outlet's people, with the whole ID number. Raises `sealed_elsewhere` when the key at hand does not open it."""
    number = whole_number(outlet) if outlet.id_sealed else ""
    file = new_file()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        rows = {section.name: write_section(archive, section, outlet.id) for section in SECTIONS}
        archive.writestr("json/id_number.json", json.dumps([{"id_kind": outlet.id_kind, "id_number": number}] if number else []))
        files, missing = write_files(archive, _named_files(outlet))
        archive.writestr("概览.html", _overview(outlet, number, rows, (files, missing), now))
    return Copy(file, rows, files, missing)


def _named_files(outlet: Outlet) -> Any:
    signed = [select(model.signature_sha256).where(model.outlet_id == outlet.id) for model in (Visit, Training, MaterialRequest, Complaint)]
    shown = [select(column).where(Outlet.id == outlet.id) for column in (Outlet.storefront_photo, Outlet.counter_photo)]
    return union(*signed, *shown)


def _overview(outlet: Outlet, number: str, rows: dict[str, int], files: tuple[int, int], now: datetime) -> str:
    """A page in Chinese that opens without the server."""
    with force_locale("zh"):
        values: dict[str, Any] = {
            "outlet": outlet,
            "document": DOCUMENT_WORDS.get(outlet.id_kind, "") if number else "",
            "number": number,
            "sections": [(section, rows[section.name]) for section in SECTIONS],
            "files": files,
            "made_at": now,
        }
        return render_template("privacy/outlet_overview.html", **values)
