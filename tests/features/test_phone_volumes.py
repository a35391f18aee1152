"""What outlets moved by month, on the phones that hold them: after an import, its undo, a merge, and in older databases."""

from datetime import date
from decimal import Decimal
from typing import Any

from server.clock import now
from server.db import db
from server.outlets.duplicates import merge_outlets
from server.transactions.models import OutletTransfer
from tests.features.browsing import console
from tests.features.papers import documents, gone, night, to_send_again
from tests.features.staff import Staff, staff  # noqa: F401
from tests.features.table_imports import ONE_ACCOUNT, books, bring_in, days  # noqa: F401
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401


def volume(outlet_id: str, *months: tuple[str, str]) -> dict[str, Any]:
    return {outlet_id: {"id": outlet_id, "months": [{"month": month, "yuan": yuan} for month, yuan in months]}}


def moved(app, outlet_id: str, on: date, amount: str) -> None:
    """As in a database from before phones heard of it."""
    with app.app_context():
        db.session.add(OutletTransfer(outlet_id=outlet_id, on=on, amount_yuan=Decimal(amount), count=None))
        db.session.commit()


def test_phones_hold_a_year_of_months_of_their_outlets_once_the_night_has_seen_them(app, company: Company, phone: Phone, other_phone: Phone):
    for on, amount in (
        (date(2026, 11, 2), "10.5"),
        (date(2026, 10, 31), "1"),
        (date(2026, 10, 1), "-0.25"),
        (date(2025, 11, 1), "7"),
        (date(2025, 10, 31), "9"),
    ):
        moved(app, company.outlet_id, on, amount)
    assert documents(phone, "outlet_volume") == {}
    assert night(app, "outlet_volume") == 1
    held = volume(company.outlet_id, ("2025-11", "7.00"), ("2026-10", "0.75"), ("2026-11", "10.50"))
    assert documents(phone, "outlet_volume") == held
    assert documents(other_phone, "outlet_volume") == {}
    assert (to_send_again(phone), night(app, "outlet_volume")) == ([], 0)


def test_an_outlet_that_moved_nothing_for_a_year_has_no_document(app, company: Company, phone: Phone):
    moved(app, company.outlet_id, date(2025, 10, 31), "9")
    assert (night(app, "outlet_volume"), documents(phone, "outlet_volume")) == (0, {})


def test_an_import_and_its_undo_reach_the_phones(app, books: Company, staff: Staff, phone: Phone):
    client = console(app, "ops")
    bring_in(client, days([ONE_ACCOUNT, "2026-10-03", "120.5", 3]))
    assert documents(phone, "outlet_volume") == volume(books.outlet_id, ("2026-10", "120.50"))
    cursor = phone.pull()[1]
    place = bring_in(client, days([ONE_ACCOUNT, "2026-10-03", "100", 3], [ONE_ACCOUNT, "2026-10-04", "50", 1]))
    assert documents(phone, "outlet_volume", cursor) == volume(books.outlet_id, ("2026-10", "150.00"))
    cursor = phone.pull()[1]
    client.post(f"{place}/undo")
    assert documents(phone, "outlet_volume", cursor) == volume(books.outlet_id, ("2026-10", "120.50"))
    assert (to_send_again(phone), night(app, "outlet_volume")) == ([], 0)


def test_the_undo_of_all_that_an_outlet_moved_leaves_nothing_after_the_night(app, books: Company, staff: Staff, phone: Phone):
    client = console(app, "ops")
    place = bring_in(client, days([ONE_ACCOUNT, "2026-10-03", "120.5", 3]))
    client.post(f"{place}/undo")
    assert documents(phone, "outlet_volume") == volume(books.outlet_id)
    cursor = phone.pull()[1]
    assert night(app, "outlet_volume") == 1
    assert gone(phone, "outlet_volume", cursor) == {books.outlet_id}


def test_a_merged_outlets_payments_go_to_the_one_that_is_kept(app, company: Company, staff: Staff, phone: Phone):
    moved(app, company.outlet_id, date(2026, 10, 3), "10")
    moved(app, company.second_outlet_id, date(2026, 10, 4), "5")
    night(app, "outlet_volume")
    cursor = phone.pull()[1]
    with app.app_context():
        merge_outlets(company.second_outlet_id, company.outlet_id, company.supervisor_id, now())
    assert documents(phone, "outlet_volume", cursor) == volume(company.outlet_id, ("2026-10", "15.00"))
    assert set(documents(phone, "outlet_volume")) == {company.outlet_id}
    assert (to_send_again(phone), night(app, "outlet_volume")) == ([], 0)
