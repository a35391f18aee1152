"""Acts of the server's own jobs, its backups and its releases."""

from datetime import timedelta

from server.clock import now
from server.db import db
from server.domain.months import business_date
from server.feed.floor import raise_floor
from server.intake.registry import APPLIERS
from server.intake.rerun import run_repairable
from server.jobs.nightly import run_nightly
from tests.faults.simulation.acts.forms import KNOWN_FORMS
from tests.faults.simulation.acts.play import DAY_S, Play


def nightly(play: Play, _a: int, _b: int, _c: int) -> None:
    with play.world.request():
        run_nightly(business_date(now()), now())


def forget_deletions(play: Play, a: int, _b: int, _c: int) -> None:
    with play.world.request():
        raise_floor(now() - timedelta(hours=a % 3))
        db.session.commit()


def back_up(play: Play, _a: int, _b: int, _c: int) -> None:
    play.world.back_up()


def restore(play: Play, a: int, b: int, _c: int) -> None:
    if play.world.backups:
        play.world.restore(a, with_epoch=bool(b % 2))


def old_server(play: Play, _a: int, _b: int, _c: int) -> None:
    """The server is rolled back to a version that does not know a form yet."""
    play.is_old_server = True
    APPLIERS.pop("outlet_edit.v1", None)


def upgrade(play: Play, _a: int, _b: int, _c: int) -> None:
    play.is_old_server = False
    APPLIERS["outlet_edit.v1"] = KNOWN_FORMS["outlet_edit.v1"]
    with play.world.request():
        run_repairable(now())


def time_passes(play: Play, a: int, b: int, _c: int) -> None:
    play.world.pass_time((1, 30, 600, 7200, DAY_S, DAY_S * 2)[a % 6] + b % 5)
