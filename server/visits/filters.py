"""The filter sentence of map, compliance and visit list: what it may say, and the SQL it stands for."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from server.console.days import asked_day
from server.console.months import chosen_month
from server.domain.evidence import RULES
from server.domain.months import Month
from server.domain.outlet_class import CLASSES
from server.outlets.models import Outlet
from server.visits.models import OutletMonth, Visit, VisitFlag
from server.visits.words import STATE_ORDER
from sync.problems import Problem

FLAGS = tuple(RULES)
VERDICTS = ("waiting", "done", "pending", "no", "handed_over")


@dataclass(frozen=True)
class VisitFilter:
    """Empty parts are unset; the days, both included, are those of the month unless given, which `has_days` says.

    `order` is `score` for the lowest score first; `look` is what the map shows, outlets (empty) or `visits`; `flag` is the code of one that
    visits have.
    """

    month: Month
    region_id: str
    rep_id: str
    outlet_class: str
    state: str
    verdict: str
    first_day: date
    last_day: date
    has_days: bool
    order: str = ""
    look: str = ""
    flag: str = ""

    @property
    def is_set(self) -> bool:
        return any((self.region_id, self.rep_id, self.outlet_class, self.state, self.verdict, self.has_days, self.flag))

    @property
    def is_of_one_month(self) -> bool:
        return self.month.first_day <= self.first_day and self.last_day <= self.month.last_day


def read_filter(asked: MultiDict[str, str]) -> VisitFilter:
    """The filter in the address, its days within the month; raises `invalid` for a month, day, class or state that cannot be."""
    month = chosen_month(asked.get("month", ""))
    first, last = _asked_days(asked)
    within = max(first or month.first_day, month.first_day), min(last or month.last_day, month.last_day)
    return _read(asked, month, within, bool(first or last))


def read_list_filter(asked: MultiDict[str, str]) -> VisitFilter:
    """As `read_filter`, but days that are given come before the month and may lie in several.

    Of one day alone the other is the last, or the first, of its own month.
    """
    month = chosen_month(asked.get("month", ""))
    first, last = _asked_days(asked)
    one = first or last
    if one is None:
        return _read(asked, month, (month.first_day, month.last_day), False)
    first, last = first or Month.of_date(one).first_day, last or Month.of_date(one).last_day
    return _read(asked, Month.of_date(first), (first, last), True)


def _read(asked: MultiDict[str, str], month: Month, days: tuple[date, date], has_days: bool) -> VisitFilter:
    """The parts that are no days; raises `invalid`."""
    return VisitFilter(
        month=month,
        region_id=asked.get("region", ""),
        rep_id=asked.get("rep", ""),
        outlet_class=_one_of(asked.get("class", ""), CLASSES, "class"),
        state=_one_of(asked.get("state", ""), STATE_ORDER, "state"),
        verdict=_one_of(asked.get("verdict", ""), VERDICTS, "verdict"),
        first_day=days[0],
        last_day=days[1],
        has_days=has_days,
        order=_one_of(asked.get("order", ""), ("score",), "order"),
        look=_one_of(asked.get("look", ""), ("visits",), "look"),
        flag=_one_of(asked.get("flag", ""), FLAGS, "flag"),
    )


def _asked_days(asked: MultiDict[str, str]) -> tuple[date | None, date | None]:
    """`from` and `to`; raises `invalid` for what is no day, and for a last day before the first."""
    first, last = asked_day(asked.get("from", "")), asked_day(asked.get("to", ""))
    if first and last and last < first:
        raise Problem("invalid", f"days {first} {last}", fields={"to": "days_crossed"})
    return first, last


def _one_of(text: str, known: tuple[str, ...], name: str) -> str:
    if text and text not in known:
        raise Problem("invalid", f"{name} {text[:20]}")
    return text


def of_outlets(query: Any, chosen: VisitFilter) -> Any:
    """The parts about outlets: region and class."""
    if chosen.region_id:
        query = query.where(Outlet.region_id == chosen.region_id)
    if chosen.outlet_class:
        query = query.where(Outlet.outlet_class == chosen.outlet_class)
    return query


def of_outlet_months(query: Any, chosen: VisitFilter) -> Any:
    """The same parts about months of outlets: the class is the one that the month went by."""
    if chosen.region_id:
        query = query.where(Outlet.region_id == chosen.region_id)
    if chosen.outlet_class:
        query = query.where(OutletMonth.outlet_class == chosen.outlet_class)
    return query


def of_visits(query: Any, chosen: VisitFilter) -> Any:
    """The parts about visits: days, rep, verdict, flag."""
    query = query.where(Visit.visited_on.between(chosen.first_day, chosen.last_day))
    if chosen.rep_id:
        query = query.where(Visit.rep_id == chosen.rep_id)
    if chosen.verdict == "done":
        query = query.where(Visit.counts)
    elif chosen.verdict == "waiting":
        query = query.where(Visit.needs_review)
    elif chosen.verdict == "pending":
        query = query.where(Visit.seal.is_(None), Visit.is_replaced.is_(False))
    elif chosen.verdict == "no":
        query = query.where(Visit.counts.is_(False), Visit.needs_review.is_(False))
    elif chosen.verdict == "handed_over":
        query = query.where(Visit.was_out_of_scope)
    return with_flag(query, chosen.flag) if chosen.flag else query


def with_flag(query: Any, code: str) -> Any:
    """Of a select of visits, those that have this flag."""
    return query.where(Visit.id.in_(select(VisitFlag.visit_id).where(VisitFlag.code == code)))
