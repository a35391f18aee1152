"""Reviews: a supervisor's word on visits of own regions, or the manager's where there is no other, one after the other or many at once."""

from dataclasses import replace

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.addresses import same_filter
from server.console.counting import waiting_count
from server.console.form_checks import ticked_ids
from server.db import db
from server.people.access import current_person, requires
from server.people.models import Role
from server.visits.bulk_review import accept_visits, accepted_words
from server.visits.desk import desk_of, first_waiting
from server.visits.filters import read_list_filter
from server.visits.forms import ReviewForm
from server.visits.models import Visit
from server.visits.verdicts import review_visit
from server.visits.views import may_review, visit_view
from server.visits.visit_pages import visit_page_of
from sync.problems import Problem

blueprint = Blueprint("reviews", __name__, template_folder="templates")

REVIEWERS = (Role.SUPERVISOR, Role.MANAGER)


@blueprint.get("/visits/reviews")
@requires(*REVIEWERS)
def start() -> AnyResponse:
    """To the first visit that waits, by the filter of the list."""
    visit_id = first_waiting(current_person(), read_list_filter(request.args), request.args.get("outlet", ""), today())
    return redirect(_at_desk(visit_id) if visit_id else url_for("visits.visit_list", verdict="waiting"))


@blueprint.post("/visits/<visit_id>/review")
@requires(*REVIEWERS)
def review(visit_id: str) -> AnyResponse:
    """The word on a visit, with a reason that the rep reads; then the next one that waits."""
    reader, form = current_person(), ReviewForm.read(request.form)
    view = visit_view(reader, visit_id, today())
    if not may_review(reader, view):
        raise Problem("forbidden")
    was_waiting = view.visit.needs_review
    try:
        review_visit(visit_id, form.decision, form.reason, reader.id, now())
    except Problem as problem:
        if problem.refusal.code != "invalid":
            raise
        db.session.rollback()
        answer = make_response(visit_page_of(visit_id, form, problem.extras.get("fields", {})), 422)
        answer.headers["HX-Retarget"] = "body"
        answer.headers["HX-Push-Url"] = "false"  # the address of a post cannot be loaded again
        return answer
    said = gettext("已接受，按主管认可的位置判定。") if form.decision == "accepted" else gettext("已记下不接受，理由本人会看到。")
    return _onwards(visit_id, said) if was_waiting else _back_to(visit_id, said)


@blueprint.post("/visits/reviews")
@requires(*REVIEWERS)
def accept_many() -> AnyResponse:
    """Accept the visits that were ticked, each as if alone; says which were not and why."""
    form = replace(ReviewForm.read(request.form), decision="accepted")
    if not form.reason:
        raise Problem("invalid", "reason")
    ids = ticked_ids(request.form, "visit")
    if not ids:
        flash(gettext("没有勾选巡检。"))
        return redirect(same_filter(url_for("visits.visit_list")))
    result = accept_visits(current_person(), ids, form.reason, now())
    if result.refused:
        return make_response(render_template("visits/accepted_many.html", result=result))
    flash(accepted_words(result))
    return redirect(same_filter(url_for("visits.visit_list")))


def _onwards(visit_id: str, said: str) -> AnyResponse:
    reader, visit = current_person(), db.session.get_one(Visit, visit_id)
    desk = desk_of(reader, read_list_filter(request.args), request.args.get("outlet", ""), visit, today())
    next_id = desk.next_id(visit_id)
    if next_id:
        flash(said)
        flash(gettext("还有 %(count)s 次待审核。", count=waiting_count(desk.left)))
        return redirect(_at_desk(next_id))
    flash(said)
    flash(gettext("待审核的都看完了。"))
    return redirect(url_for("visits.visit_list", verdict="waiting"))


def _back_to(visit_id: str, said: str) -> AnyResponse:
    flash(said)
    return redirect(url_for("visits.visit_page", visit_id=visit_id))


def _at_desk(visit_id: str) -> str:
    return same_filter(url_for("visits.visit_page", visit_id=visit_id))
