"""Visits: compliance, the list, one visit."""

from flask import Blueprint, Response, request

from server.clock import today
from server.console.formats import percent
from server.console.months import month_strip
from server.console.rendering import page
from server.domain.months import Month
from server.people.access import current_person, requires
from server.people.models import Role
from server.policy.queries import working_years
from server.visits import words
from server.visits.choices import filter_choices
from server.visits.filters import read_filter, read_list_filter
from server.visits.forms import EMPTY_REVIEW, READY_REASONS
from server.visits.plan_gaps import PlanGaps, plan_gaps
from server.visits.queries import judged_among
from server.visits.queries_compliance import ComplianceTable, compliance_table
from server.visits.queries_list import visit_table
from server.visits.strip import month_grid
from server.visits.visit_pages import visit_page_of
from server.visits.wall import photo_wall as photos_on_wall

blueprint = Blueprint("visits", __name__, template_folder="templates")


@blueprint.get("/compliance")
@requires()
def compliance() -> Response:
    chosen = read_filter(request.args)
    choices = filter_choices(chosen)
    table = compliance_table(current_person(), chosen, request.args.get("after", ""), today())
    values = choices | {
        "table": table,
        "gaps": _gaps(table, chosen.month, {rep.id for rep in choices["reps"]}),
        "grid": month_grid(chosen.month, today(), working_years()),
        "strip": month_strip(chosen.month),
        "open_id": request.args.get("open", ""),
        "percent": percent,
        "passed_percent": percent((min(today(), chosen.month.last_day) - chosen.month.first_day).days + 1, chosen.month.last_day.day),
    }
    return page("visits/compliance.html", "visits/_compliance_table.html", **values)


def _gaps(table: ComplianceTable, month: Month, rep_ids: set[str]) -> PlanGaps | None:
    """What of the page has no day yet, for whoever may plan it; None for others, and of a month that is over."""
    if month < Month.of_date(today()) or not current_person().holds(Role.SUPERVISOR):
        return None
    outlet_ids = [outlet.row.outlet_id for _, rows in table.groups for outlet in rows]
    return plan_gaps(month, outlet_ids, {rep.rep_id for rep, _ in table.groups} & rep_ids, today())


@blueprint.get("/visits")
@requires()
def visit_list() -> Response:
    chosen = read_list_filter(request.args)
    outlet_id = request.args.get("outlet", "")
    reader, table = current_person(), visit_table(current_person(), chosen, outlet_id, request.args.get("after", ""), today())
    reviews = chosen.verdict == "waiting" and reader.holds(Role.SUPERVISOR, Role.MANAGER)
    judged = judged_among(reader, [row.id for row in table.rows]) if reviews else set()
    values = filter_choices(chosen) | {
        "table": table,
        "outlet_id": outlet_id,
        "judged": judged,
        "may_accept": bool(judged) or (reviews and reader.holds(Role.SUPERVISOR)),
        "ready": READY_REASONS,
        "form": EMPTY_REVIEW,
    }
    return page("visits/list.html", "visits/_list_table.html", **values)


@blueprint.get("/visits/photos")
@requires()
def photo_wall() -> Response:
    """The photos of the visits that the filter names, sixty a page."""
    chosen = read_list_filter(request.args)
    outlet_id = request.args.get("outlet", "")
    wall = photos_on_wall(current_person(), chosen, outlet_id, request.args.get("after", ""), today())
    values = filter_choices(chosen) | {"wall": wall, "outlet_id": outlet_id, "slot_words": words.SLOT_WORDS}
    return page("visits/photos.html", "visits/_wall.html", **values)


@blueprint.get("/visits/<visit_id>")
@requires()
def visit_page(visit_id: str) -> str:
    return visit_page_of(visit_id, EMPTY_REVIEW, {})
