"""工作日历: which days people work, year by year; an administrator edits it. It lives with people, whose days they are."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now
from server.console.form_answers import form_again
from server.console.form_checks import FormChecks, text_of
from server.db import db
from server.people.access import current_person, requires
from server.people.calendar_months import asked_year, shown_months
from server.people.models import Role
from server.policy.calendar_actions import RowFault, read_days, replace_year, set_day
from server.policy.models import CalendarYear
from sync.problems import Problem

blueprint = Blueprint("calendar", __name__, template_folder="templates")


@blueprint.get("/calendar")
@requires()
def year_list() -> str:
    return _page({}, [])


@blueprint.post("/calendar/day")
@requires(Role.ADMIN)
def change_day() -> AnyResponse:
    """Say whether people work on one day."""
    try:
        checks = FormChecks()
        day = checks.day("day", request.form.get("day", ""), None, None)
        works = checks.one_of("works", request.form.get("works", ""), ("yes", "no")) == "yes"
        checks.done()
        set_day(day, works, text_of(request.form, "reason", 200), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(faults, []))
    flash(gettext("已改，期限按新的日历重算了。"))
    return redirect(url_for("calendar.year_list", year=day.year))


@blueprint.post("/calendar/year")
@requires(Role.ADMIN)
def import_year() -> AnyResponse:
    """Take a whole year from a table of dates, or nothing."""
    file, year = request.files.get("file"), asked_year(request.form.get("year", ""))
    try:
        if file is None or not file.filename:
            raise Problem("invalid", fields={"file": "no_table"})
        days = read_days(file.read(), year)
        replace_year(year, days, request.form.get("is_provisional") == "yes", current_person().id, now())
    except Problem as problem:
        rows: list[RowFault] = problem.extras.get("rows", [])
        return form_again(problem, lambda faults: _page(faults, rows))
    flash(gettext("%(year)s 年按表里的 %(count)s 天更新了，期限也重算了。", year=year, count=len(days)))
    return redirect(url_for("calendar.year_list", year=year))


def _page(faults: dict[str, str], rows: list[RowFault]) -> str:
    year = asked_year(request.values.get("year", ""))
    years = list(db.session.scalars(select(CalendarYear).order_by(CalendarYear.year)))
    chosen = next((one for one in years if one.year == year), None)
    values: dict[str, Any] = {"years": years, "year": year, "chosen": chosen, "months": shown_months(year)}
    form = {"day": request.form.get("day", ""), "works": request.form.get("works", "no"), "reason": request.form.get("reason", "")}
    return render_template("calendar/list.html", may_edit=current_person().holds(Role.ADMIN), faults=faults, rows=rows, form=form, **values)
