"""The database: base class, column types, and how a transaction begins."""

import errno
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

import psycopg
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from psycopg.pq import TransactionStatus
from sqlalchemy import JSON, BigInteger, DateTime, MetaData, event, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect, Engine, ExceptionContext
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import Pool
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


PASSING_SQLITE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
PASSING_STATES = {"08", "40", "53", "55", "57", "58"}  # connection, rollback, resources, lock, operator, system
FULL_STATE = "53100"
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


log = logging.getLogger(__name__)
Row = TypeVar("Row")


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base)

Json = JSON().with_variant(JSONB(), "postgresql")


class UtcInstant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; a naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Yuan(TypeDecorator[Decimal]):
    """Money in yuan with two decimals, kept as whole fen so that both databases sum it exactly."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        fen = Decimal(value) * 100
        if fen != fen.to_integral_value():
            raise ValueError(f"{value} yuan is not whole fen")
        return int(fen)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


def rows_where(condition: str) -> dict[str, Any]:
    """The words of an `Index` over those rows alone for which the SQL condition holds, in either database."""
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}


_will_write: ContextVar[bool] = ContextVar("will_write", default=True)


@contextmanager
def read_only() -> Iterator[None]:
    """Transactions begun inside only read: SQLite then takes no write lock."""
    token = _will_write.set(False)
    try:
        yield
    finally:
        _will_write.reset(token)


def expect_reads(only_reads: bool) -> None:
    """Say for this request whether its transactions will write (SQLite locks at BEGIN when they will)."""
    _will_write.set(not only_reads)


def begin_snapshot() -> None:
    """Let all reads of this request see the same moment; a transaction on SQLite does so by itself.

    Whatever a caller in the same process has begun on this session ends first.
    """
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})


def is_passing(fault: BaseException) -> bool:
    """Whether the database may well succeed later with the same statement: a lock, a lost connection, no room."""
    if not isinstance(fault, DBAPIError):
        return False
    if fault.connection_invalidated:
        return True
    if isinstance(fault.orig, sqlite3.Error):
        return getattr(fault.orig, "sqlite_errorcode", 0) & 0xFF in PASSING_SQLITE
    state = getattr(fault.orig, "sqlstate", None)
    return isinstance(fault, OperationalError) and (state is None or state[:2] in PASSING_STATES)


def is_full(fault: BaseException) -> bool:
    """Whether a disk has no room left, that of the database or that of the files."""
    if isinstance(fault, OSError):
        return fault.errno in NO_ROOM
    cause = getattr(fault, "orig", None)
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
    return getattr(cause, "sqlstate", None) == FULL_STATE


def held(model: type[Row], record_id: str) -> Row | None:
    """The row with this id as it stands, kept from others until the transaction ends; None when there is none."""
    query = select(model).where(model.id == record_id).with_for_update()  # type: ignore[attr-defined]
    return db.session.scalar(query.execution_options(populate_existing=True))


def take_turn(name: str) -> None:
    """Let one transaction at a time do the work of this name, until it ends; SQLite has one writer anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # the driver's own BEGIN comes too late to be IMMEDIATE
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=15000")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


@event.listens_for(Engine, "connect")
def _prepare_postgresql(connection: Any, _record: Any) -> None:
    """No compiling of statements and no second process for one: both take longer to begin than pages and pushes need altogether.

    Nights ask for much as well, but they run beside the pages of a server that has few processors.
    """
    if isinstance(connection, psycopg.Connection):
        connection.autocommit = True  # a SET within a transaction would go with its end
        connection.execute("SET jit TO off")
        connection.execute("SET max_parallel_workers_per_gather TO 0")
        connection.autocommit = False


@event.listens_for(Engine, "handle_error")
def _leave_out_the_row(context: ExceptionContext) -> None:
    """PostgreSQL adds the whole row to what it says of one that it refuses, which goes on into the log: only the first line stays."""
    if not isinstance(context.original_exception, psycopg.IntegrityError):
        return
    for fault in (context.original_exception, context.sqlalchemy_exception):
        if fault is not None:
            fault.args = tuple(str(part).partition("\n")[0] for part in fault.args)


def init_app(app: Flask) -> None:
    """Give the application its database; every request ends its own session."""
    db.init_app(app)

    @app.teardown_appcontext  # before that of the extension, which was there first
    def end_session(_fault: BaseException | None) -> None:
        """An answer stands though its database dies behind it: a transaction that is over need not be rolled back any more."""
        try:
            db.session.remove()
        except DBAPIError as fault:
            if not is_passing(fault):
                raise
            log.warning("a connection was lost at the end of a request: %s", type(fault).__name__)
            db.session().invalidate()


@event.listens_for(Pool, "checkin")
def _end_transaction(connection: Any, _record: Any) -> None:
    """No connection goes back in the middle of a transaction: when a COMMIT itself fails, SQLAlchemy believes it over and rolls nothing back."""
    if isinstance(connection, sqlite3.Connection):
        is_open = connection.in_transaction
    else:
        is_open = connection is not None and connection.info.transaction_status != TransactionStatus.IDLE and not connection.closed
    if is_open:
        connection.rollback()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _will_write.get() else "BEGIN")
