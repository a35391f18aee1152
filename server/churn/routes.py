"""Churn: the cases by state, one case with its words, ops' list and mark."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.churn import words
from server.churn.actions import give_word, mark_reason
from server.churn.forms import WordForm
from server.churn.listing import list_churn
from server.churn.queries import sources_of, visible_case
from server.churn.views import case_table, case_view, read_case_filter
from server.clock import now, today
from server.console.addresses import same_filter
from server.console.form_answers import form_again
from server.console.rendering import page
from server.db import db
from server.outlets.work_lists import list_values
from server.people.access import AT_OUTLETS, current_person, requires
from server.people.models import Role
from sync.problems import Problem

blueprint = Blueprint("churn", __name__, url_prefix="/churn", template_folder="templates")

SPEAKERS = (Role.REP, Role.SUPERVISOR, Role.OPS, Role.MANAGER)


@blueprint.get("")
@requires(*AT_OUTLETS)
def case_list() -> Response:
    reader = current_person()
    chosen = read_case_filter(reader, request.args, today())
    table = case_table(reader, chosen, request.args.get("after", ""), today())
    values = list_values(reader, chosen, table, today()) | {"words": words, "can_list": reader.holds(Role.OPS)}
    return page("churn/list.html", "churn/_table.html", **values)


@blueprint.post("/list")
@requires(Role.OPS)
def make_list() -> AnyResponse:
    """Ops says that last month's transactions are in: the list is made now."""
    count = list_churn(now(), waits_for_month=False)
    db.session.commit()
    flash(gettext("新列出 %(count)s 户。", count=count))
    return redirect(url_for("churn.case_list"))


@blueprint.get("/<case_id>")
@requires()
def case(case_id: str) -> str:
    return _page(case_id, WordForm(), {})


@blueprint.post("/<case_id>/words")
@requires(*SPEAKERS)
def say(case_id: str) -> AnyResponse:
    found, outlet = visible_case(current_person(), case_id, today())
    allowed = sources_of(current_person(), found, outlet, today())
    if not allowed:
        raise Problem("forbidden")
    form = WordForm.read(request.form)
    try:
        decided = give_word(case_id, form.word(allowed, today()), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(case_id, form, faults))
    flash(gettext("已记下：%(state)s。", state=words.STATE_WORDS[decided.state]))  # type: ignore[index]
    return redirect(same_filter(url_for("churn.case", case_id=case_id)))


@blueprint.post("/<case_id>/reason")
@requires(Role.OPS)
def mark(case_id: str) -> AnyResponse:
    """Normal churn, which is charged to nobody."""
    visible_case(current_person(), case_id, today())
    try:
        mark_reason(case_id, request.form.get("reason", ""), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(case_id, WordForm(), faults))
    flash(gettext("原因已记下。"))
    return redirect(same_filter(url_for("churn.case", case_id=case_id)))


def _page(case_id: str, form: WordForm, faults: dict[str, str]) -> str:
    view = case_view(current_person(), case_id, today())
    return render_template("churn/case.html", view=view, form=form, faults=faults, words=words, today=today())
