"""Policy and calendar as phones receive them."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Select, String, bindparam, cast, literal, select

from server.db import db
from server.policy.models import CalendarYear
from server.policy.queries import dated_values

Document = dict[str, Any]

# Asked by every first pull, so built once.
_YEARS = select(CalendarYear.year, CalendarYear.is_provisional, CalendarYear.off, CalendarYear.on).where(
    CalendarYear.year.in_(bindparam("years", expanding=True))
)


def policy_documents(ids: list[str]) -> dict[str, Document]:
    """One document, `current`: each key's values with the day they hold from, ascending."""
    values: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for key, valid_from, value in dated_values():
        values[key][valid_from.isoformat()] = value
    document = {"values": {key: sorted(map(list, dated.items())) for key, dated in values.items()}}
    return {"current": document} if "current" in ids else {}


def working_year_documents(ids: list[str]) -> dict[str, Document]:
    years = [int(text) for text in ids if text.isdigit()]
    return {str(row["year"]): dict(row) for row in db.session.execute(_YEARS, {"years": years}).mappings()}


def live_policy() -> Select[str, str]:
    return select(literal("current"), literal("global"))


def live_working_years() -> Select[str, str]:
    return select(cast(CalendarYear.year, String), literal("global"))
