"""Leaving and returning: scopes, the days away when a last day is corrected, and outlets on the days after it."""

import re
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, text

from server.audit.models import AuditRow
from server.clock import now, today
from server.db import db
from server.domain.months import Month
from server.feed.clock import grant
from server.feed.models import ScopeMember
from server.feed.scopes import holds_scope
from server.outlets.actions import assign_outlets, hand_over_outlets, start_assignment
from server.outlets.holders import held_rep
from server.outlets.models import Assignment, Outlet
from server.payroll.facts_people import active_days_of
from server.people.actions import add_person
from server.people.models import Person, PersonBreak, PersonRegion, Role
from server.people.scopes import scopes_of
from server.staff.leaving import end_due_employments, end_employment, return_to_work
from server.transactions.assignment_rows import AssignmentLine, plan_assignments, write_assignments
from server.transactions.models import TableImport
from sync.ids import uuid7
from sync.problems import Problem
from tests.databases import wait_for
from tests.features.browsing import console
from tests.features.conftest import noon
from tests.features.staff import staff  # noqa: F401
from tests.sync.conftest import PASSWORD

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


def test_a_successor_may_hold_all_the_outlets_and_only_such_are_offered(app, company, staff):
    root, place = console(app, "root"), f"/people/{company.rep_id}/leaving"
    with app.app_context():
        add_rep("both", [company.region_id, far_region(staff)])
        add_rep("going", [company.region_id]).ends_on = today() + ONE_DAY
        db.session.commit()
    assert offered(app, root, place) == ["both", "rep2"]
    for login in ("farrep", "going"):
        answer = root.post(place, data={"last_day": str(today()), "successor_id": id_of(app, login)})
        assert answer.status_code == 422 and 'id="bad-successor_id"' in answer.text
    with app.app_context():
        outlet = db.session.get_one(Outlet, company.second_outlet_id)
        outlet.region_id = far_region(staff)
        db.session.commit()
    assert offered(app, root, place) == ["both"]
    assert root.post(place, data={"last_day": str(today()), "successor_id": company.other_rep_id}).status_code == 422
    assert root.post(place, data={"last_day": str(today()), "successor_id": id_of(app, "both")}).status_code == 303


def test_the_form_for_leaving_has_the_day_that_is_known_and_what_was_typed_when_refused(app, company, staff):
    root, place, known = console(app, "root"), f"/people/{company.rep_id}/leaving", today() + timedelta(days=9)
    assert f'value="{today()}"' in root.get(place).text
    assert root.post(place, data={"last_day": str(known)}).status_code == 303
    assert f'value="{known}"' in root.get(place).text
    later = known + ONE_DAY
    refused = root.post(place, data={"last_day": str(later), "successor_id": company.other_rep_id})
    assert refused.status_code == 422 and f'value="{later}"' in refused.text
    assert f'<option value="{company.other_rep_id}" selected' in refused.text


def test_an_import_gives_nothing_to_who_left_since_it_was_checked(app, company, staff):
    with app.app_context():
        plan = plan_assignments([AssignmentLine(2, "CD-1", "", "rep2", today(), False)])
        assert plan.new + plan.changed == 1
        end_employment(company.other_rep_id, today() + ONE_DAY, None, staff.ids["root"], now())
        db.session.commit()
        row = TableImport(by_id=staff.ids["root"], at=now())
        assert not write_assignments(row, plan)


def test_an_outlet_given_away_a_moment_before_the_leaving_stays_with_whoever_got_it(app, company, staff):
    with app.app_context():
        heir = add_rep("heir", [company.region_id]).id
        db.session.commit()
        start_assignment(company.outlet_id, held_rep(company.other_rep_id), today(), staff.ids["boss"], now())
        db.session.flush()

        def leave() -> None:
            with app.app_context():
                end_employment(company.rep_id, today(), heir, staff.ids["root"], now())
                db.session.commit()

        with ThreadPoolExecutor(1) as pool:
            leaving = pool.submit(leave)
            wait_until_it_waits(leaving)
            db.session.commit()
            leaving.result(20)
        assert open_assignments() == {company.outlet_id: (company.other_rep_id, today()), company.second_outlet_id: (heir, today() + ONE_DAY)}
        left = db.session.scalars(select(AuditRow.detail).where(AuditRow.action == "person.left")).one()
        assert left["outlets"] == 1


@pytest.mark.parametrize(
    ("given", "over", "kept"),
    [
        ((-20, -10), -9, [(-20, -10)]),
        ((-20, -10), -10, [(-20, -10)]),
        ((-20, -10), -11, [(-20, -11)]),
        ((-20, -10), -20, [(-20, -20)]),
        ((-20, -10), -21, []),
        ((-20, None), -20, [(-20, -20)]),
    ],
)
def test_nobody_is_responsible_on_days_after_the_last_one(app, company, staff, given, over, kept):
    """All in days from today; the outlets of the start go first, as they were given long ago."""
    with app.app_context():
        db.session.execute(delete(Assignment).where(Assignment.person_id == company.rep_id))
        db.session.add(assignment(company.outlet_id, company.rep_id, *given))
        db.session.add(assignment(company.second_outlet_id, company.other_rep_id, *given))
        db.session.commit()
        for _ in range(2):
            end_employment(company.rep_id, day(over), None, staff.ids["root"], now())
            db.session.commit()
            return_to_work(company.rep_id, today(), staff.ids["root"], now())
            db.session.commit()
        assert spans_of(company.rep_id) == [tuple(map(day, span)) for span in kept]
        assert spans_of(company.other_rep_id) == [tuple(map(day, given))]
        lost = list(db.session.scalars(select(AuditRow.detail).where(AuditRow.action == "outlet.lost")))
        assert len(lost) == (0 if given[1] is not None and over >= given[1] else 1)


def test_an_outlet_that_begins_after_the_last_day_goes_with_who_left(app, company, staff):
    """The nights since the last day were missed, and somebody was given an outlet meanwhile."""
    with app.app_context():
        end_employment(company.rep_id, today(), company.other_rep_id, staff.ids["root"], now())
        db.session.execute(delete(Assignment).where(Assignment.person_id == company.other_rep_id))
        db.session.add(assignment(company.outlet_id, company.other_rep_id, -1, None))
        grant(db.session, company.other_rep_id, f"outlet:{company.outlet_id}", "assigned")
        db.session.get_one(Person, company.other_rep_id).ends_on = day(-3)
        db.session.commit()
        assert holds_scope(company.other_rep_id, f"outlet:{company.outlet_id}")
        assert [end_due_employments(now()) for _ in range(2)] == [1, 0]
        db.session.commit()
        assert spans_of(company.other_rep_id) == [] and open_assignments() == {}
        assert not holds_scope(company.other_rep_id, f"outlet:{company.outlet_id}")


def test_a_successor_begins_when_the_outlet_was_free(app, company, staff):
    """Another rep had it up to the day before it was given to the one who leaves."""
    with app.app_context():
        db.session.execute(delete(Assignment).where(Assignment.person_id == company.rep_id))
        db.session.add_all([assignment(company.outlet_id, company.other_rep_id, -9, -2), assignment(company.outlet_id, company.rep_id, -1, None)])
        db.session.commit()
        assert hand_over_outlets(company.rep_id, company.other_rep_id, day(-3), None, now()) == [company.outlet_id]
        db.session.commit()
        assert spans_of(company.other_rep_id) == [(day(-9), day(-2)), (day(-1), None)]


@pytest.mark.parametrize(
    ("last_day", "kept"),
    [(-21, [(-20, -6)]), (-20, [(-19, -6)]), (-15, [(-14, -6)]), (-10, [(-9, -6)]), (-9, [(-20, -10), (-8, -6)])],
)
def test_a_last_day_within_or_before_days_away_takes_their_place(app, company, staff, last_day, kept):
    """Leaving again is how a wrong date is put right; whoever worked that day was not away, and what came later is said anew."""
    with app.app_context():
        db.session.add(PersonBreak(person_id=company.other_rep_id, starts_on=day(-20), ends_on=day(-10)))
        db.session.commit()
        for _ in range(2):
            leave_and_return(company.other_rep_id, last_day, -5, staff.ids["root"])
            assert days_away(company.other_rep_id) == kept


def test_a_corrected_leaving_counts_the_days_worked(app, company, staff):
    """October 2026 has 18 working days, the 9th and the 10th among them; the 11th is a Sunday."""
    with app.app_context():
        worked = [worked_in_october(company.rep_id)]
        for last_day, first_day, recorded_on in ((10, 21, 21), (8, 12, 22)):
            at = noon(date(2026, 10, recorded_on))
            end_employment(company.rep_id, date(2026, 10, last_day), None, staff.ids["root"], at)
            return_to_work(company.rep_id, date(2026, 10, first_day), staff.ids["root"], at)
            db.session.commit()
            worked.append(worked_in_october(company.rep_id))
        assert worked == [18, 11, 16]


def worked_in_october(person_id: str) -> int:
    return active_days_of(Month(2026, 10), [person_id])[person_id].working


def leave_and_return(person_id: str, last_day: int, first_day: int, by_id: str) -> None:
    end_employment(person_id, day(last_day), None, by_id, now())
    return_to_work(person_id, day(first_day), by_id, now())
    db.session.commit()


def days_away(person_id: str) -> list[tuple[int, int]]:
    rows = db.session.scalars(select(PersonBreak).where(PersonBreak.person_id == person_id).order_by(PersonBreak.starts_on))
    return [((row.starts_on - today()).days, (row.ends_on - today()).days) for row in rows]


def assignment(outlet_id: str, person_id: str, first: int, last: int | None) -> Assignment:
    return Assignment(id=uuid7(), outlet_id=outlet_id, person_id=person_id, starts_on=day(first), ends_on=day(last), made_at=now())


def day(from_today: int | None) -> date | None:
    return None if from_today is None else today() + timedelta(days=from_today)


def spans_of(person_id: str) -> list[tuple[date, date | None]]:
    query = select(Assignment.starts_on, Assignment.ends_on).where(Assignment.person_id == person_id)
    return [tuple(row) for row in db.session.execute(query.order_by(Assignment.starts_on))]


def test_nobody_is_given_an_outlet_in_the_moment_of_leaving(app, company, staff):
    with app.app_context():
        end_employment(company.other_rep_id, today(), None, staff.ids["root"], now())
        db.session.flush()

        def give() -> None:
            with app.app_context():
                assign_outlets([company.outlet_id], company.other_rep_id, today(), staff.ids["boss"], now())

        with ThreadPoolExecutor(1) as pool:
            giving = pool.submit(give)
            wait_until_it_waits(giving)
            db.session.commit()
            with pytest.raises(Problem, match="invalid"):
                giving.result(20)
        assert open_assignments()[company.outlet_id] == (company.rep_id, date(2026, 1, 1))


def wait_until_it_waits(running: Future[None]) -> None:
    """PostgreSQL says that somebody waits for a lock; in SQLite nobody begins before the writer is done."""
    if db.engine.dialect.name == "postgresql":
        waiting = text("SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()")
        with db.engine.connect() as onlooker:
            wait_for(lambda: running.done() or onlooker.scalar(waiting) > 0)


def open_assignments() -> dict[str, tuple[str, date]]:
    """By outlet of the first region who has it, and since when."""
    rows = db.session.execute(
        select(Assignment.outlet_id, Assignment.person_id, Assignment.starts_on)
        .join(Outlet, Outlet.id == Assignment.outlet_id)
        .where(Assignment.ends_on.is_(None), Outlet.code.like("CD-%"))
    )
    return {outlet_id: (person_id, starts_on) for outlet_id, person_id, starts_on in rows}


def add_rep(login: str, region_ids: list[str]) -> Person:
    return add_person(login, login, PASSWORD, [Role.REP], region_ids, now())


def far_region(staff) -> str:
    return db.session.get_one(Outlet, staff.far_outlet_id).region_id


def id_of(app, login: str) -> str:
    with app.app_context():
        return db.session.scalars(select(Person.id).where(Person.login == login)).one()


def offered(app, client, place: str) -> list[str]:
    """Logins of those whom the form offers as successors."""
    chosen = re.search(r'<select[^>]*name="successor_id".*?</select>', client.get(place).text, re.S)
    ids = re.findall(r'value="([^"]+)"', chosen[0])
    with app.app_context():
        return sorted(db.session.scalars(select(Person.login).where(Person.id.in_(ids))))


def live_scopes(person_id: str) -> list[str]:
    return sorted(db.session.scalars(select(ScopeMember.scope_id).where(ScopeMember.person_id == person_id, ScopeMember.revoked_seq.is_(None))))
