"""Finding outlets by what a table calls them: their code, or the number of their account."""

import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol

from sqlalchemy import select
from sqlalchemy.orm import aliased

from server.db import db
from server.outlets.models import Outlet, OutletAlias
from server.transactions.faults import CellFault, RowFault
from server.transactions.kinds import ACCOUNT, OUTLET


class KnownOutlet(NamedTuple):
    """`kept_code` is the code of the outlet that this one was merged into, else empty."""

    id: str
    code: str
    account_no: str | None
    account_made_on: date | None
    is_removed: bool
    kept_code: str


Index = dict[str, list[KnownOutlet]]


class Numbered(Protocol):
    """A line of a table that names its outlet: the row as the file counts it, the outlet's code, its account number."""

    @property
    def row(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def account(self) -> str: ...


class NumberFault(CellFault):
    """The outlet cannot be told; `field` is the column at fault."""

    def __init__(self, name: str, code: str, note: str = "") -> None:
        super().__init__(code, note)
        self.field = name

    def of_row(self, line: Numbered) -> RowFault:
        return RowFault(line.row, self.field, self.code, line.code if self.field == OUTLET.field else line.account, self.note)


@dataclass(frozen=True)
class OutletNumbers:
    """All outlets by code and by account number, and by both without their leading zeros, which a spreadsheet takes."""

    by_code: Index = field(default_factory=lambda: defaultdict(list))
    by_account: Index = field(default_factory=lambda: defaultdict(list))
    by_bare_code: Index = field(default_factory=lambda: defaultdict(list))
    by_bare_account: Index = field(default_factory=lambda: defaultdict(list))

    def find(self, code: str, account: str) -> KnownOutlet:
        """The outlet of a row; raises NumberFault: `unknown_outlet`, `removed_outlet`, `ambiguous_outlet`, `outlets_differ`."""
        by_code = self.of_code(code) if code else None
        if by_code is not None and account and by_code in self._meant_by(account):
            return by_code
        by_account = self.of_account(account) if account else None
        if by_code is not None and by_account is not None and by_code.id != by_account.id:
            raise NumberFault(ACCOUNT.field, "outlets_differ", by_account.code)
        found = by_code or by_account
        assert found is not None
        return found

    def found_or_noted(self, line: Numbered, faults: list[RowFault]) -> KnownOutlet | None:
        """The outlet of a line; None where it cannot be told, which is noted as a fault of its row."""
        try:
            return self.find(line.code, line.account)
        except NumberFault as fault:
            faults.append(fault.of_row(line))
            return None

    def of_code(self, code: str) -> KnownOutlet:
        return _only(OUTLET.field, self.by_code, self.by_bare_code, code)

    def of_account(self, account: str) -> KnownOutlet:
        """Raises `ambiguous_outlet` also where one has the number and another the same with the zeros that a spreadsheet took."""
        found = _only(ACCOUNT.field, self.by_account, self.by_bare_account, account)
        meant = self._meant_by(account)
        if len(meant) > 1:
            raise _ambiguous(ACCOUNT.field, meant)
        return found

    def holders(self, account: str) -> list[KnownOutlet]:
        """The outlets that have this account number now, with or without zeros before it."""
        return _standing(self.by_bare_account.get(bare_key(account), []))

    def _meant_by(self, account: str) -> list[KnownOutlet]:
        """The outlets that a table may mean: zeros that it has were written, those that it lacks may have been taken."""
        key = number_key(account)
        return _standing(self.by_bare_account.get(key) or self.by_account.get(key, []))


def outlet_numbers() -> OutletNumbers:
    """Read them all at once: a table may name any of them."""
    numbers, kept = OutletNumbers(), aliased(Outlet)
    columns = (Outlet.id, Outlet.code, Outlet.account_no, Outlet.account_made_on, Outlet.removed_at.is_not(None), kept.code)
    query = select(*columns).outerjoin(OutletAlias, OutletAlias.outlet_id == Outlet.id).outerjoin(kept, kept.id == OutletAlias.kept_id)
    for row in db.session.execute(query):
        outlet = KnownOutlet(*row[:5], row[5] or "")
        _enter(numbers.by_code, numbers.by_bare_code, outlet.code, outlet)
        if outlet.account_no:
            _enter(numbers.by_account, numbers.by_bare_account, outlet.account_no, outlet)
    return numbers


def number_key(text: str) -> str:
    """Numbers are the same whatever their case and width."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip().casefold()


def bare_key(text: str) -> str:
    """As `number_key`, also of numbers that differ by the zeros before them: the one would always be taken for the other."""
    key = number_key(text)
    return (key.lstrip("0") or key) if key.isdigit() else key


def _enter(index: Index, bare_index: Index, text: str, outlet: KnownOutlet) -> None:
    key = number_key(text)
    index[key].append(outlet)
    bare_index[bare_key(text)].append(outlet)


def _standing(outlets: list[KnownOutlet]) -> list[KnownOutlet]:
    return [outlet for outlet in outlets if not outlet.is_removed]


def _only(name: str, index: Index, bare_index: Index, text: str) -> KnownOutlet:
    """The one outlet of this number; one that is not removed goes before one that is."""
    key = number_key(text)
    found = index.get(key) or bare_index.get(key, [])
    here = _standing(found)
    if len(here) == 1:
        return here[0]
    if here:
        raise _ambiguous(name, here)
    if found:
        raise NumberFault(name, "merged_outlet" if found[0].kept_code else "removed_outlet", found[0].kept_code)
    raise NumberFault(name, "unknown_outlet")


def _ambiguous(name: str, outlets: list[KnownOutlet]) -> NumberFault:
    return NumberFault(name, "ambiguous_outlet", " ".join(sorted(outlet.code for outlet in outlets)[:3]))
