"""Outlets that may be the same one: seen side by side, kept both, or merged. Happy, who may not, bad input, twice."""

import pytest
from sqlalchemy import select

from server.db import db
from server.outlets.models import Outlet, OutletDuplicate
from server.visits.models import Visit
from sync.ids import uuid7
from tests.features.browsing import console, untranslated
from tests.features.waiting import office  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


@pytest.fixture
def found(app, company: Company, office, phone: Phone) -> str:
    """The id of an outlet that the rep found next door to the first two, under a name like the first's, with one visit."""
    outlet_id = uuid7()
    fields = {"position": {"lat": 30.6601, "lon": 104.07, "accuracy_m": 8.0}}
    body = {"outlet_id": outlet_id, "region_id": company.region_id, "name": "网点 CD-1 号", "fields": fields}
    op = phone.op(outlet_id, form="new_outlet.v1", entity={"type": "outlet", "id": outlet_id}, blobs=[])
    phone.push(op | {"body": body})
    phone.push(phone.op(outlet_id))
    with app.app_context():
        db.session.execute(db.delete(OutletDuplicate).where(OutletDuplicate.other_id != company.outlet_id))
        db.session.commit()
    return outlet_id


def address(company: Company, found: str) -> str:
    return f"/waiting/duplicates/{found}/{company.outlet_id}"


def test_a_pair_stands_side_by_side(app, company: Company, found):
    client = console(app, "boss")
    assert "网点 CD-1 号" in client.get("/waiting/duplicates").text
    page = client.get(address(company, found)).text
    assert "相距 11 m" in page and "1 次到店" in page and "0 次到店" in page and page.count("赵广田") == 2


@pytest.mark.parametrize(("login", "status"), [("boss", 302), ("chief", 302), ("farboss", 404), ("root", 403), ("rep1", 403), ("payer", 403)])
def test_pairs_are_for_those_who_decide_on_the_outlets(app, company: Company, found, login, status):
    client, place = console(app, login), address(company, found)
    assert client.get(place).status_code == (200 if status == 302 else status)
    assert client.get("/waiting/duplicates").status_code == (403 if status == 403 else 200)
    assert client.post(f"{place}/decision", data={"decision": "both"}).status_code == status


def test_two_outlets_stay_two(app, company: Company, found):
    client, place = console(app, "boss"), address(company, found)
    assert client.post(f"{place}/decision", data={"decision": "both"}).headers["Location"] == "/waiting/duplicates"
    assert "网点 CD-1 号" not in client.get("/waiting/duplicates").text
    assert client.post(f"{place}/decision", data={"decision": "merge", "kept_id": found}).status_code == 409
    with app.app_context():
        assert db.session.get_one(Outlet, found).removed_at is None


def test_one_outlet_is_made_of_two_and_its_visits_move(app, company: Company, found):
    client, place = console(app, "boss"), address(company, found)
    answer = client.post(f"{place}/decision", data={"decision": "merge", "kept_id": company.outlet_id})
    assert answer.headers["Location"] == f"/outlets/{company.outlet_id}"
    assert client.get(f"/outlets/{found}").headers["Location"] == f"/outlets/{company.outlet_id}"
    with app.app_context():
        assert db.session.scalars(select(Visit.outlet_id)).all() == [company.outlet_id]
    assert client.get(place).status_code == 409


def test_a_merge_that_does_not_say_which_one_stays_changes_nothing(app, company: Company, found):
    client, place = console(app, "boss"), address(company, found)
    for form in ({"decision": "merge"}, {"decision": "merge", "kept_id": company.second_outlet_id}, {}):
        assert client.post(f"{place}/decision", data=form).status_code == 422
    assert client.get(place).status_code == 200


def test_pairs_are_filtered_by_region_and_rep(app, company: Company, found):
    client = console(app, "chief")
    assert "网点 CD-1 号" in client.get(f"/waiting/duplicates?region={company.region_id}&rep={company.rep_id}").text
    assert "网点 CD-1 号" not in client.get(f"/waiting/duplicates?rep={company.other_rep_id}").text
    assert "网点 CD-1 号" not in client.get("/waiting/duplicates?region=nowhere").text


def test_the_pages_in_english_have_no_chinese_but_data(app, company: Company, found):
    client = console(app, "boss", "en")
    for path in ("/waiting/duplicates", address(company, found)):
        assert untranslated(client.get(path).text) == [], path


def test_a_page_reads_when_nothing_waits(app, company: Company, office):
    assert "没有可能重复的网点" in console(app, "boss").get("/waiting/duplicates").text
