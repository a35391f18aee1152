"""The months of an outlet's payments on its page."""

from datetime import date
from decimal import Decimal

from server.db import db
from server.domain.months import Month
from server.transactions.models import OutletTransfer
from server.transactions.outlet_section import volume_bars
from server.transactions.queries import Uses, first_use_on, first_uses, is_month_in, months_in, uses_of
from tests.features.browsing import console, untranslated
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.wages import moved
from tests.sync.conftest import Company, company  # noqa: F401

OCTOBER, NOVEMBER = Month.parse("2026-10"), Month.parse("2026-11")


def test_bars_stand_on_one_scale_from_nothing():
    before = OCTOBER.previous()
    months = [before.previous(), before, OCTOBER, NOVEMBER]
    bars = volume_bars({before: Decimal(400), NOVEMBER: Decimal(100)}, months, NOVEMBER)
    assert [(bar.month, bar.amount, bar.percent) for bar in bars] == [(before, Decimal(400), 100), (OCTOBER, None, 0), (NOVEMBER, Decimal(100), 25)]
    assert [bar.is_under_way for bar in bars] == [False, False, True]
    assert volume_bars({}, months, NOVEMBER) == []


def test_a_month_of_refunds_has_no_bar_and_its_figure():
    bars = volume_bars({OCTOBER: Decimal(-5), NOVEMBER: Decimal(0)}, [OCTOBER, NOVEMBER], NOVEMBER)
    assert [(bar.amount, bar.percent) for bar in bars] == [(Decimal(-5), 0), (Decimal(0), 0)]


def test_the_outlets_page_shows_its_own_months_in_both_languages(app, monkeypatch, company: Company, staff: Staff):
    with app.app_context():
        for outlet_id, day, amount in ((company.outlet_id, 31, "1234.50"), (company.outlet_id, 3, "10"), (staff.far_outlet_id, 5, "987654")):
            db.session.add(OutletTransfer(outlet_id=outlet_id, on=date(2026, 10, day), amount_yuan=Decimal(amount), count=None))
        db.session.commit()
        db.session.add(OutletTransfer(outlet_id=company.outlet_id, on=date(2026, 7, 31), amount_yuan=Decimal("4978.00"), count=None))
        db.session.commit()
    monkeypatch.setattr("server.outlets.routes.today", lambda: date(2026, 11, 27))
    page = console(app, "boss").get(f"/outlets/{company.outlet_id}").text
    assert "上个月比三个月前少了 75%" in page and "27 天前有过交易（2026-10-31）" in page
    assert "每月收费额" in page and "1,244.5" in page and "987,654" not in page
    assert "还没有导入它的交易" in console(app, "boss").get(f"/outlets/{company.second_outlet_id}").text
    english = console(app, "boss", "en").get(f"/outlets/{company.outlet_id}").text
    assert "Payments by month" in english and untranslated(english) == []


def test_first_use_and_months_that_have_come_are_the_same_for_one_outlet_and_for_all(app, company: Company):
    july, september = Month.parse("2026-07"), Month.parse("2026-09")
    asked = [july, september, OCTOBER, NOVEMBER]
    with app.app_context():
        assert uses_of(company.outlet_id, asked) == Uses(None, None, frozenset()) and months_in(asked) == set()
        for outlet_id, on, amount in (
            (company.outlet_id, date(2026, 7, 30), "-20.00"),
            (company.outlet_id, date(2026, 9, 2), "10.00"),
            (company.outlet_id, date(2026, 10, 31), "5.00"),
            (company.outlet_id, date(2026, 11, 3), "-5.00"),
            (company.second_outlet_id, date(2026, 9, 30), "-1.00"),
        ):
            moved(outlet_id, on, amount)
        expected = Uses(date(2026, 9, 2), date(2026, 10, 31), frozenset({september, OCTOBER}))
        assert uses_of(company.outlet_id, asked) == expected
        assert uses_of(company.second_outlet_id, asked) == Uses(None, None, frozenset({september, OCTOBER}))
        assert [first_use_on(one) for one in (company.outlet_id, company.second_outlet_id)] == [date(2026, 9, 2), None]
        assert [tuple(row) for row in db.session.execute(first_uses())] == [(company.outlet_id, date(2026, 9, 2))]
        assert months_in(asked) == {september, OCTOBER} == {month for month in asked if is_month_in(month)}
        assert months_in([]) == set()
