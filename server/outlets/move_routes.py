"""The page where an outlet is moved to another region 改区域."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.form_answers import form_again
from server.outlets.moves import move_outlet, region_names_of_rep
from server.outlets.queries import visible_outlet
from server.people.access import current_person, requires
from server.people.choices import regions_in_reach
from server.people.models import Role
from sync.problems import Problem

blueprint = Blueprint("outlet_moves", __name__, template_folder="templates")
MOVERS = (Role.MANAGER, Role.ADMIN)


@blueprint.get("/outlets/<outlet_id>/region")
@requires(*MOVERS)
def choose(outlet_id: str) -> str:
    return _page(outlet_id, {})


@blueprint.post("/outlets/<outlet_id>/region")
@requires(*MOVERS)
def move(outlet_id: str) -> AnyResponse:
    found = visible_outlet(current_person(), outlet_id, today())
    try:
        is_changed = move_outlet(found.id, request.form.get("region_id", ""), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(outlet_id, faults))
    flash(gettext("区域已改，手机下次同步就会看到。") if is_changed else gettext("网点本来就在这个区域，什么也没改。"))
    return redirect(url_for("outlets.outlet", outlet_id=outlet_id))


def _page(outlet_id: str, faults: dict[str, str]) -> str:
    outlet, names = visible_outlet(current_person(), outlet_id, today()), dict(regions_in_reach(current_person()))
    rep, rep_regions = region_names_of_rep(outlet.id)
    values = {"outlet": outlet, "regions": names, "rep": rep, "rep_regions": rep_regions, "faults": faults}
    return render_template("outlets/region.html", **values)
