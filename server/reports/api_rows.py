"""Rows of the reporting API in the order of the feed: by the number of the commit that last changed them.

Commits are numbered in the order in which they become visible (feed/clock.py), so whoever reads on from a cursor misses nothing;
what changes meanwhile moves to the end and is given once more. What phones no longer hold is a row all the same: it stands at the
number of its tombstone, and once that is forgotten at the floor, behind the other rows up to there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from marshmallow import Schema
from sqlalchemy import ColumnElement, exists, func, literal, null, select, tuple_
from sqlalchemy.orm import aliased

from server.console.paging import after_key, key_text
from server.db import db
from server.feed.models import SyncCommit, SyncFeed, SyncMeta
from server.findings.models import Finding
from server.outlets.models import Outlet
from server.payroll.models import WageSheet
from server.people.models import Person, PersonRegion, Region
from server.reports import parts
from server.reports.api_schemas import FindingSchema, OutletMonthSchema, OutletSchema, VisitSchema, WageSheetSchema
from server.reports.models import ReportToken
from server.visits.models import OutletMonth, Visit
from sync.problems import Problem

Query = Any
KEY = (SyncFeed.seq, SyncFeed.entity_id)
LONGEST_REQUEST = timedelta(minutes=2)
READ_AT_ONCE = 1000
UNSTAMPED = "~"  # before the id in the key of a row that the feed has forgotten; no id begins so


@dataclass(frozen=True)
class Part:
    """A part of the API. `entity_type` is the feed's; `keys` are the columns that its entity ids are made of; `joined` puts the part's
    columns on a select with such a column of ids; `is_within` its regions."""

    name: str
    entity_type: str
    schema: type[Schema]
    keys: tuple[Any, ...]
    joined: Callable[[Query, Any], Query]
    is_within: Callable[[list[str]], ColumnElement[bool]]


class Key(NamedTuple):
    """Where a row stands."""

    seq: int
    entity_id: str


def ordered_rows(part: Part, token: ReportToken, cursor: str, since: datetime | None, limit: int) -> Iterator[Any]:
    """What lies within the token's reach, behind the cursor, changed since the instant; raises `invalid` for a cursor that is none."""
    key = after_key(cursor, int, str)
    queries = _queries(part, None if key is None else Key(*key), -1 if since is None else _last_before(since))
    within = [part.is_within(token.region_ids)] if token.region_ids else []
    asked = (query.where(*within).limit(limit).execution_options(yield_per=READ_AT_ONCE) for query in queries)
    return islice((row for query in asked for row in db.session.execute(query)), limit)


def cursor_of(row: Any) -> str:
    """Where to go on behind this row."""
    return key_text([row.seq, row.entity_id])


def _queries(part: Part, key: Key | None, last: int) -> list[Query]:
    """One after the other: rows up to the floor, those that the feed has forgotten, rows above the floor; each behind the key and
    above the commit `last`."""
    floor = db.session.scalar(select(SyncMeta.floor_seq)) or 0
    above = _stamped(part, key, max(last, floor))
    if floor <= last or (key is not None and key.seq > floor):
        return [above]
    return [_stamped(part, key, last).where(SyncFeed.seq <= floor), _unstamped(part, key, floor), above]


def _stamped(part: Part, key: Key | None, last: int) -> Query:
    """Above the commit `last` and behind the key: one bound of the two, or SQLite would walk from the lower one."""
    query = select(SyncFeed.seq, SyncFeed.entity_id, SyncCommit.at.label("updated_at")).select_from(SyncFeed)
    query = part.joined(query, SyncFeed.entity_id).outerjoin(SyncCommit, SyncCommit.seq == SyncFeed.seq)
    query = query.where(SyncFeed.entity_type == part.entity_type, _is_last_word())
    if key is None or key.seq <= last:
        is_behind = SyncFeed.seq > last
    elif key.entity_id.startswith(UNSTAMPED):
        is_behind = SyncFeed.seq > key.seq
    else:
        is_behind = tuple_(*KEY) > tuple_(*key)
    return query.where(is_behind).order_by(*KEY)


def _is_last_word() -> ColumnElement[bool]:
    """Not of a tombstone whose entity lives in another scope, or was buried there later."""
    other = aliased(SyncFeed)
    is_same = (other.entity_type == SyncFeed.entity_type) & (other.entity_id == SyncFeed.entity_id)
    is_later = other.deleted.is_(False) | (tuple_(other.seq, other.scope_id) > tuple_(SyncFeed.seq, SyncFeed.scope_id))
    return SyncFeed.deleted.is_(False) | ~exists().where(is_same, is_later)


def _unstamped(part: Part, key: Key | None, floor: int) -> Query:
    """Rows without a word in the feed, in the order of their ids. When the floor has risen since the key, all of them are given again:
    some have come to stand before it."""
    entity_id = _entity_id(part.keys)
    is_stamped = exists().where(SyncFeed.entity_type == part.entity_type, SyncFeed.entity_id == entity_id)
    forgotten = select(*part.keys, entity_id.label("entity_id")).where(~is_stamped).subquery()
    keys = [forgotten.c[column.name] for column in part.keys]
    columns = (literal(floor).label("seq"), (literal(UNSTAMPED) + forgotten.c.entity_id).label("entity_id"), null().label("updated_at"))
    query = part.joined(select(*columns).select_from(forgotten), forgotten.c.entity_id).order_by(*keys)
    if key is None or key.seq < floor or not key.entity_id.startswith(UNSTAMPED):
        return query
    behind = key.entity_id.removeprefix(UNSTAMPED).split(":")
    if len(behind) != len(keys):
        raise Problem("invalid", "after")
    return query.where(tuple_(*keys) > tuple_(*behind))


def _entity_id(keys: tuple[Any, ...]) -> Any:
    return keys[0] if len(keys) == 1 else keys[0] + ":" + keys[1]


def _last_before(since: datetime) -> int:
    """The number below which every commit is older, -1 when no older one is kept: all may have changed since.

    A commit bears the time at which its request began, so some time before is read too.
    """
    begin = since - LONGEST_REQUEST
    first, last = db.session.execute(select(func.min(SyncCommit.seq), func.max(SyncCommit.seq))).one()
    later = db.session.scalar(select(func.min(SyncCommit.seq)).where(SyncCommit.at >= begin))
    if later is None:
        return -1 if last is None else last
    return -1 if later == first else later - 1


def _visits(query: Query, entity_id: Any) -> Query:
    query = query.join(Visit, Visit.id == entity_id).join(Outlet, Outlet.id == Visit.outlet_id)
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


def _outlets(query: Query, entity_id: Any) -> Query:
    names = ("id", "code", "name", "outlet_class", "state", "address", "lat", "lon", "account_no", "account_made_on", "approved_on", "churned_on")
    query = query.join(Outlet, Outlet.id == entity_id).where(Outlet.removed_at.is_(None))
    return _of_region(query).add_columns(*(getattr(Outlet, name) for name in names), Region.name.label("region"))


def _outlet_months(query: Query, entity_id: Any) -> Query:
    is_row = (OutletMonth.outlet_id == func.substr(entity_id, 1, 36)) & (OutletMonth.month == func.substr(entity_id, 38))
    query = _of_region(query.join(OutletMonth, is_row).join(Outlet, Outlet.id == OutletMonth.outlet_id))
    names = ("outlet_id", "month", "outlet_class", "owed", "planned", "counted", "waiting", "state")
    query = query.outerjoin(Person, Person.id == OutletMonth.rep_id)
    return _at_outlet(query.add_columns(*(getattr(OutletMonth, name) for name in names), *_rep()))


def _findings(query: Query, entity_id: Any) -> Query:
    query = query.join(Finding, Finding.id == entity_id).join(Person, Person.id == Finding.person_id)
    query = query.outerjoin(Outlet, Outlet.id == Finding.outlet_id)
    columns = (getattr(Finding, name) for name in ("id", "kind", "month", "amount_yuan", "state", "created_at"))
    outlet = (Outlet.code.label("outlet_code"), Outlet.name.label("outlet_name"))
    return query.add_columns(*columns, *outlet, *_person())


def _wage_sheets(query: Query, entity_id: Any) -> Query:
    is_row = (WageSheet.person_id == func.substr(entity_id, 1, 36)) & (WageSheet.month == func.substr(entity_id, 38))
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
        Part(parts.VISITS, "visit", VisitSchema, (Visit.id,), _visits, _outlet_within),
        Part(parts.OUTLETS, "outlet", OutletSchema, (Outlet.id,), _outlets, _outlet_within),
        Part(parts.OUTLET_MONTHS, "outlet_month", OutletMonthSchema, (OutletMonth.outlet_id, OutletMonth.month), _outlet_months, _outlet_within),
        Part(parts.FINDINGS, "finding", FindingSchema, (Finding.id,), _findings, _finding_within),
        Part(parts.WAGE_SHEETS, "wage_sheet", WageSheetSchema, (WageSheet.person_id, WageSheet.month), _wage_sheets, _person_within),
    )
}
