"""The nightly compliance check of 100,000 outlets and 200,000 visits a month, against the same work written by hand in SQL."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pytest
from flask import Flask
from sqlalchemy import text

from server.app import create_app
from server.db import db
from server.domain.months import Month
from server.visits.compliance import refresh_outlet_months
from server.visits.missed import propose_missed_visits
from tests.bench.large_company import MONTH, fill, tidy
from tests.bench.measures import report
from tests.databases import Cluster
from tests.settings import settings_for
from tests.sync.conftest import utc

ROUNDS = 3
NIGHT = utc("2026-12-01T18:10:00")
WRITTEN = ("finding_evidence", "finding_step", "finding", "outlet_month")
CHECKED = r"""
INSERT INTO outlet_month (outlet_id, month, rep_id, outlet_class, owed, planned, counted, waiting, state, visit_ids, policy_version)
SELECT o.id, '2026-11', a.person_id, c.outlet_class, w.owed, greatest(w.owed, coalesce(p.days, 0)), coalesce(v.counted, 0), coalesce(v.waiting, 0),
  CASE WHEN coalesce(v.counted, 0) >= w.owed THEN 'done' WHEN v.counted + v.waiting >= w.owed THEN 'waiting' ELSE 'overdue' END,
  coalesce(v.ids, cast('[]' AS jsonb)), 'by hand'
FROM outlet o
  JOIN (SELECT DISTINCT ON (outlet_id) outlet_id, outlet_class FROM outlet_class_change WHERE valid_from <= '2026-11-01'
        ORDER BY outlet_id, valid_from DESC, id DESC) c ON c.outlet_id = o.id
  LEFT JOIN assignment a ON a.outlet_id = o.id AND a.starts_on <= '2026-11-30' AND (a.ends_on IS NULL OR a.ends_on >= '2026-11-30')
  CROSS JOIN LATERAL (SELECT CASE WHEN o.approved_on >= '2026-11-01' OR o.account_made_on > '2026-11-30' THEN 0
                                  WHEN c.outlet_class = 'A' THEN 2 ELSE 1 END AS owed) w
  LEFT JOIN (SELECT outlet_id, count(*) FILTER (WHERE counts) AS counted, count(*) FILTER (WHERE NOT counts) AS waiting,
               jsonb_agg(id ORDER BY visited_on) FILTER (WHERE counts) AS ids
             FROM (SELECT DISTINCT ON (outlet_id, visited_on) outlet_id, visited_on, id, counts FROM visit
                   WHERE visited_on BETWEEN '2026-11-01' AND '2026-11-30' AND (counts OR needs_review)
                   ORDER BY outlet_id, visited_on, counts DESC, checked_in_at, id) d GROUP BY outlet_id) v ON v.outlet_id = o.id
  LEFT JOIN (SELECT outlet_id, count(*) AS days FROM visit_plan WHERE planned_on BETWEEN '2026-11-01' AND '2026-11-30' GROUP BY outlet_id) p
    ON p.outlet_id = o.id
WHERE o.removed_at IS NULL AND o.approved_on <= '2026-11-30'
"""
STAMPED = r"""
INSERT INTO sync_feed (entity_type, entity_id, scope_id, seq, deleted)
SELECT 'outlet_month', outlet_id || '\:' || month, 'outlet\:' || outlet_id, 1, false FROM outlet_month
"""
PROPOSED = r"""
INSERT INTO finding (id, source_key, kind, month, person_id, outlet_id, amount_yuan, state, created_at)
SELECT cast(gen_random_uuid() AS text), 'missed_visit\:' || outlet_id || '\:' || month, 'missed_visit', month, rep_id, outlet_id, 2000,
  'proposed', now()
FROM outlet_month WHERE state = 'overdue'
"""
STEPPED = r"""
INSERT INTO finding_step (id, finding_id, state, reason, at)
SELECT cast(gen_random_uuid() AS text), id, 'proposed', '应巡而没有巡够', now() FROM finding
"""
RESTED = r"""
INSERT INTO finding_evidence (finding_id, kind, ref_id)
SELECT id, 'outlet_month', outlet_id || '\:' || month FROM finding
UNION ALL SELECT f.id, 'visit', v.id FROM finding f
JOIN visit v ON v.outlet_id = f.outlet_id
WHERE v.visited_on BETWEEN '2026-11-01' AND '2026-11-30' AND NOT v.counts
"""
TOLD = r"""
INSERT INTO sync_feed (entity_type, entity_id, scope_id, seq, deleted) SELECT 'finding', id, 'user\:' || person_id, 1, false FROM finding
"""


@pytest.fixture(scope="module")
def large(cluster: Cluster, postgres_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    url = cluster.copy_database(postgres_template)
    app = create_app(settings_for(tmp_path_factory.mktemp("large"), url))
    with app.app_context():
        fill()
        yield app
        db.session.remove()
        db.engine.dispose()
    cluster.drop_database(url)


def by_hand() -> None:
    for statement in (CHECKED, STAMPED, PROPOSED, STEPPED, RESTED, TOLD):
        db.session.execute(text(statement))
    db.session.commit()


def by_night() -> None:
    month = Month.parse(MONTH)
    refresh_outlet_months(month, NIGHT)
    propose_missed_visits(month, NIGHT)
    db.session.commit()


def counts() -> tuple[int, ...]:
    return tuple(db.session.scalar(text(f"SELECT count(*) FROM {table}")) for table in (*WRITTEN, "sync_feed"))


def measured(work: Callable[[], None]) -> tuple[float, tuple[int, ...]]:
    seconds = []
    for _ in range(ROUNDS):
        for table in (*WRITTEN, "sync_feed"):
            db.session.execute(text(f"DELETE FROM {table}"))
        db.session.commit()
        tidy()
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return median(seconds), counts()


@pytest.mark.timeout(1200)
def test_bench_nightly_check_against_sql_by_hand(large: Flask) -> None:
    bare_s, bare_rows = measured(by_hand)
    night_s, night_rows = measured(by_night)
    assert night_rows == bare_rows
    print(f"\n{bare_rows[3]} outlet months, {bare_rows[2]} findings; by hand {bare_s:.2f} s, nightly {night_s:.2f} s")
    assert report("nightly_100k_outlets", night_s / bare_s, "x", goal=1.5) <= 1


@pytest.mark.timeout(600)
def test_bench_quiet_night_writes_nothing(large: Flask, tmp_path: Path) -> None:
    by_night()
    begun = time.perf_counter()
    assert refresh_outlet_months(Month.parse(MONTH), NIGHT) == 0
    assert report("nightly_100k_outlets_quiet", time.perf_counter() - begun, "s", goal=10.0) <= 1
