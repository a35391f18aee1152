"""What the office sets up, as it is exported: imports, regions, agents, the working-day calendar, dated policy."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext, lazy_gettext

from server.domain.policy_key import PolicyKey
from server.outlets.agent_list import listed_agents, read_agent_filter
from server.outlets.models import Agent
from server.outlets.region_rows import RegionRow, region_rows
from server.payroll.policy_routes import READERS
from server.payroll.policy_views import GROUPS, DatedChange, ShownKey, shown_keys
from server.people.calendar_months import ShownMonth, asked_year, shown_months
from server.people.models import Person, Role
from server.reports.columns import Column, day, flag, instant, money, number, texts, worded
from server.reports.listing import Asked, ExportedList, streamed
from server.transactions.models import TableImport
from server.transactions.routes import IMPORTERS
from server.transactions.views import listed_imports
from server.transactions.words import kind_words, kinds_of

POLICY_KEY = texts((lazy_gettext("参数"), "label"), (lazy_gettext("参数代码"), "key.key"))
GROUP = worded(lazy_gettext("种类"), "group", {code: words for code, words, _ in GROUPS})


class PolicyChange(NamedTuple):
    """A value that was ever set, with the key, group and label of its key."""

    key: PolicyKey
    group: str
    label: str
    change: DatedChange


def import_rows(reader: Person, _asked: Asked, _today: date) -> Iterable[Any]:
    """Those of the kinds that the reader may import, newest first."""
    return streamed(listed_imports(list(kinds_of(reader))).order_by(TableImport.at.desc(), TableImport.id.desc()))


def every_region(_reader: Person, _asked: Asked, _today: date) -> list[RegionRow]:
    return region_rows()


def agent_rows(_reader: Person, asked: Asked, _today: date) -> Iterable[Any]:
    """By name."""
    return streamed(listed_agents(read_agent_filter(asked)).order_by(Agent.name))


def calendar_rows(_reader: Person, asked: Asked, _today: date) -> list[ShownMonth]:
    """The months of a year."""
    return shown_months(asked_year(asked.get("year", "")))


def policy_rows(_reader: Person, asked: Asked, today: date) -> list[ShownKey]:
    """Keys of one group, or of all, as they count this month."""
    group = asked.get("group", "")
    return [one for one in shown_keys(today) if group in ("", one.group)]


def policy_change_rows(reader: Person, asked: Asked, today: date) -> Iterator[PolicyChange]:
    """Every value that was ever set for these keys, newest first day first."""
    for one in policy_rows(reader, asked, today):
        for change in one.history:
            yield PolicyChange(one.key, one.group, one.label, change)


def _state(row: Any) -> str:
    return gettext("已撤销") if row.TableImport.undone_at else gettext("已导入")


def _days(days: list[date]) -> str:
    return gettext("、").join(one.isoformat() for one in days)


def _later(shown: ShownKey) -> str:
    return gettext("、").join(gettext("%(day)s 起 %(value)s", day=one.month.first_day.isoformat(), value=one.words) for one in shown.later)


IMPORTS = ExportedList(
    "imports",
    lazy_gettext("导入过的"),
    [
        *[instant(lazy_gettext("何时"), "TableImport.at"), Column(lazy_gettext("表里是什么"), lambda row: kind_words(row.TableImport.kind))],
        *[*texts((lazy_gettext("文件"), "TableImport.file_name")), number(lazy_gettext("导入的行"), "TableImport.rows_taken")],
        *[number(lazy_gettext("没导入的行"), "TableImport.rows_refused"), money(lazy_gettext("金额合计"), "TableImport.amount_yuan")],
        *[*texts((lazy_gettext("谁导入"), "by_name")), Column(lazy_gettext("状态"), _state)],
        *[instant(lazy_gettext("何时撤销"), "TableImport.undone_at"), Column(lazy_gettext("谁撤销"), lambda row: row.undone_by or "")],
        *texts((lazy_gettext("记录编号"), "TableImport.id")),
    ],
    import_rows,
    IMPORTERS,
)
REGIONS = ExportedList(
    "regions",
    lazy_gettext("区域"),
    [
        *[*texts((lazy_gettext("区域"), "region.name")), Column(lazy_gettext("市场主管"), lambda row: gettext("、").join(row.supervisors))],
        *[number(lazy_gettext("片区负责人"), "reps"), number(lazy_gettext("网点"), "outlets")],
        *[number(lazy_gettext("办公点纬度"), "region.centre_lat"), number(lazy_gettext("办公点经度"), "region.centre_lon")],
        *texts((lazy_gettext("记录编号"), "region.id")),
    ],
    every_region,
    (Role.ADMIN,),
)
AGENTS = ExportedList(
    "agents",
    lazy_gettext("代理商名册"),
    [
        *texts((lazy_gettext("名称"), "Agent.name"), (lazy_gettext("电话"), "Agent.phone")),
        *[number(lazy_gettext("网点"), "outlets"), flag(lazy_gettext("是否在用"), "is_active"), *texts((lazy_gettext("记录编号"), "Agent.id"))],
    ],
    agent_rows,
    (Role.ADMIN,),
)
CALENDAR = ExportedList(
    "working-days",
    lazy_gettext("工作日历"),
    [
        *[Column(lazy_gettext("月份"), lambda row: str(row.month)), number(lazy_gettext("工作日"), "working")],
        *[Column(lazy_gettext("放假"), lambda row: _days(row.off)), Column(lazy_gettext("调休上班"), lambda row: _days(row.on))],
    ],
    calendar_rows,
)
POLICY = ExportedList(
    "policy",
    lazy_gettext("政策参数"),
    [
        *[GROUP, *POLICY_KEY, *texts((lazy_gettext("现在"), "words"), (lazy_gettext("值"), "value"))],
        *[day(lazy_gettext("生效"), "since"), Column(lazy_gettext("以后"), _later), *texts((lazy_gettext("依据"), "source"))],
    ],
    policy_rows,
    READERS,
)
POLICY_CHANGES = ExportedList(
    "policy-changes",
    lazy_gettext("政策参数的改动"),
    [
        *[GROUP, *POLICY_KEY, day(lazy_gettext("生效"), "change.valid_from")],
        *texts((lazy_gettext("值"), "change.words"), (lazy_gettext("理由"), "change.reason"), (lazy_gettext("谁定的"), "change.name")),
        instant(lazy_gettext("何时定的"), "change.set_at"),
    ],
    policy_change_rows,
    READERS,
)
