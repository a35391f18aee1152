"""Wage sheets of 1,000 and of 6,000 reps over 100,000 outlets, against the bare SQL aggregates that they rest on."""

import time
from collections.abc import Iterator
from statistics import median

import pytest
from flask import Flask
from sqlalchemy import text

from server.app import create_app
from server.db import db
from server.domain.months import Month
from server.payroll.actions import draft_month
from server.visits.compliance import refresh_outlet_months
from tests.bench.large_company import MONTH, fill, tidy
from tests.bench.measures import report
from tests.databases import Cluster
from tests.settings import settings_for
from tests.sync.conftest import utc

ROUNDS = 3
NIGHT = utc("2026-12-01T18:10:00")
AGGREGATES = (
    """SELECT rep_id, sum(owed), sum(counted), array_agg(visit_ids) FROM outlet_month WHERE month = '2026-11' AND owed > 0 GROUP BY rep_id""",
    """SELECT a.person_id, t.outlet_id, sum(amount_yuan) FILTER (WHERE on_day BETWEEN '2026-11-01' AND '2026-11-30'),
         sum(amount_yuan) FILTER (WHERE on_day BETWEEN '2026-10-01' AND '2026-10-31')
       FROM outlet_transfer t JOIN assignment a ON a.outlet_id = t.outlet_id
       WHERE a.starts_on <= '2026-11-30' AND (a.ends_on IS NULL OR a.ends_on >= '2026-11-30') AND on_day BETWEEN '2026-10-01' AND '2026-11-30'
       GROUP BY 1, 2""",
    """SELECT a.person_id, o.id, (SELECT sum(amount_yuan) FROM outlet_transfer t
         WHERE t.outlet_id = o.id AND on_day BETWEEN '2026-11-01' AND '2026-11-30')
       FROM outlet o JOIN assignment a ON a.outlet_id = o.id AND a.starts_on <= o.account_made_on
         AND (a.ends_on IS NULL OR a.ends_on >= o.account_made_on)
       WHERE account_made_on BETWEEN '2026-11-01' AND '2026-11-30'""",
    """SELECT person_id, kind, count(*) FROM finding WHERE month = '2026-11' AND state = 'upheld' GROUP BY 1, 2""",
    """SELECT a.person_id, count(*) FROM complaint c JOIN assignment a ON a.outlet_id = c.outlet_id
       WHERE received_on BETWEEN '2026-11-01' AND '2026-11-30' GROUP BY 1""",
)


@pytest.fixture
def company_of(cluster: Cluster, postgres_template: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """A large company with as many reps as the test asks for, its compliance counted."""
    url = cluster.copy_database(postgres_template)
    app = create_app(settings_for(tmp_path_factory.mktemp("wages"), url))
    with app.app_context():
        fill(reps=request.param)
        refresh_outlet_months(Month.parse(MONTH), NIGHT)
        db.session.commit()
        tidy()
        yield app
        db.session.remove()
        db.engine.dispose()
    cluster.drop_database(url)


def aggregates() -> None:
    for statement in AGGREGATES:
        db.session.execute(text(statement)).all()
    db.session.rollback()


def first_drafts() -> None:
    draft_month(Month.parse(MONTH), NIGHT)


def seconds_of(work: object) -> float:
    """Median of some rounds, each from no sheets."""
    found = []
    for _ in range(ROUNDS):
        for table in ("wage_line", "wage_sheet"):
            db.session.execute(text(f"DELETE FROM {table}"))
        db.session.commit()
        tidy()
        begun = time.perf_counter()
        work()  # type: ignore[operator]
        found.append(time.perf_counter() - begun)
    return median(found)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("company_of", [1000], indirect=True)
def test_bench_wage_sheets_against_bare_aggregates(company_of: Flask) -> None:
    bare_s, draft_s = seconds_of(aggregates), seconds_of(first_drafts)
    sheets, evidence = db.session.execute(text("SELECT count(DISTINCT sheet_id), sum(jsonb_array_length(evidence)) FROM wage_line")).one()
    assert sheets == 1000
    print(f"\n{sheets} sheets with {evidence} records; bare aggregates {bare_s:.2f} s, sheets written {draft_s:.2f} s")
    assert report("wage_sheets_1000_reps", draft_s / bare_s, "x", goal=3.0) <= 1


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("company_of", [6000], indirect=True)
def test_bench_six_thousand_wage_sheets(company_of: Flask) -> None:
    draft_s = seconds_of(first_drafts)
    assert db.session.scalar(text("SELECT count(*) FROM wage_sheet")) == 6000
    assert report("wage_sheets_6000", draft_s, "s", goal=30.0) <= 1
