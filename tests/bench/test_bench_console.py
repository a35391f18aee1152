"""The console of a large company: first and later pages of lists of 100,000 rows, by server time and by statements."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.app import create_app
from server.clock import now, today
from server.console.paging import key_text
from server.db import db
from server.domain.months import Month
from tests.bench.large_lists import ROWS, fill_company, fill_lists, fill_unreadable, fill_visits, name, tidy
from tests.bench.measures import machine_speed, report
from tests.databases import Cluster, sqlite_url
from tests.features.browsing import console
from tests.settings import settings_for
from tests.statements import statements

ROUNDS, MOST_MS, MOST_STATEMENTS = 5, 150, 12
MIDDLE = ROWS // 2


@dataclass(frozen=True)
class List:
    """A list of the console, whose reader sees all of it, and the key in its middle."""

    name: str
    path: str
    login: str
    key: list[Any]


def lists(at: datetime, day: date) -> list[List]:
    """Every list but people's, as `large_lists` fills them."""
    middle, month = day.isoformat(), str(Month.of_date(day))
    instant = (at - timedelta(seconds=MIDDLE)).isoformat()
    of_month = day.replace(day=max(1, day.day // 2)).isoformat()
    work = [("complaints", "complaint"), ("follow-ups", "follow"), ("materials", "request"), ("trainings/held", "training"), ("callbacks", "call")]
    found = [List(path, f"/{path}", login, [middle, name(word, MIDDLE)]) for path, word in work for login in ("chief", "boss")]
    for login in ("chief", "boss"):
        found += [
            List("visits", "/visits", login, [of_month, name("visit", MIDDLE)]),
            List("visits by score", "/visits?order=score", login, [97, name("visit", MIDDLE)]),
            List("visits waiting", "/visits?verdict=waiting", login, [of_month, name("visit", MIDDLE)]),
            List("outlets", "/outlets", login, [f"W{MIDDLE:06d}"]),
            List("findings", "/findings", login, [month, name("finding", MIDDLE)]),
            List("churn cases", "/churn", login, [middle, name("case", MIDDLE)]),
            List("compliance", "/compliance", login, [f"rep{500:06d}", 2, f"W{MIDDLE:06d}"]),
            List("map table", "/visits/map", login, [2, f"W{MIDDLE:06d}"]),
            List("visit plan", "/visit-plans", login, [day.replace(day=14).isoformat(), f"W{MIDDLE:06d}"]),
            List("trainings", "/trainings", login, ["0.00", name("outlet", MIDDLE)]),
            List("waiting changes", "/waiting/changes", login, [instant, name("op", MIDDLE)]),
            List("waiting values", "/waiting/values", login, [instant, name("conflict", MIDDLE)]),
            List("waiting records", "/waiting/records", login, [instant, name("lost", MIDDLE)]),
            List("duplicates", "/waiting/duplicates", login, [name("outlet", MIDDLE), name("outlet", MIDDLE)]),
        ]
    found += [
        List("devices", "/devices", "root", [instant, name("device", MIDDLE)]),
        List("devices", "/devices", "boss", [instant, name("device", MIDDLE)]),
        List("imports", "/imports", "ops", [instant, name("import", MIDDLE)]),
        List("rescue files", "/rescue", "root", [instant, name("audit", MIDDLE)]),
    ]
    return found


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def long(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("long")
    yield from filled(request, request.param, folder)


def filled(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[Flask]:
    cluster: Cluster | None = None
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "xundian.db")
        url = sqlite_url(folder)
    else:
        cluster = request.getfixturevalue("cluster")
        url = cluster.copy_database(request.getfixturevalue("postgres_template"))
    app = create_app(settings_for(folder, url))
    with app.app_context():
        at, day = now(), today()
        fill_company(at)
        fill_visits(at, day)
        fill_lists(at, day)
        fill_unreadable(at)
        tidy()
        db.session.remove()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if cluster is not None:
        cluster.drop_database(url)


@dataclass(frozen=True)
class Taken:
    """The median milliseconds of a page, and its statements, a BEGIN aside."""

    ms: float
    statements: int


def taken(app: Flask, client: FlaskClient, path: str) -> Taken:
    with statements(app) as asked:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        client.get(path)
        spent.append((time.perf_counter() - begun) * 1000)
    return Taken(median(spent), len([one for one in asked if not one.startswith("BEGIN")]))


@pytest.mark.timeout(1800)
def test_bench_pages_of_long_lists(long: Flask) -> None:
    machine_speed()
    with long.app_context():
        kind = db.engine.dialect.name
    late = []
    for one in lists(now(), today()):
        client = console(long, one.login)
        mark = "&" if "?" in one.path else "?"
        pages = {"first": one.path, "next": f"{one.path}{mark}after={key_text(one.key)}"}
        for which, path in pages.items():
            found = taken(long, client, path)
            label = f"list_{one.name}_{which}_{one.login}_{kind}".replace(" ", "_")
            ratios = report(label, found.ms, "ms", MOST_MS), report(f"{label}_statements", found.statements, "statements", MOST_STATEMENTS)
            late += [(label, found)] if max(ratios) > 1 else []
    assert not late
