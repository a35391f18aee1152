"""Taking personal values out of the details of deeds: who did what to which record, when and why, stays for good."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, select

from server.audit.models import AuditRow
from server.db import db

READ_AT_ONCE = 500


def drop_details(which: ColumnElement[bool], names: Collection[str]) -> int:
    """Drop these names, at any depth, from the details of the deeds; and what `field` says a value is of. Returns how many changed.

    The caller commits.
    """
    changed = 0
    for row in db.session.scalars(select(AuditRow).where(which).execution_options(yield_per=READ_AT_ONCE)):
        kept = _without(row.detail, names)
        if kept != row.detail:
            row.detail = kept
            changed += 1
    return changed


def _without(detail: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    gone = {*names, "before", "after"} if detail.get("field") in names else names
    return {name: _without(value, names) if isinstance(value, dict) else value for name, value in detail.items() if name not in gone}
