"""What a supervisor's lists count in the own regions: nothing of other regions, of removed outlets, or twice."""

import pytest
from sqlalchemy import select, update
from werkzeug.datastructures import MultiDict

from server.clock import now, today
from server.db import db
from server.domain.months import Month
from server.outlets.models import Outlet
from server.outlets.queries import is_at_visible
from server.people.models import Person, PersonRegion, PersonRole, Region, Role
from server.visits.filters import read_filter
from server.visits.models import OutletMonth
from server.visits.plan_models import PlannedVisit
from server.visits.queries_compliance import compliance_table
from server.visits.queries_map import map_table
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401

MONTH = Month.of_date(today())
OWED = {"month": str(MONTH), "outlet_class": "A", "planned": 2, "owed": 2, "waiting": 1, "visit_ids": [], "policy_version": "1"}


@pytest.fixture
def months(app, company: Company, staff: Staff):
    """A month of the first outlet and one of the other region's; the second outlet has none."""
    with app.test_request_context():
        db.session.add(OutletMonth(outlet_id=company.outlet_id, rep_id=company.rep_id, counted=3, state="done", **OWED))
        db.session.add(OutletMonth(outlet_id=staff.far_outlet_id, rep_id=staff.ids["farrep"], counted=0, state="due", **OWED))
        db.session.commit()
        yield


def person(login: str) -> Person:
    return db.session.scalars(select(Person).where(Person.login == login)).one()


def asked(**words: str):
    return read_filter(MultiDict({"month": str(MONTH)} | words))


def sums(login: str, **words: str):
    """Of each group by login, then of all: listed, outlets, done, owed, counted, waiting; and what is listed."""
    table = compliance_table(person(login), asked(**words), "", today())
    added = {rep.login: (rep.listed, rep.outlets, rep.done, rep.owed, rep.counted, rep.waiting) for rep, _ in table.groups}
    return added, table.total.owed, [row.row.code for _, rows in table.groups for row in rows]


def test_an_outlet_without_a_month_is_nobodys_in_compliance(months):
    assert sums("boss") == ({"rep1": (1, 1, 1, 2, 2, 1)}, 2, ["CD-1"])
    assert sums("farboss") == ({"farrep": (1, 1, 0, 2, 0, 1)}, 2, ["CX-1"])
    assert sums("chief", region=db.session.scalars(select(Region.id).where(Region.name == "城西区域")).one()) == sums("farboss")
    assert sums("boss", **{"class": "B"}) == ({}, 0, [])
    assert sums("boss", state="due") == ({}, 2, [])
    assert sums("boss", rep=person("rep1").id) == sums("boss")


def test_a_month_of_the_regions_pool_is_a_group_of_its_own(months, company: Company):
    db.session.add(OutletMonth(outlet_id=company.second_outlet_id, rep_id=None, counted=0, state="due", **OWED))
    db.session.commit()
    assert sums("boss") == ({"": (1, 1, 0, 2, 0, 1), "rep1": (1, 1, 1, 2, 2, 1)}, 4, ["CD-2", "CD-1"])


def test_a_removed_outlet_is_counted_no_more(months, company: Company):
    remove(company.outlet_id)
    assert sums("boss") == ({}, 0, [])
    assert states("boss") == {"none": 1}


def test_the_map_counts_outlets_by_state(months, company: Company, staff: Staff):
    assert (states("boss"), states("farboss"), states("chief")) == ({"done": 1, "none": 1}, {"due": 1}, {"done": 1, "due": 1, "none": 1})
    assert states("boss", rep=company.rep_id) == {"done": 1, "none": 1}
    assert states("chief", **{"class": "B"}) == {}
    assert [row.code for row, _ in map_table(person("boss"), asked(), "", today()).rows] == ["CD-1", "CD-2"]


def test_the_company_counts_what_owes_nothing_with_what_has_no_month_and_no_removed_outlet(months, company: Company, staff: Staff):
    db.session.add(OutletMonth(outlet_id=company.second_outlet_id, rep_id=None, counted=0, state="none", **OWED))
    db.session.commit()
    assert states("chief") == {"done": 1, "due": 1, "none": 1}
    remove(company.outlet_id)
    assert states("chief") == {"due": 1, "none": 1}
    remove(staff.far_outlet_id)
    assert states("chief") == {"none": 1}


def states(login: str, **words: str):
    return {state: count for state, count in map_table(person(login), asked(**words), "", today()).counts.items() if count}


def remove(outlet_id: str) -> None:
    db.session.execute(update(Outlet).where(Outlet.id == outlet_id).values(removed_at=now()))
    db.session.commit()


@pytest.mark.parametrize(
    ("login", "seen"),
    [("boss", ["CD-1", "CD-2"]), ("farboss", ["CX-1"]), ("rep1", ["CD-1", "CD-2"]), ("rep2", []), ("chief", ["CD-1", "CD-2", "CX-1"])],
)
def test_records_at_visible_outlets_are_seen_until_the_outlet_is_removed(months, company: Company, staff: Staff, login, seen):
    planned(company, staff)
    assert codes(login) == seen
    remove(company.outlet_id)
    assert codes(login) == [code for code in seen if code != "CD-1"]


def test_a_supervisor_who_is_a_rep_sees_records_of_the_region_and_at_own_outlets(months, company: Company, staff: Staff):
    planned(company, staff)
    db.session.add(PersonRole(person_id=staff.ids["farrep"], role=Role.SUPERVISOR))
    db.session.execute(update(PersonRegion).where(PersonRegion.person_id == staff.ids["farrep"]).values(region_id=company.region_id))
    db.session.commit()
    assert codes("farrep") == ["CD-1", "CD-2", "CX-1"]
    remove(staff.far_outlet_id)
    assert codes("farrep") == ["CD-1", "CD-2"]


def planned(company: Company, staff: Staff) -> None:
    for outlet_id in (company.outlet_id, company.second_outlet_id, staff.far_outlet_id):
        db.session.add(PlannedVisit(outlet_id=outlet_id, planned_on=today(), made_by_id=company.supervisor_id, made_at=now()))
    db.session.commit()


def codes(login: str) -> list[str]:
    """Of the outlets whose planned visits the person sees."""
    db.session.expire_all()
    query = select(Outlet.code).join(PlannedVisit, PlannedVisit.outlet_id == Outlet.id).order_by(Outlet.code)
    return list(db.session.scalars(query.where(is_at_visible(PlannedVisit.outlet_id, person(login), today()))))
