"""Ops' calls of the demo company, and customers who left."""

from datetime import date, timedelta

from sqlalchemy import select

from server.callbacks.actions import Wish, list_callback, make_callback
from server.callbacks.listing import list_callbacks
from server.callbacks.models import CallBack
from server.churn.actions import Said, give_word, mark_reason
from server.churn.deciding import refresh_cases
from server.churn.listing import list_churn
from server.churn.models import ChurnCase
from server.db import db
from server.demo import names
from server.demo.office import Office, at
from server.domain.churn import Source
from server.domain.months import Month
from server.outlets.models import Outlet
from server.outlets.responsible import responsible_id

INSPECTIONS_A_MONTH = 4


def add_callbacks(office: Office) -> None:
    """Week by week the new customers, month by month some calls about last month's visits; the newest are still to be made."""
    monday = office.months[0].first_day
    monday += timedelta(days=-monday.weekday() % 7)
    while monday <= office.today:
        list_callbacks(at(monday, 2))
        db.session.commit()
        monday += timedelta(days=7)
    for month in office.months[1:]:
        _list_inspections(office, month)
    _make_calls(office)


def _list_inspections(office: Office, month: Month) -> None:
    for day in office.some_days(month, INSPECTIONS_A_MONTH):
        for outlet, _ in office.some_outlets(1, day):
            list_callback(Wish("inspection", outlet.id, about_month=str(month.previous())), office.company.ops_id, at(day))


def _make_calls(office: Office) -> None:
    """The third new customer had another phone by then; one customer in eight says that nobody came."""
    due = db.session.scalars(select(CallBack).where(CallBack.called_on.is_(None)).order_by(CallBack.listed_on, CallBack.id)).all()
    new_ones = 0
    for callback_id, kind, listed_on in [(one.id, one.kind, one.listed_on) for one in due]:
        called_on = listed_on + timedelta(days=office.source.choice((0, 1, 2)))
        if called_on >= office.today - timedelta(days=1):
            continue
        new_ones += kind == "new_customer"
        outcome = "good"
        if kind == "new_customer" and new_ones == 3:
            outcome = "wrong_phone"
        elif kind == "inspection" and office.source.random() < 0.125:
            outcome = "not_visited"
        make_callback(callback_id, outcome, names.CALL_NOTES[outcome], office.company.ops_id, at(called_on, 15))


def add_churn(office: Office) -> None:
    """Each month's list on its second day, and what the three sides said of the older cases."""
    for month in office.months[1:]:
        if month.first_day + timedelta(days=1) < office.today:
            list_churn(at(month.first_day + timedelta(days=1), 2), waits_for_month=False)
            db.session.commit()
    cases = db.session.scalars(select(ChurnCase).order_by(ChurnCase.listed_on, ChurnCase.id)).all()
    for number, (case_id, outlet_id, listed_on) in enumerate([(case.id, case.outlet_id, case.listed_on) for case in cases]):
        _words(office, number, case_id, db.session.get_one(Outlet, outlet_id), listed_on)
    refresh_cases(at(office.today, 2))
    db.session.commit()


def _words(office: Office, number: int, case_id: str, outlet: Outlet, listed_on: date) -> None:
    """In turn: confirmed by ops; disputed; no word yet; closed down."""
    second, third = listed_on + timedelta(days=2), listed_on + timedelta(days=3)
    if third >= office.today or number % 4 == 2:
        return
    give_word(case_id, Said(Source.OPS, True, "电话里说已经不用这个系统了。", second), office.company.ops_id, at(second))
    rep_id = responsible_id(outlet.id, third)
    if number % 4 == 1 and rep_id is not None:
        give_word(case_id, Said(Source.MARKETING, False, "昨天路过，还在给人缴费。", third), rep_id, at(third))
    if number % 4 == 3:
        mark_reason(case_id, "closed_down", office.company.ops_id, at(third))
