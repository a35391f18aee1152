"""Leave of reps in the console: set with or without a substitute, called off, ended early (RULEBOOK §4)."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.form_answers import form_again
from server.db import db
from server.domain.months import Month
from server.leaves.actions import end_leave, set_leave
from server.leaves.models import Leave
from server.leaves.queries import may_set_leave
from server.outlets.holders import reps_for
from server.people.access import current_person, requires
from server.people.models import Person, Role
from server.staff.leave_forms import LeaveForm
from server.staff.sight import visible_person
from sync.problems import Problem

blueprint = Blueprint("leaves", __name__, template_folder="templates")
SETTERS = (Role.SUPERVISOR, Role.MANAGER)


@blueprint.get("/people/<person_id>/leaves/new")
@requires(*SETTERS)
def new_leave(person_id: str) -> str:
    return _form(_person(person_id), LeaveForm.empty(today()), {})


@blueprint.post("/people/<person_id>/leaves")
@requires(*SETTERS)
def add(person_id: str) -> AnyResponse:
    """From there to the plan, which names the visits that stand within the leave."""
    _person(person_id)
    form = LeaveForm.read(request.form)
    try:
        starts_on = set_leave(form.wanted(person_id), current_person().id, now()).starts_on
        db.session.commit()
    except Problem as problem:
        return form_again(problem, lambda faults: _form(_person(person_id), form, faults))
    flash(gettext("请假已记下。"))
    return redirect(url_for("visit_plans.plan", month=Month.of_date(max(starts_on, today())), rep=person_id), 303)


@blueprint.post("/leaves/<leave_id>/end")
@requires(*SETTERS)
def end(leave_id: str) -> AnyResponse:
    leave = db.session.get(Leave, leave_id)
    if leave is None:
        raise Problem("not_found", f"leave {leave_id[:36]}")
    person_id = _person(leave.person_id).id
    end_leave(leave_id, current_person().id, now())
    db.session.commit()
    flash(gettext("已结束，从今天起不算请假。"))
    return redirect(url_for("staff.person", person_id=person_id), 303)


def _person(person_id: str) -> Person:
    """Whose leave it is, within the reader's reach; `forbidden` for whoever may see the person, not set leave."""
    person = visible_person(current_person(), person_id)
    if not may_set_leave(current_person(), person):
        raise Problem("forbidden")
    return person


def _form(person: Person, form: LeaveForm, faults: dict[str, str]) -> str:
    if not (person.is_active and person.holds(Role.REP)):
        raise Problem("not_found", "no rep")
    reps = [rep for rep in reps_for(current_person(), person.region_ids) if rep.id != person.id]
    return render_template("staff/leave.html", person=person, form=form, faults=faults, reps=reps)
