"""Wage sheets: a month's list, one sheet whose lines open to their evidence."""

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.clock import today
from server.console.formats import percent
from server.console.months import month_in_path, month_strip
from server.console.rendering import page
from server.domain.months import Month
from server.payroll.models import WageSheet
from server.payroll.queries import READERS, months_with_sheets, sheets_of_month, visible_sheet
from server.payroll.views import ShownLine, line_cards, people_of_month, plan_of, shown_lines, upheld_cards
from server.people.access import current_person, requires
from server.people.models import Person, Role
from server.policy.queries import policy_of

blueprint = Blueprint("payroll", __name__, template_folder="templates")

OPENERS = (*READERS, Role.REP)


@blueprint.get("/payroll")
@requires(*OPENERS)
def latest() -> AnyResponse:
    """The newest month that has sheets."""
    months = months_with_sheets()
    return redirect(url_for("payroll.sheet_list", month=str(months[0] if months else Month.of_date(today()))))


@blueprint.get("/payroll/<month>")
@requires(*OPENERS)
def sheet_list(month: str) -> Response | AnyResponse:
    """All sheets of a month; a rep goes to the own one."""
    chosen, reader = month_in_path(month), current_person()
    sheets = sheets_of_month(chosen)
    if not reader.holds(*READERS):
        sheets = [(sheet, person) for sheet, person in sheets if person.id == reader.id]
        if sheets:
            return redirect(url_for("payroll.sheet", month=month, person_id=reader.id))
    return page("payroll/list.html", "payroll/_table.html", month=chosen, strip=month_strip(chosen), sheets=sheets)


@blueprint.get("/payroll/<month>/<person_id>")
@requires()
def sheet(month: str, person_id: str) -> Response:
    """One sheet; `open` names the kind of line whose evidence is shown."""
    chosen, reader = month_in_path(month), current_person()
    found = visible_sheet(reader, chosen, person_id)
    lines = shown_lines(found)
    values = {
        "month": chosen,
        "strip": month_strip(chosen),
        "sheet": found,
        "lines": lines,
        "plan": plan_of(person_id, chosen),
        "limits": _limits(found, chosen),
        **_people(reader, chosen, person_id),
        **_opened(reader, lines, request.args.get("open")),
    }
    return page("payroll/sheet.html", "payroll/_sheet.html", **values)


def _people(reader: Person, month: Month, person_id: str) -> dict[str, Any]:
    """Whose sheet it is, and whose come before and after it."""
    if not reader.holds(*READERS):
        return {"person": reader, "before": None, "after": None, "place": 1, "count": 1}
    people = people_of_month(month)
    place = [person.id for person in people].index(person_id)
    return {
        "person": people[place],
        "before": people[place - 1] if place else None,
        "after": people[place + 1] if place + 1 < len(people) else None,
        "place": place + 1,
        "count": len(people),
    }


def _opened(reader: Person, lines: list[ShownLine], asked: str | None) -> dict[str, Any]:
    """The open line with its evidence: the one asked for, else the first deduction."""
    deductions = [shown.kind.code for shown in lines if shown.kind.sign < 0]
    code = asked if asked is not None else next(iter(deductions), "")
    line = next((shown.line for shown in lines if shown.kind.code == code and shown.line is not None), None)
    if line is None:
        return {"open_code": "", "cards": [], "upheld": []}
    return {"open_code": code, "cards": line_cards(line, reader, today()), "upheld": upheld_cards(line, reader, today())}


def _limits(found: WageSheet, month: Month) -> dict[str, Any]:
    """What the law lets an employer withhold, beside what the sheet withholds."""
    policy = policy_of(month)
    return {
        "share_percent": percent(float(policy.decimal("wage.deduction_limit_share")), 1),
        "minimum_yuan": policy.decimal("wage.minimum_yuan"),
        "is_capped": policy.flag("wage.cap_deductions"),
        "is_over": found.deductions_yuan > found.limit_yuan,
        "used_percent": percent(float(found.deductions_yuan), float(found.limit_yuan)) if found.deductions_yuan else 0,
        "withheld_yuan": found.deductions_yuan - found.shortfall_yuan,
    }
