"""Outlets ticked in the table beside the map, planned for one rep and day."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.addresses import same_filter
from server.console.form_answers import form_again
from server.console.form_checks import FormChecks, text_of, ticked_ids
from server.domain.months import Month
from server.people.access import current_person, requires
from server.people.choices import reps_in_reach
from server.people.models import Role
from server.visits.plan_many import Batch, outlets_named, plan_many
from sync.problems import Problem

blueprint = Blueprint("plan_batches", __name__, template_folder="templates", url_prefix="/visit-plans/batches")


@blueprint.post("")
@requires(Role.SUPERVISOR)
def plan_batch() -> AnyResponse:
    """Those that can be planned are, each checked by itself; then back to the map, or to what could not be and why."""
    ids = ticked_ids(request.form, "outlet")
    if not ids:
        flash(gettext("没有勾选网点。"))
        return redirect(same_filter(url_for("visit_maps.visit_map")))
    typed = {"rep": text_of(request.form, "rep", 36), "planned_on": text_of(request.form, "planned_on", 10)}
    try:
        batch = Batch(*_chosen(typed), ids)
        result = plan_many(current_person(), batch, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(ids, typed, faults))
    if result.left_out:
        calendar = url_for("visit_plans.plan", month=Month.of_date(batch.planned_on), rep=batch.rep_id)
        return make_response(render_template("visits/planned_many.html", result=result, planned_on=batch.planned_on, calendar=calendar))
    flash(gettext("%(count)s 个网点排在 %(day)s。", count=result.planned, day=batch.planned_on))
    return redirect(same_filter(url_for("visit_maps.visit_map")))


def _chosen(typed: dict[str, str]) -> tuple[str, date]:
    """The rep, who is one in reach, and the day; raises `invalid` with all that is wrong."""
    checks = FormChecks()
    rep_id = checks.one_of("rep", typed["rep"], tuple(rep.id for rep in reps_in_reach(current_person())))
    planned_on = checks.day("planned_on", typed["planned_on"], None, None)
    checks.done()
    return rep_id, planned_on


def _page(ids: list[str], typed: dict[str, str], faults: dict[str, str]) -> str:
    """The same form with the same outlets, to be put right."""
    known = outlets_named(current_person(), ids, today())
    values: dict[str, Any] = {"outlets": [known[one] for one in ids if one in known], "reps": reps_in_reach(current_person())}
    return render_template("visits/plan_many.html", typed=typed, faults=faults, **values)
