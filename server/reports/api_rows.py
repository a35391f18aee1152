"""Rows of the reporting API in the order of the feed: by the number of the commit that last changed them.

Commits are numbered in the order in which they become visible (feed/clock.py), so whoever reads on from a cursor misses nothing;
what changes meanwhile moves to the end and is given once more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from marshmallow import Schema
from sqlalchemy import ColumnElement, func, select, tuple_

from server.console.paging import after_key, key_text
from server.feed.models import SyncCommit, SyncFeed
from server.findings.models import Finding
from server.outlets.models import Outlet
from server.payroll.models import WageSheet
from server.people.models import Person, PersonRegion, Region
from server.reports import parts
from server.reports.api_schemas import FindingSchema, OutletMonthSchema, OutletSchema, VisitSchema, WageSheetSchema
from server.reports.models import ReportToken
from server.visits.models import OutletMonth, Visit

Query = Any
KEY = (SyncFeed.seq, SyncFeed.entity_id)
LONGEST_REQUEST = timedelta(minutes=2)


@dataclass(frozen=True)
class Part:
    """A part of the API. `entity_type` is the feed's; `joined` puts the part's columns on a select of the feed; `is_within` its regions."""

    name: str
    entity_type: str
    schema: type[Schema]
    joined: Callable[[Query], Query]
    is_within: Callable[[list[str]], ColumnElement[bool]]


def ordered_rows(part: Part, token: ReportToken, cursor: str, since: datetime | None) -> Query:
    """A select of what lies within the token's reach, behind the cursor, changed since the instant; raises `invalid` for a cursor that is none."""
    key = after_key(cursor, int, str)
    query = part.joined(select(SyncFeed.seq, SyncFeed.entity_id, SyncCommit.at.label("updated_at")).select_from(SyncFeed))
    query = query.outerjoin(SyncCommit, SyncCommit.seq == SyncFeed.seq)
    query = query.where(SyncFeed.entity_type == part.entity_type, SyncFeed.deleted.is_(False))
    if token.region_ids:
        query = query.where(part.is_within(token.region_ids))
    if since is not None:
        query = query.where(SyncFeed.seq > _last_before(since))
    if key is not None:
        query = query.where(tuple_(*KEY) > tuple_(*key))
    return query.order_by(*KEY)


def cursor_of(row: Any) -> str:
    """Where to go on behind this row."""
    return key_text([row.seq, row.entity_id])


def _last_before(since: datetime) -> Any:
    """The number below which every commit is older. A commit bears the time at which its request began, so some time before is read too."""
    later = select(func.min(SyncCommit.seq)).where(SyncCommit.at >= since - LONGEST_REQUEST).scalar_subquery()
    last = select(func.max(SyncCommit.seq)).scalar_subquery()
    return func.coalesce(later - 1, last, 0)


def _visits(query: Query) -> Query:
    query = query.join(Visit, Visit.id == SyncFeed.entity_id).join(Outlet, Outlet.id == Visit.outlet_id)
    names: tuple[str, ...] = (
        "id",
        "outlet_id",
        "visited_on",
        "checked_in_at",
        "checked_out_at",
        "received_at",
        "fix_lat",
        "fix_lon",
        "fix_accuracy_m",
    )
    names += ("distance_m", "counts", "needs_review", "reasons", "has_complaint", "score")
    query = _of_region(query.join(Person, Person.id == Visit.rep_id))
    return _at_outlet(query.add_columns(*(getattr(Visit, name) for name in names), *_rep()))


def _outlets(query: Query) -> Query:
    names = ("id", "code", "name", "outlet_class", "state", "address", "lat", "lon", "account_no", "account_made_on", "approved_on", "churned_on")
    query = query.join(Outlet, Outlet.id == SyncFeed.entity_id).where(Outlet.removed_at.is_(None))
    return _of_region(query).add_columns(*(getattr(Outlet, name) for name in names), Region.name.label("region"))


def _outlet_months(query: Query) -> Query:
    is_row = (OutletMonth.outlet_id == func.substr(SyncFeed.entity_id, 1, 36)) & (OutletMonth.month == func.substr(SyncFeed.entity_id, 38))
    query = _of_region(query.join(OutletMonth, is_row).join(Outlet, Outlet.id == OutletMonth.outlet_id))
    names = ("outlet_id", "month", "outlet_class", "owed", "planned", "counted", "waiting", "state")
    query = query.outerjoin(Person, Person.id == OutletMonth.rep_id)
    return _at_outlet(query.add_columns(*(getattr(OutletMonth, name) for name in names), *_rep()))


def _findings(query: Query) -> Query:
    query = query.join(Finding, Finding.id == SyncFeed.entity_id).join(Person, Person.id == Finding.person_id)
    query = query.outerjoin(Outlet, Outlet.id == Finding.outlet_id)
    columns = (getattr(Finding, name) for name in ("id", "kind", "month", "amount_yuan", "state", "created_at"))
    outlet = (Outlet.code.label("outlet_code"), Outlet.name.label("outlet_name"))
    return query.add_columns(*columns, *outlet, *_person())


def _wage_sheets(query: Query) -> Query:
    is_row = (WageSheet.person_id == func.substr(SyncFeed.entity_id, 1, 36)) & (WageSheet.month == func.substr(SyncFeed.entity_id, 38))
    names: tuple[str, ...] = ("month", "state", "gross_yuan", "deductions_yuan", "withheld_yuan", "shortfall_yuan", "adjustments_yuan", "total_yuan")
    names += ("policy_version", "computed_at")
    query = query.join(WageSheet, is_row).join(Person, Person.id == WageSheet.person_id)
    return query.add_columns(*(getattr(WageSheet, name) for name in names), *_person())


def _of_region(query: Query) -> Query:
    return query.join(Region, Region.id == Outlet.region_id)


def _at_outlet(query: Query) -> Query:
    return query.add_columns(Outlet.code.label("outlet_code"), Outlet.name.label("outlet_name"), Region.name.label("region"))


def _rep() -> tuple[Any, ...]:
    return Person.login.label("rep_login"), Person.name.label("rep_name")


def _person() -> tuple[Any, ...]:
    return Person.login.label("person_login"), Person.name.label("person_name")


def _outlet_within(region_ids: list[str]) -> ColumnElement[bool]:
    return Outlet.region_id.in_(region_ids)


def _person_within(region_ids: list[str]) -> ColumnElement[bool]:
    return Person.id.in_(select(PersonRegion.person_id).where(PersonRegion.region_id.in_(region_ids)))


def _finding_within(region_ids: list[str]) -> ColumnElement[bool]:
    """By its outlet; without one, by the person concerned."""
    return Outlet.region_id.in_(region_ids) | (Finding.outlet_id.is_(None) & _person_within(region_ids))


API_PARTS = {
    part.name: part
    for part in (
        Part(parts.VISITS, "visit", VisitSchema, _visits, _outlet_within),
        Part(parts.OUTLETS, "outlet", OutletSchema, _outlets, _outlet_within),
        Part(parts.OUTLET_MONTHS, "outlet_month", OutletMonthSchema, _outlet_months, _outlet_within),
        Part(parts.FINDINGS, "finding", FindingSchema, _findings, _finding_within),
        Part(parts.WAGE_SHEETS, "wage_sheet", WageSheetSchema, _wage_sheets, _person_within),
    )
}
