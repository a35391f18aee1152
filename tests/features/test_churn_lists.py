"""The list of churn: made from transactions once they are in, once a month."""

from datetime import date

from sqlalchemy import select

from server.churn.models import ChurnCase
from server.clock import today
from server.db import db
from server.outlets.models import Outlet
from tests.features.browsing import console
from tests.features.churn_cases import LISTED, case, case_of, lists, moved  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401


def test_the_list_holds_who_was_active_in_the_month_before_last_but_not_last_month(app, company: Company, case):
    found = case_of(app, case)
    assert (found.outlet_id, found.month, found.listed_on, found.due_on) == (company.outlet_id, "2026-11", LISTED, date(2026, 11, 10))
    assert found.state == "open"


def test_the_list_is_made_once_however_often_it_runs(app, company: Company, case):
    assert lists(app, date(2026, 11, 3)) == 0
    assert lists(app, date(2026, 12, 1), waits=False) == 1  # the second outlet stopped in November; the first is on no list any more
    with app.app_context():
        assert {(one.outlet_id, one.month) for one in db.session.scalars(select(ChurnCase))} == {
            (company.outlet_id, "2026-11"),
            (company.second_outlet_id, "2026-12"),
        }


def test_nobody_is_listed_before_last_months_transactions_are_in(app, company: Company):
    moved(app, company.outlet_id, (date(2026, 9, 12), "500"))
    moved(app, company.second_outlet_id, (date(2026, 9, 12), "500"), (date(2026, 10, 20), "1"))
    assert lists(app) == 0
    moved(app, company.second_outlet_id, (date(2026, 10, 31), "1"))
    assert lists(app, date(2026, 11, 4)) == 1
    with app.app_context():
        assert db.session.scalars(select(ChurnCase)).one().listed_on == date(2026, 11, 4)


def test_refunds_that_leave_nothing_are_no_activity(app, company: Company):
    moved(app, company.outlet_id, (date(2026, 9, 12), "500"), (date(2026, 10, 5), "80"), (date(2026, 10, 31), "-80"))
    moved(app, company.second_outlet_id, (date(2026, 9, 12), "500"), (date(2026, 9, 13), "-500"))
    assert lists(app) == 1
    with app.app_context():
        assert db.session.scalars(select(ChurnCase)).one().outlet_id == company.outlet_id


def test_who_churned_before_is_listed_no_more(app, company: Company):
    moved(app, company.outlet_id, (date(2026, 9, 12), "500"))
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).churned_on = date(2026, 10, 8)
        db.session.commit()
    assert lists(app, waits=False) == 0


def test_ops_makes_the_list_when_the_data_are_in(app, company: Company, staff: Staff):
    last = today().replace(day=1)
    before_last = date(last.year, last.month - 2, 5) if last.month > 2 else date(last.year - 1, last.month + 10, 5)
    moved(app, company.outlet_id, (before_last, "500"))
    ops = console(app, "ops")
    assert "新列出 1 户" in ops.post("/churn/list", follow_redirects=True).text
    assert "新列出 0 户" in ops.post("/churn/list", follow_redirects=True).text
