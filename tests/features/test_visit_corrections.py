"""Corrections of visits: what was not accepted is looked at again, and of several corrections the last one stands (RULEBOOK §4, SYNC §4)."""

import pytest

from server.clock import now
from server.db import db
from server.visits.models import Visit
from server.visits.verdicts import review_visit
from tests.features.flagged import call, send
from tests.features.pictures import photo


@pytest.fixture(autouse=True)
def in_app(app):
    with app.app_context():
        yield


def standing(visit_id):
    db.session.expire_all()
    visit = db.session.get_one(Visit, visit_id)
    return visit.counts, visit.needs_review, visit.reasons


def sent(phone, company, **more):
    return send(phone, call(phone, company.outlet_id, "01:00", photo(1), **more))


def judged(company, visit_id, decision):
    review_visit(visit_id, decision, "看过", company.supervisor_id, now())


def test_a_correction_takes_the_place_of_a_visit_that_counts(company, phone):
    first = sent(phone, company)
    second = sent(phone, company, corrects=first)
    assert (standing(first), standing(second)) == ((False, False, ["replaced"]), (True, False, []))


def test_the_correction_of_a_rejected_visit_waits_for_a_word(company, phone):
    first = sent(phone, company)
    judged(company, first, "rejected")
    second = sent(phone, company, corrects=first)
    assert standing(second) == (False, True, ["corrects_rejected"])
    third = sent(phone, company, corrects=second)
    assert standing(third) == (False, True, ["corrects_rejected"])
    judged(company, third, "accepted")
    assert standing(third)[:2] == (True, False)


def test_a_correction_whose_word_was_given_needs_none_for_what_came_before(company, phone):
    first = sent(phone, company)
    judged(company, first, "rejected")
    second = sent(phone, company, corrects=first)
    judged(company, second, "accepted")
    assert standing(sent(phone, company, corrects=second)) == (True, False, [])


def test_a_visit_rejected_after_it_was_corrected_is_looked_at_in_its_correction(company, phone):
    first = sent(phone, company)
    second = sent(phone, company, corrects=first)
    judged(company, first, "rejected")
    assert standing(second) == (False, True, ["corrects_rejected"])


def test_of_two_corrections_of_one_visit_the_last_stands(company, phone):
    first = sent(phone, company)
    second, third = (sent(phone, company, corrects=first) for _ in range(2))
    assert [standing(one)[0] for one in (first, second, third)] == [False, False, True]
    assert standing(second)[2] == ["replaced"]
