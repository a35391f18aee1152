"""Importing a table: check, import, undo (RULEBOOK §1, §2, §10)."""

from dataclasses import replace
from datetime import datetime
from typing import IO

from sqlalchemy import select

from server.audit.actions import record_audit
from server.db import db, read_only, take_turn
from server.domain.months import business_date
from server.transactions import spool
from server.transactions.accounts import restore_accounts, write_accounts
from server.transactions.checking import Checked, check_lines, most_yuan, newest_closed, read_table
from server.transactions.faults import TableFault
from server.transactions.kinds import ACCOUNTS, KINDS
from server.transactions.models import TableImport
from server.transactions.office import OFFICE_RESTORERS, OFFICE_WRITERS
from server.transactions.reading import fault_of_file
from server.transactions.spool import KeptCheck
from server.transactions.standing import standing_import, undo_obstacle
from server.transactions.totals import are_outlets_here, restore_totals, write_totals
from sync.ids import uuid7
from sync.problems import Problem

TURN = "table imports"


class ImportedAlready(Exception):
    """All of this very file is in the books; `import_id` is the import that brought it."""

    def __init__(self, import_id: str) -> None:
        super().__init__(import_id)
        self.import_id = import_id


def check_upload(kind_code: str, file_name: str, source: IO[bytes], by_id: str, now: datetime) -> KeptCheck:
    """Check a table and keep it until its clerk decides; the database is only read.

    Raises ImportedAlready, and TableFault for a file that cannot be read as a table of this kind.
    """
    check_id, kind = uuid7(), KINDS[kind_code]
    db.session.rollback()
    try:
        with read_only():
            sha256 = spool.keep_table(check_id, source)
            _refuse_imported(kind_code, sha256)
            most = most_yuan(kind, business_date(now))
            db.session.rollback()
            path = spool.table_path(check_id)
            try:
                reading = read_table(path, kind, business_date(now), most)
            except TableFault as fault:
                raise fault_of_file(fault, path, file_name) from fault
            checked = check_lines(reading, kind)
            db.session.rollback()
        kept = KeptCheck(check_id, kind_code, file_name, sha256, by_id, now, checked.result)
        spool.keep_check(kept, checked)
    except BaseException:
        spool.drop_check(check_id)
        raise
    return kept


def _refuse_imported(kind_code: str, sha256: str) -> None:
    known = standing_import(kind_code, sha256)
    if known is not None:
        raise ImportedAlready(known)


def import_checked(check_id: str, accepts_good_rows: bool, by_id: str, now: datetime) -> TableImport:
    """Write what was checked, in one transaction. Commits; twice is the same import.

    The file is read and checked anew. Raises `stale` when that comes to anything else than the clerk was shown (the new check is
    kept), `invalid` when rows are refused and the clerk does not accept the good ones, ImportedAlready when somebody was faster.
    """
    try:
        return _known_import(check_id) or _import(spool.find_check(check_id), accepts_good_rows, by_id, now)
    except (FileNotFoundError, Problem):
        db.session.rollback()
        done = _known_import(check_id)  # another press of the button was faster, and its file is gone
        if done is None:
            raise
        return done


def _known_import(check_id: str) -> TableImport | None:
    return db.session.scalar(select(TableImport).where(TableImport.id == check_id))


def _import(kept: KeptCheck, accepts_good_rows: bool, by_id: str, now: datetime) -> TableImport:
    kind = KINDS[kept.kind]
    most = most_yuan(kind, business_date(now))
    db.session.rollback()  # nobody waits for the database while the file is read
    reading = read_table(spool.table_path(kept.id), kind, business_date(now), most)
    take_turn(TURN)
    done = _known_import(kept.id)
    if done is not None:
        return done
    _refuse_imported(kept.kind, kept.sha256)
    checked = check_lines(reading, kind)
    _refuse(kept, checked, accepts_good_rows)
    row = _row(kept, checked, by_id, now)
    db.session.add(row)
    db.session.flush()
    _write(row, checked)
    record_audit(now, by_id, "table.imported", ("table_import", row.id), kind=row.kind, file=row.file_name, rows=row.rows_taken, sha256=row.sha256)
    db.session.commit()
    spool.drop_check(kept.id)
    return row


def _refuse(kept: KeptCheck, checked: Checked, accepts_good_rows: bool) -> None:
    if checked.result.digest != kept.result.digest:
        db.session.rollback()
        spool.keep_check(replace(kept, result=checked.result), checked)
        raise Problem("stale")
    if not checked.plan.size:
        raise Problem("invalid", fields={"accept": "nothing"})
    if checked.faults and not accepts_good_rows:
        raise Problem("invalid", fields={"accept": "required"})


def _row(kept: KeptCheck, checked: Checked, by_id: str, now: datetime) -> TableImport:
    result, closed = checked.result, newest_closed()
    row = TableImport(id=kept.id, kind=kept.kind, file_name=kept.file_name, sha256=kept.sha256, by_id=by_id, at=now)
    row.rows_read, row.rows_refused, row.rows_taken = result.rows_read, result.rows_refused, result.rows_good
    row.rows_written, row.amount_yuan = checked.plan.size, result.amount
    row.first_on, row.last_on, row.before = checked.plan.first_on or result.first_on, result.last_on, checked.plan.before
    row.closed_until = str(closed) if closed else ""
    return row


def _write(row: TableImport, checked: Checked) -> None:
    """Raises `stale` when an outlet was changed or merged away at the same moment; the next check says so."""
    if row.kind in OFFICE_WRITERS:
        is_done = OFFICE_WRITERS[row.kind](row, checked.plan)
    elif row.kind == ACCOUNTS:
        is_done = write_accounts(row)
    else:
        write_totals(checked.plan, KINDS[row.kind], row.id)
        is_done = are_outlets_here(row.id)
    if not is_done:
        raise Problem("stale")


def undo_import(import_id: str, by_id: str, now: datetime) -> TableImport:
    """Take an import back: what it wrote over returns, the rest goes. Commits; `invalid` with the obstacle when that cannot be."""
    take_turn(TURN)
    row = db.session.get(TableImport, import_id, with_for_update=True)
    if row is None:
        raise Problem("not_found", f"import {import_id}")
    obstacle = undo_obstacle(row)
    if obstacle:
        raise Problem("invalid", fields={"undo": obstacle})
    if row.kind in OFFICE_RESTORERS:
        OFFICE_RESTORERS[row.kind](row, by_id, now)
    elif row.kind != ACCOUNTS:
        restore_totals(row)
    elif not restore_accounts(row, by_id, now):
        raise Problem("invalid", fields={"undo": "touched"})
    row.undone_at, row.undone_by_id = now, by_id
    record_audit(now, by_id, "table.undone", ("table_import", row.id), kind=row.kind, rows=row.rows_written)
    db.session.commit()
    return row
