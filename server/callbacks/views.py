"""Call-backs as their list and sheet show them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import case, func, select, tuple_

from server.callbacks.actions import CORRECTION
from server.callbacks.models import CallBack
from server.callbacks.proposals import is_in_window
from server.callbacks.queries import is_visible_callback, visible_callback
from server.callbacks.words import PROPOSES, STRUCK_OUT, TAB_WORDS
from server.console.tiles import Tile
from server.db import db
from server.domain.callbacks import FINDINGS, OUTCOMES, is_struck_out
from server.outlets.models import Assignment, Outlet
from server.outlets.responsible import is_held_on, with_rep
from server.outlets.work_filter import WorkFilter, at_outlets
from server.outlets.work_lists import WorkTable, day_page, open_and_done_tabs
from server.people.models import Person, Role
from server.transactions.queries import first_use_on

LIST = "callbacks.callback_list"


@dataclass(frozen=True)
class Correction:
    """The call that took this one's place, by whom and when."""

    at: datetime
    by_name: str | None


@dataclass(frozen=True)
class CallBackSheet:
    """A call to make or made. `outcomes` are (code, what it brings); `is_charged` whether a bad one would propose a finding."""

    callback: CallBack
    outlet: Outlet
    rep_name: str | None
    by_name: str | None
    first_use_on: date | None
    is_charged: bool
    outcomes: list[tuple[str, str]]
    corrects_id: str
    correction: Correction | None
    can_call: bool
    can_correct: bool


def callback_table(reader: Person, chosen: WorkFilter, after: str, today: date) -> WorkTable:
    """A page of one tab: first due first, or last made first."""
    columns = [CallBack.id, CallBack.kind, CallBack.due_on, CallBack.called_on, CallBack.outcome, CallBack.corrected_by_id]
    query = listed_callbacks(reader, chosen, today).with_only_columns(*columns, Outlet.name.label("outlet"), Outlet.phone, Person.name.label("rep"))
    query = with_rep(query, today)
    is_due = chosen.state == "due"
    query = query.where(CallBack.called_on.is_(None) if is_due else CallBack.called_on.is_not(None))
    day: Any = CallBack.due_on if is_due else CallBack.called_on
    rows, next_key = day_page(query, (day, CallBack.id), after, is_newest_first=not is_due)
    return WorkTable(rows, open_and_done_tabs(listed_callbacks(reader, chosen, today), CallBack.called_on, TAB_WORDS), next_key)


def listed_callbacks(reader: Person, chosen: WorkFilter, today: date) -> Any:
    """A select of the call-backs within reach that the filter names, made or not, joined with `Outlet`."""
    query = select(CallBack).join(Outlet, Outlet.id == CallBack.outlet_id)
    query = at_outlets(query.where(is_visible_callback(reader, today)), chosen, today)
    return query.where(CallBack.kind == chosen.kind) if chosen.kind else query


def next_due(reader: Person, chosen: WorkFilter, made: CallBack, today: date) -> str | None:
    """The call to make that comes after this one in the list, or its first one."""
    order = (CallBack.due_on, CallBack.id)
    is_behind = tuple_(*order) > tuple_(made.due_on, made.id)
    query = listed_callbacks(reader, chosen, today).where(CallBack.called_on.is_(None)).with_only_columns(CallBack.id)
    found: str | None = db.session.scalar(query.order_by(case((is_behind, 0), else_=1), *order).limit(1))
    return found


def callback_sheet(reader: Person, callback_id: str, today: date) -> CallBackSheet:
    callback, outlet = visible_callback(reader, callback_id, today)
    rep = select(Person.name).join(Assignment, Assignment.person_id == Person.id).where(is_held_on(outlet.id, callback.called_on or today))
    first_use, is_ops = first_use_on(outlet.id), reader.holds(Role.OPS)
    is_charged = is_in_window(callback, first_use, callback.asked_on or callback.called_on or today)
    return CallBackSheet(
        callback=callback,
        outlet=outlet,
        rep_name=db.session.scalar(rep),
        by_name=db.session.scalar(select(Person.name).where(Person.id == callback.by_id)),
        first_use_on=first_use,
        is_charged=is_charged,
        outcomes=[(code, _consequence(code, is_charged)) for code in OUTCOMES[callback.kind]],
        corrects_id=callback.source_key.removeprefix(CORRECTION) if callback.source_key.startswith(CORRECTION) else "",
        correction=_correction(callback),
        can_call=is_ops and callback.called_on is None,
        can_correct=is_ops and callback.called_on is not None and callback.corrected_by_id is None,
    )


def _correction(callback: CallBack) -> Correction | None:
    if callback.corrected_by_id is None:
        return None
    query = select(CallBack.at, Person.name).outerjoin(Person, Person.id == CallBack.by_id).where(CallBack.id == callback.corrected_by_id)
    return Correction(*db.session.execute(query).one())


def _consequence(outcome: str, is_charged: bool) -> str:
    if is_struck_out(outcome):
        return str(STRUCK_OUT)
    return str(PROPOSES) if outcome in FINDINGS and is_charged else ""


def callback_tiles(person: Person, _today: date) -> list[Tile]:
    """How many calls ops has to make."""
    if not person.holds(Role.OPS, Role.MANAGER):
        return []
    query = select(func.count(CallBack.id)).where(CallBack.called_on.is_(None))
    return [Tile(gettext("待回访"), query.scalar_subquery(), url_for(LIST), gettext("上周新客户和改过的资料"), "warm", LIST)]
