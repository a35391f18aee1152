"""What a scenario expects, and how what came out differs from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from server.domain.churn import ChurnState
from server.domain.proposed_findings import ProposedFinding
from server.domain.wage_lines import WageLine
from server.domain.wage_sheet import WageSheet
from server.scenarios.shapes import ScenarioFault, Section, one_of, yuan_of

TOTALS = ("gross", "deductions", "adjustments", "limit", "withheld", "shortfall", "carried", "total")
STANDINGS = ("class", "owed", "counted")
COMPANY = ("proposed", "outlets", "training_due", "churn_list", "churn")


@dataclass(frozen=True)
class Outcome:
    """What the rules made of a scenario: sheets by rep; standings of outlets in the month; churn states by outlet."""

    sheets: Mapping[str, WageSheet]
    proposed: tuple[ProposedFinding, ...]
    standings: Mapping[str, Mapping[str, str]]
    training_due: tuple[str, ...]
    churn_list: tuple[str, ...]
    churn: Mapping[str, str]


@dataclass(frozen=True)
class ExpectedSheet:
    """None: nothing is said of it."""

    lines: Mapping[str, Decimal] | None = None
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    estimated: tuple[str, ...] | None = None
    totals: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Expected:
    """Sheets by rep, and what is expected of the company; None or empty: nothing is said of it."""

    sheets: Mapping[str, ExpectedSheet]
    proposed: tuple[str, ...] | None = None
    standings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    training_due: tuple[str, ...] | None = None
    churn_list: tuple[str, ...] | None = None
    churn: Mapping[str, str] = field(default_factory=dict)


def expectations(row: Section) -> Expected:
    if not row.values:
        raise ScenarioFault(f"{row.place}: nothing is expected")
    outlets, churn = row.section("outlets"), row.section("churn")
    states = [state.value for state in ChurnState]
    return Expected(
        sheets={person: _sheet(row.section(person)) for person in row.values if person not in COMPANY},
        proposed=_names(row, "proposed"),
        standings={outlet_id: _standing(outlets.section(outlet_id)) for outlet_id in outlets.values},
        training_due=_names(row, "training_due"),
        churn_list=_names(row, "churn_list"),
        churn={outlet_id: one_of(state, states, churn.place) for outlet_id, state in churn.values.items()},
    )


def _names(row: Section, name: str) -> tuple[str, ...] | None:
    return tuple(str(one) for one in row.listed(name)) if name in row.values else None


def _standing(row: Section) -> dict[str, str]:
    found = {name: str(row.take(name)) for name in STANDINGS if name in row.values}
    row.done()
    if not found:
        raise ScenarioFault(f"{row.place}: nothing is expected")
    return found


def _sheet(row: Section) -> ExpectedSheet:
    found = ExpectedSheet(
        lines=_amounts(row.section("lines")) if "lines" in row.values else None,
        quantities=_amounts(row.section("quantities")),
        estimated=_names(row, "estimated"),
        totals={name: yuan_of(row.take(name), f"{row.place}.{name}") for name in TOTALS if name in row.values},
    )
    row.done()
    if found.lines is None and not found.totals:
        raise ScenarioFault(f"{row.place}: neither lines nor a total is expected")
    return found


def _amounts(row: Section) -> dict[str, Decimal]:
    return {name: yuan_of(value, f"{row.place}.{name}") for name, value in row.values.items()}


def differences(expected: Expected, got: Outcome) -> list[str]:
    """One line for each thing that is not as expected; empty when all is."""
    found: list[str] = []
    if expected.proposed is not None:
        found += _set_against("proposed", expected.proposed, [f"{one.kind} {one.outlet_id} {one.month}" for one in got.proposed])
    for outlet_id, wanted in expected.standings.items():
        standing = got.standings.get(outlet_id, {})
        found += _against(f"{outlet_id}:", wanted, {name: standing.get(name, "none") for name in wanted})
    if expected.training_due is not None:
        found += _against("training due", _places(expected.training_due), _places(got.training_due))
    if expected.churn_list is not None:
        found += _set_against("churn list", expected.churn_list, got.churn_list)
    found += _against("churn", expected.churn, {outlet_id: got.churn.get(outlet_id, "none") for outlet_id in expected.churn})
    for person, sheet in expected.sheets.items():
        found += [f"{person}: {line}" for line in _person_differences(sheet, got.sheets.get(person))]
    return found


def _person_differences(wanted: ExpectedSheet, sheet: WageSheet | None) -> list[str]:
    return ["there is no such rep"] if sheet is None else _sheet_differences(wanted, sheet)


def _sheet_differences(wanted: ExpectedSheet, sheet: WageSheet) -> list[str]:
    lines = {line_name(line): line for line in sheet.lines}
    found: list[str] = []
    if wanted.lines is not None:
        found += _against("line", wanted.lines, {name: line.amount_yuan for name, line in lines.items()})
    found += _against("quantity", wanted.quantities, {name: lines[name].quantity for name in wanted.quantities if name in lines})
    if wanted.estimated is not None:
        found += _set_against("estimate", wanted.estimated, [name for name, line in lines.items() if line.is_estimate])
    return found + _against("", wanted.totals, {name: getattr(sheet, f"{name}_yuan") for name in wanted.totals})


def line_name(line: WageLine) -> str:
    """`volume`, or `2026-10 volume` for an adjustment."""
    return line.kind if line.of_month is None else f"{line.of_month} {line.kind}"


def _places(names: Iterable[str]) -> dict[str, str]:
    return {f"{place}": name for place, name in enumerate(names, 1)}


def _set_against(word: str, wanted: Iterable[str], got: Iterable[str]) -> list[str]:
    return _against(word, dict.fromkeys(wanted, "yes"), dict.fromkeys(got, "yes"))


def _against(word: str, wanted: Mapping[str, Any], got: Mapping[str, Any]) -> list[str]:
    names = dict.fromkeys([*wanted, *sorted(got)])
    return [
        f"{word} {name}: expected {wanted.get(name, 'none')}, got {got.get(name, 'none')}".strip()
        for name in names
        if wanted.get(name) != got.get(name)
    ]
