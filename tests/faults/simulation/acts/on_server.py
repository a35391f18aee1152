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
from tests.faults.simulation.acts.in_office import force_resync, office_edit, type_in
from tests.faults.simulation.acts.play import DAY_S, ORDINARY, SENSITIVE, Play


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
        play.world.restore(a, with_epoch=bool(b % 2), with_files=bool(b // 2 % 2))


def lost_while_reading(play: Play, a: int, b: int, c: int) -> None:
    """The office writes while a phone reads all anew; then the disk fails, and the backup is from the midst of that: nobody knows
    that it is another life.
    """
    phone = play.phone(a)
    force_resync(play, a, b, c)
    phone.client.wake()
    phone.steps(1 + b % 6)
    play.world.back_up()
    office_edit(play, c, b, a)
    _fail_after_work(play, a, with_files=bool(b % 2))


def lost_while_sending(play: Play, a: int, b: int, c: int) -> None:
    """A phone has sent what the backup does not know, and the office writes the same field before the phone asks again."""
    phone = play.phone(a)
    outlets, name = phone.outlets(), (*ORDINARY, *SENSITIVE)[b % 4]
    if not outlets:
        return
    play.number += 1
    outlet = outlets[c % len(outlets)]
    play.keep(phone.edit(outlet, {name: f"{name}-{play.number}"}))
    play.world.back_up()
    _fail_after_work(play, a, with_files=bool(b // 4 % 2))
    type_in(play, outlet["id"], name)


def _fail_after_work(play: Play, a: int, with_files: bool) -> None:
    """A phone does all it has to do, and the newest backup knows nothing of it."""
    phone = play.phone(a)
    phone.client.wake()
    phone.steps(60)
    play.world.restore(len(play.world.backups) - 1, with_epoch=False, with_files=with_files)


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
