"""Findings, wage months, phones, people and the audit, as they are exported."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext, lazy_gettext
from sqlalchemy import select

from server.audit.models import AuditRow
from server.console.months import chosen_month
from server.db import db
from server.deeds.details import line_words
from server.deeds.queries import READERS, listed_deeds, read_deed_filter
from server.deeds.rows import in_parts
from server.findings.models import Finding, FindingState
from server.findings.views import READERS as FINDING_READERS
from server.findings.views import listed_findings, read_finding_filter
from server.findings.words import STATE_WORDS as FINDING_STATES
from server.findings.words import kind_words
from server.outlets.models import Outlet
from server.payroll.models import WageSheet
from server.payroll.routes import EXPORTERS
from server.people.device_views import MANAGERS, every_phone, read_phone_filter
from server.people.models import Person, Region
from server.people.narrowing import LISTERS, listed_people, read_people_filter
from server.people.words import role_words
from server.reports.columns import ID, OUTLET, Column, Kind, day, flag, instant, money, texts, worded
from server.reports.listing import Asked, ExportedList, streamed
from server.reports.lists_visits import AT_OUTLET

MONTH = texts((lazy_gettext("月份"), "month"))
WHO = texts((lazy_gettext("工号"), "login"), (lazy_gettext("姓名"), "name"))
SHEET_STATES = {"closed": lazy_gettext("已关账"), "draft": lazy_gettext("试算，未关账")}


def finding_rows(reader: Person, asked: Asked, _today: date) -> Iterable[Any]:
    """Those of one tab, newest month first."""
    chosen = read_finding_filter(asked, asked.get("state") or FindingState.PROPOSED.value)
    query = listed_findings(reader, chosen).outerjoin(Region, Region.id == Outlet.region_id)
    columns = (Finding.id, Finding.kind, Finding.month, Finding.amount_yuan, Finding.state, Finding.created_at, Person.login, Person.name)
    return streamed(query.with_only_columns(*columns, *AT_OUTLET).order_by(Finding.month.desc(), Finding.id.desc()))


def sheet_rows(_reader: Person, asked: Asked, _today: date) -> Iterable[Any]:
    """Everybody's sheets of a month, or of all months, newest first."""
    names = ("id", "month", "state", "gross_yuan", "deductions_yuan", "withheld_yuan", "shortfall_yuan", "adjustments_yuan", "total_yuan")
    columns = (*(getattr(WageSheet, name) for name in names), WageSheet.policy_version, WageSheet.computed_at, Person.login, Person.name)
    query = select(*columns).join(Person, Person.id == WageSheet.person_id)
    if asked.get("month"):
        query = query.where(WageSheet.month == str(chosen_month(asked["month"])))
    return streamed(query.order_by(WageSheet.month.desc(), Person.login))


def device_rows(reader: Person, asked: Asked, today: date) -> Iterator[Any]:
    """As the page lists them."""
    for phone in every_phone(reader, read_phone_filter(asked), today):
        told = {"app": phone.standing.app, "queue_length": phone.standing.queue_length, "photos_unsent": phone.standing.photos_unsent}
        names = ("login", "label", "created_at", "last_seen_at", "revoked_at")
        told |= {"id": phone.device_id, "name": phone.person_name, "troubles": _troubles(phone.troubles)}
        yield SimpleNamespace(**told, **{name: getattr(phone, name) for name in names})


def _troubles(troubles: list[Any]) -> str:
    return gettext("、").join(trouble.words for trouble in troubles)


def person_rows(reader: Person, asked: Asked, _today: date) -> Iterator[Any]:
    """As the page lists them, by login."""
    query = listed_people(reader, read_people_filter(asked)).order_by(Person.login)
    regions = {region_id: name for region_id, name in db.session.execute(select(Region.id, Region.name))}
    for (person,) in streamed(query):
        where = gettext("、").join(regions[region_id] for region_id in person.region_ids)
        names = ("id", "login", "name", "is_active", "starts_on", "ends_on", "created_at")
        yield SimpleNamespace(roles=role_words(person), regions=where, **{name: getattr(person, name) for name in names})


def audit_rows(reader: Person, asked: Asked, today: date) -> Iterable[Any]:
    """As the page lists them, newest first."""
    query = listed_deeds(reader, read_deed_filter(asked, today))
    return in_parts(reader, streamed(query.order_by(AuditRow.at.desc(), AuditRow.id.desc())))


FINDINGS = ExportedList(
    "findings",
    lazy_gettext("考核事项"),
    [
        *[*MONTH, Column(lazy_gettext("种类"), lambda row: kind_words(row.kind)), *WHO],
        *OUTLET,
        *[money(lazy_gettext("金额（元）"), "amount_yuan"), worded(lazy_gettext("状态"), "state", FINDING_STATES)],
        *[instant(lazy_gettext("提出时间"), "created_at"), *ID],
    ],
    finding_rows,
    FINDING_READERS,
)
WAGES = ExportedList(
    "wages",
    lazy_gettext("工资单"),
    [
        *[*MONTH, *WHO, worded(lazy_gettext("状态"), "state", SHEET_STATES), money(lazy_gettext("应发（元）"), "gross_yuan")],
        *[money(lazy_gettext("考核（元）"), "deductions_yuan"), money(lazy_gettext("实扣（元）"), "withheld_yuan")],
        *[money(lazy_gettext("未扣（元）"), "shortfall_yuan"), money(lazy_gettext("补记（元）"), "adjustments_yuan")],
        *[money(lazy_gettext("本月工资（元）"), "total_yuan"), *texts((lazy_gettext("政策版本"), "policy_version"))],
        *[instant(lazy_gettext("试算于"), "computed_at"), *ID],
    ],
    sheet_rows,
    EXPORTERS,
)
DEVICES = ExportedList(
    "devices",
    lazy_gettext("手机"),
    [
        *[*WHO, *texts((lazy_gettext("手机"), "label"), (lazy_gettext("版本"), "app"), (lazy_gettext("情况"), "troubles"))],
        *[
            Column(lazy_gettext("没送出"), lambda row: row.queue_length, Kind.NUMBER),
            Column(lazy_gettext("照片没送出"), lambda row: row.photos_unsent, Kind.NUMBER),
        ],
        *[
            instant(lazy_gettext("绑定"), "created_at"),
            instant(lazy_gettext("最近联系"), "last_seen_at"),
            instant(lazy_gettext("停用"), "revoked_at"),
            *ID,
        ],
    ],
    device_rows,
    MANAGERS,
)
PEOPLE = ExportedList(
    "people",
    lazy_gettext("人员"),
    [
        *[*WHO, *texts((lazy_gettext("角色"), "roles"), (lazy_gettext("区域"), "regions")), flag(lazy_gettext("在用"), "is_active")],
        *[day(lazy_gettext("上岗日期"), "starts_on"), day(lazy_gettext("离岗日期"), "ends_on"), instant(lazy_gettext("登记"), "created_at"), *ID],
    ],
    person_rows,
    LISTERS,
)
AUDIT = ExportedList(
    "audit",
    lazy_gettext("操作记录"),
    [
        *[instant(lazy_gettext("时间"), "at"), *WHO, *texts((lazy_gettext("做了什么"), "words"), (lazy_gettext("对象"), "subject.kind"))],
        *texts((lazy_gettext("哪条记录"), "subject.name")),
        *[Column(lazy_gettext("细节"), lambda deed: gettext("；").join(line_words(line) for line in deed.lines))],
        *texts((lazy_gettext("操作代码"), "row.action"), (lazy_gettext("对象编号"), "row.subject_id")),
        *[Column(lazy_gettext("原始细节"), lambda deed: json.dumps(deed.row.detail, ensure_ascii=False, sort_keys=True))],
        *texts((lazy_gettext("记录编号"), "row.id")),
    ],
    audit_rows,
    READERS,
)
