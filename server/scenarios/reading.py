"""From a scenario's YAML to the facts of a company (server/scenarios/format.md)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from server.domain.company_facts import CompanyFacts, PersonRecord
from server.domain.months import Month
from server.domain.policy import Policy, is_policy_value, policy_on
from server.domain.policy_keys import POLICY_KEYS
from server.domain.wage_kinds import WAGE_KINDS
from server.domain.working_days import WorkingYear
from server.scenarios.expectations import Expected, expectations
from server.scenarios.outlets import ALWAYS, outlets_of
from server.scenarios.records import Rows, records
from server.scenarios.shapes import ScenarioFault, Section, day_of, month_of, one_of, yuan_of
from server.scenarios.strict_yaml import document_of

FINDING_KINDS = tuple(kind.paid_by.removeprefix("finding:") for kind in WAGE_KINDS if kind.paid_by.startswith("finding:"))
DatedValue = tuple[str, date, str]


@dataclass(frozen=True)
class DecisionRule:
    """The manager's word on every proposed finding that matches; empty fields match all."""

    kind: str
    outlet_id: str
    month: str
    is_upheld: bool
    on: date


@dataclass(frozen=True)
class Scenario:
    name: str
    source: str
    path: Path
    month: Month
    today: date
    dated_policy: tuple[DatedValue, ...]
    company: CompanyFacts
    decisions: tuple[DecisionRule, ...]
    closed: dict[Month, dict[str, dict[str, Decimal]]]
    expected: Expected

    def policy_of(self, month: Month) -> Policy:
        return policy_on(month.first_day, self.dated_policy)


def read_scenario(path: Path) -> Scenario:
    """The scenario in a file; raises ScenarioFault with the place of what cannot be read."""
    try:
        document = document_of(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        raise ScenarioFault(f"{path.name}: {fault}") from fault
    top = Section(document, path.name)
    month = month_of(top.need("month"), f"{path.name}.month")
    dated = _dated_policy(top)
    company = _company(top, month, policy_on(month.first_day, dated))
    scenario = Scenario(
        name=str(top.need("name")),
        source=str(top.need("source")),
        path=path,
        month=month,
        today=top.day_or_none("today") or month.last_day + timedelta(days=1),
        dated_policy=dated,
        company=company,
        decisions=tuple(_decision(row) for row in top.sections("decisions")),
        closed=_closed(top),
        expected=expectations(Section(top.need("expect"), f"{path.name}.expect")),
    )
    top.done()
    return scenario


def _dated_policy(top: Section) -> tuple[DatedValue, ...]:
    found = [_policy_value(key, ALWAYS, value, top.place) for key, value in top.section("policy").values.items()]
    changes = top.section("policy_from")
    for day in changes.values:
        found += [_policy_value(key, day_of(day, changes.place), value, changes.place) for key, value in changes.section(day).values.items()]
    return tuple(found)


def _policy_value(key: str, day: date, value: Any, place: str) -> DatedValue:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if key not in POLICY_KEYS or not is_policy_value(key, text):
        raise ScenarioFault(f"{place}: policy {key} cannot be {text}")
    return key, day, text


def _company(top: Section, month: Month, policy: Policy) -> CompanyFacts:
    outlets, periods = outlets_of(top, policy)
    rows = Rows(top, {outlet.id for outlet in outlets}, str(month))
    return CompanyFacts(
        people=_people(top, {period.person_id for period in periods}),
        outlets=tuple(outlets),
        periods=tuple(periods),
        years=_years(top),
        **records(rows),
    )


def _people(top: Section, named: set[str]) -> tuple[PersonRecord, ...]:
    rows = top.section("reps")
    people = {name: PersonRecord(name) for name in named}
    for name in rows.values:
        row = rows.section(name)
        people[name] = PersonRecord(name, row.day_or_none("from"), row.day_or_none("until"))
        row.done()
    return tuple(people[name] for name in sorted(people))


def _years(top: Section) -> dict[int, WorkingYear]:
    row = top.section("calendar")
    off, on = ([day_of(day, row.place) for day in row.listed(name)] for name in ("off", "on"))
    row.done()
    return {
        year: WorkingYear(year, False, frozenset(day for day in off if day.year == year), frozenset(day for day in on if day.year == year))
        for year in {day.year for day in (*off, *on)}
    }


def _decision(row: Section) -> DecisionRule:
    rule = DecisionRule(row.one_of("kind", FINDING_KINDS), row.text("outlet"), row.month("month"), row.flag("upheld", True), row.day("on"))
    row.done()
    return rule


def _closed(top: Section) -> dict[Month, dict[str, dict[str, Decimal]]]:
    months = top.section("closed")
    found: dict[Month, dict[str, dict[str, Decimal]]] = {}
    for text in months.values:
        people = months.section(text)
        found[month_of(text, months.place)] = {person: _closed_lines(people.section(person)) for person in people.values}
    return found


def _closed_lines(lines: Section) -> dict[str, Decimal]:
    codes = [kind.code for kind in WAGE_KINDS]
    return {one_of(kind, codes, lines.place): yuan_of(amount, lines.place) for kind, amount in lines.values.items()}
