"""All outlet months by one statement: just what the pure rule says, on both databases (RULEBOOK §4)."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from server.db import db
from server.domain.months import Month, business_date
from server.domain.policy import Policy
from server.feed.models import SyncFeed
from server.outlets.models import Assignment, Outlet, OutletClassChange
from server.policy.queries import policy_of
from server.visits import compliance
from server.visits.compliance_night import refresh_all_outlet_months
from server.visits.models import OutletMonth, Visit
from server.visits.plan_models import PlannedVisit
from sync.ids import uuid7
from tests.sync.conftest import Company, company, utc  # noqa: F401

NOVEMBER = Month(2026, 11)
EDGES = [date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 15), date(2026, 11, 30), date(2026, 12, 1)]
PLANNABLE = [date(2026, 10, 31), *(date(2026, 11, day) for day in (1, 9, 18, 30)), date(2026, 12, 1)]
DURING, AFTER = utc("2026-11-20T04:00:00"), utc("2026-12-01T04:00:00")


def scattered_company(company: Company, source: random.Random, count: int = 60) -> None:
    """Outlets with their dates on and around the month's edges, handed over, changing class, visited now and then."""
    for number in range(count):
        outlet = Outlet(id=uuid7(), code=f"X{number:03}", name=f"网点{number}", state="approved", region_id=company.region_id, outlet_class="C")
        outlet.created_at = utc("2026-09-01T00:00:00")
        outlet.approved_on, outlet.account_made_on = source.choice([None, *EDGES]), source.choice([None, *EDGES])
        outlet.churned_on = source.choice([None, None, None, *EDGES])
        outlet.removed_at = source.choice([None] * 9 + [DURING])
        db.session.add(outlet)
        db.session.flush()
        for day in source.sample(EDGES, source.randint(0, 2)):
            db.session.add(OutletClassChange(id=uuid7(), outlet_id=outlet.id, outlet_class=source.choice("ABC"), reasons=[], valid_from=day))
        handed_over = source.choice(EDGES)
        for person_id, starts, ends in (
            (company.rep_id, date(2026, 9, 1), handed_over),
            (company.other_rep_id, handed_over + timedelta(days=1), None),
        ):
            row = Assignment(id=uuid7(), outlet_id=outlet.id, person_id=person_id, starts_on=starts, ends_on=ends, made_at=DURING)
            db.session.add(row)
        for _ in range(source.randint(0, 4)):
            db.session.add(visit_of(outlet.id, company.rep_id, source.choice(EDGES), source))
    for outlet_id in db.session.scalars(select(Outlet.id).order_by(Outlet.code)).all():
        for day in source.sample(PLANNABLE, source.choice([0, 0, 0, 1, 2, 3])):
            db.session.add(PlannedVisit(outlet_id=outlet_id, planned_on=day, made_by_id=company.supervisor_id, made_at=DURING))
    db.session.commit()


def visit_of(outlet_id: str, rep_id: str, day: date, source: random.Random) -> Visit:
    at = datetime(day.year, day.month, day.day, source.randint(0, 15), tzinfo=UTC)
    visit = Visit(id=uuid7(), op_id=uuid7(), form="visit.v2", record_sha256="0" * 64, outlet_id=outlet_id, rep_id=rep_id, visited_on=day)
    visit.checked_in_at = visit.checked_out_at = visit.received_at = at
    visit.clock_offset_ms, visit.has_complaint, visit.checklist, visit.is_checklist_complete = 0, False, [], True
    visit.counts = source.random() < 0.6
    visit.needs_review = not visit.counts and source.random() < 0.6
    return visit


def rows_of(month: Month) -> list[tuple]:
    columns = [getattr(OutletMonth, name) for name in ("outlet_id", *compliance.COLUMNS)]
    return sorted(tuple(row) for row in db.session.execute(select(*columns).where(OutletMonth.month == str(month))))


@pytest.mark.parametrize("now", [DURING, AFTER])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_statement_of_the_night_says_what_the_rule_says(app, company: Company, seed: int, now: datetime):
    with app.app_context():
        scattered_company(company, random.Random(seed))
        policy = policy_of(NOVEMBER)
        compliance._refresh_by_rule(NOVEMBER, business_date(now), policy, None)
        by_rule = rows_of(NOVEMBER)
        assert refresh_all_outlet_months(NOVEMBER, now, policy) == 0
        db.session.execute(delete(OutletMonth))
        db.session.commit()
        assert refresh_all_outlet_months(NOVEMBER, now, policy) == len(by_rule) > 10
        assert rows_of(NOVEMBER) == by_rule
        db.session.commit()
        fed = db.session.scalars(select(SyncFeed.entity_id).where(SyncFeed.entity_type == "outlet_month", SyncFeed.entity_id.like("%2026-11")))
        assert {f"{row[0]}:2026-11" for row in by_rule} <= set(fed)


@pytest.mark.parametrize(
    ("account_made_on", "owed", "owed_by_policy"),
    [(date(2026, 11, 1), 1, 1), (date(2026, 11, 2), 0, 1), (date(2026, 11, 30), 0, 1), (date(2026, 12, 1), 0, 0)],
)
def test_visits_are_owed_from_the_first_month_begun_with_an_account(app, company: Company, account_made_on, owed, owed_by_policy):
    with app.app_context():
        db.session.get_one(Outlet, company.outlet_id).account_made_on = account_made_on
        db.session.commit()
        for value, wanted in (("false", owed), ("true", owed_by_policy)):
            policy = Policy({"visit.owed_in_account_month": value})
            refresh_all_outlet_months(NOVEMBER, DURING, policy)
            row = db.session.get(OutletMonth, (company.outlet_id, "2026-11"), populate_existing=True)
            assert (row.owed if row else 0) == wanted
            assert compliance._refresh_by_rule(NOVEMBER, business_date(DURING), policy, [company.outlet_id]) == 0


def test_only_rows_that_differ_are_written_and_stamped(app, company: Company):
    with app.app_context():
        scattered_company(company, random.Random(4))
        policy = policy_of(NOVEMBER)
        refresh_all_outlet_months(NOVEMBER, DURING, policy)
        db.session.commit()
        outlet_id = db.session.scalars(select(OutletMonth.outlet_id).where(OutletMonth.state == "due")).first()
        visit = visit_of(outlet_id, company.rep_id, date(2026, 11, 18), random.Random(5))
        visit.counts = True
        db.session.add(visit)
        db.session.commit()
        assert refresh_all_outlet_months(NOVEMBER, DURING, policy) == 1
        assert visit.id in db.session.get_one(OutletMonth, (outlet_id, "2026-11")).visit_ids


def test_a_wider_gap_between_visits_goes_by_the_rule(app, company: Company, monkeypatch):
    from server.policy.actions import set_policy

    with app.app_context():
        set_policy("visit.min_gap_days", "10", date(2026, 11, 1), "再次巡检要隔开", company.supervisor_id, DURING)
        outlet = db.session.get_one(Outlet, company.outlet_id)
        outlet.approved_on = outlet.account_made_on = date(2026, 9, 1)
        for day in (1, 10, 11, 20):
            visit = visit_of(company.outlet_id, company.rep_id, date(2026, 11, day), random.Random(day))
            visit.counts = True
            db.session.add(visit)
        db.session.commit()
        compliance.refresh_outlet_months(NOVEMBER, DURING)
        assert db.session.get_one(OutletMonth, (company.outlet_id, "2026-11")).counted == 2
