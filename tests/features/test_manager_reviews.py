"""Visits that no supervisor may judge, such as those of a region's only supervisor, are the manager's to review."""

import pytest
from sqlalchemy import select

from server.clock import now, today
from server.console.tiles import counted_tiles
from server.db import db
from server.people.actions import add_person
from server.people.models import Person, PersonRole, Role
from server.visits.models import Visit, VisitReview
from server.visits.sample_models import VisitSample
from tests.features.browsing import console, untranslated
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import PASSWORD, Company, company  # noqa: F401

FAR = {"distance_m": 900.0}
ACCEPTED = {"decision": "accepted", "accepted_reason": "seen"}


@pytest.fixture
def own(app, company: Company, staff: Staff, add_visit) -> str:
    """A visit that waits, made by the region's only supervisor, who is a rep too; its id."""
    with app.app_context():
        db.session.add(PersonRole(person_id=company.supervisor_id, role=Role.REP))
        return add_visit(company.outlet_id, company.supervisor_id, "2026-11-07T02:00:00+00:00", **FAR)


@pytest.fixture
def reps(app, company: Company, staff: Staff, add_visit) -> str:
    """A visit of a rep that waits; its id."""
    with app.app_context():
        return add_visit(company.outlet_id, company.rep_id, "2026-11-08T02:00:00+00:00", **FAR)


def second_supervisor(app, company: Company, is_active: bool = True) -> None:
    with app.app_context():
        add_person("boss2", "韩立", PASSWORD, [Role.SUPERVISOR], [company.region_id], now()).is_active = is_active
        db.session.commit()


def reviewers(app) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(VisitReview.by_id)))


def waiting_for_manager(app) -> int:
    with app.test_request_context():
        chief = db.session.scalars(select(Person).where(Person.login == "chief")).one()
        return {one.tile.href: one.count for one in counted_tiles(chief, today())}["/visits/reviews"]


def test_the_manager_reviews_what_the_only_supervisor_visited(app, staff: Staff, own: str, reps: str):
    chief = console(app, "chief")
    assert waiting_for_manager(app) == 1
    assert chief.get("/visits/reviews").headers["Location"] == f"/visits/{own}"
    listed = chief.get("/visits?verdict=waiting").text
    assert f'name="visit" value="{own}"' in listed and f'name="visit" value="{reps}"' not in listed
    assert 'id="review"' in chief.get(f"/visits/{own}").text
    assert chief.post(f"/visits/{own}/review", data=ACCEPTED).status_code == 302
    assert (reviewers(app), waiting_for_manager(app)) == ([staff.ids["chief"]], 0)
    for path in ("/", f"/visits/{own}", "/visits?verdict=waiting"):
        assert untranslated(console(app, "chief", "en").get(path).text) == [], path


def test_the_manager_may_not_review_what_a_supervisor_may(app, company: Company, own: str, reps: str):
    assert console(app, "chief").post(f"/visits/{reps}/review", data=ACCEPTED).status_code == 403
    second_supervisor(app, company)
    chief = console(app, "chief")
    assert 'id="review"' not in chief.get(f"/visits/{own}").text and waiting_for_manager(app) == 0
    assert chief.post(f"/visits/{own}/review", data=ACCEPTED).status_code == 403
    assert reviewers(app) == []


def test_a_supervisor_who_left_judges_nothing_any_more(app, company: Company, own: str):
    second_supervisor(app, company, is_active=False)
    assert console(app, "chief").post(f"/visits/{own}/review", data=ACCEPTED).status_code == 302


def test_a_region_without_a_supervisor_is_the_managers(app, company: Company, reps: str):
    with app.app_context():
        db.session.get_one(Person, company.supervisor_id).is_active = False
        db.session.commit()
    assert console(app, "chief").post(f"/visits/{reps}/review", data=ACCEPTED).status_code == 302


def test_a_manager_reviews_no_own_visit(app, company: Company, own: str):
    with app.app_context():
        db.session.add(PersonRole(person_id=company.supervisor_id, role=Role.MANAGER))
        db.session.commit()
    boss = console(app, "boss")
    assert 'id="review"' not in boss.get(f"/visits/{own}").text
    assert boss.post(f"/visits/{own}/review", data=ACCEPTED).status_code == 403


def test_a_supervisor_who_is_manager_too_reviews_the_region(app, company: Company, own: str, reps: str):
    with app.app_context():
        db.session.add(PersonRole(person_id=company.supervisor_id, role=Role.MANAGER))
        db.session.commit()
    assert console(app, "boss").post(f"/visits/{reps}/review", data=ACCEPTED).status_code == 302


def test_the_manager_accepts_many_and_is_told_of_those_that_are_a_supervisors(app, staff: Staff, own: str, reps: str):
    form = {"visit": [own, reps], "accepted_reason": "seen"}
    answer = console(app, "chief").post("/visits/reviews", data=form)
    assert "接受了 1 次，1 次没有动。" in answer.text and "由那个区域的主管审核。" in answer.text
    assert reviewers(app) == [staff.ids["chief"]]


def test_the_manager_answers_the_blind_sample_of_such_a_visit(app, company: Company, staff: Staff, own: str, add_visit):
    with app.app_context():
        drawn = {
            add_visit(company.outlet_id, person_id, f"2026-11-{day}T02:00:00+00:00", score=75): person_id
            for person_id, day in ((company.supervisor_id, 10), (company.rep_id, 11))
        }
        for visit_id in drawn:
            db.session.add(VisitSample(visit_id=visit_id, drawn_on=today(), share="1"))
        db.session.commit()
        assert all(db.session.get_one(Visit, visit_id).counts for visit_id in drawn)
    chief, (of_boss, of_rep) = console(app, "chief"), drawn
    assert "这次抽中了盲审" in chief.get(f"/visits/{of_boss}").text and "这次抽中了盲审" not in chief.get(f"/visits/{of_rep}").text
    assert chief.post(f"/visits/samples/{of_rep}/answer", data={"answer": "agrees"}).status_code == 403
    assert chief.post(f"/visits/samples/{of_boss}/answer", data={"answer": "agrees"}).status_code == 302
    with app.app_context():
        assert db.session.get_one(VisitSample, of_boss).by_id == staff.ids["chief"]
