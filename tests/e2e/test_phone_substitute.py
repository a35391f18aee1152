"""A phone that stands in for a rep on leave: the other's outlets are there, and say whose they are."""

import pytest
from playwright.sync_api import expect

from server.clock import now, today
from server.db import db
from server.leaves.actions import WantedLeave, set_leave
from tests.e2e.company import Company, application
from tests.e2e.server_process import ServerProcess
from tests.e2e.walks import MakePhone, go, walking_phone


@pytest.mark.parametrize("language", ["zh", "en"])
def test_outlets_of_a_rep_on_leave_say_whose_they_are(server: ServerProcess, company: Company, new_phone: MakePhone, language: str) -> None:
    with application(server.data, server.database_url):
        leave = WantedLeave(company.people["rep2"], today(), today(), company.people["rep1"])
        set_leave(leave, company.people["zhoumin"], now())
        db.session.commit()
    phone, walk = walking_phone(server, company, new_phone, language, set())
    page, lent = phone.page, company.others[0]
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    go(page, "/outlets")
    expect(page.get_by_test_id("outlet-row").filter(has_text=lent)).to_contain_text("林晓月")
    expect(page.get_by_test_id("outlet-row").filter(has_text="林晓月")).to_have_count(len(company.others))
    walk.look(page, "outlets-lent")
    go(page, f"/outlets/{company.outlets[lent]}")
    expect(page.locator("main .chip", has_text="林晓月")).to_be_visible()
    walk.look(page, "outlet-lent")
    assert not walk.findings, "\n".join(walk.findings)
