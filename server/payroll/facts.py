"""What everybody's month is paid by, from the tables (RULEBOOK §10): a handful of statements for the whole company.

The statements only gather; whether a customer counts, a complaint stands or a plan is done is decided by `server/domain`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.wage_facts import WageFacts
from server.payroll.facts_complaints import complaints_by_rep, upheld_by_person
from server.payroll.facts_customers import Account, new_customers_by_rep
from server.payroll.facts_people import ABSENT, active_days_of, holders_of
from server.payroll.facts_plans import Plans, plans_by_rep
from server.payroll.facts_volume import volumes_by_rep

MissingFields = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class MonthFacts:
    """The facts, and the accounts made in the month, by person id."""

    by_person: dict[str, WageFacts]
    accounts: Mapping[str, tuple[Account, ...]] = field(default_factory=dict)

    def of(self, person_id: str, month: Month) -> WageFacts:
        """The person's facts; of somebody without any, none."""
        return self.by_person.get(person_id) or WageFacts(person_id, month, ABSENT)


def month_facts(month: Month, today: date, policy: Policy, closed_files: MissingFields | None = None, plans: Plans | None = None) -> MonthFacts:
    """The facts of everybody who has any in the month, as known now.

    `closed_files` are the missing fields of outlet files as they stood when the month was closed (RULEBOOK §11: complete when the
    sheet is closed); outlets that are not in it are judged by the file of now. `plans` replaces the plans of the tables (what-if).
    """
    holders = holders_of(month)
    customers = new_customers_by_rep(month, policy, closed_files or {})
    volumes = volumes_by_rep(month, today)
    complaints = complaints_by_rep(month)
    plans = plans or plans_by_rep(month, today, policy)
    upheld = upheld_by_person(month)
    at_outlets = {*holders, *customers.counting, *volumes.by_rep, *complaints, *plans.visits, *plans.trainings}
    active = active_days_of(month, at_outlets, upheld)
    facts = {
        person_id: WageFacts(
            person_id=person_id,
            month=month,
            active=days,
            new_customers=customers.counting.get(person_id, ()),
            volume=volumes.of(person_id),
            has_outlets=person_id in holders,
            complaints=complaints.get(person_id, ()),
            visit_plan=plans.visits.get(person_id, ()),
            training_plan=plans.trainings.get(person_id, ()),
            findings=upheld.get(person_id, ()),
        )
        for person_id, days in sorted(active.items())
    }
    return MonthFacts(facts, customers.accounts)
