"""Findings: the list by state, one finding with its evidence, and the manager's decision."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.answer_form import AnswerForm
from server.console.rendering import page
from server.db import db
from server.domain.months import Month
from server.findings import words
from server.findings.actions import decide_finding
from server.findings.forms import DecisionForm
from server.findings.models import OVERTAKEN, FindingState
from server.findings.objection_form import ObjectionForm
from server.findings.pay_words import decided_again_words, decided_words, effect_of_taking_back_words, effect_words
from server.findings.views import (
    OBJECTED,
    READERS,
    WAITING_TABS,
    FindingFilter,
    FindingView,
    finding_table,
    finding_view,
    months_with_findings,
    next_finding,
    read_finding_filter,
)
from server.findings.windows import NO_WINDOW
from server.people.access import current_person, requires
from server.people.choices import all_reps_in_reach, regions_in_reach
from server.people.models import Role
from sync.ids import uuid7
from sync.problems import Problem

blueprint = Blueprint("findings", __name__, template_folder="templates")


@blueprint.get("/findings")
@requires(*READERS)
def finding_list() -> Response:
    chosen = read_finding_filter(request.args, request.args.get("state", FindingState.PROPOSED.value))
    reader = current_person()
    offers: dict[str, Any] = {"months": months_with_findings(reader), "reps": all_reps_in_reach(reader, chosen.region_id)}
    offers["regions"] = regions_in_reach(reader)
    return page("findings/list.html", "findings/_table.html", **_list_values(chosen), **offers)


@blueprint.get("/findings/<finding_id>")
@requires(*READERS)
def finding(finding_id: str) -> str:
    return finding_page(finding_id)


@blueprint.post("/findings/<finding_id>/decision")
@requires(Role.MANAGER)
def decide(finding_id: str) -> AnyResponse:
    """Uphold or dismiss, with a reason that the person concerned reads."""
    view = finding_view(current_person(), finding_id, today())
    form, is_again, tab = DecisionForm.read(request.form), view.is_overtaken, asked_tab(view)
    try:
        decide_finding(finding_id, form.decision, form.reason, current_person().id, now())
    except Problem as problem:
        if problem.refusal.code not in ("invalid", "stale"):
            raise
        db.session.rollback()
        faults = problem.extras.get("fields", {problem.refusal.code: "stale"})
        return make_response(finding_page(finding_id, form, faults), problem.refusal.status)
    month = Month.parse(view.finding.month)
    said = decided_again_words(form.decision, month) if is_again else decided_words(form.decision, view.finding.kind, month)
    return onwards(view, tab, said)


def onwards(view: FindingView, tab: str, said: str) -> AnyResponse:
    """To the next finding of the tab in which this one waited, by the same filter; to the list when none is left. Back to this one from a
    tab in which nothing waits."""
    chosen = read_finding_filter(request.args, tab)
    flash(gettext("%(month)s %(kind)s：%(said)s", month=view.finding.month, kind=words.kind_words(view.finding.kind), said=said))
    if tab not in WAITING_TABS:
        return redirect(url_for("findings.finding", finding_id=view.finding.id, **chosen.arguments))
    next_id = next_finding(current_person(), chosen, view.finding)
    flash(gettext("下面是下一件。") if next_id else gettext("这里的都看完了。"))
    if next_id:
        return redirect(url_for("findings.finding", finding_id=next_id, **chosen.arguments))
    return redirect(url_for("findings.finding_list", **chosen.arguments))


def _list_values(chosen: FindingFilter) -> dict[str, Any]:
    """The tabs and rows that stand on both pages."""
    return {
        "chosen": chosen,
        "table": finding_table(current_person(), chosen, request.args.get("after", "")),
        "state_words": words.STATE_WORDS,
        "state_marks": words.STATE_MARKS,
        "tab_words": words.TAB_WORDS,
        "kind_words": words.kind_words,
        "is_award": words.is_award,
        "may_propose": current_person().holds(Role.SUPERVISOR, Role.MANAGER),
    }


def finding_page(
    finding_id: str, form: DecisionForm | AnswerForm | None = None, faults: dict[str, str] | None = None, objecting: ObjectionForm | None = None
) -> str:
    """The page of one finding, with what was typed and what is wrong with it."""
    reader, view = current_person(), finding_view(current_person(), finding_id, today())
    is_undecided = view.finding.state == FindingState.PROPOSED or view.is_overtaken
    is_own = view.finding.person_id == reader.id
    window = view.window() if is_own else NO_WINDOW
    waits = reader.holds(Role.MANAGER) and (is_undecided or view.open_objection is not None)
    month = Month.parse(view.finding.month)
    return render_template(
        "findings/finding.html",
        view=view,
        effect=effect_words(month) if view.finding.state == FindingState.PROPOSED else effect_of_taking_back_words(month),
        words=words,
        reading=words.KIND_READINGS.get(view.finding.kind, ""),
        step_words=words.step_words,
        can_decide=waits and is_undecided and not is_own,
        can_answer=waits and not is_undecided and not is_own,
        waits_for_another=waits and is_own,
        can_object=window.is_open(today()),
        window=window,
        form=form or DecisionForm("", ""),
        objecting=objecting or ObjectionForm(uuid7()),
        faults=faults or {},
        **_list_values(read_finding_filter(request.args, asked_tab(view))),
    )


def asked_tab(view: FindingView) -> str:
    """The tab from which the finding was opened; without one, that in which it stands."""
    return request.args.get("state") or _tab_of(view)


def _tab_of(view: FindingView) -> str:
    if view.open_objection is not None:
        return OBJECTED
    return OVERTAKEN if view.is_overtaken else view.finding.state
