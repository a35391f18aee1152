"""What waits for somebody in visits and compliance."""

from datetime import date

from flask import url_for
from flask_babel import gettext
from sqlalchemy import func, select

from server.console.tiles import Tile
from server.domain.months import Month
from server.outlets.models import Outlet
from server.outlets.queries import is_visible
from server.people.models import Person, Role
from server.visits.models import OutletMonth, Visit
from server.visits.plan_missing import is_asked_for, reps_without_plan
from server.visits.queries import is_reviewed_by, is_visible_visit
from server.visits.sample_models import VisitSample
from server.visits.sample_queries import drawn_visits, waits_for_answer

SAMPLES = "samples.sample_list"


def visit_tiles(person: Person, today: date) -> list[Tile]:
    """Reviews waiting, outlets still due this month, outlets missed last month, visits of handed-over outlets; each within the person's reach."""
    month = Month.of_date(today)
    waiting = select(func.count(Visit.id)).where(Visit.needs_review, is_visible_visit(person, today))
    if person.holds(Role.SUPERVISOR):
        waiting = waiting.where(Visit.rep_id != person.id)  # somebody else judges those
    note = gettext("位置要主管看") if person.holds(Role.SUPERVISOR) else gettext("等主管或经理看位置")
    tone = "warm" if person.holds(Role.SUPERVISOR) else ""
    tiles = [Tile(gettext("巡检待审核"), waiting.scalar_subquery(), url_for("visits.visit_list", verdict="waiting"), note, tone, "visits.visit_list")]
    tiles.append(_outlets_tile(person, today, gettext("本月还要去的网点"), month, "due", gettext("应巡或排了计划，月底前要到店")))
    tiles.append(_outlets_tile(person, today, gettext("上月漏巡的网点"), month.previous(), "overdue", gettext("次数没有巡够"), "hot"))
    if person.holds(Role.SUPERVISOR, Role.MANAGER):
        tiles.append(_samples_tile(person, today))
    if not person.holds(Role.SUPERVISOR):
        return tiles
    tiles.append(_handed_over_tile(person, today, month))
    return [*tiles, _unplanned_tile(person, today, month.next())] if is_asked_for(today) else tiles


def managers_tiles(person: Person, today: date) -> list[Tile]:
    """Of visits that no supervisor may judge, such as those of a region's only one, what waits for the manager's own word."""
    if not person.holds(Role.MANAGER):
        return []
    waiting = select(func.count(Visit.id)).join(Outlet, Outlet.id == Visit.outlet_id).where(Visit.needs_review, is_reviewed_by(person))
    note = gettext("那个区域没有别的主管能审")
    tiles = [Tile(gettext("要你审核的巡检"), waiting.scalar_subquery(), url_for("reviews.start"), note, "warm")]
    asked = drawn_visits(person, today).join(Outlet, Outlet.id == Visit.outlet_id).where(waits_for_answer(), is_reviewed_by(person))
    asked = asked.with_only_columns(func.count(VisitSample.visit_id))
    return [*tiles, Tile(gettext("要你答的盲审抽查"), asked.scalar_subquery(), url_for(SAMPLES), gettext("那个区域没有别的主管能答"), "warm")]


def _unplanned_tile(person: Person, today: date, month: Month) -> Tile:
    """From the 28th, the reps with fewer than half of their outlets planned next month; the plan's page names them."""
    query = reps_without_plan(person, month, today).order_by(None).with_only_columns(func.count(Person.id))
    href = url_for("visit_plans.plan", month=str(month))
    return Tile(gettext("下月还没排计划的人"), query.scalar_subquery(), href, gettext("手上的网点下月排了不到一半"), "warm")


def _samples_tile(person: Person, today: date) -> Tile:
    """Drawn visits that wait for an answer; warm for those whose answer it is."""
    query = drawn_visits(person, today).where(waits_for_answer()).with_only_columns(func.count(VisitSample.visit_id))
    is_asked = person.holds(Role.SUPERVISOR)
    note = gettext("先看照片说一句，再看机器怎么说") if is_asked else gettext("等主管或经理抽查")
    return Tile(gettext("盲审抽查"), query.scalar_subquery(), url_for(SAMPLES), note, "warm" if is_asked else "", SAMPLES)


def _handed_over_tile(person: Person, today: date, month: Month) -> Tile:
    """Visits by somebody who no longer had the outlet when they were received: the supervisor is told (SYNC §4)."""
    in_month = Visit.visited_on.between(month.first_day, month.last_day)
    query = select(func.count(Visit.id)).where(Visit.was_out_of_scope, in_month, is_visible_visit(person, today))
    href = url_for("visits.visit_list", verdict="handed_over")
    return Tile(gettext("换人后送来的巡检"), query.scalar_subquery(), href, gettext("网点已归别人，记在送来的人名下"))


def _outlets_tile(person: Person, today: date, label: str, month: Month, state: str, note: str, tone: str = "") -> Tile:
    query = select(func.count()).select_from(OutletMonth).join(Outlet, Outlet.id == OutletMonth.outlet_id)
    query = query.where(OutletMonth.month == str(month), OutletMonth.state == state, is_visible(person, today))
    return Tile(label, query.scalar_subquery(), url_for("visits.compliance", month=str(month), state=state), note, tone)
