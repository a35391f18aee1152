"""Materials: the list by due day, a new request, one request with its delivery."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.addresses import same_filter
from server.console.form_answers import form_again
from server.console.form_checks import text_of
from server.console.rendering import page
from server.materials.actions import deliver_materials, request_materials, void_request
from server.materials.forms import DeliveryForm, RequestForm
from server.materials.queries import may_deliver, may_void, visible_request
from server.materials.views import TABS, request_table, request_view
from server.outlets.picking import outlet_choice
from server.outlets.queries import visible_outlet
from server.outlets.work_filter import read_work_filter
from server.outlets.work_lists import list_values
from server.people.access import AT_OUTLETS, current_person, requires
from server.people.models import Role
from sync.ids import uuid7
from sync.problems import Problem

blueprint = Blueprint("materials", __name__, url_prefix="/materials", template_folder="templates")

ASKERS = (Role.REP, Role.SUPERVISOR, Role.OPS)
CARRIERS = (Role.REP, Role.SUPERVISOR)
VOIDERS = (Role.SUPERVISOR, Role.OPS)


@blueprint.get("")
@requires(*AT_OUTLETS)
def request_list() -> Response:
    reader = current_person()
    chosen = read_work_filter(request.args, TABS)
    table = request_table(reader, chosen, request.args.get("after", ""), today())
    values = list_values(reader, chosen, table, today()) | {"can_ask": reader.holds(*ASKERS)}
    return page("materials/list.html", "materials/_table.html", **values)


@blueprint.get("/new")
@requires(*ASKERS)
def new_request() -> str:
    return _new(RequestForm(uuid7(), requested_on=today().isoformat()), request.args.get("outlet", ""), {})


@blueprint.post("")
@requires(*ASKERS)
def ask() -> AnyResponse:
    form, outlet_id = RequestForm.read(request.form), request.form.get("outlet_id", "")
    outlet = visible_outlet(current_person(), outlet_id, today())
    try:
        made = request_materials(form.wanted(outlet.id, today()), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _new(form, outlet_id, faults))
    flash(gettext("物料需求已登记。"))
    return redirect(url_for("materials.material_request", request_id=made.id))


def _new(form: RequestForm, outlet_id: str, faults: dict[str, str]) -> str:
    choice = outlet_choice(current_person(), outlet_id, request.args.get("q", "").strip()[:60], today())
    return render_template("materials/new.html", choice=choice, form=form, faults=faults, today=today())


@blueprint.get("/<request_id>")
@requires()
def material_request(request_id: str) -> str:
    return _page(request_id, DeliveryForm(today().isoformat()), {})


@blueprint.post("/<request_id>/delivery")
@requires(*CARRIERS)
def deliver(request_id: str) -> AnyResponse:
    """With date, photo and signature."""
    found, outlet = visible_request(current_person(), request_id, today())
    if not may_deliver(current_person(), outlet, today()):
        raise Problem("forbidden")
    form = DeliveryForm.read(request.form, request.files)
    try:
        if found.delivered_on is not None or found.voided_at is not None:
            raise Problem("stale")
        deliver_materials(request_id, form.delivery(found.requested_on, now(), today()), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(request_id, form, faults))
    flash(gettext("送达已登记。"))
    return redirect(same_filter(url_for("materials.material_request", request_id=request_id)))


@blueprint.post("/<request_id>/voiding")
@requires(*VOIDERS)
def void(request_id: str) -> AnyResponse:
    """What was typed at the wrong outlet, or twice."""
    found, outlet = visible_request(current_person(), request_id, today())
    if not may_void(current_person(), found, outlet):
        raise Problem("forbidden")
    try:
        void_request(request_id, text_of(request.form, "void_reason"), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(request_id, DeliveryForm(today().isoformat()), faults))
    flash(gettext("已作废，不再算数。"))
    return redirect(same_filter(url_for("materials.material_request", request_id=request_id)))


def _page(request_id: str, form: DeliveryForm, faults: dict[str, str]) -> str:
    view = request_view(current_person(), request_id, today())
    return render_template("materials/request.html", view=view, form=form, faults=faults, today=today())
