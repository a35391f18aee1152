"""Whether an import still stands as it was written, and whether it can be taken back."""

from sqlalchemy import select

from server.db import db
from server.domain.months import Month
from server.transactions.accounts import are_accounts_untouched
from server.transactions.checking import newest_closed
from server.transactions.kinds import ACCOUNTS
from server.transactions.models import TableImport
from server.transactions.office import OFFICE_STANDINGS
from server.transactions.totals import are_totals_untouched


def standing_import(kind_code: str, sha256: str) -> str | None:
    """The id of the import that brought this very file, all of it, when all it wrote still stands."""
    query = select(TableImport).where(TableImport.kind == kind_code, TableImport.sha256 == sha256, TableImport.undone_at.is_(None))
    rows = db.session.scalars(query.where(TableImport.rows_refused == 0).order_by(TableImport.at.desc()))
    return next((row.id for row in rows if _is_untouched(row)), None)


def undo_obstacle(row: TableImport) -> str:
    """Why an import cannot be taken back: `undone` it is, `closed` a month was that uses it, `touched` others have what it wrote. Empty: it can.

    What came after a month was closed is not in that month, so only a closing since then counts.
    """
    if row.undone_at is not None:
        return "undone"
    newest = newest_closed()
    if newest is not None and row.first_on is not None and str(newest) > row.closed_until and newest >= Month.of_date(row.first_on):
        return "closed"
    return "" if _is_untouched(row) else "touched"


def _is_untouched(row: TableImport) -> bool:
    if row.kind in OFFICE_STANDINGS:
        return OFFICE_STANDINGS[row.kind](row)
    return are_accounts_untouched(row) if row.kind == ACCOUNTS else are_totals_untouched(row)
