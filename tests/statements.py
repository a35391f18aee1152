"""The statements that a database is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from server.db import db


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Those asked within the block, in order. Whoever listens stops at its end: the engine lives on in later tests."""
    with app.app_context():
        engine = db.engine
    asked: list[str] = []

    def note(*words: Any) -> None:
        asked.append(words[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
