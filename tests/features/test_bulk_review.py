"""Accepting many waiting visits at once: each judged alone, others named and untouched, who may."""

import re

import pytest
from sqlalchemy import func, select

from server.audit.models import AuditRow
from server.console.paging import PAGE_ROWS
from server.db import db
from server.media.models import Blob
from server.outlets.models import Outlet
from server.people.models import PersonRole, Role
from server.visits.models import Visit, VisitPhoto, VisitReview
from tests.features.browsing import console, untranslated
from tests.features.staff import Staff, staff  # noqa: F401

FAR = {"distance_m": 900.0}


@pytest.fixture
def visits(app, company, staff: Staff, add_visit):
    """Two that wait, one of another region that waits, one that counts, one incomplete that waits for nothing."""
    with app.app_context():
        return {
            "one": add_visit(company.outlet_id, company.rep_id, "2026-11-03T02:00:00+00:00", **FAR),
            "two": add_visit(company.second_outlet_id, company.rep_id, "2026-11-04T02:00:00+00:00", **FAR),
            "far": add_visit(staff.far_outlet_id, staff.ids["farrep"], "2026-11-04T02:00:00+00:00", **FAR),
            "done": add_visit(company.outlet_id, company.rep_id, "2026-11-05T02:00:00+00:00"),
            "unsigned": add_visit(company.outlet_id, company.rep_id, "2026-11-06T02:00:00+00:00", signature_sha256=None, **FAR),
        }


def accept(client, *ids, **more):
    return client.post("/visits/reviews?verdict=waiting", data={"visit": list(ids), "accepted_reason": "seen"} | more)


def reviewed(app):
    with app.app_context():
        return {row.visit_id: (row.decision, row.reason) for row in db.session.scalars(select(VisitReview))}


def test_those_ticked_are_accepted_each_with_the_reason_and_a_deed(app, visits):
    boss = console(app, "boss")
    answer = accept(boss, visits["one"], visits["two"], visits["one"], reason="月度复核")
    assert answer.headers["Location"] == "/visits?verdict=waiting"
    assert "接受了 2 次。" in boss.get(answer.headers["Location"]).text
    assert reviewed(app) == {visits["one"]: ("accepted", "月度复核"), visits["two"]: ("accepted", "月度复核")}
    with app.app_context():
        assert all(db.session.get_one(Visit, visits[name]).counts for name in ("one", "two"))
        assert db.session.scalar(select(func.count()).select_from(AuditRow).where(AuditRow.action == "visit.accepted")) == 2


def test_what_waits_no_more_is_named_and_left_alone(app, visits):
    boss = console(app, "boss")
    accept(boss, visits["one"])
    answer = accept(boss, visits["one"], visits["two"], visits["done"], visits["unsigned"])
    assert answer.status_code == 200 and "接受了 1 次，3 次没有动。" in answer.text
    named = set(re.findall(r'href="/visits/([0-9a-f-]{36})"', answer.text))
    assert named == {visits["one"], visits["done"], visits["unsigned"]} and "已经不在等审核" in answer.text
    assert set(reviewed(app)) == {visits["one"], visits["two"]}


def test_visits_of_another_region_are_left_alone_without_saying_whose(app, visits):
    answer = accept(console(app, "boss"), visits["far"], visits["one"], "no-such-visit")
    assert "接受了 1 次，2 次没有动。" in answer.text and visits["far"] in answer.text and "no-such-visit" in answer.text
    assert f'href="/visits/{visits["far"]}"' not in answer.text and "CX-1" not in answer.text
    assert set(reviewed(app)) == {visits["one"]}


def test_the_other_regions_supervisor_accepts_there_and_not_here(app, visits):
    answer = accept(console(app, "farboss"), visits["one"], visits["two"])
    assert "接受了 0 次，2 次没有动。" in answer.text
    assert reviewed(app) == {}
    assert accept(console(app, "farboss"), visits["far"]).status_code == 302
    assert set(reviewed(app)) == {visits["far"]}


def test_own_visits_are_left_alone(app, company, visits, add_visit):
    with app.app_context():
        db.session.add(PersonRole(person_id=company.supervisor_id, role=Role.REP))
        own = add_visit(company.outlet_id, company.supervisor_id, "2026-11-07T02:00:00+00:00", **FAR)
    answer = accept(console(app, "boss"), own, visits["one"])
    assert "接受了 1 次，1 次没有动。" in answer.text and "自己的巡检，由别的主管或经理审核。" in answer.text
    assert set(reviewed(app)) == {visits["one"]}


@pytest.mark.parametrize("login", ["rep1", "root", "payer"])
def test_nobody_but_supervisors_and_the_manager_accepts(app, visits, login):
    assert accept(console(app, login), visits["one"]).status_code == 403
    assert reviewed(app) == {}


def test_a_photo_still_on_the_phone_is_not_healed_by_accepting(app, company, visits):
    with app.app_context():
        photo = db.session.get_one(VisitPhoto, (visits["one"], 0))
        photo.sha256 = "0" * 64
        db.session.commit()
    boss = console(app, "boss")
    accept(boss, visits["one"])
    assert "其中 1 次的照片还在传" in boss.get("/visits?verdict=waiting").text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Blob).where(Blob.sha256 == "0" * 64)) == 0
        assert db.session.get_one(Visit, visits["one"]).reasons == ["photos_pending", "accepted_by_supervisor"]


def test_an_accepted_visit_may_place_its_outlet_and_settle_the_next(app, company, visits, add_visit):
    """The first acceptance gives the outlet its position; the second visit then counts by itself and needs no word."""
    with app.app_context():
        outlet = db.session.get_one(Outlet, company.second_outlet_id)
        outlet.lat = outlet.lon = None
        db.session.commit()
        unplaced = {"distance_m": None}
        first, second = (add_visit(outlet.id, company.rep_id, f"2026-11-{day}T02:00:00+00:00", **unplaced) for day in (10, 11))
    answer = accept(console(app, "boss"), first, second)
    assert "接受了 1 次，1 次没有动。" in answer.text
    assert set(reviewed(app)) == {first}
    with app.app_context():
        assert all(db.session.get_one(Visit, visit_id).counts for visit_id in (first, second))


def test_nothing_ticked_and_what_no_form_sends(app, visits):
    boss = console(app, "boss")
    assert accept(boss).status_code == 302
    assert "没有勾选巡检。" in boss.get("/visits?verdict=waiting").text
    assert accept(boss, visits["one"], accepted_reason="made_up").status_code == 422
    assert accept(boss, *(f"visit {n}" for n in range(PAGE_ROWS + 1))).status_code == 422
    assert reviewed(app) == {}


def test_the_waiting_tab_offers_ticks_to_supervisors_alone_without_script_too(app, visits):
    boss = console(app, "boss", "en")
    shown = boss.get("/visits?verdict=waiting").text
    assert shown.count('name="visit"') == 2 and "checked" not in shown
    assert untranslated(shown) == []
    ticked = boss.get("/visits?verdict=waiting&pick=page").text
    assert ticked.count(" checked>") == 2
    assert re.findall(r'(?:href|action)="([^"]*pick=[^"]*)"', ticked) == [
        "/visits?verdict=waiting&amp;pick=page"
    ]  # no other link takes the ticks along
    assert 'name="visit"' not in boss.get("/visits?month=2026-11").text
    for login in ("rep1", "chief"):
        assert 'name="visit"' not in console(app, login).get("/visits?verdict=waiting").text
    assert untranslated(accept(boss, visits["done"]).text) == []
