"""Follow-ups: the list by due day, a new one, one with its history."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.addresses import same_filter
from server.console.form_answers import form_again
from server.console.rendering import page
from server.followups import words
from server.followups.actions import OWNERS, look_at_follow_up, pass_follow_up, register_follow_up
from server.followups.forms import LookForm, PassForm, RegisterForm
from server.followups.queries import PASSERS, WORKERS, visible_follow_up
from server.followups.views import READERS, follow_up_table, follow_up_view
from server.outlets.picking import outlet_choice
from server.outlets.queries import visible_outlet
from server.outlets.work_filter import read_work_filter
from server.outlets.work_lists import list_values
from server.people.access import current_person, requires
from sync.ids import uuid7
from sync.problems import Problem

blueprint = Blueprint("followups", __name__, url_prefix="/follow-ups", template_folder="templates")


@blueprint.get("")
@requires(*READERS)
def follow_up_list() -> Response:
    reader = current_person()
    chosen = read_work_filter(request.args, words.TABS, OWNERS)
    table = follow_up_table(reader, chosen, request.args.get("after", ""), today())
    values = list_values(reader, chosen, table, today()) | {"words": words, "can_register": reader.holds(*WORKERS)}
    return page("followups/list.html", "followups/_table.html", **values)


@blueprint.get("/new")
@requires(*WORKERS)
def new_follow_up() -> str:
    return _new(RegisterForm(uuid7()), request.args.get("outlet", ""), {})


@blueprint.post("")
@requires(*WORKERS)
def register() -> AnyResponse:
    form, outlet_id = RegisterForm.read(request.form), request.form.get("outlet_id", "")
    outlet = visible_outlet(current_person(), outlet_id, today())
    try:
        made = register_follow_up(form.registered(outlet.id, now()), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _new(form, outlet_id, faults))
    flash(gettext("已登记备案。"))
    return redirect(url_for("followups.follow_up", follow_up_id=made.id))


def _new(form: RegisterForm, outlet_id: str, faults: dict[str, str]) -> str:
    choice = outlet_choice(current_person(), outlet_id, request.args.get("q", "").strip()[:60], today())
    return render_template("followups/new.html", choice=choice, form=form, faults=faults, words=words)


@blueprint.get("/<follow_up_id>")
@requires()
def follow_up(follow_up_id: str) -> str:
    return _page(follow_up_id, LookForm(uuid7()), PassForm(), {})


@blueprint.post("/<follow_up_id>/look")
@requires(*WORKERS)
def look(follow_up_id: str) -> AnyResponse:
    """Solved or not yet, in words."""
    visible_follow_up(current_person(), follow_up_id, today())
    form = LookForm.read(request.form)
    try:
        look_at_follow_up(follow_up_id, form.look(now()), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(follow_up_id, form, PassForm(), faults))
    flash(gettext("已记下。"))
    return redirect(same_filter(url_for("followups.follow_up", follow_up_id=follow_up_id)))


@blueprint.post("/<follow_up_id>/owner")
@requires(*PASSERS)
def pass_on(follow_up_id: str) -> AnyResponse:
    """To the department that can solve it."""
    visible_follow_up(current_person(), follow_up_id, today())
    form = PassForm.read(request.form)
    try:
        pass_follow_up(follow_up_id, form.checked().owner, form.pass_note, current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(follow_up_id, LookForm(uuid7()), form, faults))
    flash(gettext("已转过去。"))
    return redirect(same_filter(url_for("followups.follow_up", follow_up_id=follow_up_id)))


def _page(follow_up_id: str, form: LookForm, passing: PassForm, faults: dict[str, str]) -> str:
    view = follow_up_view(current_person(), follow_up_id, today())
    return render_template("followups/follow_up.html", view=view, form=form, passing=passing, faults=faults, words=words, today=today())
