"""The dashboard: a page of charts, each with a table that says the same."""

from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext

from server.clock import today
from server.console.formats import short_month
from server.console.months import chosen_month, month_strip
from server.console.rendering import page
from server.domain.months import Month
from server.people.access import current_person, requires
from server.people.choices import regions_in_reach, reps_in_reach
from server.people.models import Role
from server.reports.charts import AcrossChart, ColumnChart, bars_across, columns_of
from server.reports.dashboard import MOST_OUTLETS, MOST_REPS, Dashboard, DashboardFilter, Group, dashboard_of, outlets_of_rep
from server.visits.words import month_words

blueprint = Blueprint("dashboards", __name__, template_folder="templates")
READERS = (Role.SUPERVISOR, Role.MANAGER, Role.OPS, Role.ADMIN)
MOST_BARS = 40


@blueprint.get("/dashboard")
@requires(*READERS)
def dashboard() -> Response:
    reader, running = current_person(), Month.of_date(today())
    chosen = DashboardFilter(chosen_month(request.args.get("month", "")), request.args.get("region", ""), request.args.get("rep", ""))
    board = dashboard_of(reader, chosen, running)
    values: dict[str, Any] = {
        "chosen": chosen,
        "board": board,
        "strip": month_strip(chosen.month),
        "regions": regions_in_reach(reader),
        "reps": reps_in_reach(reader, chosen.region_id),
        "outlets": outlets_of_rep(reader, chosen, today()) if chosen.rep_id else [],
        "most": MOST_OUTLETS,
        "most_reps": MOST_REPS,
        "running": running,
        "month_words": month_words,
        "region_chart": _coverage(board.regions),
        "class_chart": _coverage(board.classes),
        "year_chart": _year(board, running),
        "miss_chart": _misses(board, chosen.month >= running),
    }
    return page("reports/dashboard.html", "reports/_dashboard.html", **values)


def _coverage(groups: list[Group]) -> AcrossChart:
    """In percent of the visits planned; what waits for a review stands behind what is done."""
    rows = [
        (one.name, [("done", float(one.sums.covered or 0)), ("waiting", float(one.sums.waiting_percent))], f"{one.sums.done} / {one.sums.planned}")
        for one in groups
    ]
    return bars_across(rows[:MOST_BARS], 100)


def _year(board: Dashboard, running: Month) -> ColumnChart:
    return columns_of(
        [
            (
                short_month(month),
                sums.planned if sums else 0,
                sums.done if sums else 0,
                "" if sums is None or sums.covered is None else str(sums.covered),
                month == running,
            )
            for month, sums in board.year
        ]
    )


def _misses(board: Dashboard, is_to_come: bool) -> AcrossChart:
    """Outlets by rep: those that the month will miss and may, or those that it missed."""
    rows = []
    for rep in board.reps[:MOST_BARS]:
        sums = rep.sums
        amounts = [("certain", float(sums.certain)), ("risk", float(sums.at_risk))] if is_to_come else [("certain", float(sums.missed))]
        if total := round(sum(amount for _, amount in amounts)):
            rows.append((rep.name or gettext("区域公共"), amounts, str(total)))
    most = max((sum(amount for _, amount in amounts) for _, amounts, _ in rows), default=1)
    return bars_across(rows, most)
