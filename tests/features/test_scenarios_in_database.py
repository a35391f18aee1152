"""Every scenario once more, through the database: rows, the real compliance and the real draft must pay what the rules alone pay."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from server.db import db
from server.domain import wage_lines
from server.domain.months import Month
from server.domain.wage_sheet import WageSheet as DomainSheet
from server.payroll.actions import draft_month
from server.payroll.canonical import TOTALS
from server.payroll.models import WageSheet
from server.scenarios.expectations import differences
from server.scenarios.reading import read_scenario
from server.scenarios.running import outcome_of, scenario_paths
from server.visits.compliance import refresh_outlet_months
from server.visits.models import OutletMonth
from tests.scenario_rows import cannot_be_rows, load_scenario, noon

FOLDER = Path(__file__).parent.parent / "scenarios"


@pytest.mark.parametrize("path", scenario_paths(FOLDER), ids=lambda path: path.stem)
def test_a_scenario_in_the_database_pays_what_the_rules_pay(app, path):
    scenario = read_scenario(path)
    if reason := cannot_be_rows(scenario):
        pytest.skip(reason)
    at = noon(scenario.today)
    with app.app_context():
        load_scenario(scenario)
        for month in sorted({*scenario.closed, scenario.month}):
            refresh_outlet_months(month, at)
        draft_month(scenario.month, at)
        drafts, standings = sheets_of(scenario.month), standings_of(scenario.month)
    by_rules = outcome_of(scenario)
    paid = {person: drafts.get(person, NOTHING) for person in by_rules.sheets}
    counted = {outlet: standings.get(outlet, {**standing, "owed": "0", "counted": "0"}) for outlet, standing in by_rules.standings.items()}
    assert differences(scenario.expected, replace(by_rules, sheets=paid, standings=counted)) == []
    assert {person: amounts(sheet) for person, sheet in paid.items()} == {person: amounts(sheet) for person, sheet in by_rules.sheets.items()}
    assert counted == by_rules.standings


NOTHING = DomainSheet((), *[Decimal("0.00")] * 8)


def sheets_of(month: Month) -> dict[str, DomainSheet]:
    query = select(WageSheet).where(WageSheet.month == str(month)).options(selectinload(WageSheet.lines))
    return {sheet.person_id: read_back(sheet) for sheet in db.session.scalars(query)}


def standings_of(month: Month) -> dict[str, dict[str, str]]:
    """As compliance counted them; an outlet that owes and got nothing has no row."""
    rows = db.session.scalars(select(OutletMonth).where(OutletMonth.month == str(month)))
    return {row.outlet_id: {"class": row.outlet_class, "owed": str(row.owed), "counted": str(row.counted)} for row in rows}


def read_back(sheet: WageSheet) -> DomainSheet:
    lines = [
        wage_lines.WageLine(
            kind=line.kind,
            quantity=line.quantity,
            unit_yuan=line.unit_yuan,
            amount_yuan=line.amount_yuan,
            rule_key=line.rule_key,
            is_estimate=line.is_estimate,
            of_month=Month.parse(line.of_month) if line.of_month else None,
        )
        for line in sheet.lines
    ]
    return DomainSheet(tuple(lines), **{f"{name}_yuan": getattr(sheet, f"{name}_yuan") for name in TOTALS})


def amounts(sheet: DomainSheet) -> tuple[list[tuple[str, str, str]], list[str]]:
    """Lines with their month and amount in any order, and all totals."""
    lines = sorted((line.kind, str(line.of_month or ""), str(line.amount_yuan)) for line in sheet.lines)
    return lines, [str(getattr(sheet, f"{name}_yuan")) for name in TOTALS]
