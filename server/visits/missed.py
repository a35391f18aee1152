"""Missed visits: a finding for every outlet that got fewer visits than it owed or had planned (RULEBOOK §10, §11)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, select

from server.db import db, take_turn
from server.domain.months import Month, business_date
from server.domain.proposed_findings import outlet_key
from server.findings.actions import Proposal, propose_findings, withdraw_findings
from server.findings.models import Finding, FindingEvidence, FindingState
from server.findings.overtaken import note_overtaken, was_overtaken
from server.findings.queries import is_by_hand
from server.findings.words import ANOTHERS, REASSIGNED
from server.policy.queries import policy_of
from server.visits.models import OutletMonth, Visit

KIND = "missed_visit"
NOT_MISSED = ("done", "none")
WITHDRAWN = "补到的巡检已计入，自动撤回。"


def propose_missed_visits(month: Month, now: datetime) -> int:
    """Propose a finding per outlet missed in a month that is over, and take back those that late visits have overtaken, or say so where
    they are upheld. What is about somebody who did not have the outlet on the last day is taken back too, and proposed anew.

    A miss costs once per outlet, however many visits were missed, and is charged to the rep of the month's last day.
    Visits still waiting for a review hold it back. Returns how many are new; safe to repeat. The caller commits.
    """
    if business_date(now) <= month.last_day:
        return 0
    take_turn("missed visits")
    _withdraw_overtaken(month, now)
    columns = (OutletMonth.outlet_id, OutletMonth.month, OutletMonth.rep_id, OutletMonth.owed, OutletMonth.planned, OutletMonth.counted)
    query = select(*columns).where(*_missed(month), ~_is_charged()).order_by(OutletMonth.outlet_id)
    rows = db.session.execute(query).all()
    visits = _visits_not_counted(month) if rows else {}
    amount = policy_of(month).decimal("wage.missed_visit_yuan")
    return propose_findings((_proposal(row, visits.get(row.outlet_id, []), amount) for row in rows), now)


def is_shown_missed() -> ColumnElement[bool]:
    """The condition on `Finding` that it is a miss of a month that is over without the visits it asked for."""
    of_finding = (OutletMonth.outlet_id == Finding.outlet_id, OutletMonth.month == Finding.month, OutletMonth.rep_id == Finding.person_id)
    return and_(Finding.kind == KIND, select(OutletMonth.outlet_id).where(*of_finding, OutletMonth.state == "overdue").exists())


def _proposal(row: Any, visit_ids: list[str], amount: Decimal) -> Proposal:
    planned = f"计划 {row.planned} 次，" if row.planned > row.owed else ""
    owed = f"应巡 {row.owed} 次，" if row.owed else ""
    return Proposal(
        source_key=outlet_key(KIND, row.outlet_id, Month.parse(row.month)),
        kind=KIND,
        month=row.month,
        person_id=row.rep_id,
        outlet_id=row.outlet_id,
        amount_yuan=amount,
        reason=f"{planned}{owed}计入 {row.counted} 次",
        evidence=(("outlet_month", f"{row.outlet_id}:{row.month}"), *(("visit", visit_id) for visit_id in visit_ids)),
    )


def _missed(month: Month) -> tuple[ColumnElement[bool], ...]:
    return OutletMonth.month == str(month), OutletMonth.state == "overdue", OutletMonth.rep_id.is_not(None)


def _is_charged() -> ColumnElement[bool]:
    """Nothing is left to say of it: the finding waits, or is upheld and was never overtaken."""
    key = literal(f"{KIND}:") + OutletMonth.outlet_id + ":" + OutletMonth.month
    is_said = (Finding.state == FindingState.PROPOSED) | (Finding.state == FindingState.UPHELD) & ~was_overtaken()
    return select(Finding.id).where(Finding.source_key == key, Finding.person_id == OutletMonth.rep_id, is_said).exists()


def _visits_not_counted(month: Month) -> dict[str, list[str]]:
    """Of outlets that were missed, by outlet."""
    in_month = Visit.visited_on.between(month.first_day, month.last_day)
    query = select(Visit.outlet_id, Visit.id).join(OutletMonth, OutletMonth.outlet_id == Visit.outlet_id)
    found: dict[str, list[str]] = {}
    for outlet_id, visit_id in db.session.execute(query.where(in_month, Visit.counts.is_(False), *_missed(month)).order_by(Visit.checked_in_at)):
        found.setdefault(outlet_id, []).append(visit_id)
    return found


def _withdraw_overtaken(month: Month, now: datetime) -> None:
    """What the customer said on the phone stands whatever visits were sent since, but about whoever had the outlet on the last day; what a
    person proposed stands as it is."""
    by_callback = select(FindingEvidence.ref_id).where(FindingEvidence.finding_id == Finding.id, FindingEvidence.kind == "callback").exists()
    of_month = and_(Finding.kind == KIND, Finding.month == str(month), ~is_by_hand())
    outlet_month = select(OutletMonth.outlet_id).where(OutletMonth.outlet_id == Finding.outlet_id, OutletMonth.month == Finding.month)
    is_anothers = outlet_month.where(OutletMonth.state == "overdue", OutletMonth.rep_id.is_distinct_from(Finding.person_id)).exists()
    withdraw_findings(of_month & is_anothers, REASSIGNED, now)
    withdraw_findings(of_month & ~by_callback & outlet_month.where(OutletMonth.state != "overdue").exists(), WITHDRAWN, now)
    note_overtaken(of_month & is_anothers, now, ANOTHERS)
    note_overtaken(of_month & ~by_callback & outlet_month.where(OutletMonth.state.in_(NOT_MISSED)).exists(), now)
