"""What waits for a decision, within the reader's reach: changes, values that lost, records that were not taken in."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, true

from server.console.filters import RegionAndRep
from server.console.paging import PAGE_ROWS, instant_key, key_text, one_page
from server.console.queues import Queue
from server.db import db
from server.intake.models import SyncConflict, SyncOp
from server.intake.parked import waited, waits
from server.intake.waiting_words import QUEUE_WORDS
from server.outlets.deciders import DECIDERS, decides_on
from server.outlets.fields import FIELDS
from server.outlets.models import Outlet, OutletAlias
from server.people.models import Person, PersonRegion, Region, Role
from sync.problems import Problem
from sync.receive import QUARANTINED

REPAIRERS = (Role.MANAGER, Role.ADMIN)
RECORD_READERS = (Role.SUPERVISOR, *REPAIRERS)
UNREAD = literal(QUARANTINED, literal_execute=True)  # as in `parked.py`
OP_ORDER, CONFLICT_ORDER = (SyncOp.received_at, SyncOp.op_id), (SyncConflict.raised_at, SyncConflict.id)
CHANGES, VALUES, RECORDS = "waiting.changes", "waiting.values", "waiting.records"


@dataclass(frozen=True)
class WaitingPage:
    rows: list[Any]
    next_key: str | None


def _looks_after(reader: Person) -> ColumnElement[bool]:
    """The condition on `SyncOp` for those of senders whose records the reader sees."""
    if reader.holds(*REPAIRERS):
        return true()
    return SyncOp.person_id.in_(select(PersonRegion.person_id).where(PersonRegion.region_id.in_(reader.region_ids)))


def waiting_queues(reader: Person) -> list[Queue]:
    queues = []
    if reader.holds(*DECIDERS):
        queues.append(Queue(CHANGES, str(QUEUE_WORDS["changes"]), _counted(_changes(reader), *OP_ORDER)))
        queues.append(Queue(VALUES, str(QUEUE_WORDS["values"]), _counted(_values(reader), *CONFLICT_ORDER)))
    if reader.holds(*RECORD_READERS):
        count = _counted(_records(reader), *OP_ORDER) + _counted(_reused(reader), *CONFLICT_ORDER)
        queues.append(Queue(RECORDS, str(QUEUE_WORDS["records"]), count))
    return queues


def _counted(query: Any, *order: Any) -> ColumnElement[int]:
    """In the order of the index that has what waits, or PostgreSQL reads all that was ever sent until it finds enough."""
    count: ColumnElement[int] = query.with_only_columns(func.count()).order_by(*order).scalar_subquery()
    return count


def _changes(reader: Person) -> Any:
    return select(SyncOp).join(Outlet, Outlet.id == SyncOp.entity_id).where(waits(), decides_on(reader))


def _values(reader: Person) -> Any:
    query = select(SyncConflict).join(SyncOp, SyncOp.op_id == SyncConflict.op_id).join(Outlet, Outlet.id == SyncConflict.entity_id)
    return query.where(SyncConflict.kind == "field", SyncConflict.settled_at.is_(None), decides_on(reader))


def _records(reader: Person) -> Any:
    return select(SyncOp).where(SyncOp.code == UNREAD, SyncOp.settled_at.is_(None), _looks_after(reader))


def _reused(reader: Person) -> Any:
    query = select(SyncConflict).join(SyncOp, SyncOp.op_id == SyncConflict.op_id)
    return query.where(SyncConflict.kind == "op_id_reused", SyncConflict.settled_at.is_(None), _looks_after(reader))


def _with_sender(query: Any) -> Any:
    return query.join(Person, Person.id == SyncOp.person_id)


def change_page(reader: Person, chosen: RegionAndRep, after: str) -> WaitingPage:
    """Parked changes, oldest first, each with the fields that wait."""
    found = _page(listed_changes(reader, chosen), OP_ORDER, after)
    fields = fields_of([row.op_id for row in found.rows])
    return WaitingPage([(row, fields.get(row.op_id, [])) for row in found.rows], found.next_key)


def listed_changes(reader: Person, chosen: RegionAndRep) -> Any:
    """A select of the parked changes that the filter names; the order is the caller's."""
    columns = (SyncOp.op_id, SyncOp.received_at, SyncOp.problem, Person.name.label("sender"))
    query = _with_sender(_changes(reader)).join(Region, Region.id == Outlet.region_id)
    query = query.with_only_columns(*columns, Outlet.code, Outlet.name.label("outlet"), Region.name.label("region"))
    return _at_outlets(query, chosen)


def fields_of(op_ids: list[str]) -> dict[str, list[str]]:
    """By change the names of its fields that wait."""
    query = select(SyncConflict.op_id, SyncConflict.field).where(SyncConflict.op_id.in_(op_ids), SyncConflict.kind == "parked")
    fields: dict[str, list[str]] = {}
    for op_id, name in db.session.execute(query.where(SyncConflict.settled_at.is_(None)).order_by(SyncConflict.field)):
        fields.setdefault(op_id, []).append(name)
    return fields


def value_page(reader: Person, chosen: RegionAndRep, after: str) -> WaitingPage:
    """Values that were replaced, oldest first: (row, what the field holds now)."""
    found = _page(listed_values(reader, chosen), CONFLICT_ORDER, after)
    return WaitingPage(with_present_values(found.rows), found.next_key)


def listed_values(reader: Person, chosen: RegionAndRep) -> Any:
    """A select of the replaced values that the filter names; the order is the caller's."""
    columns = (SyncConflict, Person.name.label("sender"), Region.name.label("region"))
    query = _with_sender(_values(reader)).join(Region, Region.id == Outlet.region_id).with_only_columns(*columns)
    return _at_outlets(query, chosen)


def with_present_values(rows: list[Any]) -> list[tuple[Any, Outlet, Any]]:
    """(row, the outlet that stands for it, what its field holds now) of rows of `listed_values`."""
    outlets = standing_outlets([row.SyncConflict.entity_id for row in rows])
    found = [(row, outlets[row.SyncConflict.entity_id]) for row in rows]
    return [(row, outlet, FIELDS[row.SyncConflict.field].read(outlet)) for row, outlet in found]


def standing_outlets(outlet_ids: list[str]) -> dict[str, Outlet]:
    """By id the outlet that stands for it: itself, or the one it was merged into."""
    query = select(OutletAlias.outlet_id, OutletAlias.kept_id).where(OutletAlias.outlet_id.in_(outlet_ids))
    kept: dict[str, str] = {gone_id: kept_id for gone_id, kept_id in db.session.execute(query)}
    wanted = {kept.get(outlet_id, outlet_id) for outlet_id in outlet_ids}
    outlets = {outlet.id: outlet for outlet in db.session.scalars(select(Outlet).where(Outlet.id.in_(wanted)))}
    return {outlet_id: outlets[kept.get(outlet_id, outlet_id)] for outlet_id in outlet_ids}


def record_page(reader: Person, chosen: RegionAndRep, after: str) -> WaitingPage:
    """Records that were not taken in, oldest first."""
    return _page(listed_records(reader, chosen), OP_ORDER, after)


def listed_records(reader: Person, chosen: RegionAndRep) -> Any:
    """A select of the records not taken in that the filter names; the order is the caller's."""
    columns = (SyncOp.op_id, SyncOp.form, SyncOp.received_at, SyncOp.problem, SyncOp.times, Person.name.label("sender"))
    return _from_people(_with_sender(_records(reader)).with_only_columns(*columns), chosen)


def reused_ids(reader: Person, chosen: RegionAndRep) -> list[Any]:
    """Contents that came under the id of another record, oldest first, at most a page."""
    return list(db.session.execute(listed_reused(reader, chosen).order_by(*CONFLICT_ORDER).limit(PAGE_ROWS)))


def listed_reused(reader: Person, chosen: RegionAndRep) -> Any:
    """A select of the contents under another record's id that the filter names; the order is the caller's."""
    columns = (SyncConflict.id, SyncConflict.raised_at, SyncOp.form, Person.name.label("sender"))
    return _from_people(_with_sender(_reused(reader)).with_only_columns(*columns), chosen)


def _at_outlets(query: Any, chosen: RegionAndRep) -> Any:
    if chosen.region_id:
        query = query.where(Outlet.region_id == chosen.region_id)
    return query.where(Person.id == chosen.rep_id) if chosen.rep_id else query


def _from_people(query: Any, chosen: RegionAndRep) -> Any:
    if chosen.region_id:
        query = query.where(Person.id.in_(select(PersonRegion.person_id).where(PersonRegion.region_id == chosen.region_id)))
    return query.where(Person.id == chosen.rep_id) if chosen.rep_id else query


def _page(query: Any, order: tuple[Any, Any], after: str) -> WaitingPage:
    rows = list(db.session.execute(one_page(query, order, instant_key(after))))
    if len(rows) <= PAGE_ROWS:
        return WaitingPage(rows, None)
    last = rows[PAGE_ROWS - 1]
    at, row_id = (last.SyncConflict.raised_at, last.SyncConflict.id) if "SyncConflict" in last._fields else (last.received_at, last.op_id)
    return WaitingPage(rows[:PAGE_ROWS], key_text([at.isoformat(), row_id]))


def change_in_reach(reader: Person, op_id: str) -> SyncOp:
    """A change that waits or waited, or `not_found` for whoever does not decide on its outlet."""
    query = select(SyncOp).join(Outlet, Outlet.id == SyncOp.entity_id)
    return _found(query.where(SyncOp.op_id == op_id, waited(), decides_on(reader)))


def value_in_reach(reader: Person, conflict_id: str) -> SyncConflict:
    query = select(SyncConflict).join(Outlet, Outlet.id == SyncConflict.entity_id)
    return _found(query.where(SyncConflict.id == conflict_id, SyncConflict.kind == "field", decides_on(reader)))


def record_in_reach(reader: Person, op_id: str) -> SyncOp:
    """A record that was not taken in at first."""
    return _found(select(SyncOp).where(SyncOp.op_id == op_id, SyncOp.code == "quarantined", _looks_after(reader)))


def reused_in_reach(reader: Person, conflict_id: str) -> SyncConflict:
    query = select(SyncConflict).join(SyncOp, SyncOp.op_id == SyncConflict.op_id).join(Person, Person.id == SyncOp.person_id)
    return _found(query.where(SyncConflict.id == conflict_id, SyncConflict.kind == "op_id_reused", _looks_after(reader)))


def _found(query: Any) -> Any:
    row = db.session.scalar(query)
    if row is None:
        raise Problem("not_found")
    return row
