"""关账: the list before a month is closed, closing it, and what was closed."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now
from server.console.form_answers import form_again
from server.console.form_checks import text_of
from server.console.months import month_in_path, month_strip
from server.db import db
from server.domain.months import Month
from server.payroll.close_checks import CountedCheck
from server.payroll.close_words import shown_checks
from server.payroll.closing import close_month, closing_of
from server.payroll.models import WageMonth
from server.payroll.queries import READERS, month_totals
from server.payroll.words import BLOCKED_WORDS
from server.people.access import current_person, requires
from server.people.models import Person, Role
from sync.problems import Problem

blueprint = Blueprint("payroll_closing", __name__, template_folder="templates")


@blueprint.get("/payroll/<month>/closing")
@requires(*READERS)
def closing(month: str) -> str:
    return _page(month_in_path(month), {})


@blueprint.post("/payroll/<month>/closing")
@requires(Role.MANAGER)
def close(month: str) -> AnyResponse:
    """Close the month for good; open items want a reason."""
    chosen = month_in_path(month)
    try:
        close_month(chosen, text_of(request.form, "reason"), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(chosen, faults))
    flash(gettext("%(month)s 已关账，以后的变化记到下一个月。", month=str(chosen)))
    return redirect(url_for("payroll_closing.closing", month=month))


def _page(month: Month, faults: dict[str, str]) -> str:
    row = db.session.get(WageMonth, str(month))
    values: dict[str, Any] = {"month": month, "strip": month_strip(month), "row": row, "totals": month_totals(month), "faults": faults}
    values |= _closed(row, month) if row is not None else _open(month)
    return render_template("payroll/closing.html", may_close=current_person().holds(Role.MANAGER), reason=text_of(request.form, "reason"), **values)


def _closed(row: WageMonth, month: Month) -> dict[str, Any]:
    checks = [CountedCheck(one["code"], one["left"], one["is_needed"]) for one in row.checks]
    return {"checks": shown_checks(checks, month, current_person()), "by": db.session.get_one(Person, row.closed_by_id).name}


def _open(month: Month) -> dict[str, Any]:
    found = closing_of(month, now())
    return {"checks": shown_checks(found.checks, month, current_person()), "closing": found, "blocked": BLOCKED_WORDS.get(found.blocked, "")}
