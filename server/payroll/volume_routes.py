"""交易明细: the records behind a volume bonus."""

from flask import Blueprint, render_template

from server.clock import today
from server.console.months import month_in_path, month_strip
from server.payroll.volumes import volume_view
from server.people.access import current_person, requires

blueprint = Blueprint("volumes", __name__, template_folder="templates")


@blueprint.get("/outlets/<outlet_id>/volume/<month>")
@requires()
def volume(outlet_id: str, month: str) -> str:
    """An outlet's transactions of a month and the one before."""
    chosen = month_in_path(month)
    view = volume_view(outlet_id, chosen, current_person(), today())
    return render_template("payroll/volume.html", view=view, month=chosen, strip=month_strip(chosen))
