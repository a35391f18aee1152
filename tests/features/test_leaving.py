"""Leaving and returning: scopes, the days away when a last day is corrected, and outlets on the days after it."""

from datetime import timedelta

from sqlalchemy import select

from server.clock import now, today
from server.db import db
from server.feed.models import ScopeMember
from server.people.models import Person, PersonRegion
from server.people.scopes import scopes_of
from server.staff.leaving import end_employment, return_to_work
from tests.features.staff import staff  # noqa: F401

ONE_DAY = timedelta(days=1)


def test_scopes_of_a_person_are_everybodys_their_own_and_one_for_each_region(app, company, staff):
    with app.app_context():
        person = db.session.get_one(Person, company.rep_id)
        person.regions.append(PersonRegion(region_id="far"))
        regions = sorted([f"region:{company.region_id}", "region:far"])
        assert scopes_of(person) == ["global", f"user:{company.rep_id}", *regions]
        db.session.rollback()
        assert scopes_of(db.session.get_one(Person, staff.ids["root"])) == ["global", f"user:{staff.ids['root']}"]


def test_scopes_go_with_who_leaves_and_come_back_with_who_returns(app, company, staff):
    with app.app_context():
        own = scopes_of(db.session.get_one(Person, company.other_rep_id))
        end_employment(company.other_rep_id, today() - ONE_DAY, None, staff.ids["root"], now())
        db.session.commit()
        assert live_scopes(company.other_rep_id) == []
        return_to_work(company.other_rep_id, today(), staff.ids["root"], now())
        db.session.commit()
        assert live_scopes(company.other_rep_id) == sorted(own)


def live_scopes(person_id: str) -> list[str]:
    return sorted(db.session.scalars(select(ScopeMember.scope_id).where(ScopeMember.person_id == person_id, ScopeMember.revoked_seq.is_(None))))
