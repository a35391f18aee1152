"""Writing drawn sheets: in bulk, only those whose content changed, never a closed one."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select

from server.db import db
from server.domain import wage_lines
from server.domain.months import Month
from server.feed.clock import FeedEntry, touch, upsert
from server.payroll.canonical import TOTALS
from server.payroll.drawing import DrawnMonth, DrawnSheet, content_sha256
from server.payroll.models import WageLine, WageSheet
from sync.ids import uuid7

DRAFT = "draft"
CHUNK = 400
REWRITTEN = (*(f"{name}_yuan" for name in TOTALS), "policy_version", "content_sha256", "computed_at", "facts")


class KnownSheet(NamedTuple):
    id: str
    state: str
    content_sha256: str


def known_sheets(month: Month) -> dict[str, KnownSheet]:
    """The month's sheets by person, held until the transaction ends."""
    columns = (WageSheet.person_id, WageSheet.id, WageSheet.state, WageSheet.content_sha256)
    query = select(*columns).where(WageSheet.month == str(month)).order_by(WageSheet.person_id).with_for_update()
    return {row.person_id: KnownSheet(*row[1:]) for row in db.session.execute(query)}


def write_drafts(drawn: DrawnMonth, now: datetime) -> int:
    """Write the drafts that changed, and take back those of people with no facts any more; returns how many changed. The caller commits."""
    known = known_sheets(drawn.month)
    rows = [_sheet_row(sheet, drawn, known.get(sheet.facts.person_id), now) for sheet in drawn.sheets]
    changed = [(sheet, row) for sheet, row in zip(drawn.sheets, rows, strict=True) if _is_changed(row, known)]
    _write_sheets([row for _, row in changed])
    _write_lines([(row["id"], sheet) for sheet, row in changed])
    present = {sheet.facts.person_id for sheet in drawn.sheets}
    _take_back({person: sheet.id for person, sheet in known.items() if sheet.state == DRAFT and person not in present}, drawn.month)
    return len(changed)


def _sheet_row(sheet: DrawnSheet, drawn: DrawnMonth, before: KnownSheet | None, now: datetime) -> dict[str, Any]:
    text = sheet.facts_text()
    return {
        "id": before.id if before else uuid7(),
        "person_id": sheet.facts.person_id,
        "month": str(drawn.month),
        "state": DRAFT,
        **{f"{name}_yuan": getattr(sheet.content, f"{name}_yuan") for name in TOTALS},
        "policy_version": drawn.policy.version,
        "content_sha256": content_sha256(sheet.content, drawn.policy.version, text),
        "computed_at": now,
        "facts": text,
    }


def _is_changed(row: dict[str, Any], known: dict[str, KnownSheet]) -> bool:
    before = known.get(row["person_id"])
    return before is None or (before.state == DRAFT and before.content_sha256 != row["content_sha256"])


def _write_sheets(rows: list[dict[str, Any]]) -> None:
    """One statement for all rows: written out row by row it would take longer to compile than to run."""
    if not rows:
        return
    statement = upsert(WageSheet.__table__)
    new = {name: getattr(statement.excluded, name) for name in REWRITTEN}
    db.session.connection().execute(statement.on_conflict_do_update(index_elements=["person_id", "month"], set_=new), rows)
    touch(db.session, *(_entry(row["person_id"], row["month"]) for row in rows))


def _entry(person_id: str, month: str, is_deleted: bool = False) -> FeedEntry:
    return FeedEntry("wage_sheet", f"{person_id}:{month}", f"user:{person_id}", is_deleted)


def _write_lines(sheets: Iterable[tuple[str, DrawnSheet]]) -> None:
    sheets = list(sheets)
    _delete_lines([sheet_id for sheet_id, _ in sheets])
    rows = [_line_row(sheet_id, place, line) for sheet_id, sheet in sheets for place, line in enumerate(sheet.content.lines)]
    if rows:
        db.session.connection().execute(insert(WageLine.__table__), rows)


def _delete_lines(sheet_ids: list[str]) -> None:
    for start in range(0, len(sheet_ids), CHUNK):
        chosen = WageLine.sheet_id.in_(sheet_ids[start : start + CHUNK])
        db.session.execute(delete(WageLine).where(chosen).execution_options(synchronize_session=False))


def _line_row(sheet_id: str, position: int, line: wage_lines.WageLine) -> dict[str, Any]:
    return {
        "sheet_id": sheet_id,
        "position": position,
        "kind": line.kind,
        "quantity": line.quantity,
        "unit_yuan": line.unit_yuan,
        "amount_yuan": line.amount_yuan,
        "rule_key": line.rule_key,
        "evidence": [{"kind": one.kind, "id": one.id} for one in line.evidence],
        "is_estimate": line.is_estimate,
        "of_month": "" if line.of_month is None else str(line.of_month),
    }


def _take_back(gone: dict[str, str], month: Month) -> None:
    """Delete the drafts of people who turned out to have nothing in the month."""
    ids = list(gone.values())
    _delete_lines(ids)
    for start in range(0, len(ids), CHUNK):
        chosen = WageSheet.id.in_(ids[start : start + CHUNK])
        db.session.execute(delete(WageSheet).where(chosen).execution_options(synchronize_session=False))
    touch(db.session, *(_entry(person_id, str(month), True) for person_id in gone))
