"""Complaints that stand against the award, and upheld findings, of a month (RULEBOOK §10, §11)."""

from collections import defaultdict
from typing import Any

from sqlalchemy import select

from server.complaints.models import Complaint
from server.db import db
from server.domain.complaints import ComplaintFacts, counts_against_award
from server.domain.months import Month
from server.domain.wage_facts import Evidence, UpheldFinding, once_per_outlet
from server.findings.models import Finding, FindingState
from server.outlets.models import Assignment
from server.outlets.responsible import is_in_force


def complaints_by_rep(month: Month) -> dict[str, tuple[Evidence, ...]]:
    """Those received in the month, by the rep of the day they were received, less unfounded ones."""
    found: defaultdict[str, list[Evidence]] = defaultdict(list)
    for row in db.session.execute(_received(month)):
        facts = ComplaintFacts(row.received_on, row.due_on, row.is_about_rep, row.resolved_on, row.verdict or None)
        if counts_against_award(facts):
            found[row.person_id].append(Evidence("complaint", row.id))
    return {rep: tuple(complaints) for rep, complaints in found.items()}


def unfounded_complaints(person_id: str, month: Month) -> list[str]:
    """The ids of those received in the month from the rep's outlets that were found unfounded, and so cost no award."""
    query = _received(month).where(Assignment.person_id == person_id, Complaint.verdict == "unfounded")
    return [row.id for row in db.session.execute(query)]


def _received(month: Month) -> Any:
    """Complaints of the month that are not void, each with the rep of the day it was received."""
    that_day = is_in_force(Complaint.received_on)
    columns = (Complaint.id, Complaint.received_on, Complaint.due_on, Complaint.is_about_rep, Complaint.resolved_on, Complaint.verdict)
    query = select(Assignment.person_id, *columns).join(Assignment, (Assignment.outlet_id == Complaint.outlet_id) & that_day)
    query = query.where(Complaint.received_on.between(month.first_day, month.last_day), Complaint.voided_at.is_(None))
    return query.order_by(Complaint.received_on, Complaint.id)


def upheld_by_person(month: Month) -> dict[str, tuple[UpheldFinding, ...]]:
    """The month's findings that the manager upheld, in the order of what they are about; what costs once per outlet, once."""
    query = select(Finding.person_id, Finding.id, Finding.kind, Finding.outlet_id)
    query = query.where(Finding.month == str(month), Finding.state == FindingState.UPHELD).order_by(Finding.source_key)
    found: defaultdict[str, list[UpheldFinding]] = defaultdict(list)
    for person_id, finding_id, kind, outlet_id in db.session.execute(query):
        found[person_id].append(UpheldFinding(finding_id, kind, outlet_id))
    return {person: once_per_outlet(findings) for person, findings in found.items()}
