"""What waits in some regions, in counts and links; never a name, a number of a person, or money.

The counts are those of the start page's tiles, of whoever answers for these regions, so that both always say the same.
"""

from datetime import date

from flask import current_app, url_for
from flask_babel import force_locale, gettext
from sqlalchemy import func, select

from server.complaints.models import Complaint
from server.complaints.queries import is_visible_complaint
from server.complaints.views import complaint_tiles
from server.complaints.words import TAB_STATES
from server.config import Settings
from server.console.counting import MOST_WAITING, bounded
from server.console.formats import day as written_day
from server.console.formats import weekday
from server.console.queues import queue_tiles
from server.console.tiles import Tile
from server.db import db
from server.domain.months import Month
from server.followups.models import FollowUp
from server.followups.queries import is_visible_follow_up
from server.followups.views import follow_up_tiles
from server.notices.messages import Line, Message
from server.notices.models import NoticeChannel
from server.outlets.tiles import submitted_files
from server.people.device_views import device_tiles
from server.people.models import Person, PersonRegion, PersonRole, Region, Role
from server.visits.plan_counts import planned_and_passed, planned_this_week
from server.visits.tiles import visit_tiles

PLAN = "visit_plans.plan"


def digest_of(channel: NoticeChannel, message_id: str, today: date) -> Message:
    """The channel's message of a day, in its language; needs a request's context for the addresses."""
    with force_locale(channel.language):
        lines = _lines(region_reader(channel.region_ids), today)
        title = gettext("巡店 %(day)s %(weekday)s", day=written_day(today), weekday=weekday(today))
        return Message(message_id, title, _about(channel), lines, _note(lines), today.isoformat(), channel.language)


def trial_of(channel: NoticeChannel, message_id: str) -> Message:
    """What the button sends: a message that says it is a test."""
    with force_locale(channel.language):
        note = gettext("这是一条测试通知，不用处理。")
        return Message(message_id, gettext("巡店测试"), _about(channel), (), note, "", channel.language)


def region_reader(region_ids: list[str]) -> Person:
    """Somebody who exists in no table: supervisor of these regions, or for all of them manager and administrator."""
    roles = (Role.SUPERVISOR,) if region_ids else (Role.MANAGER, Role.ADMIN)
    held = [PersonRole(role=role) for role in roles]
    return Person(id="", login="", name="", roles=held, regions=[PersonRegion(region_id=region_id) for region_id in region_ids])


def _note(lines: tuple[Line, ...]) -> str:
    if not lines:
        return gettext("今天没有要处理的事。")
    return gettext("点开看明细，登录后才看得到。") if lines[0].href else gettext("明细登录巡店看。")


def _about(channel: NoticeChannel) -> str:
    if not channel.region_ids:
        return gettext("全公司")
    names = db.session.scalars(select(Region.name).where(Region.id.in_(channel.region_ids)).order_by(Region.name))
    return gettext("、").join(names)


def _lines(reader: Person, today: date) -> tuple[Line, ...]:
    """What there is none of is left out."""
    tiles = _tiles(reader, today)
    counts = db.session.execute(select(*(bounded(tile.count, MOST_WAITING) for tile in tiles))).one()
    return tuple(Line(tile.label, count, _full(tile.href)) for tile, count in zip(tiles, counts, strict=True) if count)


def _tiles(reader: Person, today: date) -> list[Tile]:
    plan = url_for(PLAN, month=str(Month.of_date(today)))
    open_complaints, *other_complaints = complaint_tiles(reader, today)
    return [
        Tile(gettext("本周计划还要巡"), planned_this_week(reader, today), plan, ""),
        Tile(gettext("计划过了没去"), planned_and_passed(reader, today), plan, ""),
        *visit_tiles(reader, today),
        *follow_up_tiles(reader, today),
        _late_follow_ups(reader, today),
        open_complaints,
        _late_complaints(reader, today),
        *other_complaints,
        *queue_tiles(reader, today),
        submitted_files(reader, today),
        *device_tiles(reader, today)[:1],  # the silent ones; how many are in use is no news
    ]


def _late_follow_ups(reader: Person, today: date) -> Tile:
    query = select(func.count(FollowUp.id)).where(FollowUp.solved_on.is_(None), FollowUp.due_on < today, is_visible_follow_up(reader, today))
    return Tile(gettext("其中备案过期"), query.scalar_subquery(), url_for("followups.follow_up_list"), "")


def _late_complaints(reader: Person, today: date) -> Tile:
    is_late = Complaint.state.in_(TAB_STATES["open"]) & (Complaint.due_on < today)
    query = select(func.count(Complaint.id)).where(is_late, is_visible_complaint(reader, today))
    return Tile(gettext("其中投诉过期"), query.scalar_subquery(), url_for("complaints.complaint_list"), "")


def _full(href: str) -> str:
    settings: Settings = current_app.extensions["xundian"]
    return settings.base_url.rstrip("/") + href if settings.base_url else ""
