"""Complaints, follow-ups, material requests, trainings, call-backs and churn cases, as they are exported."""

from collections.abc import Iterable, Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext

from server.callbacks import words as callback_words
from server.callbacks.models import CallBack
from server.callbacks.views import listed_callbacks
from server.churn import words as churn_words
from server.churn.models import ChurnCase
from server.churn.views import listed_cases, read_case_filter, with_words
from server.complaints import words as complaint_words
from server.complaints.filters import is_in_complaint_tab, read_complaint_filter, reported_at
from server.complaints.models import Complaint
from server.complaints.views import listed_complaints
from server.domain.churn import Source
from server.domain.months import business_date
from server.followups import words as follow_up_words
from server.followups.actions import OWNERS
from server.followups.models import FollowUp
from server.followups.views import READERS as FOLLOW_UP_READERS
from server.followups.views import listed_follow_ups
from server.materials.models import MaterialRequest
from server.materials.views import TABS as MATERIAL_TABS
from server.materials.views import is_in_tab, listed_requests
from server.outlets.models import Outlet
from server.outlets.responsible import with_rep
from server.outlets.work_filter import read_work_filter
from server.people.access import AT_OUTLETS
from server.people.models import Person, Region
from server.reports.columns import ID, OUTLET, Column, Kind, day, flag, money, number, texts, worded
from server.reports.listing import Asked, ExportedList, in_parts, streamed
from server.reports.lists_visits import AT_OUTLET
from server.training.models import Training
from server.training.views import HELD_STATES, listed_trainings, with_effect

REP = texts((lazy_gettext("片区负责人"), "rep"))
DUE = day(lazy_gettext("期限"), "due_on")
PHONE = texts((lazy_gettext("电话"), "phone"))
SIGNED = texts((lazy_gettext("签字人"), "signer_name"), (lazy_gettext("没有签字的原因"), "signature_refusal"))

VOIDED = (
    Column(lazy_gettext("作废日期"), lambda row: business_date(row.voided_at) if row.voided_at else None, Kind.DAY),
    *texts((lazy_gettext("作废理由"), "void_reason")),
)
REPORTED_ON = Column(lazy_gettext("上报日期"), lambda row: business_date(row.reported_at) if row.reported_at else None, Kind.DAY)


def complaint_rows(reader: Person, asked: Asked, today: date) -> Iterable[Any]:
    """Those of one tab, first due first."""
    chosen = read_complaint_filter(asked)
    query = listed_complaints(reader, chosen, today).join(Region, Region.id == Outlet.region_id)
    names: tuple[str, ...] = (
        "id",
        "received_on",
        "due_on",
        "kind",
        "state",
        "is_about_rep",
        "complainant",
        "phone",
        "account",
        "demand",
        "investigation",
        "verdict",
    )
    names += ("handling", "resolved_on", "feedback_result", "feedback_speed", "feedback_text", "voided_at", "void_reason")
    query = query.with_only_columns(
        *(getattr(Complaint, name) for name in names), *AT_OUTLET, Person.name.label("assignee"), reported_at().label("reported_at")
    )
    return streamed(query.where(is_in_complaint_tab(chosen.state, chosen.reported, today)).order_by(Complaint.due_on, Complaint.id))


def request_rows(reader: Person, asked: Asked, today: date) -> Iterable[Any]:
    chosen = read_work_filter(asked, MATERIAL_TABS)
    query = _with_rep(listed_requests(reader, chosen, today), today)
    names = ("id", "contents", "requested_on", "due_on", "delivered_on", "signer_name", "signature_refusal", "note", "voided_at", "void_reason")
    query = query.with_only_columns(*(getattr(MaterialRequest, name) for name in names), *AT_OUTLET, Person.name.label("rep"))
    return streamed(query.where(is_in_tab(chosen.state)).order_by(MaterialRequest.due_on, MaterialRequest.id))


def follow_up_rows(reader: Person, asked: Asked, today: date) -> Iterable[Any]:
    chosen = read_work_filter(asked, follow_up_words.TABS, OWNERS)
    query = _with_rep(listed_follow_ups(reader, chosen, today), today)
    names = ("id", "problem", "owner", "registered_on", "due_on", "solved_on")
    query = query.with_only_columns(*(getattr(FollowUp, name) for name in names), *AT_OUTLET, Person.name.label("rep"))
    is_open = FollowUp.solved_on.is_(None)
    return streamed(query.where(is_open if chosen.state == "open" else ~is_open).order_by(FollowUp.due_on, FollowUp.id))


def training_rows(reader: Person, asked: Asked, today: date) -> Iterator[Any]:
    """Newest first, each with what its outlet moved in the month before and the month after."""
    query = listed_trainings(reader, read_work_filter(asked, HELD_STATES), today).join(Region, Region.id == Outlet.region_id)
    names: tuple[str, ...] = ("id", "trained_on", "is_new_customer", "place", "content", "attendee_count", "signer_name", "signature_refusal")
    names += ("voided_at", "void_reason")
    query = query.with_only_columns(*(getattr(Training, name) for name in names), Training.outlet_id, *AT_OUTLET, Person.name.label("trainer"))
    for part in in_parts(streamed(query.order_by(Training.trained_on.desc(), Training.id.desc()))):
        for row, before, after in with_effect(part):
            yield SimpleNamespace(**row._mapping, before_yuan=before, after_yuan=after)


def callback_rows(reader: Person, asked: Asked, today: date) -> Iterable[Any]:
    chosen = read_work_filter(asked, callback_words.TABS, callback_words.KINDS)
    query = _with_rep(listed_callbacks(reader, chosen, today), today)
    names = ("id", "kind", "listed_on", "due_on", "about_month", "called_on", "outcome", "note", "answers")
    query = query.with_only_columns(*(getattr(CallBack, name) for name in names), *AT_OUTLET, Outlet.phone, Person.name.label("rep"))
    is_due = CallBack.called_on.is_(None)
    return streamed(query.where(is_due if chosen.state == "due" else ~is_due).order_by(CallBack.due_on, CallBack.id))


def case_rows(reader: Person, asked: Asked, today: date) -> Iterator[Any]:
    """Those of one tab, which is the one that the page opens unless named, each with the three words."""
    chosen = read_case_filter(reader, asked, today)
    query = _with_rep(listed_cases(reader, chosen, today), today)
    names = ("id", "month", "listed_on", "due_on", "state", "reason", "decided_on")
    query = query.with_only_columns(*(getattr(ChurnCase, name) for name in names), ChurnCase.outlet_id, *AT_OUTLET, Person.name.label("rep"))
    for part in in_parts(streamed(query.where(ChurnCase.state == chosen.state).order_by(ChurnCase.due_on, ChurnCase.id))):
        for one in with_words(part):
            yield SimpleNamespace(**one.row._mapping, said=one.said, active_yuan=one.active_yuan)


def _said(source: Source) -> Column:
    """The last word of one of the three."""
    return Column(churn_words.SOURCE_WORDS[source], lambda row: str(churn_words.SAID_WORDS[row.said[source]]) if source in row.said else "")


def _with_rep(query: Any, today: date) -> Any:
    """The rep responsible today, and the region."""
    query = with_rep(query, today)
    return query.join(Region, Region.id == Outlet.region_id)


COMPLAINTS = ExportedList(
    "complaints",
    lazy_gettext("投诉"),
    [
        *[day(lazy_gettext("登记日期"), "received_on"), DUE, *OUTLET, worded(lazy_gettext("种类"), "kind", complaint_words.KIND_WORDS)],
        *[worded(lazy_gettext("状态"), "state", complaint_words.STATE_WORDS), flag(lazy_gettext("投诉片区负责人"), "is_about_rep")],
        *[*texts((lazy_gettext("投诉人"), "complainant")), *PHONE, *texts((lazy_gettext("投诉事件记录"), "account"))],
        *texts((lazy_gettext("诉求"), "demand"), (lazy_gettext("经办人"), "assignee"), (lazy_gettext("调查情况"), "investigation")),
        *[worded(lazy_gettext("调查结论"), "verdict", complaint_words.VERDICT_WORDS), *texts((lazy_gettext("处理"), "handling"))],
        *[day(lazy_gettext("处理完日期"), "resolved_on"), REPORTED_ON],
        worded(lazy_gettext("对结果"), "feedback_result", complaint_words.FEEDBACK_WORDS),
        *[worded(lazy_gettext("对速度"), "feedback_speed", complaint_words.FEEDBACK_WORDS), *texts((lazy_gettext("客户的话"), "feedback_text"))],
        *[*VOIDED, *ID],
    ],
    complaint_rows,
    roles=AT_OUTLETS,
)
MATERIALS = ExportedList(
    "materials",
    lazy_gettext("物料配送"),
    [
        *[day(lazy_gettext("哪天要的"), "requested_on"), DUE, *OUTLET, *REP, *texts((lazy_gettext("要什么"), "contents"))],
        *[day(lazy_gettext("送达"), "delivered_on"), *SIGNED, *texts((lazy_gettext("备注"), "note")), *VOIDED, *ID],
    ],
    request_rows,
    roles=AT_OUTLETS,
)
FOLLOW_UPS = ExportedList(
    "follow_ups",
    lazy_gettext("备案问题"),
    [
        *[day(lazy_gettext("登记日期"), "registered_on"), DUE, *OUTLET, *REP, worded(lazy_gettext("谁来办"), "owner", follow_up_words.OWNER_WORDS)],
        *[*texts((lazy_gettext("问题"), "problem")), day(lazy_gettext("解决日期"), "solved_on"), *ID],
    ],
    follow_up_rows,
    roles=FOLLOW_UP_READERS,
)
TRAININGS = ExportedList(
    "trainings",
    lazy_gettext("培训"),
    [
        *[day(lazy_gettext("培训日期"), "trained_on"), *OUTLET, *texts((lazy_gettext("培训人"), "trainer"), (lazy_gettext("培训地点"), "place"))],
        *[*texts((lazy_gettext("培训内容"), "content")), number(lazy_gettext("人数"), "attendee_count")],
        *[money(lazy_gettext("前一个月（元）"), "before_yuan"), money(lazy_gettext("后一个月（元）"), "after_yuan")],
        *[flag(lazy_gettext("新客户"), "is_new_customer"), *SIGNED, *VOIDED, *ID],
    ],
    training_rows,
    roles=AT_OUTLETS,
)
CALLBACKS = ExportedList(
    "callbacks",
    lazy_gettext("电话回访"),
    [
        *[day(lazy_gettext("列出日期"), "listed_on"), DUE, *OUTLET, *PHONE, *REP, worded(lazy_gettext("种类"), "kind", callback_words.KIND_WORDS)],
        *[*texts((lazy_gettext("问的月份"), "about_month")), day(lazy_gettext("回访日期"), "called_on")],
        *[worded(lazy_gettext("结果"), "outcome", callback_words.OUTCOME_WORDS), *texts((lazy_gettext("备注"), "note"))],
        *[Column(lazy_gettext("三个问题的回答"), lambda row: callback_words.answers_line(row.answers)), *ID],
    ],
    callback_rows,
    roles=AT_OUTLETS,
)
CHURN = ExportedList(
    "churn",
    lazy_gettext("离网"),
    [
        *[*texts((lazy_gettext("名单月份"), "month")), day(lazy_gettext("列出日期"), "listed_on"), DUE, *OUTLET, *REP],
        *[money(lazy_gettext("上上月交易（元）"), "active_yuan"), *map(_said, Source)],
        *[worded(lazy_gettext("状态"), "state", churn_words.STATE_WORDS), worded(lazy_gettext("原因"), "reason", churn_words.REASON_WORDS)],
        *[day(lazy_gettext("决定日期"), "decided_on"), *ID],
    ],
    case_rows,
    roles=AT_OUTLETS,
)
