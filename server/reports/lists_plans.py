"""The plan of visits and the plan of trainings of a month, as they are exported."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext

from server.clock import today as today_now
from server.console.months import chosen_month
from server.outlets.models import Outlet
from server.outlets.responsible import with_rep
from server.outlets.work_filter import read_work_filter
from server.people.access import AT_OUTLETS
from server.people.models import Person, Region
from server.reports.columns import OUTLET, Column, Kind, day, flag, money, texts
from server.reports.listing import Asked, ExportedList, streamed
from server.reports.lists_visits import AT_OUTLET, CLASS, REP
from server.training.models import PlannedTraining
from server.training.views import PLAN_STATES, listed_plan, trained_in
from server.visits.plan_models import PlannedVisit
from server.visits.plan_views import STATE_WORDS, planned_visits, state_of


def planned_visit_rows(reader: Person, asked: Asked, today: date) -> Iterable[Any]:
    """Days of the month in their order, of all reps or one; of one those lent to them too."""
    query = planned_visits(reader, chosen_month(asked.get("month", "")), asked.get("rep", ""), today).join(Region, Region.id == Outlet.region_id)
    query = query.add_columns(Outlet.name.label("outlet"), Region.name.label("region"))
    return streamed(query.order_by(PlannedVisit.planned_on, Outlet.code))


def planned_training_rows(reader: Person, asked: Asked, today: date) -> Iterable[Any]:
    """Outlets of the month's plan, most falling volume first."""
    month = chosen_month(asked.get("month", ""))
    query = listed_plan(reader, month, read_work_filter(asked, PLAN_STATES), today).join(Region, Region.id == Outlet.region_id)
    names = ("month", "outlet_class", "volume_change_yuan", "planned_on", "place", "content")
    columns = (*(getattr(PlannedTraining, name) for name in names), *AT_OUTLET, Person.name.label("rep"))
    query = with_rep(query, today).with_only_columns(*columns, trained_in(month).is_not(None).label("is_trained"))
    return streamed(query.order_by(PlannedTraining.volume_change_yuan, PlannedTraining.outlet_id))


PLANNED_VISITS = ExportedList(
    "visit-plan",
    lazy_gettext("巡检计划"),
    [
        *[day(lazy_gettext("日期"), "planned_on"), *OUTLET, *texts(CLASS, REP)],
        *[Column(lazy_gettext("状态"), lambda row: str(STATE_WORDS[state_of(row, today_now())]), Kind.TEXT)],
        flag(lazy_gettext("代巡"), "is_lent"),
    ],
    planned_visit_rows,
)
PLANNED_TRAININGS = ExportedList(
    "training-plan",
    lazy_gettext("培训计划"),
    [
        *[*texts((lazy_gettext("月份"), "month")), *OUTLET, *texts(CLASS, REP), money(lazy_gettext("交易量变化（元）"), "volume_change_yuan")],
        *[day(lazy_gettext("培训日期"), "planned_on"), *texts((lazy_gettext("培训地点"), "place"), (lazy_gettext("计划培训内容"), "content"))],
        *[flag(lazy_gettext("已培训"), "is_trained")],
    ],
    planned_training_rows,
    roles=AT_OUTLETS,
)
