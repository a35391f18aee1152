"""Objecting to a finding, and answering: the person concerned and the manager."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.answer_form import AnswerForm
from server.console.form_answers import form_again
from server.findings.answers import Answer
from server.findings.objection_form import ObjectionForm
from server.findings.objections import answer_objection, object_to_finding
from server.findings.routes import asked_tab, finding_page, onwards
from server.findings.views import READERS, FindingView, finding_view
from server.people.access import current_person, requires
from server.people.models import Role
from sync.problems import Problem

blueprint = Blueprint("finding_objections", __name__)


@blueprint.post("/findings/<finding_id>/objections")
@requires(*READERS)
def object_to(finding_id: str) -> AnyResponse:
    """Only the person concerned may; the page says until when."""
    view, reader = finding_view(current_person(), finding_id, today()), current_person()
    if view.finding.person_id != reader.id:
        raise Problem("forbidden")
    form = ObjectionForm.read(request.form, request.files)
    try:
        object_to_finding(finding_id, form.objection(now()), reader.id, now())
    except Problem as problem:
        refused = {"refused": str(problem.extras.get("why", ""))}
        return form_again(problem, lambda faults: finding_page(finding_id, faults=refused | faults, objecting=form))
    flash(gettext("异议已提交，等经理答复。"))
    return redirect(url_for("findings.finding", finding_id=finding_id))


@blueprint.post("/findings/<finding_id>/objections/<objection_id>/answer")
@requires(Role.MANAGER)
def answer(finding_id: str, objection_id: str) -> AnyResponse:
    """Accept it, which dismisses the finding, or reject it."""
    view, form = finding_view(current_person(), finding_id, today()), AnswerForm.read(request.form)
    tab = asked_tab(view)
    _needs(view, objection_id)
    try:
        answer_objection(objection_id, form.answer, form.reason, current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: finding_page(finding_id, form, faults))
    said = gettext("异议已采纳，这一件不予认定。") if form.answer == Answer.ACCEPTED else gettext("异议没有采纳，这一件不变。")
    return onwards(view, tab, said)


def _needs(view: FindingView, objection_id: str) -> None:
    if objection_id not in {one.id for one in view.objections}:
        raise Problem("not_found", f"objection {objection_id[:40]}")
