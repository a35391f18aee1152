"""Transactions of two outlets that become one: moved with their imports, added up where both have the same day or month."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.domain.months import Month
from server.outlets.actions import assign_outlets
from server.outlets.duplicates import merge_outlets
from server.payroll.actions import draft_month
from server.payroll.closing import close_month
from server.payroll.evidence import volume_cards
from server.transactions.models import OutletTransfer, TableImport
from tests.features.browsing import console
from tests.features.conftest import noon
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.table_imports import ONE_ACCOUNT, OTHER_ACCOUNT, books, bring_in, stored  # noqa: F401
from tests.features.tables import DAYS_HEAD, workbook
from tests.features.wages import NOVEMBER_2, lines_of, person_of
from tests.sync.conftest import Company, company  # noqa: F401

FIRST, SECOND, THIRD = (date(2026, 10, number) for number in (1, 2, 3))


def merge(app, books: Company) -> None:
    """CD-2 into CD-1."""
    with app.app_context():
        merge_outlets(books.second_outlet_id, books.outlet_id, books.supervisor_id, now())


def imports_by_day(app) -> dict[str, str | None]:
    with app.app_context():
        return {str(row.on): row.import_id for row in db.session.scalars(select(OutletTransfer))}


def test_days_move_with_the_import_that_brought_them(app, books, staff):
    client = console(app, "ops")
    one = bring_in(client, workbook([DAYS_HEAD, [ONE_ACCOUNT, FIRST, 100, 3]])).rpartition("/")[2]
    other = bring_in(client, workbook([DAYS_HEAD, [OTHER_ACCOUNT, SECOND, 40, 2], [OTHER_ACCOUNT, THIRD, 5]])).rpartition("/")[2]
    merge(app, books)
    assert stored(app) == [
        ("CD-1", "2026-10-01", "100.00", 3, False),
        ("CD-1", "2026-10-02", "40.00", 2, False),
        ("CD-1", "2026-10-03", "5.00", None, False),
    ]
    assert imports_by_day(app) == {"2026-10-01": one, "2026-10-02": other, "2026-10-03": other}


def test_the_same_day_of_both_becomes_one_total_that_no_import_takes_back(app, books, staff):
    client = console(app, "ops")
    places = [
        bring_in(client, workbook([DAYS_HEAD, [ONE_ACCOUNT, FIRST, 100, 3], [ONE_ACCOUNT, THIRD, 1]])),
        bring_in(client, workbook([DAYS_HEAD, [OTHER_ACCOUNT, FIRST, "40.25", 2]])),
    ]
    merge(app, books)
    expected = [("CD-1", "2026-10-01", "140.25", 5, False), ("CD-1", "2026-10-03", "1.00", None, False)]
    assert stored(app) == expected
    assert imports_by_day(app)["2026-10-01"] is None
    for place in places:
        assert client.post(f"{place}/undo").status_code == 422
    assert stored(app) == expected


@pytest.mark.parametrize("kept_has", ["days", "months"])
def test_days_of_one_and_the_month_of_the_other_become_the_months_total(app, books, staff, kept_has):
    client = console(app, "ops")
    by_days, by_month = (ONE_ACCOUNT, OTHER_ACCOUNT) if kept_has == "days" else (OTHER_ACCOUNT, ONE_ACCOUNT)
    bring_in(client, workbook([DAYS_HEAD, [by_days, FIRST, 100, 3], [by_days, SECOND, 50], [by_days, date(2026, 9, 30), 7]]))
    bring_in(client, workbook([["工号", "月份", "金额"], [by_month, "2026-10", 1000], [by_month, "2026-08", 8]]), "months")
    merge(app, books)
    assert stored(app) == [
        ("CD-1", "2026-08-31", "8.00", None, True),
        ("CD-1", "2026-09-30", "7.00", None, False),
        ("CD-1", "2026-10-31", "1150.00", 3, True),
    ]


def test_an_import_taken_back_after_the_merge_returns_what_it_wrote_over_to_the_kept_outlet(app, books, staff):
    client = console(app, "ops")
    bring_in(client, workbook([DAYS_HEAD, [OTHER_ACCOUNT, FIRST, 10]]))
    place = bring_in(client, workbook([DAYS_HEAD, [OTHER_ACCOUNT, FIRST, 99], [OTHER_ACCOUNT, SECOND, 20]]))
    merge(app, books)
    assert client.post(f"{place}/undo").status_code == 303
    assert stored(app) == [("CD-1", "2026-10-01", "10.00", None, False)]


def test_an_outlet_without_transactions_leaves_those_of_the_kept_one_alone(app, books, staff):
    client = console(app, "ops")
    place = bring_in(client, workbook([DAYS_HEAD, [ONE_ACCOUNT, FIRST, 100, 3]]))
    merge(app, books)
    assert stored(app) == [("CD-1", "2026-10-01", "100.00", 3, False)]
    assert client.post(f"{place}/undo").status_code == 303
    assert stored(app) == []


def test_the_volume_of_a_month_counts_what_moved_and_its_evidence_shows_it(app, books, staff):
    client = console(app, "ops")
    bring_in(client, workbook([DAYS_HEAD, [ONE_ACCOUNT, date(2026, 9, 5), 1000], [OTHER_ACCOUNT, date(2026, 9, 6), 500]]))
    bring_in(client, workbook([DAYS_HEAD, [ONE_ACCOUNT, FIRST, 2000], [OTHER_ACCOUNT, SECOND, 3000]]))
    merge(app, books)
    with app.app_context():
        draft_month(Month(2026, 10), now())
        db.session.commit()
        assert lines_of(books.rep_id, "2026-10")["volume"] == "10.50"  # (2000 + 3000 − 1000 − 500) × 0.003
        keys = [f"{outlet_id}:2026-10" for outlet_id in (books.outlet_id, books.second_outlet_id)]
        with app.test_request_context():
            cards = volume_cards(keys, person_of("payer"), date(2026, 11, 26))
        assert [card.name for card in cards.values()] == ["网点 CD-1", "网点 CD-2"]
        assert all("5,000.00" in card.text and card.href.endswith(f"{books.outlet_id}/volume/2026-10") for card in cards.values())


def test_every_total_of_a_merge_is_one_of_the_kept_outlet(app, books, staff):
    """Sums by month before and after are the same, to the fen."""
    client = console(app, "ops")
    rows = [[account, date(2026, 10, day), f"{day}.{day:02d}", day] for day in range(1, 29) for account in (ONE_ACCOUNT, OTHER_ACCOUNT)]
    bring_in(client, workbook([DAYS_HEAD, *rows]))
    before = sum(Decimal(row[2]) for row in stored(app))
    merge(app, books)
    after = stored(app)
    assert sum(Decimal(row[2]) for row in after) == before
    assert {row[0] for row in after} == {"CD-1"} and len(after) == 28
    with app.app_context():
        assert db.session.scalars(select(TableImport.rows_written)).all() == [56]


def test_a_closed_month_stays_and_the_next_one_puts_the_volume_with_whose_the_kept_outlet_was(app, books, staff):
    """CD-2 was another rep's: what October paid for it stands, and November pays the difference to the fen (RULEBOOK §10)."""
    client = console(app, "ops")
    bring_in(client, workbook([DAYS_HEAD, [ONE_ACCOUNT, date(2026, 9, 5), 1000], [OTHER_ACCOUNT, date(2026, 9, 6), 500]]))
    bring_in(client, workbook([DAYS_HEAD, [ONE_ACCOUNT, FIRST, 2000], [OTHER_ACCOUNT, SECOND, 3000]]))
    with app.app_context():
        assign_outlets([books.second_outlet_id], books.other_rep_id, date(2026, 9, 1), books.supervisor_id, now())
        draft_month(Month(2026, 10), noon(NOVEMBER_2))
        db.session.commit()
        paid = {rep: lines_of(rep, "2026-10")["volume"] for rep in (books.rep_id, books.other_rep_id)}
        assert paid == {books.rep_id: "3.00", books.other_rep_id: "7.50"}
        close_month(Month(2026, 10), "清单里的都看过", staff.ids["chief"], noon(NOVEMBER_2))
    merge(app, books)
    with app.app_context():
        draft_month(Month(2026, 11), noon(NOVEMBER_2))
        db.session.commit()
        assert {rep: lines_of(rep, "2026-10")["volume"] for rep in paid} == paid
        assert lines_of(books.rep_id)["2026-10 volume"] == "7.50"
        assert lines_of(books.other_rep_id)["2026-10 volume"] == "-7.50"
