"""A night's work over a company that can be had anew: the nightly check, the close of October, the first drafts of November."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from server.app import create_app
from server.db import db, read_only
from server.jobs.models import NightlyRun
from server.jobs.nightly import run_nightly
from server.payroll.actions import draft_month
from server.payroll.closing import close_month
from server.payroll.verifying import verify_month
from sync.problems import Problem
from tests.databases import Cluster, sqlite_url
from tests.faults.interruptions import Killed, interrupted
from tests.faults.night_company import MANAGER, NIGHT, NOVEMBER, OCTOBER, at_time_of, evening, found_night_company
from tests.faults.night_rows import Before, Rows, before_the_night
from tests.settings import ID_KEY, SECRET_KEY, settings_for

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("uploads", "imports", "blobs")


@dataclass
class NightStage:
    """`renew_database` puts the company's rows back as they were before the night; `template` holds the files of that time."""

    app: Flask
    data: Path
    template: Path
    url: str
    renew_database: Callable[[], None]
    before: Before = field(init=False)

    def __post_init__(self) -> None:
        with self.app.app_context():
            self.before = before_the_night()
            self.leave()

    def renew(self) -> None:
        with self.app.app_context():
            self.leave()
        for name in FOLDERS:
            shutil.rmtree(self.data / name, ignore_errors=True)
            shutil.copytree(self.template / name, self.data / name)
        self.renew_database()

    def leave(self) -> None:
        db.session.remove()
        db.engine.dispose()

    def night(self) -> float:
        """The nightly check alone, by the clock of this machine as in a process of its own; returns how many seconds it took."""
        begun = time.monotonic()
        with self.app.app_context():
            run_nightly(NIGHT, evening(NIGHT))
            self.leave()
        return time.monotonic() - begun

    def work(self) -> None:
        with at_time_of(self.app, NIGHT):
            run_nightly(NIGHT, evening(NIGHT))
            self._close_october()
            draft_month(NOVEMBER, evening(NIGHT))
            db.session.remove()

    def _close_october(self) -> None:
        try:
            close_month(OCTOBER, "其余下月再定", MANAGER, evening(NIGHT))
        except Problem as problem:
            if problem.refusal.code != "stale":  # it was closed before the process ended
                raise
            db.session.rollback()

    def points(self) -> int:
        """How many statements and commits a clean night has."""
        with interrupted() as counted:
            self.work()
        return counted.passed

    def work_killed_at(self, point: int) -> bool:
        """Whether the work came that far and was ended there."""
        try:
            with interrupted(point):
                self.work()
        except Killed:
            with self.app.app_context():
                self.leave()
            return True
        return False

    def rows(self, with_numbers: bool = True) -> Rows:
        with self.app.app_context(), read_only():
            try:
                return self.before.rows(with_numbers)
            finally:
                db.session.remove()

    def files(self) -> set[str]:
        return {str(path.relative_to(self.data)) for name in FOLDERS for path in (self.data / name).rglob("*") if path.is_file()}

    def seal_faults(self) -> list[str]:
        """What is not as it was closed; the visits are rows that no phone sent, so their own seals say nothing here."""
        with self.app.app_context(), read_only():
            try:
                return [fault for fault in verify_month(OCTOBER) if not fault.startswith("visit ")]
            finally:
                db.session.remove()

    # -- a process of its own --------------------------------------------------------------------------------------------

    def _begin_process(self) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-c", "from server.cli import main; main(prog_name='xundian')"]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("XUNDIAN_", "DATABASE_"))}
        words += ["--data", str(self.data), "nightly", "--date", str(NIGHT)]
        with (self.template / "nightly.log").open("wb") as log:
            return subprocess.Popen(words, cwd=ROOT, env=kept | self._settings(), stdout=log, stderr=log)

    def _settings(self) -> dict[str, str]:
        """Those of the application here: with a secret of its own the process would draw another blind sample."""
        return {"DATABASE_URL": self.url, "XUNDIAN_SECRET_KEY": SECRET_KEY, "XUNDIAN_ID_KEY": ID_KEY}

    def _wait_for_first_commit(self, process: subprocess.Popen[bytes]) -> None:
        with self.app.app_context(), read_only():
            before = runs = self._runs()
            while runs == before and process.poll() is None:
                time.sleep(0.002)
                runs = self._runs()

    def _runs(self) -> int:
        count = db.session.scalar(select(func.count()).select_from(NightlyRun))
        db.session.rollback()
        return count or 0

    def night_process_killed_after(self, seconds: float) -> bool:
        """SIGKILL to `xundian nightly` so long after its first commit; False when it was done by then."""
        process = self._begin_process()
        self._wait_for_first_commit(process)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        ended = process.wait()
        assert ended in (0, -signal.SIGKILL), (self.template / "nightly.log").read_text("utf-8", "replace")[-3000:]
        return ended != 0


def sqlite_stage(empty: Path, data: Path, template: Path) -> NightStage:
    """Over a copy of an empty, migrated file."""
    shutil.copy(empty, data / "xundian.db")
    app = _founded(data, template, sqlite_url(data))
    shutil.copy(data / "xundian.db", template / "xundian.db")

    def renew() -> None:
        for suffix in ("", "-wal", "-shm"):
            (data / f"xundian.db{suffix}").unlink(missing_ok=True)
        shutil.copy(template / "xundian.db", data / "xundian.db")

    return NightStage(app, data, template, sqlite_url(data), renew)


def postgres_stage(cluster: Cluster, empty_url: str, data: Path, template: Path) -> NightStage:
    """Over a copy of an empty, migrated database; the founded one is the template of those that nights work on."""
    founded = cluster.copy_database(empty_url)
    _founded(data, template, founded)
    url = cluster.copy_database(founded)
    app = create_app(settings_for(data, url))
    return NightStage(app, data, template, url, lambda: cluster.renew_database(url, founded))


def _founded(data: Path, template: Path, url: str) -> Flask:
    app = create_app(settings_for(data, url))
    found_night_company(app, data)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    for name in FOLDERS:
        shutil.copytree(data / name, template / name)
    return app
