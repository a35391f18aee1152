"""Trainings: the plan of a month, what was held with its effect, one training (form 附表三)."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.addresses import same_filter
from server.console.form_answers import form_again
from server.console.form_checks import text_of
from server.console.months import chosen_month, recent_months
from server.console.rendering import page
from server.media.pictures import shown_pictures
from server.outlets.models import Outlet
from server.outlets.picking import outlet_choice
from server.outlets.queries import visible_outlet
from server.outlets.work_filter import read_work_filter
from server.people.access import AT_OUTLETS, current_person, requires
from server.people.choices import regions_in_reach, reps_in_reach
from server.people.models import Role
from server.training.actions import record_training, void_training
from server.training.forms import TrainingForm
from server.training.queries import may_void, planned_in, trainers, visible_training, voided_by
from server.training.views import HELD_STATES, PLAN_STATES, plan_table, training_table
from sync.ids import uuid7
from sync.problems import Problem

blueprint = Blueprint("trainings", __name__, url_prefix="/trainings", template_folder="templates")

TRAINERS = (Role.REP, Role.SUPERVISOR)


@blueprint.get("")
@requires(*AT_OUTLETS)
def plan() -> Response:
    """A month's plan; the next month's is made on the 28th."""
    month = chosen_month(request.args.get("month", ""))
    chosen = read_work_filter(request.args, PLAN_STATES)
    table = plan_table(current_person(), month, chosen, request.args.get("after", ""), today())
    can_plan = current_person().holds(Role.SUPERVISOR) and month >= chosen_month("")
    values = _list_values(chosen.region_id) | {
        "chosen": chosen,
        "table": table,
        "month": month,
        "months": recent_months(month, reaches_next=True),
        "can_plan": can_plan,
    }
    return page("trainings/plan.html", "trainings/_plan.html", **values)


@blueprint.get("/held")
@requires(*AT_OUTLETS)
def held() -> Response:
    """Trainings that were held, with the outlets' transactions before and after."""
    chosen = read_work_filter(request.args, HELD_STATES)
    table = training_table(current_person(), chosen, request.args.get("after", ""), today())
    return page("trainings/held.html", "trainings/_held.html", chosen=chosen, table=table, **_list_values(chosen.region_id))


def _list_values(region_id: str) -> dict[str, Any]:
    reader = current_person()
    return {
        "regions": regions_in_reach(reader),
        "reps": reps_in_reach(reader, region_id),
        "can_record": reader.holds(*TRAINERS),
        "next_month": chosen_month("").next(),
        "this_month": chosen_month(""),
        "today": today(),
    }


@blueprint.get("/new")
@requires(*TRAINERS)
def new_training() -> str:
    form = TrainingForm(uuid7(), trainer_id=current_person().id, trained_on=today().isoformat(), attendee_count="1")
    return _new(form, request.args.get("outlet", ""), {})


@blueprint.post("")
@requires(*TRAINERS)
def record() -> AnyResponse:
    form, outlet_id = TrainingForm.read(request.form, request.files), request.form.get("outlet_id", "")
    outlet = visible_outlet(current_person(), outlet_id, today())
    try:
        kept = record_training(form.held(outlet.id, _trainer_ids(outlet), now(), today()), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _new(form, outlet_id, faults))
    flash(gettext("培训已登记。"))
    return redirect(url_for("trainings.training", training_id=kept.id))


def _trainer_ids(outlet: Outlet) -> tuple[str, ...]:
    return tuple(choice.id for choice in trainers(current_person(), outlet))


def _new(form: TrainingForm, outlet_id: str, faults: dict[str, str]) -> str:
    choice = outlet_choice(current_person(), outlet_id, request.args.get("q", "").strip()[:60], today())
    people = trainers(current_person(), choice.outlet) if choice.outlet else []
    return render_template("trainings/new.html", choice=choice, form=form, faults=faults, people=people, today=today())


@blueprint.get("/<training_id>")
@requires()
def training(training_id: str) -> str:
    return _page(training_id, {})


@blueprint.post("/<training_id>/voiding")
@requires(Role.SUPERVISOR)
def void(training_id: str) -> AnyResponse:
    """What was typed at the wrong outlet, or twice."""
    _, outlet, _ = visible_training(current_person(), training_id, today())
    if not may_void(current_person(), outlet):
        raise Problem("forbidden")
    try:
        void_training(training_id, text_of(request.form, "void_reason"), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(training_id, faults))
    flash(gettext("已作废，不再算数。"))
    return redirect(same_filter(url_for("trainings.training", training_id=training_id)))


def _page(training_id: str, faults: dict[str, str]) -> str:
    found, outlet, trainer = visible_training(current_person(), training_id, today())
    values = {
        "training": found,
        "outlet": outlet,
        "trainer": trainer,
        "pictures": shown_pictures(found.photos, found.signature_sha256),
        "planned": planned_in(found),
        "voided_by": voided_by(found),
        "can_void": found.voided_at is None and may_void(current_person(), outlet),
        "faults": faults,
    }
    return render_template("trainings/training.html", **values)
