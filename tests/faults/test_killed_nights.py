"""Nights and payroll runs that are killed anywhere and run again end like one clean run, row for row (SYNC §7 case 26)."""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.db import db
from tests.databases import Cluster
from tests.faults.interruptions import Killed
from tests.faults.kills import kills
from tests.faults.night_rows import differences
from tests.faults.night_stage import NightStage, postgres_stage, sqlite_stage

INTERRUPTED = kills(short=4, long=100)  # on each database
PROCESSES = kills(short=1, long=8)  # on each database
TWICE = 0.3


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NightStage]:
    data, template = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("template")
    if request.param == "sqlite":
        stage = sqlite_stage(request.getfixturevalue("sqlite_template"), data, template)
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        stage = postgres_stage(cluster, request.getfixturevalue("postgres_template"), data, template)
    yield stage
    with stage.app.app_context():
        stage.leave()


def kind_of(stage: NightStage) -> str:
    return stage.url.partition(":")[0].partition("+")[0]


@pytest.mark.timeout(3600)
def test_a_night_interrupted_anywhere_gives_the_rows_of_a_clean_one(stage: NightStage, capsys) -> None:
    stage.renew()
    points = stage.points()
    clean, files = stage.rows(), stage.files()
    assert stage.seal_faults() == []
    source, begun, ended = random.Random(26), time.monotonic(), 0
    for number in range(INTERRUPTED):
        stage.renew()
        at = [source.randint(1, points)]
        while source.random() < TWICE:
            at.append(source.randint(1, points))
        ended += sum(stage.work_killed_at(point) for point in at)
        stage.work()
        assert differences(clean, stage.rows()) == [], f"{kind_of(stage)} night {number}, ended at points {at} of {points}"
        assert (stage.files(), stage.seal_faults()) == (files, []), f"night {number}, ended at points {at} of {points}"
    with capsys.disabled():
        print(f"\nnights on {kind_of(stage)}: {INTERRUPTED} interrupted {ended} times at {points} points, {time.monotonic() - begun:.0f} s")
    assert ended >= INTERRUPTED


@pytest.mark.timeout(3600)
def test_a_night_whose_process_is_killed_gives_the_rows_of_a_clean_one(stage: NightStage, capsys) -> None:
    stage.renew()
    longest_s = stage.night()
    clean, files = stage.rows(), stage.files()
    assert clean["visit_sample"], "a process with another secret would draw others"
    source, killed = random.Random(9), 0
    while killed < PROCESSES:
        stage.renew()
        killed += stage.night_process_killed_after(source.uniform(0, longest_s))
        stage.night()
        assert differences(clean, stage.rows()) == []
        assert stage.files() == files
    with capsys.disabled():
        print(f"\nnights on {kind_of(stage)}: {killed} processes killed with SIGKILL in nights of {longest_s:.1f} s")


def test_a_second_night_changes_no_row(stage: NightStage) -> None:
    stage.renew()
    stage.work()
    once = stage.rows()
    stage.work()
    assert differences(once, stage.rows()) == []


def test_two_nights_at_once_give_the_rows_of_a_clean_one(stage: NightStage) -> None:
    stage.renew()
    stage.work()
    clean = stage.rows(with_numbers=False)
    stage.renew()
    with ThreadPoolExecutor(2) as pool:
        for running in [pool.submit(stage.work) for _ in range(2)]:
            running.result()
    assert differences(clean, stage.rows(with_numbers=False)) == []
    assert stage.seal_faults() == []


def test_a_finding_committed_before_its_evidence_would_be_noticed(stage: NightStage, monkeypatch) -> None:
    """The comparison is proven: with a commit in the wrong place, a process that ends there leaves findings that rest on nothing."""
    stage.renew()
    stage.work()
    clean = stage.rows()

    def attach(*_words: object) -> None:
        db.session.commit()
        raise Killed

    stage.renew()
    monkeypatch.setattr("server.findings.actions._attach", attach)
    with pytest.raises(Killed):
        stage.work()
    monkeypatch.undo()
    with stage.app.app_context():
        stage.leave()
    stage.work()
    lost = {line.split(":")[0] for line in differences(clean, stage.rows())}
    assert {"- finding_evidence", "- finding_step"} <= lost
