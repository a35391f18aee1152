"""Churn cases as evidence cards."""

from datetime import date

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select

from server.churn.models import ChurnCase
from server.churn.queries import is_visible_case
from server.churn.words import REASON_WORDS, STATE_MARKS, STATE_WORDS
from server.console.formats import day as written_day
from server.db import db
from server.domain.churn import ChurnState
from server.findings.evidence import Card
from server.outlets.models import Outlet
from server.people.models import Person


def churn_cards(ids: list[str], reader: Person, today: date) -> dict[str, Card]:
    """Churn cases within the reader's reach."""
    query = select(ChurnCase, Outlet.name).join(Outlet, Outlet.id == ChurnCase.outlet_id)
    query = query.where(ChurnCase.id.in_(ids), is_visible_case(reader, today)).order_by(ChurnCase.listed_on)
    return {row.ChurnCase.id: _card(row.ChurnCase, row.name) for row in db.session.execute(query)}


def _card(case: ChurnCase, outlet_name: str) -> Card:
    state = ChurnState(case.state)
    text = gettext("%(listed)s 列出", listed=written_day(case.listed_on))
    if case.decided_on is not None:
        text += " · " + gettext("%(day)s 定", day=written_day(case.decided_on))
    if case.reason:
        text += f" · {REASON_WORDS[case.reason]}"
    return Card("churn_case", case.id, STATE_MARKS[state], str(STATE_WORDS[state]), outlet_name, text, url_for("churn.case", case_id=case.id))
