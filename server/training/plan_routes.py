"""The supervisor's hand in a month's training plan: put an outlet in, say when and where, take one out with a reason."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.addresses import same_place
from server.console.form_answers import form_again
from server.console.form_checks import text_of
from server.console.months import month_in_path
from server.domain.months import Month
from server.outlets.picking import outlet_choice
from server.outlets.queries import visible_outlet
from server.people.access import current_person, requires, sees_region
from server.people.models import Role
from server.training.actions import arrange_training, plan_outlet, unplan_outlet
from server.training.forms import ArrangementForm
from server.training.queries import visible_plan
from sync.problems import Problem

blueprint = Blueprint("training_plans", __name__, url_prefix="/trainings/plans", template_folder="templates")


@blueprint.get("/<month>/new")
@requires(Role.SUPERVISOR)
def new_planned(month: str) -> str:
    return _new(month_in_path(month), request.args.get("outlet", ""), {})


@blueprint.post("/<month>")
@requires(Role.SUPERVISOR)
def add_planned(month: str) -> AnyResponse:
    chosen, outlet_id = month_in_path(month), request.form.get("outlet_id", "")
    outlet = visible_outlet(current_person(), outlet_id, today())
    _allow(outlet.region_id)
    try:
        plan_outlet(chosen, outlet.id, current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _new(chosen, outlet_id, faults))
    flash(gettext("已加进计划，接着排日子。"))
    return redirect(url_for("training_plans.planned", month=month, outlet_id=outlet.id))


def _new(month: Month, outlet_id: str, faults: dict[str, str]) -> str:
    choice = outlet_choice(current_person(), outlet_id, request.args.get("q", "").strip()[:60], today())
    return render_template("trainings/new_planned.html", month=month, choice=choice, faults=faults)


@blueprint.get("/<month>/<outlet_id>")
@requires()
def planned(month: str, outlet_id: str) -> str:
    found, _ = visible_plan(current_person(), month_in_path(month), outlet_id, today())
    planned_on = found.planned_on.isoformat() if found.planned_on else ""
    return _page(month, outlet_id, ArrangementForm(planned_on, found.place, found.content), {})


@blueprint.post("/<month>/<outlet_id>")
@requires(Role.SUPERVISOR)
def arrange(month: str, outlet_id: str) -> AnyResponse:
    chosen = month_in_path(month)
    _, outlet = visible_plan(current_person(), chosen, outlet_id, today())
    _allow(outlet.region_id)
    form = ArrangementForm.read(request.form)
    try:
        arrange_training(chosen, outlet_id, form.arrangement(), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(month, outlet_id, form, faults))
    flash(gettext("已排好。"))
    return redirect(same_place(url_for("trainings.plan"), month=month))


@blueprint.post("/<month>/<outlet_id>/removal")
@requires(Role.SUPERVISOR)
def remove(month: str, outlet_id: str) -> AnyResponse:
    chosen = month_in_path(month)
    found, outlet = visible_plan(current_person(), chosen, outlet_id, today())
    _allow(outlet.region_id)
    form = ArrangementForm(found.planned_on.isoformat() if found.planned_on else "", found.place, found.content)
    try:
        unplan_outlet(chosen, outlet_id, text_of(request.form, "reason"), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(month, outlet_id, form, faults))
    flash(gettext("已从计划里拿掉，理由留着。"))
    return redirect(same_place(url_for("trainings.plan"), month=month))


def _allow(region_id: str) -> None:
    if not sees_region(current_person(), region_id):
        raise Problem("forbidden")


def _page(month: str, outlet_id: str, form: ArrangementForm, faults: dict[str, str]) -> str:
    chosen = month_in_path(month)
    found, outlet = visible_plan(current_person(), chosen, outlet_id, today())
    may_plan = current_person().holds(Role.SUPERVISOR) and chosen >= Month.of_date(today())
    return render_template("trainings/planned.html", month=chosen, planned=found, outlet=outlet, form=form, faults=faults, may_plan=may_plan)
