"""The nightly check at its hour, the flags of new visits and the notices every minute, from the serving process, by Huey."""

import logging
import threading
from datetime import date, datetime, time

from flask import Flask
from huey import SqliteHuey, crontab
from huey.consumer import Consumer

from server.clock import now, today
from server.config import Settings
from server.domain.months import SHANGHAI
from server.jobs.nightly import run_nightly
from server.jobs.nights import is_night_missed
from server.notices.outbox import run_notices
from server.visits.flagging import flag_due_visits

log = logging.getLogger(__name__)


def start_schedule(app: Flask) -> SqliteHuey:
    """Run the nightly check every day at XUNDIAN_NIGHTLY_AT, Shanghai time, flag new visits and send notices, from a thread of this process.

    When the hour passed while no server ran, today's night begins at once.
    """
    settings: Settings = app.extensions["xundian"]
    queue = SqliteHuey("xundian", filename=str(settings.data / "queue.db"), utc=True)
    hour, minute = _utc_time(settings.nightly_at)

    @queue.periodic_task(crontab(hour=str(hour), minute=str(minute)))
    def nightly() -> None:
        with app.app_context():
            log.info("%s", "\n".join(run_nightly(today(), now()).lines()))

    @queue.periodic_task(crontab())
    def flags() -> None:
        with app.app_context():
            flag_due_visits()

    @queue.periodic_task(crontab())
    def notices() -> None:
        with app.app_context():
            run_notices(now)

    with app.app_context():
        if is_night_missed(_local_time(settings.nightly_at), now()):
            nightly()
    consumer = Consumer(queue, workers=2, periodic=True)
    consumer._set_signal_handlers = lambda: None  # signals belong to the server's main thread
    threading.Thread(target=consumer.run, name="nightly", daemon=True).start()
    return queue


def _local_time(text: str) -> time:
    hour, minute = (int(part) for part in text.split(":"))
    return time(hour, minute)


def _utc_time(local: str) -> tuple[int, int]:
    """Hour and minute in UTC of a Shanghai time `HH:MM`."""
    shift = datetime.combine(date(2026, 1, 1), _local_time(local), SHANGHAI).utctimetuple()
    return shift.tm_hour, shift.tm_min
