"""The facts that a sheet keeps beside its lines: what explains it, while it is a draft and for good."""

import json
from dataclasses import dataclass

from server.domain.months import Month
from server.domain.wage_facts import ActiveDays, PlannedOutlet, WageFacts
from server.payroll.canonical import facts_from
from server.payroll.facts_customers import Account
from server.payroll.models import WageSheet


@dataclass(frozen=True)
class KeptFacts:
    facts: WageFacts
    accounts: tuple[Account, ...]

    @property
    def not_counted(self) -> list[Account]:
        """Accounts made in the month that do not count as new customers."""
        return [account for account in self.accounts if account.reasons]

    @property
    def visits(self) -> "PlanTotals":
        return totals_of(self.facts.visit_plan)

    @property
    def trainings(self) -> "PlanTotals":
        return totals_of(self.facts.training_plan)


@dataclass(frozen=True)
class PlanTotals:
    """A plan in figures; `undone` are its outlets that miss something."""

    planned: int
    counted: int
    outlets: int
    done: int
    undone: tuple[PlannedOutlet, ...]


def totals_of(plan: tuple[PlannedOutlet, ...]) -> PlanTotals:
    done = [outlet for outlet in plan if outlet.is_done]
    undone = tuple(outlet for outlet in plan if not outlet.is_done)
    counted = sum(min(outlet.counted, outlet.planned) for outlet in plan)
    return PlanTotals(sum(outlet.planned for outlet in plan), counted, len(plan), len(done), undone)


def kept_facts(sheet: WageSheet) -> KeptFacts:
    """Empty for a sheet drawn up before facts were kept."""
    if not sheet.facts:
        return KeptFacts(WageFacts(sheet.person_id, Month.parse(sheet.month), ActiveDays(False)), ())
    document = json.loads(sheet.facts)
    accounts = tuple(Account(outlet_id, tuple(missing), tuple(reasons)) for outlet_id, missing, reasons in document["accounts"])
    return KeptFacts(facts_from(document["facts"]), accounts)
