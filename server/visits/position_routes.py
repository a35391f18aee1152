"""Positions that visits propose: the list, one of them on its drawing, and the word on it."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.addresses import same_filter
from server.console.form_answers import form_again
from server.console.form_checks import text_of
from server.console.queues import counted_queues
from server.console.rendering import page
from server.outlets.deciders import DECIDERS
from server.people.access import current_person, requires
from server.people.choices import regions_in_reach
from server.visits.position_models import APPROVED
from server.visits.position_proposals import decide_position
from server.visits.position_views import LIST, position_page, position_view
from sync.problems import Problem

blueprint = Blueprint("positions", __name__, url_prefix="/waiting/positions", template_folder="templates")
MOST_LETTERS = 500


@blueprint.get("")
@requires(*DECIDERS)
def position_list() -> Response:
    reader, region_id = current_person(), request.args.get("region", "")
    found = position_page(reader, region_id, request.args.get("after", ""))
    values: dict[str, Any] = {"found": found, "region_id": region_id, "regions": regions_in_reach(reader), "queues": counted_queues(reader)}
    return page("positions/list.html", "positions/_table.html", **values)


@blueprint.get("/<proposal_id>")
@requires(*DECIDERS)
def position(proposal_id: str) -> str:
    return _shown(proposal_id, False)


@blueprint.post("/<proposal_id>/decision")
@requires(*DECIDERS)
def decide(proposal_id: str) -> AnyResponse:
    """The outlet moves, or stays where it is."""
    position_view(current_person(), proposal_id, today())
    decision, reason = request.form.get("decision", ""), text_of(request.form, "reason", MOST_LETTERS)
    try:
        decide_position(proposal_id, decision, reason, current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _shown(proposal_id, "stale" in faults))
    flash(gettext("位置已改，手机下次同步就会看到。") if decision == APPROVED else gettext("位置没有改；再有新的巡检这样说，才会再提。"))
    return redirect(same_filter(url_for(LIST)))


def _shown(proposal_id: str, is_stale: bool) -> str:
    return render_template("positions/position.html", view=position_view(current_person(), proposal_id, today()), is_stale=is_stale)
