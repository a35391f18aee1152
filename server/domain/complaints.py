"""Complaints 投诉 (RULEBOOK §7, §10, §11): which cost the award, and which a deduction."""

from dataclasses import dataclass
from datetime import date

from server.domain.deadlines import is_late


@dataclass(frozen=True)
class ComplaintFacts:
    """A complaint from an outlet. `verdict` is None until investigated, else founded or unfounded; `is_offices` says that ops had it on its
    due day."""

    received_on: date
    due_on: date
    is_about_rep: bool = False
    resolved_on: date | None = None
    verdict: str | None = None
    is_offices: bool = False


def counts_against_award(complaint: ComplaintFacts) -> bool:
    """All complaints received from the rep's outlets in the month, less those found unfounded."""
    return complaint.verdict != "unfounded"


def complaint_findings(complaint: ComplaintFacts, today: date) -> tuple[str, ...]:
    """The findings it proposes: a verified complaint about the rep; one not resolved by its due date, unless ops kept it.

    DECISION (RULEBOOK §11): a complaint about a rep is handled by the supervisor, so the rep owes no handling. Nor does the rep
    for what ops kept: kinder to the rep.
    """
    if complaint.is_about_rep:
        return ("complaint_about_rep",) if complaint.verdict == "founded" else ()
    return ("complaint_unhandled",) if not complaint.is_offices and is_late(complaint.due_on, complaint.resolved_on, today) else ()
