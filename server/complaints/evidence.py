"""Complaints as evidence cards, and who sees their signatures."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select

from server.complaints.models import Complaint
from server.complaints.queries import is_visible_complaint
from server.complaints.words import KIND_WORDS, STATE_WORDS, VERDICT_WORDS
from server.console.formats import day as written_day
from server.db import db
from server.domain.deadlines import is_late
from server.findings.evidence import Card
from server.media.pictures import records_with
from server.outlets.models import Outlet
from server.people.models import Person


def complaint_cards(ids: list[str], reader: Person, today: date) -> dict[str, Card]:
    """Complaints within the reader's reach."""
    query = select(Complaint, Outlet.name).join(Outlet, Outlet.id == Complaint.outlet_id)
    query = query.where(Complaint.id.in_(ids), is_visible_complaint(reader, today)).order_by(Complaint.received_on)
    return {row.Complaint.id: _card(row.Complaint, row.name, today) for row in db.session.execute(query)}


def _card(complaint: Complaint, outlet_name: str, today: date) -> Card:
    mark = (
        "none"
        if complaint.voided_at
        else "overdue"
        if is_late(complaint.due_on, complaint.resolved_on, today)
        else "due"
        if complaint.resolved_on is None
        else "done"
    )
    days: dict[str, Any] = {"received": written_day(complaint.received_on), "due": written_day(complaint.due_on)}
    text = gettext("%(received)s 收到，%(due)s 到期", **days) + f" · {KIND_WORDS[complaint.kind]}"
    if complaint.resolved_on is not None:
        text += " · " + gettext("%(day)s 处理完", day=written_day(complaint.resolved_on))
    if complaint.verdict:
        text += f" · {VERDICT_WORDS[complaint.verdict]}"
    href = url_for("complaints.complaint", complaint_id=complaint.id)
    return Card("complaint", complaint.id, mark, str(STATE_WORDS[complaint.state]), outlet_name, text, href)  # type: ignore[index]


def sees_signature(sha256: str, reader: Person, today: date) -> bool:
    """Whether the picture belongs to a complaint that the person may see."""
    shown = Complaint.id.in_(records_with(sha256, "complaint"))
    return db.session.scalar(select(Complaint.id).where(shown, is_visible_complaint(reader, today)).limit(1)) is not None
