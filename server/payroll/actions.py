"""Drawing up wage sheets (RULEBOOK §10)."""

import hashlib
import json
from collections import defaultdict
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from server.db import db, take_turn
from server.domain import wage_facts as facts_of
from server.domain import wage_lines, wage_sheet
from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.wage_kinds import WAGE_KINDS
from server.findings.models import Finding, FindingState
from server.payroll.models import WageLine, WageSheet
from server.people.models import Person, PersonRole, Role
from server.policy.queries import policy_of
from server.visits.models import OutletMonth
from sync.ids import uuid7

DRAFT = "draft"


def draft_month(month: Month, now: datetime) -> int:
    """Draw up everybody's sheet of a month from what is known now; returns how many there are. Commits.

    A draft is rewritten only when its content changed; a closed sheet never is. Safe to repeat and in parallel.
    """
    take_turn("wage sheets")
    policy = policy_of(month)
    people = _people(month)
    plans, findings = _plans(month), _findings(month)
    known = _known_sheets(month)
    for person_id in people:
        active = facts_of.ActiveDays(True)
        facts = facts_of.WageFacts(person_id, month, active, visit_plan=tuple(plans[person_id]), findings=tuple(findings[person_id]))
        _keep(known.get(person_id), facts, policy, now)
    db.session.commit()
    return len(people)


def _people(month: Month) -> list[str]:
    """Reps who were there for some of the month: active ones made before its end, and whoever owned an outlet in it."""
    reps = select(PersonRole.person_id).where(PersonRole.role == Role.REP)
    active = select(Person.id).where(Person.id.in_(reps), Person.is_active)
    owners = select(OutletMonth.rep_id).where(OutletMonth.month == str(month), OutletMonth.rep_id.is_not(None))
    return sorted({*db.session.scalars(active), *(person_id for person_id in db.session.scalars(owners) if person_id)})


def _plans(month: Month) -> defaultdict[str, list[facts_of.PlannedOutlet]]:
    """A month's plan always holds at least the visits owed (RULEBOOK §11)."""
    dismissed = set(db.session.scalars(_missed(month, FindingState.DISMISSED, Finding.outlet_id)))
    query = select(OutletMonth).where(OutletMonth.month == str(month), OutletMonth.owed > 0, OutletMonth.rep_id.is_not(None))
    plans: defaultdict[str, list[facts_of.PlannedOutlet]] = defaultdict(list)
    for row in db.session.scalars(query.order_by(OutletMonth.outlet_id)):
        outlet = facts_of.PlannedOutlet(row.outlet_id, row.owed, row.counted, tuple(row.visit_ids), row.outlet_id in dismissed)
        plans[row.rep_id or ""].append(outlet)
    return plans


def _missed(month: Month, state: FindingState, column: Any) -> Any:
    return select(column).where(Finding.kind == "missed_visit", Finding.month == str(month), Finding.state == state)


def _findings(month: Month) -> defaultdict[str, list[facts_of.UpheldFinding]]:
    query = select(Finding).where(Finding.month == str(month), Finding.state == FindingState.UPHELD).order_by(Finding.source_key)
    found: defaultdict[str, list[facts_of.UpheldFinding]] = defaultdict(list)
    for finding in db.session.scalars(query):
        found[finding.person_id].append(facts_of.UpheldFinding(finding.id, finding.kind, finding.outlet_id))
    return found


def _known_sheets(month: Month) -> dict[str, WageSheet]:
    query = select(WageSheet).where(WageSheet.month == str(month)).order_by(WageSheet.person_id).with_for_update()
    return {sheet.person_id: sheet for sheet in db.session.scalars(query)}


def _keep(before: WageSheet | None, facts: facts_of.WageFacts, policy: Policy, now: datetime) -> None:
    content = wage_sheet.wage_sheet(facts, policy, WAGE_KINDS)
    digest = content_sha256(content, policy.version)
    if before is not None and (before.state != DRAFT or before.content_sha256 == digest):
        return
    sheet = before or WageSheet(id=uuid7(), person_id=facts.person_id, month=str(facts.month), state=DRAFT)
    sheet.gross_yuan, sheet.deductions_yuan = content.gross_yuan, content.deductions_yuan
    sheet.total_yuan, sheet.limit_yuan = content.total_yuan, content.limit_yuan
    sheet.shortfall_yuan, sheet.policy_version = content.shortfall_yuan, policy.version
    sheet.content_sha256, sheet.computed_at = digest, now
    db.session.add(sheet)
    db.session.flush()
    db.session.execute(delete(WageLine).where(WageLine.sheet_id == sheet.id))
    db.session.add_all(_line(sheet.id, position, line) for position, line in enumerate(content.lines))


def _line(sheet_id: str, position: int, line: wage_lines.WageLine) -> WageLine:
    row = WageLine(sheet_id=sheet_id, position=position, kind=line.kind, quantity=line.quantity, unit_yuan=line.unit_yuan)
    row.amount_yuan, row.rule_key = line.amount_yuan, line.rule_key
    row.evidence = [asdict(evidence) for evidence in line.evidence]
    return row


def content_sha256(content: wage_sheet.WageSheet, policy_version: str) -> str:
    """SHA-256 of a sheet's lines, totals and policy, written out the same way every time."""
    plain = json.dumps([asdict(content), policy_version], default=str, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
