"""工资项目: the kinds of wage lines, and adding one of the company's own."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.form_answers import form_again
from server.domain.months import Month
from server.payroll.adjustments import first_open
from server.payroll.kind_actions import add_kind, own_kinds
from server.payroll.kind_form import KindForm
from server.payroll.kinds import kinds_of
from server.payroll.queries import READERS
from server.people.access import current_person, requires
from server.people.models import Role
from server.policy.queries import policy_of
from sync.problems import Problem

blueprint = Blueprint("wage_kinds", __name__, template_folder="templates")


@blueprint.get("/payroll/kinds")
@requires(*READERS)
def kind_list() -> str:
    return _page(KindForm(from_month=str(_month())), {})


@blueprint.post("/payroll/kinds")
@requires(Role.MANAGER)
def add() -> AnyResponse:
    form = KindForm.read(request.form)
    try:
        row = add_kind(form.kind(), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(form, faults))
    flash(gettext("已加上，从 %(month)s 起；每认定一件，下次试算就进工资单。", month=row.from_month))
    return redirect(url_for("wage_kinds.kind_list"))


def _month() -> Month:
    """The running month, or the first open one when that comes later."""
    return max(Month.of_date(today()), first_open() or Month(1, 1))


def _page(form: KindForm, faults: dict[str, str]) -> str:
    month = Month.of_date(today())
    policy = policy_of(month)
    months = [_month()]
    while len(months) < 4:
        months.append(months[-1].next())
    known = [(kind, kind.price_yuan(policy)) for kind in kinds_of(month) if kind.unit_yuan is None]
    may_add = current_person().holds(Role.MANAGER)
    return render_template("payroll/kinds.html", month=month, known=known, own=own_kinds(), months=months, form=form, faults=faults, may_add=may_add)
