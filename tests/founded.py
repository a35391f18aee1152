"""Databases that tests begin with: empty, with a small company, or with its whole office. Founded once, then copied.

Founding them anew took a fifth of the tests' time.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from server.app import create_app
from server.db import db
from server.domain.months import business_date
from tests.settings import settings_for


@dataclass(frozen=True)
class Founded:
    """A database that nobody is connected to: its folder and URL, and the ids of what is in it (None where it is empty)."""

    folder: Path
    url: str
    company: Any
    staff: Any


class FoundedDatabases:
    """Templates by kind and part; each day has its own, since rows know on which day they were made."""

    def __init__(self, empty: Callable[[str], tuple[Path, str]]) -> None:
        self.empty = empty
        self.made: dict[tuple[str, str, date], Founded] = {}

    def of(self, kind: str, part: str) -> Founded:
        """`part` is "" for nothing, "company", or "staff" for that and the office."""
        key = (kind, part, business_date(datetime.now(UTC)))
        if key not in self.made:
            self.made[key] = self._found(kind, part)
        return deepcopy(self.made[key])

    def _found(self, kind: str, part: str) -> Founded:
        from tests.features.staff import found_staff
        from tests.sync.conftest import found_company

        folder, url = self.empty(kind)
        company = staff = None
        if part:
            app = create_app(settings_for(folder, url))
            with app.app_context():
                company = found_company()
                staff = found_staff(company) if part == "staff" else None
                db.session.remove()
                db.engine.dispose()
        return Founded(folder, url, company, staff)
