"""Alembic's environment: the application's own engine and tables."""

from typing import Any

from alembic import context
from flask import current_app

from server.db import UtcInstant, Yuan, db


def plain_type(kind: str, column_type: Any, _context: Any) -> Any:
    """Write our column types into migrations as what the database sees, so that an old migration never changes."""
    if kind == "type" and isinstance(column_type, UtcInstant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(column_type, Yuan):
        return "sa.BigInteger()"
    return False


def run_migrations() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=plain_type,
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
