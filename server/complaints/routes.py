"""Complaints: the list by state, intake by ops, one complaint with its steps (form 附表五)."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.complaints import words
from server.complaints.actions import (
    assign_complaint,
    investigate_complaint,
    note_feedback,
    receive_complaint,
    reopen_complaint,
    report_complaint,
    resolve_complaint,
    void_complaint,
)
from server.complaints.filters import HANDLERS, handlers_in_reach, read_complaint_filter
from server.complaints.forms import AssignForm, IntakeForm, InvestigationForm, ResolutionForm
from server.complaints.queries import may_assign, may_handle, may_report, may_void, visible_complaint
from server.complaints.views import complaint_table, complaint_view
from server.console.addresses import same_filter
from server.console.form_answers import form_again
from server.console.form_checks import text_of
from server.console.rendering import page
from server.outlets.picking import outlet_choice
from server.outlets.queries import visible_outlet
from server.outlets.work_lists import list_values
from server.people.access import AT_OUTLETS, current_person, requires
from server.people.models import Role
from sync.ids import uuid7
from sync.problems import Problem

blueprint = Blueprint("complaints", __name__, url_prefix="/complaints", template_folder="templates")

ASSIGNERS = (Role.OPS, Role.MANAGER, Role.SUPERVISOR)


@blueprint.get("")
@requires(*AT_OUTLETS)
def complaint_list() -> Response:
    reader = current_person()
    chosen = read_complaint_filter(request.args)
    table = complaint_table(reader, chosen, request.args.get("after", ""), today())
    values = list_values(reader, chosen, table, today()) | {"words": words, "can_take": reader.holds(Role.OPS)}
    values["handlers"] = handlers_in_reach(reader)
    return page("complaints/list.html", "complaints/_table.html", **values)


@blueprint.get("/new")
@requires(Role.OPS)
def new_complaint() -> str:
    """First which outlet, then what happened."""
    return _new(IntakeForm(uuid7(), received_on=today().isoformat()), request.args.get("outlet", ""), {})


@blueprint.post("")
@requires(Role.OPS)
def take_complaint() -> AnyResponse:
    form, outlet_id = IntakeForm.read(request.form), request.form.get("outlet_id", "")
    outlet = visible_outlet(current_person(), outlet_id, today())
    try:
        complaint = receive_complaint(form.intake(outlet.id, today()), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _new(form, outlet_id, faults))
    flash(gettext("投诉已登记，接着分派。"))
    return redirect(url_for("complaints.complaint", complaint_id=complaint.id))


def _new(form: IntakeForm, outlet_id: str, faults: dict[str, str]) -> str:
    choice = outlet_choice(current_person(), outlet_id, request.args.get("q", "").strip()[:60], today())
    return render_template("complaints/new.html", choice=choice, form=form, faults=faults, words=words, today=today())


@blueprint.get("/<complaint_id>")
@requires()
def complaint(complaint_id: str) -> str:
    return _page(complaint_id, {})


@blueprint.post("/<complaint_id>/assignment")
@requires(*ASSIGNERS)
def assign(complaint_id: str) -> AnyResponse:
    found, outlet = visible_complaint(current_person(), complaint_id, today())
    _allow(may_assign(current_person(), outlet))
    form = AssignForm.read(request.form, found.triage)
    try:
        form.check()
        assign_complaint(complaint_id, form.person_id, form.note, current_person().id, now(), form.triage)
    except Problem as problem:
        return form_again(problem, lambda faults: _page(complaint_id, faults, assigning=form))
    flash(gettext("已分派。"))
    return _back(complaint_id)


@blueprint.post("/<complaint_id>/investigation")
@requires(*HANDLERS)
def investigate(complaint_id: str) -> AnyResponse:
    found, outlet = visible_complaint(current_person(), complaint_id, today())
    _allow(may_handle(current_person(), found, outlet))
    form = InvestigationForm.read(request.form)
    try:
        form.check()
        investigate_complaint(complaint_id, form.investigation, form.verdict, current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(complaint_id, faults, investigating=form))
    flash(gettext("调查结果已记下。"))
    return _back(complaint_id)


@blueprint.post("/<complaint_id>/resolution")
@requires(*HANDLERS)
def resolve(complaint_id: str) -> AnyResponse:
    found, outlet = visible_complaint(current_person(), complaint_id, today())
    _allow(may_handle(current_person(), found, outlet))
    form = ResolutionForm.read(request.form, request.files)
    try:
        resolve_complaint(complaint_id, form.resolution(), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(complaint_id, faults, resolving=form))
    flash(gettext("已处理完，等上报经理。"))
    return _back(complaint_id)


@blueprint.post("/<complaint_id>/feedback")
@requires(*HANDLERS)
def give_feedback(complaint_id: str) -> AnyResponse:
    """What the customer says afterwards, by whoever handles or reports it."""
    found, outlet = visible_complaint(current_person(), complaint_id, today())
    _allow(may_handle(current_person(), found, outlet) or may_report(current_person(), outlet))
    form = ResolutionForm.read(request.form, request.files)
    try:
        note_feedback(complaint_id, form.feedback(), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(complaint_id, faults, resolving=form))
    flash(gettext("客户反馈已记下。"))
    return _back(complaint_id)


@blueprint.post("/<complaint_id>/reopening")
@requires(Role.SUPERVISOR, Role.OPS)
def reopen(complaint_id: str) -> AnyResponse:
    """Back to whoever handled it, as long as it is not reported."""
    _, outlet = visible_complaint(current_person(), complaint_id, today())
    _allow(may_report(current_person(), outlet))
    try:
        reopen_complaint(complaint_id, text_of(request.form, "reason"), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(complaint_id, faults))
    flash(gettext("已退回处理中，期限不变。"))
    return _back(complaint_id)


@blueprint.post("/<complaint_id>/report")
@requires(Role.SUPERVISOR, Role.OPS)
def report(complaint_id: str) -> AnyResponse:
    _, outlet = visible_complaint(current_person(), complaint_id, today())
    _allow(may_report(current_person(), outlet))
    try:
        report_complaint(complaint_id, text_of(request.form, "note"), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(complaint_id, faults))
    flash(gettext("已上报经理。"))
    return _back(complaint_id)


@blueprint.post("/<complaint_id>/voiding")
@requires(Role.OPS)
def void(complaint_id: str) -> AnyResponse:
    """What was typed at the wrong outlet, or twice."""
    found, _ = visible_complaint(current_person(), complaint_id, today())
    _allow(may_void(current_person(), found))
    try:
        void_complaint(complaint_id, text_of(request.form, "void_reason"), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(complaint_id, faults))
    flash(gettext("已作废，不再算数。"))
    return _back(complaint_id)


def _allow(is_allowed: bool) -> None:
    if not is_allowed:
        raise Problem("forbidden")


def _back(complaint_id: str) -> AnyResponse:
    return redirect(same_filter(url_for("complaints.complaint", complaint_id=complaint_id)))


def _page(complaint_id: str, faults: dict[str, str], **typed: Any) -> str:
    assigning = typed.get("assigning")
    view = complaint_view(current_person(), complaint_id, today(), assigning.triage if assigning else None)
    found = view.complaint
    forms = {
        "assigning": AssignForm(found.triage, found.assigned_to_id or view.proposed_id),
        "investigating": InvestigationForm(found.investigation, found.verdict),
        "resolving": ResolutionForm(),
    }
    return render_template("complaints/complaint.html", view=view, faults=faults, words=words, today=today(), **(forms | typed))
