"""如果改: each person's difference for a chosen month if a policy value were another (issue 4 part 1). Nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from server.db import db
from server.domain.months import Month
from server.domain.policy import Policy
from server.domain.wage_facts import NOTHING, UpheldFinding, WageFacts, once_per_outlet
from server.domain.wage_sheet import WageSheet, wage_sheet
from server.findings.models import Finding, FindingState
from server.payroll.adjustments import NONE_OWED, corrections_for
from server.payroll.canonical import policy_document
from server.payroll.facts import month_facts
from server.payroll.facts_plans import Plans, plans_by_rep
from server.payroll.kinds import kinds_of
from server.payroll.what_if_plans import Recount, recount, visit_month
from server.people.models import Person
from server.policy.queries import policy_of

BY_FACTS = ("wage.", "bonus.", "customer.", "training.unsigned_counts", "training.early_counts")
BY_VISITS = ("visit.", "class.")
MISSED = "missed_visit"


@dataclass(frozen=True)
class Difference:
    person_id: str
    name: str
    now_yuan: Decimal
    then_yuan: Decimal

    @property
    def by_yuan(self) -> Decimal:
        return self.then_yuan - self.now_yuan


@dataclass(frozen=True)
class WhatIf:
    """`figures` are (code, now, then); `differences` those of people whose wage changes, largest first; `same` how many do not. `waiting`
    counts the month's findings that the value prices and that nobody decided yet, `waiting_yuan` is what they would change in all if upheld."""

    month: Month
    figures: tuple[tuple[str, Decimal, Decimal], ...]
    differences: tuple[Difference, ...]
    same: int
    waiting: int = 0
    waiting_yuan: Decimal = NOTHING

    @property
    def by_yuan(self) -> Decimal:
        return sum((one.by_yuan for one in self.differences), NOTHING)


def is_reckoned(key: str) -> bool:
    """Whether a month can be worked out again under another value: what only changes later deadlines and plans, or what is proposed, cannot."""
    return key.startswith((*BY_FACTS, *BY_VISITS))


def what_if(month: Month, key: str, value: str, today: date) -> WhatIf:
    """Work the month out twice, as it is and with the value changed, adjustments of closed months aside in both. What the cap left of them
    counts in both in the first open month, whose limit it is held to.

    With a rule of visits changed, outlets that would newly be missed are taken as upheld, and those that would no longer be as not.
    """
    policy = policy_of(month)
    changed = Policy({**policy_document(policy), key: value})
    figures: list[tuple[str, Decimal, Decimal]] = []
    if key.startswith(BY_VISITS):
        facts = visit_month(month, today)
        by_inputs = key.startswith("class.")
        before, after = (recount(facts, month, one, by_inputs) for one in (policy, changed))
        figures = [("visits", Decimal(before.counted), Decimal(after.counted)), ("missed", Decimal(len(before.missed)), Decimal(len(after.missed)))]
        now, then = _with_plans(month, today, policy, before, after, today > month.last_day)
    else:
        now, then = (month_facts(month, today, one).by_person for one in (policy, changed))
    kinds, owed = kinds_of(month), corrections_for(month, today)
    sheets = [
        {person: wage_sheet(replace(one, carried=owed.get(person, NONE_OWED).carried), terms, kinds) for person, one in side.items()}
        for side, terms in ((now, policy), (then, changed))
    ]
    return replace(_compared(month, figures, *sheets), **_waiting(month, key, policy, changed))


def _waiting(month: Month, key: str, policy: Policy, changed: Policy) -> dict[str, Any]:
    """Findings that wait for the manager are in neither sheet: what a deduction's amount would make of them is said apart."""
    kind = key.removeprefix("wage.").removesuffix("_yuan")
    if key != f"wage.{kind}_yuan":
        return {}
    query = select(func.count(Finding.id)).where(Finding.month == str(month), Finding.kind == kind, Finding.state == FindingState.PROPOSED)
    count = db.session.scalar(query) or 0
    return {"waiting": count, "waiting_yuan": count * (policy.decimal(key) - changed.decimal(key))}


def _with_plans(
    month: Month, today: date, policy: Policy, before: Recount, after: Recount, is_over: bool
) -> tuple[dict[str, WageFacts], dict[str, WageFacts]]:
    trainings = plans_by_rep(month, today, policy).trainings
    now, then = (month_facts(month, today, policy, plans=Plans(one.plans, trainings)).by_person for one in (before, after))
    return now, {person: _other_findings(facts, before, after, is_over) for person, facts in then.items()}


def _other_findings(facts: WageFacts, before: Recount, after: Recount, is_over: bool) -> WageFacts:
    """Misses that the change heals are gone; those it makes count, once the month is over."""
    healed = set(before.missed) - set(after.missed)
    kept = tuple(one for one in facts.findings if one.kind != MISSED or one.outlet_id not in healed)
    fresh = sorted(outlet for outlet, rep in after.missed.items() if outlet not in before.missed and rep == facts.person_id) if is_over else []
    added = tuple(UpheldFinding(f"what-if:{outlet}", MISSED, outlet) for outlet in fresh)
    return replace(facts, findings=once_per_outlet(kept + added))


def _compared(month: Month, figures: list[tuple[str, Decimal, Decimal]], now: Mapping[str, WageSheet], then: Mapping[str, WageSheet]) -> WhatIf:
    people = sorted({*now, *then})
    sums = [(name, _sum(now, name), _sum(then, name)) for name in ("gross", "deductions", "total")]
    names = {person_id: person_name for person_id, person_name in db.session.execute(select(Person.id, Person.name))}
    pairs = [Difference(person, names[person], _total(now, person), _total(then, person)) for person in people]
    changed = sorted((one for one in pairs if one.by_yuan), key=lambda one: (-abs(one.by_yuan), one.name))
    return WhatIf(month, (*figures, *sums), tuple(changed), len(pairs) - len(changed))


def _sum(sheets: Mapping[str, WageSheet], name: str) -> Decimal:
    return sum((getattr(sheet, f"{name}_yuan") for sheet in sheets.values()), NOTHING)


def _total(sheets: Mapping[str, WageSheet], person: str) -> Decimal:
    return sheets[person].total_yuan if person in sheets else NOTHING
