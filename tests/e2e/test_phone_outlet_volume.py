"""What an outlet moved, on its page; and what a call-back found there, among the deadlines of today."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from server.callbacks.actions import Wish, list_callback, make_callback
from server.clock import now, today
from server.db import db
from server.domain.months import Month, months_until
from server.findings.models import Finding
from server.transactions.models import OutletTransfer
from tests.e2e.company import Company, application
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone, go, walking_phone

AMOUNTS = ("51200", "48000", None, "36450.5", "40095.55", "12000")


def with_payments_and_a_call_back(server: ServerProcess, company: Company) -> str:
    """Half a year of payments at the outlet that is due, and a call-back that found no visit there; the finding's id."""
    outlet_id, month = company.outlets[company.due], Month.of_date(today())
    with application(server.data, server.database_url):
        for one, amount in zip(months_until(month, len(AMOUNTS)), AMOUNTS, strict=True):
            if amount is not None:
                db.session.add(OutletTransfer(outlet_id=outlet_id, on=one.first_day, amount_yuan=Decimal(amount), count=None))
        db.session.commit()
        call = list_callback(Wish("inspection", outlet_id, about_month=str(month)), company.people["zhoumin"], now())
        make_callback(call.id, "not_visited", "客户说没有来过", company.people["zhoumin"], now())
        finding: str = db.session.scalars(select(Finding.id)).one()
    return finding


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_outlets_page_shows_its_payments_and_today_what_a_call_back_found(
    server: ServerProcess, company: Company, new_phone: MakePhone, language: str
) -> None:
    finding = with_payments_and_a_call_back(server, company)
    server.run("nightly")
    phone, walk = walking_phone(server, company, new_phone, language, set())
    page = phone.page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    go(page, "/today")
    tile = page.get_by_test_id("clock-callback")
    expect(tile).to_have_attribute("href", f"#/findings/{finding}")
    tile.scroll_into_view_if_needed()
    walk.look(page, "today-callback")
    go(page, f"/outlets/{company.outlets[company.due]}")
    expect(page.get_by_test_id("volume-trend")).to_contain_text("10%")
    expect(page.locator(".volume li")).to_have_count(len(AMOUNTS))
    page.get_by_test_id("volume").scroll_into_view_if_needed()
    walk.look(page, "outlet-volume")
    assert not walk.findings, "\n".join(walk.findings)
