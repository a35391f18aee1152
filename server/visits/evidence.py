"""Visits and outlet months as evidence cards."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select

from server.console.formats import day as written_day
from server.console.formats import metres
from server.db import db
from server.findings.evidence import Card
from server.outlets.models import Outlet
from server.people.models import Person
from server.visits.models import OutletMonth, Visit, VisitPhoto
from server.visits.queries import is_visible_visit
from server.visits.words import VERDICT_WORDS, first_reason, verdict_of


def visit_cards(ids: list[str], reader: Person, today: date) -> dict[str, Card]:
    """Visits within the reader's reach, each with its storefront photo."""
    first = select(VisitPhoto.sha256).where(VisitPhoto.visit_id == Visit.id, VisitPhoto.slot == "storefront")
    photo = first.order_by(VisitPhoto.position).limit(1).scalar_subquery().label("photo")
    columns = [Visit.id, Visit.visited_on, Visit.counts, Visit.needs_review, Visit.reasons, Visit.distance_m, Visit.allowed_m]
    query = select(*columns, Outlet.name, photo).join(Outlet, Outlet.id == Visit.outlet_id)
    query = query.where(Visit.id.in_(ids), is_visible_visit(reader, today)).order_by(Visit.visited_on)
    return {row.id: _visit_card(row) for row in db.session.execute(query)}


def _visit_card(row: Any) -> Card:
    verdict = verdict_of(row)
    reason = first_reason(row) or gettext("距网点 %(distance)s", distance=metres(row.distance_m))
    text = f"{written_day(row.visited_on)} {reason}"
    href = url_for("visits.visit_page", visit_id=row.id)
    return Card("visit", row.id, verdict, str(VERDICT_WORDS[verdict]), row.name, text, href, row.photo or "")


def month_cards(ids: list[str], _reader: Person, _today: date) -> dict[str, Card]:
    """Outlet months by `<outlet id>:<month>`."""
    key = OutletMonth.outlet_id + ":" + OutletMonth.month
    query = select(OutletMonth, Outlet.name).join(Outlet, Outlet.id == OutletMonth.outlet_id).where(key.in_(ids))
    return {f"{month.outlet_id}:{month.month}": _month_card(month, name) for month, name in db.session.execute(query)}


def _month_card(month: OutletMonth, name: str) -> Card:
    text = gettext("%(month)s 应巡 %(owed)s 次，计入 %(counted)s 次", month=month.month, owed=month.owed, counted=month.counted)
    if month.planned > month.owed:
        text = gettext("%(month)s 计划 %(planned)s 次，计入 %(counted)s 次", month=month.month, planned=month.planned, counted=month.counted)
    href = url_for("visits.compliance", month=month.month, rep=month.rep_id or "", open=month.outlet_id)
    return Card("outlet_month", f"{month.outlet_id}:{month.month}", month.state, gettext("达标情况"), name, text, href)
