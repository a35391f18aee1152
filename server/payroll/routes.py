"""Wage sheets: a month's list, one sheet whose lines open to their evidence, and the slip to print."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.form_answers import form_again
from server.console.months import month_in_path, month_strip
from server.console.rendering import page
from server.domain.months import Month
from server.payroll.adjustments import CLOSED
from server.payroll.capitals import capital_yuan
from server.payroll.kept_facts import KeptFacts, kept_facts
from server.payroll.limits import limits_of, policy_of_sheet
from server.payroll.opened import Opened, opened_line
from server.payroll.payslips import ANSWERED, ANSWERERS, CONFIRMED, OBJECTED, add_step, standing, steps_of
from server.payroll.queries import READERS, months_with_sheets, objected_months, sheets_of_month, visible_sheet
from server.payroll.views import ShownLine, people_of_month, shown_lines
from server.payroll.words import STEP_MARKS, STEP_WORDS
from server.people.access import current_person, requires
from server.people.models import Person, Role
from sync.problems import Problem

blueprint = Blueprint("payroll", __name__, template_folder="templates")

OPENERS = (*READERS, Role.REP)
EXPORTERS = (Role.PAYROLL, Role.MANAGER)


@blueprint.get("/payroll")
@requires(*OPENERS)
def latest() -> AnyResponse:
    """The newest month that has sheets."""
    months = months_with_sheets()
    return redirect(url_for("payroll.sheet_list", month=str(months[0] if months else Month.of_date(today()))))


@blueprint.get("/payroll/objections")
@requires(*ANSWERERS)
def objections() -> AnyResponse:
    """To the oldest month with an objection that waits for its answer."""
    month = next(iter(objected_months()), Month.of_date(today()))
    return redirect(url_for("payroll.sheet_list", month=str(month), answer=OBJECTED))


@blueprint.get("/payroll/<month>")
@requires(*OPENERS)
def sheet_list(month: str) -> Response | AnyResponse:
    """All sheets of a month; a rep goes to the own one."""
    chosen, reader, answer = month_in_path(month), current_person(), request.args.get("answer", "")
    if answer not in ("", OBJECTED):
        raise Problem("invalid", f"answer {answer[:20]}")
    sheets = sheets_of_month(chosen)
    if not reader.holds(*READERS):
        sheets = [row for row in sheets if row.person.id == reader.id]
        if sheets:
            return redirect(url_for("payroll.sheet", month=month, person_id=reader.id))
    shown = [row for row in sheets if row.answer == OBJECTED] if answer else sheets
    values: dict[str, Any] = {"month": chosen, "strip": month_strip(chosen), "sheets": shown, "step_words": STEP_WORDS, "step_marks": STEP_MARKS}
    values |= {"answer": answer, "objected": OBJECTED, "others": _objected_elsewhere(chosen) if answer and reader.holds(*READERS) else {}}
    is_closing_due = reader.holds(Role.MANAGER) and not all(row.sheet.state == "closed" for row in sheets)
    return page("payroll/list.html", "payroll/_table.html", **values, **_deeds(reader), is_closing_due=is_closing_due)


def _objected_elsewhere(month: Month) -> dict[Month, int]:
    return {other: count for other, count in objected_months().items() if other != month}


def _deeds(reader: Person) -> dict[str, bool]:
    return {"may_export": reader.holds(*EXPORTERS), "may_close": reader.holds(Role.MANAGER), "reads_all": reader.holds(*READERS)}


@blueprint.get("/payroll/<month>/<person_id>")
@requires()
def sheet(month: str, person_id: str) -> Response:
    """One sheet; `open` names the line whose evidence is shown."""
    values = _sheet_values(month_in_path(month), person_id, {})
    return page("payroll/sheet.html", "payroll/_sheet.html", **values)


@blueprint.post("/payroll/<month>/<person_id>/steps")
@requires()
def take_step(month: str, person_id: str) -> AnyResponse:
    """Seen, confirmed or objected by the person; an objection answered by the office."""
    chosen, reader = month_in_path(month), current_person()
    found = visible_sheet(reader, chosen, person_id)
    try:
        add_step(found, request.form.get("action", ""), request.form.get("text", ""), reader, now())
    except Problem as problem:
        return form_again(problem, lambda faults: render_template("payroll/sheet.html", **_sheet_values(chosen, person_id, faults)))
    flash(gettext("已记下。"))
    return redirect(url_for("payroll.sheet", month=month, person_id=person_id))


@blueprint.get("/payroll/<month>/<person_id>/print")
@requires()
def slip(month: str, person_id: str) -> str:
    """The slip 工资条 on A4, without the console's frame."""
    values = _sheet_values(month_in_path(month), person_id, {})
    return render_template("payroll/print.html", **values, capitals=capital_yuan(values["sheet"].total_yuan), reader=current_person())


def _sheet_values(month: Month, person_id: str, faults: dict[str, str]) -> dict[str, Any]:
    reader = current_person()
    found = visible_sheet(reader, month, person_id)
    kept = kept_facts(found)
    lines = shown_lines(found, kept)
    steps = steps_of(found.id)
    stands = standing(steps)
    return {
        "month": month,
        "strip": month_strip(month),
        "sheet": found,
        "lines": lines,
        "kept": kept,
        "limits": limits_of(found, policy_of_sheet(found)),
        "opened": _opened(reader, lines, request.args.get("open"), kept),
        "steps": steps,
        "step_words": STEP_WORDS,
        "step_marks": STEP_MARKS,
        "is_own": reader.id == person_id,
        "may_see": not any(step.by_id == reader.id and step.is_trial == (found.state != CLOSED) for step in steps),
        "may_confirm": found.state == CLOSED and stands != CONFIRMED,
        "is_objected": stands == OBJECTED,
        "may_answer": stands == OBJECTED and reader.holds(*ANSWERERS) and reader.id != person_id,
        "answer_action": ANSWERED,
        "text": request.form.get("text", ""),
        "faults": faults,
        **_people(reader, month, person_id),
        **_deeds(reader),
    }


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


def _opened(reader: Person, lines: list[ShownLine], asked: str | None, kept: KeptFacts) -> Opened:
    """The line asked for, else the first deduction."""
    deductions = [shown.key for shown in lines if shown.kind.sign < 0 and shown.can_open]
    key = asked if asked is not None else next(iter(deductions), "")
    return opened_line(next((shown for shown in lines if shown.key == key), None), kept, reader, today())
