"""Running scenarios through the rules."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from server.domain.churn import churn_state, is_listed
from server.domain.company_facts import CompanyFacts, Decision, OutletRecord
from server.domain.company_month import wage_facts
from server.domain.company_trainings import trainings_due
from server.domain.months import Month
from server.domain.proposed_findings import ProposedFinding, outlet_count, proposed_findings, with_known_churn
from server.domain.wage_facts import NOTHING, Adjustment
from server.domain.wage_kinds import WAGE_KINDS
from server.domain.wage_lines import WageLine
from server.domain.wage_sheet import WageSheet, month_correction, wage_sheet
from server.scenarios.expectations import Outcome, differences
from server.scenarios.reading import Scenario, read_scenario
from server.scenarios.shapes import ScenarioFault


@dataclass(frozen=True)
class ScenarioResult:
    """`differences` is empty when all is as expected."""

    path: Path
    name: str
    differences: tuple[str, ...]


def scenario_paths(path: Path) -> list[Path]:
    """The file itself, or every scenario below a folder, by name."""
    return [path] if path.is_file() else sorted([*path.rglob("*.yaml"), *path.rglob("*.yml")])


def run_scenario(path: Path) -> ScenarioResult:
    """What came of one; a file that cannot be read is a difference too."""
    try:
        scenario = read_scenario(path)
        outcome = outcome_of(scenario)
    except ScenarioFault as fault:
        return ScenarioResult(path, path.name, (str(fault),))
    return ScenarioResult(path, scenario.name, tuple(differences(scenario.expected, outcome)))


def outcome_of(scenario: Scenario) -> Outcome:
    """Everything that the rules make of it. Raises ScenarioFault for a decision that matches nothing."""
    company = decided(scenario)
    known = with_known_churn(company, scenario.today, scenario.policy_of)
    return Outcome(
        sheets=_sheets(scenario, company),
        proposed=tuple(proposed_findings(company, scenario.today, scenario.policy_of).values()),
        standings={outlet.id: _standing(known, outlet, scenario) for outlet in known.outlets},
        training_due=trainings_due(known, scenario.month, scenario.policy_of(scenario.month)),
        churn_list=tuple(outlet.id for outlet in company.outlets if is_listed(_volumes(outlet, scenario.month), scenario.month)),
        churn=_churn(scenario, company),
    )


def decided(scenario: Scenario) -> CompanyFacts:
    """The company with the manager's word on every proposed finding that a decision of the scenario matches."""
    company = scenario.company
    proposed = proposed_findings(company, scenario.today, scenario.policy_of)
    decisions = []
    for rule in scenario.decisions:
        matching = [one for one in proposed.values() if _matches(one, rule.kind, rule.outlet_id, rule.month)]
        if not matching:
            raise ScenarioFault(f"{scenario.path.name}: no proposed {rule.kind} matches the decision of {rule.on}")
        decisions += [Decision(one.key, rule.is_upheld, rule.on) for one in matching]
    return replace(company, decisions=tuple(decisions))


def _matches(finding: ProposedFinding, kind: str, outlet_id: str, month: str) -> bool:
    return finding.kind == kind and outlet_id in ("", finding.outlet_id) and month in ("", str(finding.month))


def _sheets(scenario: Scenario, company: CompanyFacts) -> dict[str, WageSheet]:
    """Everybody's sheet of the scenario's month, adjustments of closed months included."""
    facts = wage_facts(company, scenario.month, scenario.today, scenario.policy_of)
    adjustments = _adjustments(scenario, company)
    policy = scenario.policy_of(scenario.month)
    return {person: wage_sheet(replace(one, adjustments=tuple(adjustments.get(person, ()))), policy, WAGE_KINDS) for person, one in facts.items()}


def _adjustments(scenario: Scenario, company: CompanyFacts) -> dict[str, list[Adjustment]]:
    found: dict[str, list[Adjustment]] = {}
    for month, people in sorted(scenario.closed.items()):
        facts = wage_facts(company, month, scenario.today, scenario.policy_of)
        for person, lines in people.items():
            if person not in facts:
                raise ScenarioFault(f"{scenario.path.name}.closed: there is no rep {person}")
            correction = month_correction(facts[person], _closed_lines(lines), scenario.policy_of(month), WAGE_KINDS)
            found.setdefault(person, []).extend(correction.adjustments)
    return found


def _closed_lines(lines: dict[str, Decimal]) -> Iterable[WageLine]:
    return [WageLine(kind, Decimal(1), None, amount, "") for kind, amount in lines.items()]


def _standing(company: CompanyFacts, outlet: OutletRecord, scenario: Scenario) -> dict[str, str]:
    month = scenario.month
    count = outlet_count(company, outlet, month, scenario.policy_of(month))
    return {"class": outlet.class_on(month.first_day), "owed": str(count.owed), "counted": str(len(count.visit_ids))}


def _volumes(outlet: OutletRecord, month: Month) -> dict[Month, Decimal]:
    """The volumes that a month's churn list looks at."""
    last = month.previous()
    sums = dict.fromkeys((last.previous(), last), NOTHING)
    for one in outlet.transfers:
        if (moved_in := Month.of_date(one.on)) in sums:
            sums[moved_in] += one.amount_yuan
    return sums


def _churn(scenario: Scenario, company: CompanyFacts) -> dict[str, str]:
    return {
        case.outlet_id: churn_state(
            case.listed_on, case.words, scenario.today, company.years, scenario.policy_of(Month.of_date(case.listed_on))
        ).value
        for case in company.churn
    }
