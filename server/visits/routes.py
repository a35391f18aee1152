"""Visits: compliance, the list, one visit and its review."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.formats import duration, percent
from server.console.months import month_strip
from server.console.rendering import page
from server.db import db
from server.people.access import current_person, requires
from server.people.models import Role
from server.policy.queries import working_years
from server.visits import words
from server.visits.choices import filter_choices
from server.visits.filters import read_filter
from server.visits.forms import ReviewForm
from server.visits.queries_compliance import compliance_table
from server.visits.queries_list import next_waiting, visit_table
from server.visits.strip import month_grid
from server.visits.verdicts import review_visit
from server.visits.views import may_review, visit_view
from sync.problems import Problem

blueprint = Blueprint("visits", __name__, template_folder="templates")


@blueprint.get("/compliance")
@requires()
def compliance() -> Response:
    chosen = read_filter(request.args)
    values = filter_choices(chosen) | {
        "table": compliance_table(current_person(), chosen, request.args.get("after", ""), today()),
        "grid": month_grid(chosen.month, today(), working_years()),
        "strip": month_strip(chosen.month),
        "open_id": request.args.get("open", ""),
        "percent": percent,
        "passed_percent": percent((min(today(), chosen.month.last_day) - chosen.month.first_day).days + 1, chosen.month.last_day.day),
    }
    return page("visits/compliance.html", "visits/_compliance_table.html", **values)


@blueprint.get("/visits")
@requires()
def visit_list() -> Response:
    chosen = read_filter(request.args)
    outlet_id = request.args.get("outlet", "")
    values = filter_choices(chosen) | {
        "table": visit_table(current_person(), chosen, outlet_id, request.args.get("after", ""), today()),
        "outlet_id": outlet_id,
    }
    return page("visits/list.html", "visits/_list_table.html", **values)


@blueprint.get("/visits/<visit_id>")
@requires()
def visit_page(visit_id: str) -> str:
    return _visit(visit_id, ReviewForm("", ""), {})


@blueprint.post("/visits/<visit_id>/review")
@requires(Role.SUPERVISOR)
def review(visit_id: str) -> AnyResponse:
    """A supervisor's word on a visit of an own region, with a reason that the rep reads."""
    view = visit_view(current_person(), visit_id, today())
    if not may_review(current_person(), view.outlet):
        raise Problem("forbidden")
    form = ReviewForm.read(request.form)
    try:
        review_visit(visit_id, form.decision, form.reason, current_person().id, now())
    except Problem as problem:
        if problem.refusal.code != "invalid":
            raise
        db.session.rollback()
        return make_response(_visit(visit_id, form, problem.extras.get("fields", {})), 422)
    flash(gettext("已接受，按主管认可的位置判定。") if form.decision == "accepted" else gettext("已记下不接受，理由本人会看到。"))
    return redirect(url_for("visits.visit_page", visit_id=visit_id))


def _visit(visit_id: str, form: ReviewForm, faults: dict[str, str]) -> str:
    reader = current_person()
    view = visit_view(reader, visit_id, today())
    can_review = may_review(reader, view.outlet)
    return render_template(
        "visits/visit.html",
        view=view,
        visit=view.visit,
        outlet=view.outlet,
        words=words,
        checklist=words.checklist_rows(view.visit),
        duration=duration(view.visit.checked_in_at, view.visit.checked_out_at),
        can_review=can_review,
        next_id=next_waiting(reader, today(), reader.region_ids) if can_review else None,
        form=form,
        faults=faults,
    )
