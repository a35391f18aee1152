"""Call-backs as evidence cards."""

from datetime import date

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select

from server.callbacks.models import CallBack
from server.callbacks.queries import is_visible_callback
from server.callbacks.words import KIND_WORDS, OUTCOME_WORDS, outcome_mark
from server.console.formats import day as written_day
from server.db import db
from server.findings.evidence import Card
from server.outlets.models import Outlet
from server.people.models import Person


def callback_cards(ids: list[str], reader: Person, today: date) -> dict[str, Card]:
    """Call-backs within the reader's reach that were made."""
    query = select(CallBack, Outlet.name).join(Outlet, Outlet.id == CallBack.outlet_id)
    query = query.where(CallBack.id.in_(ids), CallBack.called_on.is_not(None), is_visible_callback(reader, today))
    return {row.CallBack.id: _card(row.CallBack, row.name) for row in db.session.execute(query.order_by(CallBack.called_on))}


def _card(callback: CallBack, outlet_name: str) -> Card:
    text = f"{written_day(callback.called_on)} {KIND_WORDS[callback.kind]}"
    if callback.corrected_by_id is not None:
        text += " · " + gettext("已更正")
    href = url_for("callbacks.callback", callback_id=callback.id)
    return Card("callback", callback.id, outcome_mark(callback.outcome), str(OUTCOME_WORDS[callback.outcome]), outlet_name, text, href)
