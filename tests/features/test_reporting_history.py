"""The reporting API gives what phones no longer hold: nothing is lost when the night mends the feed and old tombstones are forgotten."""

import csv
from datetime import datetime, timedelta
from io import StringIO
from threading import Thread

import pytest
from sqlalchemy import delete, func, select, update

from server.clock import now, today
from server.console.paging import key_text
from server.db import db
from server.feed.audit import audit_feed
from server.feed.floor import raise_floor
from server.feed.models import SyncCommit, SyncFeed, SyncMeta
from server.outlets.models import Outlet
from server.people.models import Region
from server.reports import api_rows
from server.visits.models import OutletMonth, Visit
from tests.features.conftest import add_visit  # noqa: F401
from tests.features.reporting import add_sheet, token  # noqa: F401
from tests.features.staff import Staff, staff  # noqa: F401
from tests.sync.conftest import Company, company  # noqa: F401


def night(app) -> None:
    with app.app_context():
        audit_feed()
        db.session.commit()


def forget(app, commits_until: datetime) -> None:
    """As the night does with tombstones of 90 days ago."""
    with app.app_context():
        raise_floor(commits_until)
        db.session.commit()


def change(app, visit_id: str, score: int) -> None:
    with app.app_context():
        db.session.get_one(Visit, visit_id).score = score
        db.session.commit()


@pytest.fixture
def visits(app, company: Company, add_visit) -> list[str]:
    """Twelve visits of one outlet, of which two are too old for phones."""
    with app.app_context():
        days = [200, 199, *range(10, 0, -1)]
        return [add_visit(company.outlet_id, company.rep_id, f"{today() - timedelta(days=day)}T10:00:00+08:00") for day in days]


def ids(rows: list[dict]) -> list[str]:
    return [row["id"] for row in rows]


def test_a_visit_that_phones_no_longer_hold_is_given(app, token, visits):
    months = len(token().rows("outlet-months"))
    night(app)
    assert sorted(ids(token().rows("visits"))) == sorted(visits)
    assert len(token().rows("outlet-months")) == months == 2
    forget(app, now() + timedelta(days=1))
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SyncFeed).where(SyncFeed.entity_id == visits[0])) == 0
    for size in (1, 3, 200):
        assert sorted(ids(token().rows(f"visits?limit={size}"))) == sorted(visits)
    assert len(token().rows("outlet-months?limit=1")) == months
    assert token().rows("visits")[-1]["updated_at"] is None


def test_a_cursor_goes_on_after_the_night(app, token, visits):
    reader = token()
    cursor = reader.get("visits").json["cursor"]
    night(app)
    answer = reader.get(f"visits?cursor={cursor}").json
    assert sorted(ids(answer["data"])) == sorted(visits[:2]) and answer["next"] is None
    night(app)
    assert reader.get(f"visits?cursor={answer['cursor']}").json["data"] == []
    change(app, visits[5], 71)
    (row,) = (last := reader.get(f"visits?cursor={answer['cursor']}").json)["data"]
    assert (row["id"], row["score"]) == (visits[5], 71)
    with app.app_context():
        newest = db.session.scalar(select(func.max(SyncCommit.seq)))
        db.session.execute(update(SyncCommit).where(SyncCommit.seq < newest).values(at=now() - timedelta(days=100)))
        db.session.commit()
    forget(app, now() - timedelta(days=90))
    assert reader.get(f"visits?cursor={last['cursor']}").json["data"] == []
    change(app, visits[0], 17)
    assert [(row["id"], row["score"]) for row in reader.rows(f"visits?cursor={last['cursor']}")] == [(visits[0], 17)]


def test_the_floor_rises_between_two_pages_and_no_row_is_lost(app, company: Company, token, visits, add_visit):
    night(app)
    reader = token()
    forget(app, now() + timedelta(days=1))
    first = reader.get("visits?limit=11").json
    assert ids(first["data"])[-1] == visits[0]
    with app.app_context():
        later = add_visit(company.outlet_id, company.rep_id, f"{today()}T10:00:00+08:00")
        assert later > visits[11]
    night(app)
    forget(app, now() + timedelta(days=1))
    assert set(ids(first["data"])) | set(ids(reader.rows(first["next"]))) == {*visits, later}


def test_the_floor_rises_while_a_table_is_read_and_no_row_is_lost(app, token, visits, monkeypatch):
    night(app)

    def queries_with_a_night_before_the_last(*asked):
        *first, last = queries(*asked)
        yield from first
        beside = Thread(target=forget, args=(app, now() + timedelta(days=1)))
        beside.start()
        beside.join()
        yield last

    queries = api_rows._queries
    monkeypatch.setattr(api_rows, "_queries", queries_with_a_night_before_the_last)
    table = csv.DictReader(StringIO(token().get("visits.csv").data.decode("utf-8-sig")))
    assert sorted(ids(table)) == sorted(visits)
    with app.app_context():
        assert db.session.scalar(select(SyncMeta.floor_seq)) > 0


def test_a_cursor_from_before_the_floor_gets_what_was_forgotten(app, token, visits):
    reader = token()
    with app.app_context():
        old = key_text([db.session.scalar(select(func.min(SyncFeed.seq))), ""])
    night(app)
    forget(app, now() + timedelta(days=1))
    assert set(ids(reader.rows(f"visits?cursor={old}"))) == set(visits)


def test_a_visit_that_moved_and_left_the_window_is_given_once(app, company: Company, token, visits):
    with app.app_context():
        db.session.execute(delete(SyncFeed).where(SyncFeed.entity_id == visits[0]))
        stamps = [("outlet:a", 5, True), ("outlet:b", 5, True), ("outlet:c", 3, True)]
        db.session.add_all(SyncFeed(entity_type="visit", entity_id=visits[0], scope_id=scope, seq=seq, deleted=gone) for scope, seq, gone in stamps)
        db.session.add(SyncFeed(entity_type="visit", entity_id=visits[1], scope_id="outlet:a", seq=5, deleted=True))
        db.session.commit()
    assert sorted(ids(token().rows("visits"))) == sorted(visits)


def test_a_token_of_a_region_gets_the_history_of_that_region_alone(app, company: Company, token, visits):
    night(app)
    forget(app, now() + timedelta(days=1))
    assert sorted(ids(token(region_ids=[company.region_id]).rows("visits"))) == sorted(visits)
    with app.app_context():
        other = db.session.scalar(select(Region.id).where(Region.id != company.region_id))
    assert token(region_ids=[other]).rows("visits") == []


def test_a_month_that_was_taken_away_is_given_no_more(app, company: Company, token, visits):
    night(app)
    with app.app_context():
        db.session.execute(delete(OutletMonth))
        db.session.commit()
    assert token().rows("outlet-months") == []


@pytest.mark.parametrize("kind", ["visits", "outlet-months"])
def test_a_cursor_among_the_forgotten_that_names_no_key_is_a_problem(app, company: Company, token, kind):
    with app.app_context():
        floor = db.session.scalar(select(SyncMeta.floor_seq))
    answer = token().get(f"{kind}?cursor={key_text([floor, '~a:b:c'])}")
    assert answer.status_code == 422 and answer.json["code"] == "invalid"


def test_all_is_given_since_an_instant_before_every_commit_that_is_kept(app, company: Company, token):
    with app.app_context():
        db.session.execute(update(SyncCommit).values(at=now() - timedelta(days=150)))
        db.session.get_one(Outlet, company.second_outlet_id).address = "新地址"
        db.session.commit()
    forget(app, now() - timedelta(days=90))
    long_ago, lately = (now() - timedelta(days=200)).isoformat(), (now() - timedelta(days=90)).isoformat()
    assert len(token().rows(f"outlets?updated_since={long_ago}")) == 3
    assert [row["code"] for row in token().rows(f"outlets?updated_since={lately}")] == ["CD-2"]
