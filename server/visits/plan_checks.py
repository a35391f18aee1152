"""What speaks against a visit on a day: leave forbids it; of the rest the supervisor is told, and may plan it anyway."""

from datetime import date, datetime, timedelta

from flask_babel import gettext
from sqlalchemy import select

from server.console.faults import fault_words
from server.db import db
from server.domain.months import Month, business_date
from server.domain.working_days import is_working_day
from server.leaves.queries import days_away, leaves_meeting
from server.outlets.queries import hold_outlets
from server.outlets.responsible import responsible_id
from server.people.models import Person
from server.policy.queries import policy_of, working_years
from server.visits.models import Visit
from server.visits.plan_actions import check_customer, check_new_day
from server.visits.plan_models import PlannedVisit
from sync.problems import Problem


def check_planned(outlet_id: str, planned_on: date, is_sure: bool, now: datetime, moved_from: date | None = None) -> None:
    """Look at a day for a visit, or one to which it moves, while the outlet is held. A day that is set already needs no look.

    Raises `invalid` as `plan_visit` does, for leave without a substitute, and, unless `is_sure`, for what speaks against the day:
    that has the fault `anyway` and `warnings`, each of words and the name that they end in, if any.
    """
    check_new_day(planned_on, now)
    hold_outlets({outlet_id})
    check_customer(outlet_id, Month.of_date(planned_on))
    if db.session.get(PlannedVisit, (outlet_id, planned_on)) is not None:
        return
    today = business_date(now)
    warnings = [*_of_the_day(responsible_id(outlet_id, today), planned_on), *_of_the_gap(outlet_id, planned_on, moved_from, today)]
    if warnings and not is_sure:
        raise Problem("invalid", fields={"anyway": "not_sure"}, warnings=warnings)


def _of_the_day(rep_id: str | None, planned_on: date) -> list[tuple[str, str]]:
    warnings = [] if is_working_day(planned_on, working_years()) else [(gettext("这一天不上班。"), "")]
    return [*warnings, *_of_the_rep(rep_id, planned_on)] if rep_id else warnings


def _of_the_rep(rep_id: str, planned_on: date) -> list[tuple[str, str]]:
    rep = db.session.get_one(Person, rep_id)
    if rep.starts_on is not None and planned_on < rep.starts_on:
        return [(gettext("负责人 %(day)s 才开始上班。", day=rep.starts_on), "")]
    if rep.ends_on is not None and planned_on > rep.ends_on:
        return [(gettext("负责人的最后一天是 %(day)s，那以后要由接手的人去。", day=rep.ends_on), "")]
    if planned_on not in days_away(rep_id, planned_on, planned_on):
        return []
    substitute = _substitute_name(rep_id, planned_on)
    if substitute is None:
        raise Problem("invalid", fields={"planned_on": "rep_on_leave"})
    return [(gettext("负责人这一天请假，排了就由代巡的人去："), substitute)]


def _substitute_name(rep_id: str, day: date) -> str | None:
    """Of who works for the rep on a day of leave: nobody after a substitute's own last day."""
    for leave in leaves_meeting(rep_id, day, day):
        substitute = db.session.get(Person, leave.substitute_id) if leave.person_id == rep_id and leave.substitute_id else None
        if substitute is not None and (substitute.ends_on is None or substitute.ends_on >= day):
            return substitute.name
    return None


def _of_the_gap(outlet_id: str, planned_on: date, moved_from: date | None, today: date) -> list[tuple[str, str]]:
    near = nearness(outlet_id, planned_on, today, moved_from)
    return [(near, ""), (gettext("相隔不够的巡检可能不计入次数。"), "")] if near else []


def nearness(outlet_id: str, planned_on: date, today: date, moved_from: date | None = None) -> str:
    """Which other visit, made or planned, is nearer than the least gap; empty where none is. The day from which a visit moves is none."""
    gap_days = max(1, policy_of(Month.of_date(planned_on)).integer("visit.min_gap_days"))
    planned, visited = _days_near(outlet_id, planned_on, gap_days, today)
    if moved_from:
        planned.discard(moved_from)
    if planned_on in visited:
        return gettext("这个网点在这一天已经巡检过了。")
    if planned_on in planned:
        return str(fault_words("day_taken"))
    if not planned | visited:
        return ""
    nearest = min(planned | visited, key=lambda day: abs((day - planned_on).days))
    return gettext("离 %(day)s 的一次太近，两次至少相隔 %(count)s 天。", day=nearest, count=gap_days)


def _days_near(outlet_id: str, planned_on: date, gap_days: int, today: date) -> tuple[set[date], set[date]]:
    """The days too near: planned ones to come, and those of visits that count."""
    first, last = planned_on - timedelta(days=gap_days - 1), planned_on + timedelta(days=gap_days - 1)
    ahead = select(PlannedVisit.planned_on).where(PlannedVisit.outlet_id == outlet_id, PlannedVisit.planned_on.between(max(first, today), last))
    made = select(Visit.visited_on).where(Visit.outlet_id == outlet_id, Visit.counts, Visit.visited_on.between(first, last))
    return set(db.session.scalars(ahead)), set(db.session.scalars(made))
