"""Transactions of outlets by day or by month: what a table's lines come to, writing it, taking it back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, func, select, tuple_

from server.bulk import put_over
from server.db import db
from server.domain.months import Month
from server.feed.clock import touch
from server.outlets.duplicates import kept_ids
from server.outlets.models import Outlet
from server.transactions.documents import volume_entry
from server.transactions.faults import RowFault
from server.transactions.kinds import AMOUNT, DAY, MONTH, TYPE, TableKind
from server.transactions.lines import Line
from server.transactions.models import OutletTransfer, TableImport
from server.transactions.outlet_numbers import OutletNumbers
from server.transactions.plans import Plan, Write, parts

STORED = ("outlet_id", "on_day", "amount_yuan", "transaction_count", "is_month_total", "import_id")
SPREAD = 8  # days looked through for each one that is written

Groups = dict[tuple[str, date], list[Line]]


class Stored(NamedTuple):
    amount: Decimal
    payments: int | None
    is_month_total: bool
    import_id: str | None


def plan_totals(lines: Iterable[Line], numbers: OutletNumbers, kind: TableKind) -> Plan:
    """One total per outlet and day or month. Lines that contradict each other, or what is stored, are all refused."""
    plan = Plan()
    for (outlet_id, on), group in _by_outlet_and_day(lines, numbers, plan.faults).items():
        faults = _contradictions(group, kind)
        plan.faults += faults
        if not faults and not group[0].is_broken:
            plan.writes.append(_total(outlet_id, on, group))
    _refuse_other_form(plan, kind)
    _compare(plan, kind)
    return plan


def _by_outlet_and_day(lines: Iterable[Line], numbers: OutletNumbers, faults: list[RowFault]) -> Groups:
    groups: Groups = defaultdict(list)
    for line in lines:
        outlet = numbers.found_or_noted(line, faults)
        if outlet is not None:
            groups[(outlet.id, line.on)].append(line)
    return groups


def _contradictions(group: list[Line], kind: TableKind) -> list[RowFault]:
    """What lines of one outlet and day are refused for: said twice, held back by a broken one, a refund of nothing."""
    if len(group) == 1:
        line = group[0]
        return [RowFault(line.row, TYPE.field, "refund_alone")] if line.is_refund and not line.is_broken else []
    broken = next((line for line in group if line.is_broken), None)
    if broken is not None:
        return [RowFault(line.row, AMOUNT.field, "other_line_refused", note=str(broken.row)) for line in group if not line.is_broken]
    payments, refunds = ([line for line in group if line.is_refund == is_refund] for is_refund in (False, True))
    twice = payments if len(payments) > 1 else refunds if len(refunds) > 1 else []
    name = DAY.field if kind.code != "months" else MONTH.field
    faults = [RowFault(line.row, name, "duplicate_row", str(line.on), str(_other(line, twice).row)) for line in twice]
    spoiled = {line.row for line in twice}
    rest = [line for line in group if line.row not in spoiled]
    if twice:
        return faults + [RowFault(line.row, AMOUNT.field, "other_line_refused", note=str(twice[0].row)) for line in rest]
    return []


def _other(line: Line, lines: list[Line]) -> Line:
    return next(other for other in lines if other.row != line.row)


def _total(outlet_id: str, on: date, group: list[Line]) -> Write:
    amount = sum((line.amount for line in group if line.amount is not None), Decimal("0.00"))
    payments = next((line.payments for line in group if not line.is_refund), None)
    return Write(tuple(line.row for line in group), outlet_id, on, amount, payments)


def _refuse_other_form(plan: Plan, kind: TableKind) -> None:
    """Days and a month's total never share a month of an outlet: the sums would count it twice (RULEBOOK §10)."""
    by_month: defaultdict[Month, set[str]] = defaultdict(set)
    for write in plan.writes:
        by_month[Month.of_date(write.on)].add(write.outlet_id)
    taken = {(outlet_id, month) for month, outlets in by_month.items() for outlet_id in _in_other_form(month, sorted(outlets), kind)}
    if not taken:
        return
    code, name = ("days_stand", MONTH.field) if kind.has_months else ("month_stands", DAY.field)
    for write in plan.writes:
        month = Month.of_date(write.on)
        if (write.outlet_id, month) in taken:
            plan.faults += [RowFault(row, name, code, "", str(month)) for row in write.rows]
    plan.writes = [write for write in plan.writes if (write.outlet_id, Month.of_date(write.on)) not in taken]


def _in_other_form(month: Month, outlet_ids: Sequence[str], kind: TableKind) -> set[str]:
    other = OutletTransfer.is_month_total.is_not(kind.has_months)
    query = select(OutletTransfer.outlet_id).where(OutletTransfer.on.between(month.first_day, month.last_day), other).distinct()
    return {found for part in parts(outlet_ids) for found in db.session.scalars(query.where(OutletTransfer.outlet_id.in_(part)))}


def _compare(plan: Plan, kind: TableKind) -> None:
    """What is stored where the plan writes: it is kept for an undo, and counted as changed or as the same."""
    plan.writes.sort(key=lambda write: (write.outlet_id, write.on))
    for part in parts(plan.writes):
        stored = _stored(part, kind)
        for write in part:
            here = stored.get((write.outlet_id, write.on))
            if here is None:
                plan.new += 1
                continue
            is_same = (here.amount, here.payments) == (write.amount, write.payments)
            plan.same, plan.changed = plan.same + is_same, plan.changed + (not is_same)
            plan.before.append([write.outlet_id, str(write.on), str(here.amount), here.payments, here.is_month_total, here.import_id])
    plan.first_on = min((write.on for write in plan.writes), default=None)


def _stored(part: Sequence[Write], kind: TableKind) -> dict[tuple[str, date], Stored]:
    columns = (OutletTransfer.amount_yuan, OutletTransfer.count, OutletTransfer.is_month_total, OutletTransfer.import_id)
    query = select(OutletTransfer.outlet_id, OutletTransfer.on, *columns).where(_is_among(part, kind))
    return {(row[0], row[1]): Stored(*row[2:]) for row in db.session.execute(query)}


def _is_among(part: Sequence[Write], kind: TableKind) -> ColumnElement[bool]:
    """The condition for what is stored where these are written. A span of days is found faster than each day by itself, unless the
    days lie far apart; a month has one total only."""
    outlet_ids, first, last = sorted({write.outlet_id for write in part}), min(write.on for write in part), max(write.on for write in part)
    if kind.has_months or len(outlet_ids) * ((last - first).days + 1) <= SPREAD * len(part):
        span = OutletTransfer.outlet_id.in_(outlet_ids) & OutletTransfer.on.between(first, last)
        return span & OutletTransfer.is_month_total.is_(kind.has_months)
    return tuple_(OutletTransfer.outlet_id, OutletTransfer.on).in_([(write.outlet_id, write.on) for write in part])


def write_totals(plan: Plan, kind: TableKind, import_id: str) -> None:
    """Write all totals, over what was stored before; in the caller's transaction."""
    rows = [(write.outlet_id, write.on, write.amount, write.payments, kind.has_months, import_id) for write in plan.writes]
    upsert_totals(rows)


def upsert_totals(rows: Sequence[tuple[Any, ...]]) -> None:
    """Write rows in the order of `STORED`, over what is there of the same outlet and day; phones hear of it."""
    put_over(OutletTransfer, [dict(zip(STORED, row, strict=True)) for row in rows], STORED[:2])
    touch(db.session, *map(volume_entry, sorted({row[0] for row in rows})))


def are_outlets_here(import_id: str) -> bool:
    """Whether every outlet that the import wrote to is still there: one may have been merged into another meanwhile."""
    query = select(Outlet.id).join(OutletTransfer, OutletTransfer.outlet_id == Outlet.id)
    return db.session.scalar(query.where(OutletTransfer.import_id == import_id, Outlet.removed_at.is_not(None)).limit(1)) is None


def are_totals_untouched(row: TableImport) -> bool:
    """Whether all that the import wrote still stands: a later one, or a merge of outlets, takes its rows."""
    written = db.session.scalar(select(func.count()).select_from(OutletTransfer).where(OutletTransfer.import_id == row.id))
    return written == row.rows_written


def restore_totals(row: TableImport) -> None:
    """Put back what the import wrote over, and remove the rest of what it wrote; in the caller's transaction.

    What belonged to an outlet that was merged since returns to the one that was kept, where its total went.
    """
    written = db.session.scalars(select(OutletTransfer.outlet_id).where(OutletTransfer.import_id == row.id).distinct()).all()
    db.session.execute(delete(OutletTransfer).where(OutletTransfer.import_id == row.id).execution_options(synchronize_session=False))
    touch(db.session, *map(volume_entry, sorted(written)))
    kept = kept_ids()
    upsert_totals([(kept.get(outlet_id, outlet_id), date.fromisoformat(on), Decimal(amount), *rest) for outlet_id, on, amount, *rest in row.before])
