"""The check pass over a table: what it would write, and every row that it would not. Nothing is written."""

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from server.domain.months import Month
from server.policy.actions import closed_readers
from server.policy.queries import policy_of
from server.transactions.accounts import plan_accounts
from server.transactions.faults import RowFault
from server.transactions.kinds import ACCOUNTS, TableKind
from server.transactions.lines import read_line
from server.transactions.office import OFFICE_PLANS, OFFICE_READERS
from server.transactions.outlet_numbers import outlet_numbers
from server.transactions.plans import Plan
from server.transactions.reading import open_table
from server.transactions.rows import Reading, Row
from server.transactions.totals import plan_totals


@dataclass(frozen=True)
class CheckResult:
    """What a check came to. `new`, `changed`, `same` count totals, accounts, or what the office enters, `late` those of months that are closed.

    `digest` changes with anything that the clerk was shown: what is refused and why, and what is written over.
    """

    rows_read: int
    rows_refused: int
    new: int
    changed: int
    same: int
    late: int
    outlets: int
    amount: Decimal | None
    first_on: date | None
    last_on: date | None
    digest: str

    @property
    def rows_good(self) -> int:
        return self.rows_read - self.rows_refused


@dataclass(frozen=True)
class Checked:
    """`faults` are in the order of rows."""

    result: CheckResult
    faults: list[RowFault]
    plan: Plan


def most_yuan(kind: TableKind, today: date) -> Decimal:
    """What one row may say at most, by the policy of the month in which it is read."""
    return policy_of(Month.of_date(today)).decimal(f"import.most_yuan_{'month' if kind.has_months else 'day'}")


def read_table(path: Path, kind: TableKind, today: date, most_yuan: Decimal) -> Reading:
    """The slow part, which asks no database. Raises TableFault for what is wrong with the table as a whole."""
    table, reading = open_table(path, kind), Reading()
    read = OFFICE_READERS.get(kind.code)
    for cells in table.rows:
        row = Row(cells, table.head, reading)
        reading.rows_read += 1
        line = read(row, today) if read else read_line(row, kind, today, most_yuan)
        if line is not None:
            reading.lines.append(line)
    return reading


def check_lines(reading: Reading, kind: TableKind) -> Checked:
    """Hold the lines against outlets and stored rows, in the caller's transaction."""
    plan = plan_of(reading, kind)
    faults = sorted([*reading.faults, *plan.faults], key=lambda fault: (fault.row, fault.field, fault.code))
    closed = newest_closed()
    first_on, last_on = plan.days or (None, None)
    result = CheckResult(
        rows_read=reading.rows_read,
        rows_refused=len({fault.row for fault in faults}),
        new=plan.new,
        changed=plan.changed,
        same=plan.same,
        late=sum(one.on is not None and one.on <= closed.last_day for one in (*plan.writes, *plan.entries)) if closed else 0,
        outlets=plan.outlets,
        amount=plan.amount,
        first_on=first_on,
        last_on=last_on,
        digest=_digest(faults, plan),
    )
    return Checked(result, faults, plan)


def plan_of(reading: Reading, kind: TableKind) -> Plan:
    if kind.code in OFFICE_PLANS:
        return OFFICE_PLANS[kind.code](reading.lines)
    numbers = outlet_numbers()
    return plan_accounts(reading.lines, numbers) if kind.code == ACCOUNTS else plan_totals(reading.lines, numbers, kind)


def _digest(faults: list[RowFault], plan: Plan) -> str:
    said = hashlib.sha256(f"{plan.new} {plan.changed} {plan.same}".encode())
    for fault in faults:
        said.update(f"\n{fault.row} {fault.field} {fault.code}".encode())
    return said.hexdigest()


def newest_closed() -> Month | None:
    """The last month whose wages are closed, told by the features that know of wages."""
    return max((month for read in closed_readers if (month := read()) is not None), default=None)
