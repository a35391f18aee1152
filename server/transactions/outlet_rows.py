"""Outlet files by table (RULEBOOK §2): customers the company has already enter as approved files made by the office."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from server.db import db, held, take_turn
from server.domain.resident_id import DOCUMENT_KINDS, document_fault, document_number
from server.outlets.agent_names import agents_by_name
from server.outlets.agents import TURN as AGENTS_TURN
from server.outlets.fields import FIELDS, BadValue, clean_value
from server.outlets.identity import holds_document
from server.outlets.models import Outlet, OutletState
from server.outlets.office_files import OfficeFile, are_files_untouched, enter_files, remove_files
from server.people.models import Region
from server.transactions.accounts import ACCOUNT_NUMBER
from server.transactions.cells import Cell, count_of, number_of, text_of, yuan_of
from server.transactions.faults import CellFault, RowFault
from server.transactions.kinds import (
    ACCOUNT,
    AGENT_NAME,
    APPROVED_ON,
    FILE_COLUMNS,
    ID_KIND,
    ID_NUMBER,
    LAT,
    LON,
    MADE_ON,
    OUTLET,
    OUTLET_NAME,
    REGION,
)
from server.transactions.models import TableImport
from server.transactions.office_cells import cashiers_of, degrees_of, named_twice, needed_text, square_metres_of, text_within, yes_no_of
from server.transactions.outlet_numbers import bare_key, number_key, outlet_numbers
from server.transactions.plans import Plan, parts
from server.transactions.rows import Row
from sync.problems import Problem

MOST_CODE = 20
DOCUMENT_NAMES = {
    **{kind: kind for kind in DOCUMENT_KINDS},
    **dict.fromkeys(("身份证", "居民身份证"), "resident_id"),
    "港澳居民来往内地通行证": "hk_macau_permit",
    "台湾居民来往大陆通行证": "taiwan_permit",
    "外国人永久居留身份证": "foreigner_permit",
    "护照": "passport",
    "其他证件": "other",
}
COUNTS = ("households_nearby", "chain_outlets", "monthly_payments")
YUAN = ("monthly_fee_yuan",)
YES_NO = ("is_franchised_or_own_hall", "are_materials_complete", "are_materials_placed_right", "is_tidy")
MOST_LETTERS = 200


@dataclass(frozen=True)
class OutletLine:
    """`values` are those that the row says, by field of the file; `on` is the day the account was made."""

    row: int
    code: str
    region: str
    agent: str
    values: dict[str, Any]
    document: tuple[str, str] | None
    account_no: str
    on: date | None
    approved_on: date | None
    is_broken: bool


def read_outlet(row: Row, today: date) -> OutletLine | None:
    code = row.needed(OUTLET.field, _code_of) or ""
    region, agent = needed_text(row, REGION.field, MOST_LETTERS), row.read(AGENT_NAME.field, text_within(MOST_LETTERS)) or ""
    values = _values(row)
    document = _document(row, today)
    account_no, made_on = row.read(ACCOUNT.field, _account_of) or "", row.day(MADE_ON.field, today)
    if bool(account_no) != (not row.is_empty(MADE_ON.field)):
        row.refuse(MADE_ON.field if account_no else ACCOUNT.field, "goes_with_account")
    approved_on = row.day(APPROVED_ON.field, today)
    if not code:
        return None
    return OutletLine(row.number, code, region, agent, values, document, account_no, made_on, approved_on, row.is_broken)


def _code_of(cell: Cell) -> str:
    code = number_of(cell)
    if not ACCOUNT_NUMBER.fullmatch(code) or len(code) > MOST_CODE:
        raise CellFault("not_a_code")
    return code


def _account_of(cell: Cell) -> str:
    number = number_of(cell)
    if number and not ACCOUNT_NUMBER.fullmatch(number):
        raise CellFault("not_an_account")
    return number


def _values(row: Row) -> dict[str, Any]:
    """What the row says for each field of the file, as the file would keep it; empty cells say nothing."""
    found = {"name": row.needed(OUTLET_NAME.field, lambda cell: _clean("name", text_of(cell)))}
    for column in FILE_COLUMNS:
        if not row.is_empty(column.field):
            found[column.field] = row.read(column.field, lambda cell, name=column.field: _clean(name, _said(name, cell)))  # type: ignore[misc]
    lat, lon = row.read(LAT.field, degrees_of), row.read(LON.field, degrees_of)
    if row.is_empty(LAT.field) != row.is_empty(LON.field):
        row.refuse(LAT.field if row.is_empty(LAT.field) else LON.field, "both_degrees")
    elif lat is not None and lon is not None:
        found["position"] = row.read(LAT.field, lambda _cell: _clean("position", {"lat": lat, "lon": lon, "accuracy_m": None}))
    return found


def _said(name: str, cell: Cell) -> Any:
    """The cell in the terms of `server.outlets.fields`."""
    if name in COUNTS:
        return count_of(cell)
    if name in YUAN:
        return str(yuan_of(cell))
    if name == "floor_area_m2":
        return str(square_metres_of(cell))
    if name in YES_NO:
        return yes_no_of(cell)
    return cashiers_of(cell) if name == "cashiers" else text_of(cell)


def _clean(name: str, value: Any) -> Any:
    try:
        return clean_value(name, value)
    except BadValue:
        raise CellFault("not_degrees" if name == "position" else "out_of_range") from None


def _document(row: Row, today: date) -> tuple[str, str] | None:
    """The kind of the document and its number, checked; a number without a kind is a resident ID."""
    if row.is_empty(ID_NUMBER.field):
        if not row.is_empty(ID_KIND.field):
            row.refuse(ID_NUMBER.field, "required")
        return None
    kind = "resident_id" if row.is_empty(ID_KIND.field) else row.read(ID_KIND.field, _document_kind)
    text = row.read(ID_NUMBER.field, number_of)
    if kind is None or text is None:
        return None
    number = document_number(text)
    fault = document_fault(kind, number, today)
    if fault:
        row.refuse(ID_NUMBER.field, fault)
    return None if fault else (kind, number)


def _document_kind(cell: Cell) -> str:
    word = text_of(cell)
    if word not in DOCUMENT_NAMES:
        raise CellFault("unknown_document")
    return DOCUMENT_NAMES[word]


class _Known:
    """What is stored that a table may name."""

    def __init__(self, codes: list[str]) -> None:
        self.regions = {name: region_id for region_id, name in db.session.execute(select(Region.id, Region.name))}
        agents = agents_by_name()
        self.agents = {name: agent.id for name, agent in agents.items()}
        self.retired = {name for name, agent in agents.items() if agent.retired_at is not None}
        self.numbers = outlet_numbers()
        ids = [one.id for code in codes for one in self.numbers.by_code.get(number_key(code), ())]
        self.outlets = {one.id: one for part in parts(ids) for one in db.session.scalars(select(Outlet).where(Outlet.id.in_(part)))}

    def file(self, line: OutletLine) -> OfficeFile:
        names = (self.regions[line.region], self.agents[line.agent] if line.agent else None)
        return OfficeFile(line.code, *names, line.values, line.document, line.account_no or None, line.on, line.approved_on)


def plan_outlets(lines: Iterable[OutletLine]) -> Plan:
    """Files by code; a known outlet whose file says anything else is refused."""
    plan, found = Plan(), list(lines)
    known = _Known([line.code for line in found])
    twice = named_twice(found, lambda line: number_key(line.code), OUTLET.field, plan.faults)
    twice |= named_twice([line for line in found if line.row not in twice], lambda line: bare_key(line.account_no), ACCOUNT.field, plan.faults)
    for line in found:
        faults = list(_faults(line, known))
        plan.faults += faults
        if not faults and not line.is_broken and line.row not in twice:
            _compare(plan, line, known)
    return plan


def _faults(line: OutletLine, known: _Known) -> Iterable[RowFault]:
    if line.region and line.region not in known.regions:
        yield RowFault(line.row, REGION.field, "unknown_region", line.region, line.region)
    if line.agent and line.agent not in known.agents:
        yield RowFault(line.row, AGENT_NAME.field, "unknown_agent", line.agent, line.agent)
    holders = [one for one in known.numbers.holders(line.account_no) if one.code != line.code] if line.account_no else []
    if holders:
        yield RowFault(line.row, ACCOUNT.field, "account_taken", line.account_no, holders[0].code)


def _compare(plan: Plan, line: OutletLine, known: _Known) -> None:
    here = known.numbers.by_code.get(number_key(line.code), ())
    if not here and line.agent in known.retired:
        plan.faults.append(RowFault(line.row, AGENT_NAME.field, "retired_agent", line.agent, line.agent))
    elif not here:
        plan.entries.append(line)
        plan.new += 1
    elif _is_same(known.outlets[here[0].id], known.file(line)):
        plan.same += 1
    else:
        plan.faults.append(RowFault(line.row, OUTLET.field, "differs", line.code, here[0].code))


def _is_same(outlet: Outlet, file: OfficeFile) -> bool:
    """Whether the outlet is there and its file says what the row says; empty cells contradict nothing."""
    said = [FIELDS[name].read(outlet) == value for name, value in file.values.items()]
    said += [outlet.removed_at is None, outlet.state in (OutletState.APPROVED, OutletState.ARCHIVED), outlet.region_id == file.region_id]
    for mine, theirs in (
        (file.agent_id, outlet.agent_id),
        (file.account_no, outlet.account_no),
        (file.account_made_on, outlet.account_made_on),
        (file.approved_on, outlet.approved_on),
    ):
        said.append(mine is None or mine == theirs)
    return all(said) and (file.document is None or holds_document(outlet, *file.document))


def write_outlets(row: TableImport, plan: Plan) -> bool:
    """Enter the files of a plan's `OutletLine`s; `before` becomes one `[outlet_id]` for each, in their order.

    False when somebody took a code, or a region or an agent went since the plan was made; nothing is written then. The caller commits.
    """
    take_turn(AGENTS_TURN)  # or one may be joined into another meanwhile
    known = _Known([line.code for line in plan.entries])
    if any(number_key(line.code) in known.numbers.by_code for line in plan.entries):
        return False
    try:
        files = [known.file(line) for line in plan.entries]
    except KeyError:  # the region or the agent went
        return False
    row.before = [[outlet_id] for outlet_id in enter_files(files, row.by_id, row.at, row.id)]
    return True


def are_outlets_untouched(row: TableImport) -> bool:
    return are_files_untouched([outlet_id for (outlet_id,) in row.before])


def remove_outlets(row: TableImport, by_id: str, now: datetime) -> None:
    """Take back the outlets of `before`, rows of `[outlet_id]`. The caller commits. Raises `stale` when somebody did anything about one meanwhile."""
    outlet_ids = sorted(outlet_id for (outlet_id,) in row.before)
    for outlet_id in outlet_ids:
        held(Outlet, outlet_id)
    if not are_files_untouched(outlet_ids):
        raise Problem("stale")
    remove_files(outlet_ids, by_id, now, row.id)
