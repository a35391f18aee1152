"""The blind sample: what was drawn, one drawn visit, the answer."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.answer_form import EMPTY_ANSWER, AnswerForm
from server.console.form_answers import form_again
from server.console.months import recent_months
from server.console.rendering import page
from server.people.access import current_person, requires
from server.people.choices import all_reps_in_reach, regions_in_reach
from server.people.models import Role
from server.visits import sample_words, words
from server.visits.comparing import compared_answers
from server.visits.sample_answers import answer_sample
from server.visits.sample_models import DOUBTS
from server.visits.sample_queries import MONTHS, month_rows, read_sample_filter, sample_table
from server.visits.sample_views import sample_view
from sync.problems import Problem

blueprint = Blueprint("samples", __name__, url_prefix="/visits/samples", template_folder="templates")
READERS = (Role.SUPERVISOR, Role.MANAGER)


@blueprint.get("")
@requires(*READERS)
def sample_list() -> Response:
    reader, chosen = current_person(), read_sample_filter(request.args)
    table = sample_table(reader, chosen, request.args.get("after", ""), today())
    return page(
        "visits/samples.html",
        "visits/_samples_table.html",
        chosen=chosen,
        table=table,
        tabs=table.tabs,
        by_rep=month_rows(reader, chosen, today()) if chosen.state == MONTHS else [],
        regions=regions_in_reach(reader),
        reps=all_reps_in_reach(reader, chosen.whose.region_id),
        months=recent_months(chosen.month),
        words=sample_words,
    )


@blueprint.get("/<visit_id>")
@requires(*READERS)
def sample(visit_id: str) -> str:
    return _page(visit_id, EMPTY_ANSWER, {})


@blueprint.post("/<visit_id>/answer")
@requires(*READERS)
def answer(visit_id: str) -> AnyResponse:
    """The answer of whoever would review the visit; the page then shows both sides."""
    reader, form = current_person(), AnswerForm.read(request.form)
    shown = sample_view(reader, visit_id, today())
    if shown.is_open and not shown.may_answer:
        raise Problem("forbidden")
    try:
        answer_sample(visit_id, form, reader.id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(visit_id, form, faults))
    flash(gettext("已记下，这次巡检转去审核。") if form.answer == DOUBTS else gettext("已记下。"))
    return redirect(url_for("samples.sample", visit_id=visit_id))


def _page(visit_id: str, form: AnswerForm, faults: dict[str, str]) -> str:
    shown = sample_view(current_person(), visit_id, today())
    visit = shown.view.visit
    return render_template(
        "visits/sample.html",
        shown=shown,
        view=shown.view,
        visit=visit,
        outlet=shown.view.outlet,
        words=words,
        sample_words=sample_words,
        answers=compared_answers(visit, shown.view.before),
        form=form,
        faults=faults,
    )
