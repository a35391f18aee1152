"""The policy in force."""

from collections.abc import Callable
from datetime import date
from functools import cache

from flask import has_request_context, request
from sqlalchemy import ColumnElement, func, select

from server.db import db
from server.domain.months import Month
from server.domain.policy import Policy, policy_on
from server.domain.policy_keys import POLICY_KEYS
from server.domain.working_days import WorkingYear
from server.policy.models import CalendarYear, PolicyValue

DatedValue = tuple[str, date, str]

# In a request's environment: `policies` of what it read once for all months.
READ = "xundian.policies"

# Asked for every visit that is judged, so built once.
_DATED_VALUES = select(PolicyValue.key, PolicyValue.valid_from, PolicyValue.value).order_by(PolicyValue.set_at, PolicyValue.id)


def dated_values() -> list[DatedValue]:
    """All (key, valid from, value) rows, in the order they were made."""
    return [(key, valid_from, value) for key, valid_from, value in db.session.execute(_DATED_VALUES)]


def policy_of(month: Month) -> Policy:
    """The policy of a month: what is in force on its first day holds for all of it (RULEBOOK §11)."""
    if not has_request_context():
        return policy_on(month.first_day, dated_values())
    if READ not in request.environ:
        request.environ[READ] = policies()
    found: Policy = request.environ[READ](month)
    return found


def flag_in(key: str, month: Month) -> ColumnElement[bool]:
    """As `policy_of(month).flag(key)`, within a statement: pages that only count need not read the values for it."""
    return text_in(key, month) == "true"


def text_in(key: str, month: Month) -> ColumnElement[str]:
    """As `policy_of(month).text(key)`, within a statement."""
    in_force = select(PolicyValue.value).where(PolicyValue.key == key, PolicyValue.valid_from <= month.first_day)
    newest = in_force.order_by(PolicyValue.valid_from.desc(), PolicyValue.set_at.desc(), PolicyValue.id.desc()).limit(1).scalar_subquery()
    return func.coalesce(newest, POLICY_KEYS[key].default)


def forget_read_values() -> None:
    """A request that has set a value reads all of them anew."""
    if has_request_context():
        request.environ.pop(READ, None)


def policies() -> Callable[[Month], Policy]:
    """`policy_of` for a job over many months: the values are read once."""
    values = dated_values()
    return cache(lambda month: policy_on(month.first_day, values))


def working_years() -> dict[int, WorkingYear]:
    """The calendar, by year."""
    rows = db.session.scalars(select(CalendarYear))
    return {row.year: WorkingYear(row.year, row.is_provisional, _days(row.off), _days(row.on)) for row in rows}


def _days(texts: list[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)
