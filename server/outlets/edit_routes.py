"""The page where the office corrects an outlet's file 改资料."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.form_answers import form_again
from server.outlets.agent_names import offered_agents
from server.outlets.deciders import DECIDERS, may_decide
from server.outlets.field_words import FIELD_WORDS, value_words
from server.outlets.fields import FIELDS
from server.outlets.file_form import FileForm, office_fields
from server.outlets.models import Outlet
from server.outlets.office_edits import correct_file
from server.outlets.queries import visible_outlet
from server.outlets.typed_fields import input_kind
from server.people.access import current_person, requires
from sync.problems import Problem

blueprint = Blueprint("outlet_edits", __name__, template_folder="templates")


@blueprint.get("/outlets/<outlet_id>/edit")
@requires(*DECIDERS)
def edit(outlet_id: str) -> str:
    found = _own_outlet(outlet_id)
    return _page(found, FileForm.of(found), {})


@blueprint.post("/outlets/<outlet_id>")
@requires(*DECIDERS)
def change(outlet_id: str) -> AnyResponse:
    """Supervisors of its region and managers. Where somebody was faster the page says so, field by field, and nothing is written."""
    found = _own_outlet(outlet_id)
    form = FileForm.read(request.form, office_fields(found))
    try:
        changed = correct_file(found.id, form.edits(), current_person().id, now())
    except Problem as problem:
        is_stale = problem.refusal.code == "stale"
        return form_again(problem, lambda faults: _again(outlet_id, form, faults, is_stale))
    flash(gettext("资料已改，手机下次同步就会看到。") if changed else gettext("和资料里的一样，什么也没改。"))
    return redirect(url_for("outlets.outlet", outlet_id=outlet_id))


def _own_outlet(outlet_id: str) -> Outlet:
    found = visible_outlet(current_person(), outlet_id, today())
    if not may_decide(current_person(), found):
        raise Problem("forbidden")
    return found


def _again(outlet_id: str, form: FileForm, faults: dict[str, str], is_stale: bool) -> str:
    found = _own_outlet(outlet_id)
    return _page(found, form.onto(found) if is_stale else form, faults)


def _page(outlet: Outlet, form: FileForm, faults: dict[str, str]) -> str:
    held = {name: value_words(name, FIELDS[name].read(outlet)) for name, fault in faults.items() if fault == "changed_since"}
    offered = {"agent_name": offered_agents(current_person(), today())}
    words = {"held": held, "labels": FIELD_WORDS, "input_kind": input_kind, "offered": offered}
    return render_template("outlets/edit.html", outlet=outlet, form=form, faults=faults, **words)
