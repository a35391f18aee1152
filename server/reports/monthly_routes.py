"""The monthly report: a page by region and rep, one rep's page, both on paper, and a workbook."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.formats import share
from server.console.months import chosen_month, month_in_path, month_strip
from server.console.rendering import page
from server.console.workbooks import XLSX
from server.db import db
from server.people.access import current_person, requires
from server.people.choices import is_person_in_reach, regions_in_reach, reps_in_reach
from server.people.models import Person
from server.reports.month_answers import bad_answers
from server.reports.month_work import last_known_day
from server.reports.monthly import MAY_READ, MOVED_COUNTS, ReportFilter, monthly_report, own_only
from server.reports.monthly_details import next_plan, open_work, problems
from server.reports.monthly_tables import report_tables, shown_counts
from server.reports.sending import new_file, send_noted
from server.reports.sheet_rows import write_workbook
from sync.problems import Problem

blueprint = Blueprint("monthly_reports", __name__, url_prefix="/reports/monthly", template_folder="templates")
MOST_SHOWN = 200
MOST_IN_FILE = 20_000


@blueprint.get("")
@requires(*MAY_READ)
def latest() -> AnyResponse:
    """The running month."""
    return redirect(url_for("monthly_reports.report", month=str(chosen_month(""))))


@blueprint.get("/<month>")
@requires(*MAY_READ)
def report(month: str) -> Response:
    chosen, reader = _chosen(month), current_person()
    offers: dict[str, Any] = {"regions": regions_in_reach(reader), "reps": reps_in_reach(reader, chosen.region_id)}
    offers["strip"] = month_strip(chosen.month)
    return page("reports/monthly.html", "reports/_monthly.html", **_values(chosen), **offers)


@blueprint.get("/<month>/answers")
@requires(*MAY_READ)
def answers(month: str) -> Response:
    """Bad answers, which the page of the report asks for by themselves: they take a look at every visit of the month."""
    chosen = _chosen(month)
    return page("reports/answers.html", "reports/_answers.html", chosen=chosen, month=chosen.month, **_answers(chosen))


@blueprint.get("/<month>/print")
@requires(*MAY_READ)
def report_on_paper(month: str) -> str:
    chosen = _chosen(month)
    back = url_for("monthly_reports.report", month=month, region=chosen.region_id or None, rep=chosen.rep_id or None)
    return _on_paper(chosen, None, back)


@blueprint.get("/<month>/report.xlsx")
@requires(*MAY_READ)
def report_workbook(month: str) -> Response:
    chosen = _chosen(month)
    details = _details(chosen, MOST_IN_FILE + 1)
    if any(len(rows) > MOST_IN_FILE for rows in details.values()):
        raise Problem("too_many_rows", str(MOST_IN_FILE))
    file = new_file()
    reader, day = current_person(), today()
    tables = report_tables(monthly_report(reader, chosen, day), bad_answers(reader, chosen, day), **details)
    write_workbook(file, tables, now())
    return send_noted(file, f"monthly-{chosen.month}.xlsx", XLSX, sum(len(rows) for rows in details.values()))


@blueprint.get("/<month>/people/<person_id>")
@requires(*MAY_READ)
def rep_report(month: str, person_id: str) -> str:
    """One rep's month with the rows behind the counts."""
    chosen, person = _of_rep(month, person_id)
    values = _values(chosen) | _answers(chosen) | _details(chosen, MOST_SHOWN)
    return render_template("reports/rep.html", person=person, strip=month_strip(chosen.month), most=MOST_SHOWN, **values)


@blueprint.get("/<month>/people/<person_id>/print")
@requires(*MAY_READ)
def rep_report_on_paper(month: str, person_id: str) -> str:
    chosen, person = _of_rep(month, person_id)
    back = url_for("monthly_reports.rep_report", month=month, person_id=person_id)
    return _on_paper(chosen, person, back)


def _on_paper(chosen: ReportFilter, person: Any, back: str) -> str:
    values = _values(chosen) | _answers(chosen) | _details(chosen, MOST_SHOWN)
    return render_template("reports/monthly_print.html", person=person, back=back, most=MOST_SHOWN, **values)


def _chosen(month: str) -> ReportFilter:
    return own_only(current_person(), ReportFilter(month_in_path(month), request.args.get("region", ""), request.args.get("rep", "")))


def _of_rep(month: str, person_id: str) -> tuple[ReportFilter, Any]:
    """The filter for this rep, or `not_found` for whoever may not know of them."""
    chosen = own_only(current_person(), ReportFilter(month_in_path(month), rep_id=person_id))
    columns = (Person.id, Person.login, Person.name)
    person = db.session.execute(select(*columns).where(Person.id == person_id, is_person_in_reach(current_person()))).one_or_none()
    if person is None or chosen.rep_id != person_id:
        raise Problem("not_found", f"person {person_id}")
    return chosen, person


def _values(chosen: ReportFilter) -> dict[str, Any]:
    found = monthly_report(current_person(), chosen, today())
    values = {"chosen": chosen, "month": chosen.month, "until": last_known_day(chosen.month, today()), "report": found}
    return values | {"counts": shown_counts(found), "moved": MOVED_COUNTS, "share": share, "reader": current_person()}


def _answers(chosen: ReportFilter) -> dict[str, Any]:
    return {"answers": bad_answers(current_person(), chosen, today())}


def _details(chosen: ReportFilter, most: int) -> dict[str, Any]:
    asked = (current_person(), chosen, today(), most)
    return {"problems": problems(*asked), "waiting": open_work(*asked), "plan": next_plan(*asked)}
