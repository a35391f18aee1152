"""From a scenario's YAML to the facts of a company (server/scenarios/format.md)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from server.domain.callbacks import OUTCOMES
from server.domain.churn import NORMAL_REASONS, Source, Word
from server.domain.company_facts import (
    CallBackRecord,
    ChurnRecord,
    CompanyFacts,
    ComplaintRecord,
    MaterialRecord,
    PersonRecord,
    PlannedTraining,
    TrainingRecord,
    VisitRecord,
)
from server.domain.months import Month
from server.domain.policy import POLICY_KEYS, Policy, is_policy_value, policy_on
from server.domain.visit_acceptance import VisitFacts
from server.domain.working_days import WorkingYear
from server.scenarios.expectations import Expected, expectations
from server.scenarios.outlets import outlets_of
from server.scenarios.shapes import ScenarioFault, Section, day_of, month_of, yuan_of

ALWAYS = date(2000, 1, 1)
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
        document = yaml.safe_load(path.read_text("utf-8"))
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
    found = [_policy_value(key, ALWAYS, value, top.place) for key, value in (top.take("policy") or {}).items()]
    for day, values in (top.take("policy_from") or {}).items():
        found += [_policy_value(key, day_of(day, f"{top.place}.policy_from"), value, top.place) for key, value in values.items()]
    return tuple(found)


def _policy_value(key: str, day: date, value: Any, place: str) -> DatedValue:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if key not in POLICY_KEYS or not is_policy_value(key, text):
        raise ScenarioFault(f"{place}.policy: {key} cannot be {text}")
    return key, day, text


def _company(top: Section, month: Month, policy: Policy) -> CompanyFacts:
    outlets, periods = outlets_of(top, policy)
    ids = {outlet.id for outlet in outlets}
    return CompanyFacts(
        people=_people(top, {period.person_id for period in periods}),
        outlets=tuple(outlets),
        periods=tuple(periods),
        visits=tuple(_visit(row, ids, place) for place, row in enumerate(top.sections("visits"), 1)),
        trainings=tuple(_training(row, ids, place) for place, row in enumerate(top.sections("trainings"), 1)),
        planned_trainings=tuple(_planned(row, ids, month) for row in top.sections("training_plan")),
        callbacks=tuple(_callback(row, ids, place) for place, row in enumerate(top.sections("callbacks"), 1)),
        complaints=tuple(_complaint(row, ids, place) for place, row in enumerate(top.sections("complaints"), 1)),
        materials=tuple(_material(row, ids, place) for place, row in enumerate(top.sections("materials"), 1)),
        churn=tuple(_churn(row, ids, place) for place, row in enumerate(top.sections("churn"), 1)),
        years=_years(top),
    )


def _people(top: Section, named: set[str]) -> tuple[PersonRecord, ...]:
    rows = Section(top.take("reps") or {}, f"{top.place}.reps")
    people = {name: PersonRecord(name) for name in named}
    for name in rows.values:
        row = Section(rows.take(name) or {}, f"{rows.place}.{name}")
        people[name] = PersonRecord(name, row.day_or_none("from"), row.day_or_none("until"))
        row.done()
    return tuple(people[name] for name in sorted(people))


def _years(top: Section) -> dict[int, WorkingYear]:
    row = Section(top.take("calendar") or {}, f"{top.place}.calendar")
    off, on = ([day_of(day, row.place) for day in row.take(name) or []] for name in ("off", "on"))
    row.done()
    return {
        year: WorkingYear(year, False, frozenset(day for day in off if day.year == year), frozenset(day for day in on if day.year == year))
        for year in {day.year for day in (*off, *on)}
    }


def _outlet_id(row: Section, ids: set[str]) -> str:
    outlet_id = str(row.need("outlet"))
    if outlet_id not in ids:
        raise ScenarioFault(f"{row.place}: there is no outlet {outlet_id}")
    return outlet_id


def _record_id(row: Section, word: str, position: int) -> str:
    return str(row.take("id", f"{word}{position}"))


def _visit(row: Section, ids: set[str], position: int) -> VisitRecord:
    facts = VisitFacts(
        is_checklist_complete=row.flag("checklist", True),
        storefront_photos=int(row.take("storefront", 1)),
        has_signature=row.flag("signature", True),
        are_photos_stored=row.flag("photos_stored", True),
        distance_m=_metres(row, "distance_m", 20.0),
        accuracy_m=_metres(row, "accuracy_m", 10.0),
        has_fix=row.flag("fix", True),
        outlet_has_position=row.flag("outlet_position", True),
        review=row.take("review"),
    )
    visit = VisitRecord(_record_id(row, "v", position), _outlet_id(row, ids), row.day("on"), facts)
    row.done()
    return visit


def _metres(row: Section, name: str, default: float) -> float | None:
    value = row.take(name, default)
    return None if value == "unknown" else float(value)


def _training(row: Section, ids: set[str], position: int) -> TrainingRecord:
    training = TrainingRecord(_record_id(row, "t", position), _outlet_id(row, ids), row.day("on"), row.flag("new_customer", False))
    row.done()
    return training


def _planned(row: Section, ids: set[str], month: Month) -> PlannedTraining:
    planned = PlannedTraining(_outlet_id(row, ids), str(month_of(row.take("month", str(month)), row.place)))
    row.done()
    return planned


def _callback(row: Section, ids: set[str], position: int) -> CallBackRecord:
    kind = row.one_of("kind", OUTCOMES)
    outcome = row.one_of("outcome", OUTCOMES[kind])
    call = CallBackRecord(_record_id(row, "c", position), _outlet_id(row, ids), kind, outcome, row.day("on"), str(row.take("about_month", "") or ""))
    row.done()
    return call


def _complaint(row: Section, ids: set[str], position: int) -> ComplaintRecord:
    complaint = ComplaintRecord(
        _record_id(row, "k", position),
        _outlet_id(row, ids),
        row.day("received_on"),
        row.flag("about_rep", False),
        row.day_or_none("resolved_on"),
        row.one_of("verdict", ("founded", "unfounded")) if row.take("verdict") else None,
    )
    row.done()
    return complaint


def _material(row: Section, ids: set[str], position: int) -> MaterialRecord:
    request = MaterialRecord(_record_id(row, "m", position), _outlet_id(row, ids), row.day("requested_on"), row.day_or_none("delivered_on"))
    row.done()
    return request


def _churn(row: Section, ids: set[str], position: int) -> ChurnRecord:
    words = tuple(_word(word) for word in row.sections("words"))
    reason = str(row.take("reason", "") or "")
    if reason and reason not in NORMAL_REASONS:
        raise ScenarioFault(f"{row.place}.reason: {reason} is none of {', '.join(NORMAL_REASONS)}")
    case = ChurnRecord(_record_id(row, "x", position), _outlet_id(row, ids), row.day("listed_on"), row.day_or_none("decided_on"), words, reason)
    row.done()
    return case


def _word(row: Section) -> Word:
    word = Word(Source(row.one_of("by", [source.value for source in Source])), row.day("on"), row.flag("gone", True))
    row.done()
    return word


def _decision(row: Section) -> DecisionRule:
    rule = DecisionRule(str(row.need("kind")), str(row.take("outlet", "")), str(row.take("month", "")), row.flag("upheld", True), row.day("on"))
    row.done()
    return rule


def _closed(top: Section) -> dict[Month, dict[str, dict[str, Decimal]]]:
    months = Section(top.take("closed") or {}, f"{top.place}.closed")
    return {
        month_of(text, months.place): {
            person: {kind: yuan_of(amount, months.place) for kind, amount in lines.items()} for person, lines in months.take(text).items()
        }
        for text in months.values
    }
