"""Whether nights run: what a month being closed asks of them, what the start page and /healthz tell, and what a start makes up for."""

from datetime import date, datetime, time, timedelta

from flask import url_for
from flask_babel import gettext
from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import aliased

from server.clock import now
from server.console.tiles import Tile
from server.db import db
from server.domain.months import SHANGHAI, Month, business_date
from server.jobs.models import NightlyRun
from server.payroll.close_checks import Check
from server.people.models import Person, Role

LATE_AFTER = timedelta(hours=36)  # a night that was only slow is no news
IS_FINISHED = NightlyRun.finished_at.is_not(None)


def night_after(month: Month) -> Check:
    """A night of a day after the month's last one ran to its end, so that the whole month was looked back on."""
    looked_back = exists().where(IS_FINISHED, NightlyRun.day > month.last_day)
    return Check("nights", case((looked_back, 0), else_=1))


def night_tiles(person: Person, _today: date) -> list[Tile]:
    """One for those who can have it mended, once no night has finished for too long; before the first night that counts from the first person on."""
    if not person.holds(Role.MANAGER, Role.ADMIN):
        return []
    edge = now() - LATE_AFTER
    colleague = aliased(Person)
    is_late = exists().where(colleague.created_at < edge), ~exists().where(NightlyRun.finished_at >= edge)
    late = select(func.count(Person.id)).where(Person.id == person.id, *is_late)
    note = gettext("超过 36 小时没有做完一次，请管理员查看服务器")
    return [Tile(gettext("夜间核对漏跑"), late.scalar_subquery(), url_for("dashboards.dashboard"), note, "hot")]


def newest_night() -> tuple[datetime, date] | None:
    """When the newest night that ran to its end did so, and its day."""
    query = select(NightlyRun.finished_at, NightlyRun.day).where(IS_FINISHED).order_by(NightlyRun.finished_at.desc()).limit(1)
    row = db.session.execute(query).one_or_none()
    return None if row is None else (row.finished_at, row.day)


def is_night_missed(nightly_at: time, at: datetime) -> bool:
    """Whether the hour of today's night (Shanghai time) is past and none of today ran to its end."""
    if at.astimezone(SHANGHAI).time() <= nightly_at:
        return False
    return not db.session.scalar(select(exists().where(IS_FINISHED, NightlyRun.day == business_date(at))))
