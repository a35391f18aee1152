"""The ID document of an outlet's person in charge: a page of its own, never cached."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.form_answers import form_again
from server.console.form_checks import text_of
from server.domain.resident_id import RESIDENT_ID
from server.outlets.identity import ENTERERS, VIEWERS, enter_identity, looks_at, may_enter, may_view, view_identity
from server.outlets.models import Outlet
from server.outlets.queries import visible_outlet
from server.outlets.words import DOCUMENT_WORDS
from server.people.access import current_person, requires
from server.people.models import Role
from sync.problems import Problem

blueprint = Blueprint("identity", __name__, template_folder="templates")
READERS: tuple[Role, ...] = tuple(dict.fromkeys((*ENTERERS, *VIEWERS)))
MOST_LETTERS = 60


@blueprint.after_request
def _keep_nowhere(response: Response) -> Response:
    """Neither browsers nor proxies keep a page that may hold a whole number."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/outlets/<outlet_id>/identity")
@requires(*READERS)
def identity(outlet_id: str) -> str:
    found = _found(outlet_id)
    return _page(found, {"id_kind": found.id_kind or RESIDENT_ID, "id_number": ""}, {})


@blueprint.post("/outlets/<outlet_id>/identity")
@requires(*ENTERERS)
def enter(outlet_id: str) -> AnyResponse:
    found = _found(outlet_id)
    if not may_enter(current_person(), found, today()):
        raise Problem("forbidden")
    form = {name: text_of(request.form, name, MOST_LETTERS) for name in ("id_kind", "id_number")}
    try:
        is_new = enter_identity(outlet_id, form["id_kind"], form["id_number"], current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(_found(outlet_id), form, faults))
    flash(gettext("证件号码已加密保存，页面上只显示首尾。") if is_new else gettext("和已登记的一样，没有改动。"))
    return redirect(url_for("outlets.outlet", outlet_id=outlet_id))


@blueprint.post("/outlets/<outlet_id>/identity/views")
@requires(*VIEWERS)
def view(outlet_id: str) -> Response:
    """Show the whole number once; each time is logged."""
    found = _found(outlet_id)
    if not may_view(current_person(), found):
        raise Problem("forbidden")
    number = view_identity(outlet_id, current_person().id, now())
    return make_response(_page(found, {"id_kind": found.id_kind, "id_number": ""}, {}, number))


def _found(outlet_id: str) -> Outlet:
    return visible_outlet(current_person(), outlet_id, today())


def _page(outlet: Outlet, form: dict[str, str], faults: dict[str, str], number: str = "") -> str:
    reader = current_person()
    can_view = may_view(reader, outlet)
    return render_template(
        "outlets/identity.html",
        outlet=outlet,
        form=form,
        faults=faults,
        number=number,
        kinds=DOCUMENT_WORDS,
        can_enter=may_enter(reader, outlet, today()),
        can_view=can_view,
        looks=looks_at(outlet.id) if can_view else [],
    )
