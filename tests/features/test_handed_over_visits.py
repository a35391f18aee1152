"""Visits at an outlet that was given to somebody else meanwhile: credited to their author, and the supervisor is told (SYNC §4)."""

import re

import pytest

from server.clock import now
from sync.times import iso_instant
from tests.features.browsing import console, untranslated
from tests.features.waiting import office  # noqa: F401
from tests.sync.conftest import Company, Phone, company, other_phone, phone  # noqa: F401

LIST = "/visits?verdict=handed_over"


@pytest.fixture
def handed_over(app, company: Company, office, phone: Phone, other_phone: Phone) -> str:
    """The address of a visit by somebody without the outlet, beside one by the rep who has it."""
    today = {"checked_in_at": iso_instant(now()), "checked_out_at": iso_instant(now())}
    phone.push(phone.op(company.outlet_id, body=today))
    op = other_phone.op(company.outlet_id, body=today)
    other_phone.push(op)
    return f"/visits/{op['entity']['id']}"


def test_the_list_and_the_visit_say_that_the_outlet_is_another_reps(app, handed_over):
    client = console(app, "boss")
    page = client.get(LIST).text
    assert len(set(re.findall(r'href="(/visits/[0-9a-f-]{36})', page))) == 1 and handed_over in page
    assert "林晓月" in page and "换人后送来" in page
    assert "送达时网点已归别人负责" in client.get(handed_over).text


def test_other_visits_do_not_say_it(app, handed_over):
    client = console(app, "boss")
    page = client.get("/visits").text
    assert page.count('<small class="faint">换人后送来</small>') == 1


@pytest.mark.parametrize(("login", "is_told"), [("boss", True), ("farboss", True), ("chief", False), ("rep1", False)])
def test_supervisors_are_told_on_their_start_page(app, handed_over, login, is_told):
    assert ("换人后送来的巡检" in console(app, login).get("/").text) is is_told


def test_the_count_is_that_of_the_supervisors_own_region(app, handed_over):
    for login, count in (("boss", 1), ("farboss", 0)):
        tile = console(app, login).get("/").text.partition("换人后送来的巡检")[2]
        assert tile.partition("<b>")[2].startswith(f"{count}</b>")


def test_a_supervisor_of_another_region_finds_none(app, handed_over):
    client = console(app, "farboss")
    assert handed_over not in client.get(LIST).text
    assert client.get(handed_over).status_code == 404


def test_the_pages_in_english_have_no_chinese_but_data(app, handed_over):
    client = console(app, "boss", "en")
    for path in (LIST, handed_over):
        assert untranslated(client.get(path).text) == []
