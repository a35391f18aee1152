"""关账: a month is closed by the manager, once, and never changes again (RULEBOOK §10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, update

from server.audit.actions import record_audit
from server.db import db, take_turn
from server.domain.months import Month, business_date
from server.feed.clock import FeedEntry, touch
from server.payroll.actions import TURN
from server.payroll.adjustments import CLOSED, newest_closed
from server.payroll.canonical import canonical_json, kinds_document, policy_document, sheet_document
from server.payroll.close_checks import CountedCheck, counted_checks
from server.payroll.drawing import DrawnMonth, DrawnSheet, content_sha256, draw_month
from server.payroll.models import WageMonth, WageSheet
from server.payroll.sealing import Seals, closed_document, month_seal, seals_of, sheet_seal, visits_named
from server.payroll.writing import known_sheets, write_drafts
from server.policy.queries import policy_of
from server.visits.compliance import refresh_outlet_months
from server.visits.missed import propose_missed_visits
from sync.problems import Problem


@dataclass(frozen=True)
class Closing:
    """What stands in the way of closing a month: `blocked` is the reason why it cannot be closed at all, else empty."""

    checks: list[CountedCheck]
    blocked: str
    needs_all: bool

    @property
    def open_checks(self) -> list[CountedCheck]:
        return [check for check in self.checks if check.is_open]

    @property
    def may_close(self) -> bool:
        return not self.blocked and not (self.needs_all and self.open_checks)

    @property
    def needs_reason(self) -> bool:
        return bool(self.open_checks)


def closing_of(month: Month, now: datetime) -> Closing:
    return Closing(counted_checks(month), _blocked(month, now), policy_of(month).flag("wage.close_needs_all"))


def _blocked(month: Month, now: datetime) -> str:
    """Months are closed in order, when they are over; the first one to be closed may be any."""
    newest = newest_closed()
    if newest is not None and month <= newest:
        return "closed"
    if business_date(now) <= month.last_day:
        return "running"
    return "order" if newest is not None and month != newest.next() else ""


def close_month(month: Month, reason: str, by_id: str, now: datetime) -> WageMonth:
    """Count the month anew, draw up the sheets a last time, seal them and close the month. Commits.

    Raises `stale` when it is closed already, `invalid` when it is not over, its turn has not come, items are open that policy
    wants done, or the reason for open items is missing.
    """
    if not _blocked(month, now):
        _count_anew(month, now)
    take_turn(TURN)
    reason = reason.strip()
    closing = closing_of(month, now)
    _refuse(closing, reason)
    drawn = draw_month(month, business_date(now))
    write_drafts(drawn, now)
    row = _sealed(drawn, closing, reason, by_id, now)
    db.session.add(row)
    record_audit(now, by_id, "payroll.closed", ("wage_month", str(month)), reason=reason, seal=row.seal, checks=row.checks)
    db.session.commit()
    return row


def _count_anew(month: Month, now: datetime) -> None:
    """What has arrived since the last night is counted, and its misses wait in the list. Kept even when the month is not closed then."""
    refresh_outlet_months(month, now)
    propose_missed_visits(month, now)
    db.session.commit()


def _refuse(closing: Closing, reason: str) -> None:
    if closing.blocked == "closed":
        raise Problem("stale")
    if closing.blocked:
        raise Problem("invalid", fields={"month": closing.blocked})
    if not closing.may_close:
        raise Problem("invalid", fields={"checks": "open"})
    if closing.needs_reason and not reason:
        raise Problem("invalid", fields={"reason": "required"})


def _sealed(drawn: DrawnMonth, closing: Closing, reason: str, by_id: str, now: datetime) -> WageMonth:
    """Seal every sheet, then the month over all of them."""
    row = WageMonth(month=str(drawn.month), closed_at=now, closed_by_id=by_id, reason=reason)
    row.checks = [check.document() for check in closing.checks]
    row.policy_values, row.kinds = canonical_json(policy_document(drawn.policy)), canonical_json(kinds_document(drawn.kinds))
    previous = _previous_seal(drawn.month)
    seals = _close_sheets(drawn, previous, row)
    closed = closed_document(by_id, now, reason, row.checks, row.policy_values, row.kinds)
    row.seal = month_seal(row.month, previous, seals, closed)
    return row


def _previous_seal(month: Month) -> str:
    before = db.session.get(WageMonth, str(month.previous()))
    return "" if before is None else before.seal


def _close_sheets(drawn: DrawnMonth, previous: str, row: WageMonth) -> list[tuple[str, str]]:
    """(person id, seal) of every sheet; drafts that stayed behind without facts are left as they are."""
    named = visits_named(sheet.facts for sheet in drawn.sheets)
    visit_seals = seals_of(visit for visits in named.values() for visit in visits)
    sheets = known_sheets(drawn.month)
    values, seals = [], []
    for sheet in drawn.sheets:
        person_id = sheet.facts.person_id
        text = _sealed_facts(sheet, named[person_id], visit_seals)
        seal = sheet_seal(row.month, previous, sheet_document(sheet.content), text, row.policy_values, row.kinds)
        digest = content_sha256(sheet.content, drawn.policy.version, text)
        values.append({"at_id": sheets[person_id].id, "text": text, "digest": digest, "mark": seal})
        seals.append((person_id, seal))
    _write(values)
    touch(db.session, *(FeedEntry("wage_sheet", f"{person_id}:{row.month}", f"user:{person_id}") for person_id, _ in seals))
    return seals


def _sealed_facts(sheet: DrawnSheet, visit_ids: Iterable[str], seals: Seals) -> str:
    return sheet.facts_text(visits={visit_id: seals.get(visit_id, "") for visit_id in visit_ids})


def _write(values: list[dict[str, str]]) -> None:
    if not values:
        return
    table = WageSheet.__table__
    new = {"state": CLOSED, "facts": bindparam("text"), "content_sha256": bindparam("digest"), "seal": bindparam("mark")}
    db.session.connection().execute(update(table).where(table.c.id == bindparam("at_id")).values(new), values)  # type: ignore[arg-type]
