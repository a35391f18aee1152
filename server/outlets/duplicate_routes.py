"""Outlets that may be the same one: the list, a pair side by side, and the word on it (SYNC §4)."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.addresses import same_filter
from server.console.filters import read_region_and_rep
from server.console.queues import counted_queues
from server.console.rendering import page
from server.outlets.deciders import DECIDERS
from server.outlets.duplicate_views import LIST, duplicate_page, pair_view
from server.outlets.duplicates import keep_both, merge_outlets
from server.outlets.words import state_words
from server.people.access import current_person, requires
from server.people.choices import regions_in_reach, reps_in_reach
from sync.problems import Problem

blueprint = Blueprint("duplicates", __name__, url_prefix="/waiting/duplicates", template_folder="templates")


@blueprint.get("")
@requires(*DECIDERS)
def duplicate_list() -> Response:
    chosen, reader = read_region_and_rep(request.args), current_person()
    return page(
        "duplicates/list.html",
        "duplicates/_table.html",
        chosen=chosen,
        found=duplicate_page(reader, chosen, request.args.get("after", ""), today()),
        queues=counted_queues(reader),
        regions=regions_in_reach(reader),
        reps=reps_in_reach(reader, chosen.region_id),
    )


@blueprint.get("/<outlet_id>/<other_id>")
@requires(*DECIDERS)
def pair(outlet_id: str, other_id: str) -> str:
    view = pair_view(current_person(), outlet_id, other_id, today())
    return render_template("duplicates/pair.html", view=view, state_words=state_words)


@blueprint.post("/<outlet_id>/<other_id>/decision")
@requires(*DECIDERS)
def decide(outlet_id: str, other_id: str) -> AnyResponse:
    """Two outlets, or one: then `kept_id` says which of them stays."""
    pair_view(current_person(), outlet_id, other_id, today())
    if request.form.get("decision") == "both":
        keep_both(outlet_id, other_id, current_person().id, now())
        flash(gettext("两个都留着，不再提醒。"))
        return redirect(same_filter(url_for(LIST)))
    kept_id = request.form.get("kept_id", "")
    if kept_id not in (outlet_id, other_id):
        raise Problem("invalid", "kept_id")
    merge_outlets(other_id if kept_id == outlet_id else outlet_id, kept_id, current_person().id, now())
    flash(gettext("已合并，手机下次同步就会看到。"))
    return redirect(url_for("outlets.outlet", outlet_id=kept_id))
