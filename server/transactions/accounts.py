"""Accounts of outlets 工号: what a table's lines come to, writing it, taking it back."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from server.audit.actions import record_audit
from server.db import db
from server.feed.clock import FeedEntry, touch
from server.outlets.models import Outlet
from server.outlets.office_files import ACCOUNT_SET
from server.transactions.faults import RowFault
from server.transactions.kinds import ACCOUNT, OUTLET
from server.transactions.lines import Line
from server.transactions.models import TableImport
from server.transactions.outlet_numbers import KnownOutlet, NumberFault, OutletNumbers, bare_key, number_key
from server.transactions.plans import Plan, Write, parts

ACCOUNT_NUMBER = re.compile(r"[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff._/-]{0,39}")
COLUMNS = ("account_no", "account_made_on")

Placed = list[tuple[Line, KnownOutlet, str]]
Change = tuple[str, Sequence[str | None], Sequence[str | None]]  # outlet id, from, to


def plan_accounts(lines: Iterable[Line], numbers: OutletNumbers) -> Plan:
    """The account number of each outlet and the day it was made; an outlet or a number that comes twice is refused each time."""
    plan = Plan()
    placed = _placed(lines, numbers, plan.faults)
    twice = _named_twice(placed, plan.faults)
    for line, outlet, account in placed:
        if line.row not in twice and not line.is_broken:
            _compare(plan, line, outlet, account)
    return plan


def _placed(lines: Iterable[Line], numbers: OutletNumbers, faults: list[RowFault]) -> Placed:
    """(line, outlet, the account number that it is to have)."""
    found = []
    for line in lines:
        try:
            outlet = numbers.of_code(line.code) if line.code else numbers.of_account(line.account)
            account = _account(line, outlet, numbers)
        except NumberFault as fault:
            faults.append(fault.of_row(line))
            continue
        found.append((line, outlet, account))
    return found


def _account(line: Line, outlet: KnownOutlet, numbers: OutletNumbers) -> str:
    """The number in the table, or the one the outlet has; a number that belongs to another outlet is refused."""
    if not line.code or not line.account:
        if not outlet.account_no:
            raise NumberFault(ACCOUNT.field, "required")
        return outlet.account_no
    if outlet.account_no and number_key(outlet.account_no).lstrip("0") == number_key(line.account):
        return outlet.account_no  # a spreadsheet took its zeros
    if not ACCOUNT_NUMBER.fullmatch(line.account):
        raise NumberFault(ACCOUNT.field, "not_an_account")
    holder = next((one for one in numbers.holders(line.account) if one.id != outlet.id), None)
    if holder is not None:
        raise NumberFault(ACCOUNT.field, "account_taken", holder.code)
    return line.account


def _named_twice(placed: Placed, faults: list[RowFault]) -> set[int]:
    """Rows that name an outlet, or give an account number, that another row names or gives too."""
    rows: set[int] = set()
    for key, name in ((lambda one: one[1].id, OUTLET.field), (lambda one: bare_key(one[2]), ACCOUNT.field)):
        groups: defaultdict[str, list[int]] = defaultdict(list)
        for one in placed:
            groups[key(one)].append(one[0].row)
        for group in groups.values():
            fresh = [row for row in group if row not in rows] if len(group) > 1 else []
            faults += [RowFault(row, name, "duplicate_row", "", str(next(other for other in group if other != row))) for row in fresh]
            rows.update(fresh)
    return rows


def _compare(plan: Plan, line: Line, outlet: KnownOutlet, account: str) -> None:
    plan.writes.append(Write((line.row,), outlet.id, line.on, account_no=account))
    if (outlet.account_no, outlet.account_made_on) == (account, line.on):
        plan.same += 1
        return
    is_new = outlet.account_no is None and outlet.account_made_on is None
    plan.new, plan.changed = plan.new + is_new, plan.changed + (not is_new)
    old_on = outlet.account_made_on
    plan.before.append([outlet.id, outlet.account_no, str(old_on) if old_on else None, account, str(line.on)])
    plan.first_on = min(day for day in (plan.first_on, line.on, old_on) if day is not None)


def write_accounts(row: TableImport) -> bool:
    """Write the accounts that change; in the caller's transaction. False when an outlet was changed by others since it was read."""
    changes: list[Change] = [(outlet_id, (no, made_on), (new_no, new_on)) for outlet_id, no, made_on, new_no, new_on in row.before]
    return _replace(changes, row.id, row.by_id, row.at)


def are_accounts_untouched(row: TableImport) -> bool:
    """Whether every outlet has the account that the import gave it, and nobody else has got the number it had before."""
    given = {outlet_id: (no, made_on) for outlet_id, _, _, no, made_on in row.before}
    old = sorted({no for _, no, _, _, _ in row.before if no})
    columns = (Outlet.id, Outlet.account_no, Outlet.account_made_on)
    live = select(*columns).where(Outlet.removed_at.is_(None))
    here = {one[0]: _as_kept(one) for part in parts(sorted(given)) for one in db.session.execute(live.where(Outlet.id.in_(part)))}
    taken = {one[0] for part in parts(old) for one in db.session.execute(live.where(Outlet.account_no.in_(part)))}
    return here == given and taken <= set(given)


def _as_kept(row: Sequence[Any]) -> tuple[str | None, str | None]:
    return row[1], str(row[2]) if row[2] else None


def restore_accounts(row: TableImport, by_id: str, now: datetime) -> bool:
    """Give the outlets back the accounts that they had; as `write_accounts`."""
    changes: list[Change] = [(outlet_id, (new_no, new_on), (no, made_on)) for outlet_id, no, made_on, new_no, new_on in row.before]
    return _replace(changes, row.id, by_id, now)


def _replace(changes: list[Change], import_id: str, by_id: str, now: datetime) -> bool:
    """Change account number and day, where the outlet still has what it is changed from; phones hear of it, and each outlet tells of it."""
    table = Outlet.__table__
    old = (table.c.account_no.is_not_distinct_from(bindparam("old_no")), table.c.account_made_on.is_not_distinct_from(bindparam("old_on")))
    statement = update(table).where(table.c.id == bindparam("at_id"), table.c.removed_at.is_(None), *old)  # type: ignore[arg-type]
    statement = statement.values(account_no=bindparam("new_no"), account_made_on=bindparam("new_on"))
    changed = 0
    for part in parts(sorted(changes)):
        values = [
            {"at_id": outlet_id, "old_no": no, "old_on": _day(on), "new_no": new_no, "new_on": _day(new_on)}
            for outlet_id, (no, on), (new_no, new_on) in part
        ]
        changed += db.session.connection().execute(statement, values).rowcount
    for outlet_id, old_account, new_account in changes:
        detail = {"before": dict(zip(COLUMNS, old_account, strict=True)), "after": dict(zip(COLUMNS, new_account, strict=True))}
        record_audit(now, by_id, ACCOUNT_SET, ("outlet", outlet_id), **detail, import_id=import_id)
    touch(db.session, *(FeedEntry("outlet", change[0], f"outlet:{change[0]}") for change in changes))
    return changed == len(changes)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
