"""What a scenario expects, and how the wages that came out differ from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from server.domain.proposed_findings import ProposedFinding
from server.domain.wage_lines import WageLine
from server.domain.wage_sheet import WageSheet
from server.scenarios.shapes import ScenarioFault, Section, yuan_of

TOTALS = ("gross", "deductions", "adjustments", "limit", "withheld", "shortfall", "carried", "total")


@dataclass(frozen=True)
class ExpectedSheet:
    """None: nothing is said of it."""

    lines: Mapping[str, Decimal] | None = None
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    estimated: tuple[str, ...] | None = None
    totals: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Expected:
    sheets: Mapping[str, ExpectedSheet]
    proposed: tuple[str, ...] | None = None


def expectations(row: Section) -> Expected:
    proposed = row.take("proposed")
    sheets = {person: _sheet(Section(row.take(person), f"{row.place}.{person}")) for person in row.values if person != "proposed"}
    if not sheets and proposed is None:
        raise ScenarioFault(f"{row.place}: nothing is expected")
    return Expected(sheets, None if proposed is None else tuple(str(one) for one in proposed))


def _sheet(row: Section) -> ExpectedSheet:
    lines = row.take("lines")
    estimated = row.take("estimated")
    found = ExpectedSheet(
        lines=None if lines is None else _amounts(lines, row.place),
        quantities=_amounts(row.take("quantities") or {}, row.place),
        estimated=None if estimated is None else tuple(str(one) for one in estimated),
        totals={name: yuan_of(row.take(name), row.place) for name in TOTALS if row.take(name) is not None},
    )
    row.done()
    if found.lines is None and not found.totals:
        raise ScenarioFault(f"{row.place}: neither lines nor a total is expected")
    return found


def _amounts(values: Any, place: str) -> dict[str, Decimal]:
    return {str(name): yuan_of(value, place) for name, value in values.items()}


def differences(expected: Expected, sheets: Mapping[str, WageSheet], proposed: Iterable[ProposedFinding]) -> list[str]:
    """One line for each thing that is not as expected; empty when all is."""
    found: list[str] = []
    if expected.proposed is not None:
        got = {f"{one.kind} {one.outlet_id} {one.month}" for one in proposed}
        found += _against("proposed", dict.fromkeys(expected.proposed, "yes"), dict.fromkeys(got, "yes"))
    for person, wanted in expected.sheets.items():
        if person not in sheets:
            found.append(f"{person}: there is no such rep")
            continue
        found += [f"{person}: {line}" for line in _sheet_differences(wanted, sheets[person])]
    return found


def _sheet_differences(wanted: ExpectedSheet, sheet: WageSheet) -> list[str]:
    lines = {line_name(line): line for line in sheet.lines}
    found: list[str] = []
    if wanted.lines is not None:
        found += _against("line", wanted.lines, {name: line.amount_yuan for name, line in lines.items()})
    found += _against("quantity", wanted.quantities, {name: lines[name].quantity for name in wanted.quantities if name in lines})
    if wanted.estimated is not None:
        estimates = [name for name, line in lines.items() if line.is_estimate]
        found += _against("estimate", dict.fromkeys(wanted.estimated, "yes"), dict.fromkeys(estimates, "yes"))
    return found + _against("", wanted.totals, {name: getattr(sheet, f"{name}_yuan") for name in wanted.totals})


def line_name(line: WageLine) -> str:
    """`volume`, or `2026-10 volume` for an adjustment."""
    return line.kind if line.of_month is None else f"{line.of_month} {line.kind}"


def _against(word: str, wanted: Mapping[str, Any], got: Mapping[str, Any]) -> list[str]:
    names = dict.fromkeys([*wanted, *sorted(got)])
    return [
        f"{word} {name}: expected {wanted.get(name, 'none')}, got {got.get(name, 'none')}".strip()
        for name in names
        if wanted.get(name) != got.get(name)
    ]
