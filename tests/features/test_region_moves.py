"""An outlet moves to another region, and a region stays with whoever has outlets there. Happy, who may not, bad input, twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.audit.models import AuditRow
from server.clock import now, today
from server.db import db
from server.feed.models import ScopeMember
from server.outlets.models import Assignment, Outlet, OutletDuplicate
from server.people.models import Person, PersonRegion
from tests.features.browsing import console, untranslated
from tests.features.conftest import add_visit  # noqa: F401
from tests.features.reporting import token  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, Phone, company, phone  # noqa: F401


@pytest.fixture
def west(app, staff: Staff) -> str:
    with app.app_context():
        return db.session.get_one(Outlet, staff.far_outlet_id).region_id


def region_of(app, outlet_id: str) -> str:
    with app.app_context():
        return db.session.get_one(Outlet, outlet_id).region_id


def move(app, outlet_id: str, region_id: str, login: str = "chief"):
    return console(app, login).post(f"/outlets/{outlet_id}/region", data={"region_id": region_id})


@pytest.mark.parametrize("login", ["chief", "root"])
def test_an_outlet_moves_and_leaves_a_rep_of_another_region(app, company: Company, west, phone: Phone, login):
    page = console(app, login).get(f"/outlets/{company.outlet_id}/region").text
    assert "移到负责人不在的区域" in page and "赵广田 · 城东区域" in page
    assert f'href="/outlets/{company.outlet_id}/region"' in console(app, login).get(f"/outlets/{company.outlet_id}").text
    _, cursor = phone.pull()
    assert move(app, company.outlet_id, west, login).status_code == 302
    assert {"e": "drop", "scope": f"outlet:{company.outlet_id}"} in phone.pull(cursor)[0]
    with app.app_context():
        assert db.session.get_one(Outlet, company.outlet_id).region_id == west
        assert db.session.scalars(select(Assignment.ends_on).where(Assignment.outlet_id == company.outlet_id)).all() == [today() - timedelta(days=1)]
        held = select(ScopeMember).where(ScopeMember.scope_id == f"outlet:{company.outlet_id}", ScopeMember.revoked_seq.is_(None))
        assert db.session.scalars(held).all() == []
        moved = db.session.scalars(select(AuditRow).where(AuditRow.action == "outlet.moved")).one()
        assert (moved.subject_id, moved.detail) == (company.outlet_id, {"before": company.region_id, "after": west})
    assert "城东区域 → 城西区域" in console(app, "chief").get("/deeds?group=outlet").text
    assert console(app, "farboss").get(f"/outlets/{company.outlet_id}").status_code == 200
    assert console(app, "boss").get(f"/outlets/{company.outlet_id}").status_code == 404


def test_a_rep_of_both_regions_keeps_the_outlet(app, company: Company, west, phone: Phone):
    with app.app_context():
        db.session.add(PersonRegion(person_id=company.rep_id, region_id=west))
        db.session.commit()
    _, cursor = phone.pull()
    assert move(app, company.outlet_id, west).status_code == 302
    told = [event for event in phone.pull(cursor)[0] if event["e"] == "put" and event["id"] == company.outlet_id]
    assert [event["doc"]["region_id"] for event in told if event["type"] == "outlet"] == [west]
    with app.app_context():
        assert db.session.scalars(select(Assignment.ends_on).where(Assignment.outlet_id == company.outlet_id)).all() == [None]


def test_moving_there_twice_changes_nothing_and_back_asks_nothing_twice(app, company: Company, staff: Staff, west):
    with app.app_context():
        far = db.session.get_one(Outlet, staff.far_outlet_id)
        far.name, far.lat, far.lon = "网点 CD-1", 30.66, 104.07
        db.session.commit()
    for _ in range(2):
        answer = console(app, "chief").post(f"/outlets/{company.outlet_id}/region", data={"region_id": west}, follow_redirects=True)
    assert "什么也没改" in answer.text
    with app.app_context():
        assert [(one.outlet_id, one.other_id) for one in db.session.scalars(select(OutletDuplicate))] == [(company.outlet_id, staff.far_outlet_id)]
    for place in (company.outlet_id, staff.far_outlet_id):
        assert move(app, place, company.region_id).status_code == 302
    with app.app_context():
        pairs = {frozenset((one.outlet_id, one.other_id)) for one in db.session.scalars(select(OutletDuplicate))}
        assert len(pairs) == len(db.session.scalars(select(OutletDuplicate)).all())
        assert db.session.query(AuditRow).where(AuditRow.action == "outlet.moved").count() == 3


@pytest.fixture
def beside(app, company: Company) -> str:
    """The second outlet's id; that it may be the same as the first is asked both ways round."""
    first, second = company.outlet_id, company.second_outlet_id
    with app.app_context():
        for one, other in ((first, second), (second, first)):
            db.session.add(OutletDuplicate(outlet_id=one, other_id=other, distance_m=5.0, found_at=now()))
        db.session.commit()
    return second


def test_an_outlet_that_moves_takes_no_open_question_about_its_old_region_with_it(app, company: Company, west, beside):
    assert move(app, company.outlet_id, west).status_code == 302
    for pair in (f"{company.outlet_id}/{beside}", f"{beside}/{company.outlet_id}"):
        for login in ("boss", "farboss", "chief"):
            client = console(app, login)
            assert client.get(f"/waiting/duplicates/{pair}").status_code == 404
            answer = client.post(f"/waiting/duplicates/{pair}/decision", data={"decision": "merge", "kept_id": company.outlet_id})
            assert answer.status_code == 404
    with app.app_context():
        assert db.session.get_one(Outlet, beside).removed_at is None


def test_what_was_settled_about_an_outlet_stays_when_it_moves(app, company: Company, west, beside):
    with app.app_context():
        db.session.get_one(OutletDuplicate, (beside, company.outlet_id)).outcome = "both"
        db.session.commit()
    move(app, company.outlet_id, west)
    with app.app_context():
        assert db.session.get(OutletDuplicate, (beside, company.outlet_id)) is not None
        assert db.session.get(OutletDuplicate, (company.outlet_id, beside)) is None


@pytest.mark.parametrize(("login", "status", "is_listed"), [("boss", 404, False), ("farboss", 404, False), ("chief", 200, True)])
def test_a_pair_of_two_regions_is_for_who_decides_on_both(app, company: Company, west, beside, login, status, is_listed):
    with app.app_context():
        db.session.get_one(Outlet, beside).region_id = west
        db.session.commit()
    client = console(app, login)
    assert ("网点 CD-2" in client.get("/waiting/duplicates").text) is is_listed
    for pair in (f"{company.outlet_id}/{beside}", f"{beside}/{company.outlet_id}"):
        assert client.get(f"/waiting/duplicates/{pair}").status_code == status


def test_a_program_of_the_new_region_reads_what_came_with_the_outlet(app, company: Company, west, token, add_visit):
    with app.app_context():
        visit_id = add_visit(company.outlet_id, company.rep_id, "2026-11-24T09:00:00+08:00")
    reader = token(region_ids=[west])
    cursors = {part: reader.get(part).json["cursor"] for part in ("outlets", "outlet-months")}
    move(app, company.outlet_id, west)
    assert [row["id"] for row in reader.rows("visits")] == [visit_id]
    assert [row["code"] for row in reader.rows(f"outlets?cursor={cursors['outlets']}")] == ["CD-1"]
    assert [row["month"] for row in reader.rows(f"outlet-months?cursor={cursors['outlet-months']}")] == ["2026-11"]


@pytest.mark.parametrize(("login", "status"), [("boss", 403), ("ops", 403), ("clerk", 403), ("payer", 403), ("rep1", 403)])
def test_who_may_not_move_an_outlet(app, company: Company, west, login, status):
    assert console(app, login).get(f"/outlets/{company.outlet_id}/region").status_code == status
    assert move(app, company.outlet_id, west, login).status_code == status
    assert region_of(app, company.outlet_id) == company.region_id


@pytest.mark.parametrize("region_id", ["", "nowhere"])
def test_a_region_that_is_none_is_refused(app, company: Company, west, region_id):
    assert move(app, company.outlet_id, region_id).status_code == 422
    assert region_of(app, company.outlet_id) == company.region_id
    assert move(app, "nothing", west).status_code == 404


def test_the_page_is_in_english_too(app, company: Company, west):
    assert untranslated(console(app, "chief", "en").get(f"/outlets/{company.outlet_id}/region").text) == []


def person_form(regions: list[str]) -> dict[str, object]:
    return {"name": "赵广田", "roles": ["rep"], "regions": regions, "starts_on": "", "language": "zh"}


def test_a_region_stays_with_whoever_has_outlets_there(app, company: Company, staff: Staff, west):
    root, place = console(app, "root"), f"/people/{company.rep_id}"
    answer = root.post(place, data=person_form([west]))
    assert answer.status_code == 422 and "先把那里的网点交给别人" in answer.text
    assert root.post(place, data=person_form([company.region_id, west])).status_code == 303
    assert root.post(place, data=person_form([company.region_id])).status_code == 303
    with app.app_context():
        own = select(Assignment.outlet_id).where(Assignment.person_id == company.rep_id, Assignment.ends_on.is_(None))
        outlets = list(db.session.scalars(own))
    for outlet_id in outlets:
        console(app, "boss").post(f"/outlets/{outlet_id}/assignment", data={"person_id": "none", "starts_on": str(today())})
    assert root.post(place, data=person_form([west])).status_code == 303
    with app.app_context():
        assert db.session.get_one(Person, company.rep_id).region_ids == [west]
