"""Outlets, visits and what each outlet's month owes, as they are exported."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select

from server.outlets.models import Agent, Outlet
from server.outlets.queries import is_visible
from server.outlets.views import listed_outlets, read_outlet_filter
from server.outlets.words import DOCUMENT_WORDS, STATE_WORDS
from server.people.models import Person, Region
from server.reports.columns import ID, OUTLET, Column, Kind, day, flag, instant, money, number, texts, worded
from server.reports.listing import Asked, ExportedList, streamed
from server.visits import words as visit_words
from server.visits.filters import VisitFilter, of_outlet_months, read_filter, read_list_filter
from server.visits.models import OutletMonth, Visit
from server.visits.queries_list import listed_visits

AT_OUTLET = (Outlet.code, Outlet.name.label("outlet"), Region.name.label("region"))
REP = (lazy_gettext("片区负责人"), "rep")
CLASS = (lazy_gettext("类型"), "outlet_class")
OUTLET_FIELDS = (
    *(Outlet.id, Outlet.outlet_class, Outlet.state, Outlet.address, Outlet.lat, Outlet.lon, Outlet.person_in_charge, Outlet.phone, Outlet.contact),
    *(Outlet.account_no, Outlet.account_made_on, Outlet.approved_on, Outlet.churned_on, Outlet.households_nearby, Outlet.monthly_payments),
    *(Outlet.chain_outlets, Outlet.floor_area_m2, Outlet.monthly_fee_yuan, Outlet.id_kind, Outlet.id_masked),
)
VISIT_FIELDS = (
    *(Visit.id, Visit.visited_on, Visit.checked_in_at, Visit.checked_out_at, Visit.received_at, Visit.fix_lat, Visit.fix_lon),
    *(Visit.fix_accuracy_m, Visit.distance_m, Visit.allowed_m, Visit.counts, Visit.needs_review, Visit.reasons, Visit.score),
    *(Visit.has_complaint, Visit.complaint_note, Visit.condition, Visit.handling, Visit.signer_name, Visit.was_out_of_scope),
)


def outlet_rows(reader: Person, asked: Asked, today: date) -> Iterable[Any]:
    query = listed_outlets(reader, read_outlet_filter(asked), today).outerjoin(Agent, Agent.id == Outlet.agent_id)
    return streamed(query.with_only_columns(*OUTLET_FIELDS, *AT_OUTLET, Person.name.label("rep"), Agent.name.label("agent")).order_by(Outlet.code))


def visit_rows(reader: Person, asked: Asked, today: date) -> Iterator[Any]:
    """Newest first."""
    query = listed_visits(reader, read_list_filter(asked), asked.get("outlet", ""), today).join(Region, Region.id == Outlet.region_id)
    query = query.with_only_columns(*VISIT_FIELDS, *AT_OUTLET, Outlet.outlet_class, Person.login, Person.name.label("rep"))
    return streamed(query.order_by(Visit.visited_on.desc(), Visit.id.desc()))


def month_rows(reader: Person, asked: Asked, today: date) -> Iterable[Any]:
    """What each outlet owed and got in the month, by rep and outlet."""
    chosen = read_filter(asked)
    query = select(OutletMonth).join(Outlet, Outlet.id == OutletMonth.outlet_id).join(Region, Region.id == Outlet.region_id)
    query = query.outerjoin(Person, Person.id == OutletMonth.rep_id).where(OutletMonth.month == str(chosen.month), is_visible(reader, today))
    names = ("month", "outlet_class", "owed", "planned", "counted", "waiting", "state")
    query = query.with_only_columns(*(getattr(OutletMonth, name) for name in names), *AT_OUTLET, Person.name.label("rep"))
    return streamed(_of_months(of_outlet_months(query, chosen), chosen).order_by(Person.login, Outlet.code))


def _of_months(query: Any, chosen: VisitFilter) -> Any:
    if chosen.rep_id:
        query = query.where(OutletMonth.rep_id == chosen.rep_id)
    return query.where(OutletMonth.state == chosen.state) if chosen.state else query


def _verdict(row: Any) -> str:
    return str(visit_words.VERDICT_WORDS[visit_words.verdict_of(row)])


OUTLETS = ExportedList(
    "outlets",
    lazy_gettext("网点"),
    [
        *OUTLET,
        *texts(CLASS),
        *[worded(lazy_gettext("资料状态"), "state", STATE_WORDS)],
        *texts(REP, (lazy_gettext("代理商"), "agent"), (lazy_gettext("地址"), "address")),
        *texts((lazy_gettext("负责人"), "person_in_charge"), (lazy_gettext("电话"), "phone"), (lazy_gettext("备用联系方式"), "contact")),
        *texts((lazy_gettext("工号"), "account_no")),
        *[worded(lazy_gettext("证件"), "id_kind", DOCUMENT_WORDS), *texts((lazy_gettext("证件号码（部分隐去）"), "id_masked"))],
        *[
            day(lazy_gettext("开户日期"), "account_made_on"),
            day(lazy_gettext("批准日期"), "approved_on"),
            day(lazy_gettext("离网日期"), "churned_on"),
        ],
        *[number(lazy_gettext("附近住户"), "households_nearby"), number(lazy_gettext("月收费笔数"), "monthly_payments")],
        *[number(lazy_gettext("连锁数"), "chain_outlets"), Column(lazy_gettext("面积（m²）"), lambda row: _float(row.floor_area_m2), Kind.NUMBER)],
        *[money(lazy_gettext("月收费额（元）"), "monthly_fee_yuan"), number(lazy_gettext("纬度"), "lat"), number(lazy_gettext("经度"), "lon")],
        *ID,
    ],
    outlet_rows,
)


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


VISITS = ExportedList(
    "visits",
    lazy_gettext("巡检记录"),
    [
        *[day(lazy_gettext("日期"), "visited_on"), instant(lazy_gettext("到店"), "checked_in_at"), instant(lazy_gettext("离店"), "checked_out_at")],
        *OUTLET,
        *texts(CLASS, (lazy_gettext("工号"), "login"), (lazy_gettext("谁"), "rep")),
        *[Column(lazy_gettext("结果"), _verdict), Column(lazy_gettext("为什么不计入"), visit_words.first_reason)],
        *[number(lazy_gettext("距网点（m）"), "distance_m"), number(lazy_gettext("定位误差（m）"), "fix_accuracy_m")],
        *[number(lazy_gettext("纬度"), "fix_lat"), number(lazy_gettext("经度"), "fix_lon"), number(lazy_gettext("证据分"), "score")],
        *[flag(lazy_gettext("有投诉"), "has_complaint"), *texts((lazy_gettext("投诉内容"), "complaint_note"))],
        *texts((lazy_gettext("现场情况"), "condition"), (lazy_gettext("处理"), "handling"), (lazy_gettext("签字人"), "signer_name")),
        *[flag(lazy_gettext("换人后送来"), "was_out_of_scope"), instant(lazy_gettext("送达"), "received_at"), *ID],
    ],
    visit_rows,
)
OUTLET_MONTHS = ExportedList(
    "outlet-months",
    lazy_gettext("达标情况"),
    [
        *[*texts((lazy_gettext("月份"), "month")), *OUTLET, *texts(CLASS, REP)],
        *[number(lazy_gettext("应巡"), "owed"), number(lazy_gettext("计划"), "planned"), number(lazy_gettext("计入"), "counted")],
        *[number(lazy_gettext("待审核"), "waiting"), Column(lazy_gettext("状态"), visit_words.month_words)],
    ],
    month_rows,
)
