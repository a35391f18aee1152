"""Exports: any list as XLSX or CSV, visits as GeoJSON; who took what is noted."""

from collections.abc import Iterable

from flask import Blueprint, Response, render_template, request

from server.clock import now, today
from server.console.addresses import export_address
from server.console.workbooks import XLSX
from server.limits import limiter
from server.people.access import current_person, requires
from server.reports.csv_rows import CSV, csv_parts
from server.reports.geo_rows import GEOJSON, geojson_parts
from server.reports.listing import ExportedList
from server.reports.lists import LISTS, exported_list
from server.reports.lists_visits import visit_rows
from server.reports.sending import new_file, send_noted, spooled
from server.reports.sheet_rows import Table, write_workbook
from sync.problems import Problem

blueprint = Blueprint("exports", __name__, template_folder="templates")
OFTEN = "60 per minute"
blueprint.app_context_processor(lambda: {"export_address": export_address, "may_take_list": _may_take})


@blueprint.get("/exports")
@requires()
def export_list() -> str:
    """What the reader may take."""
    return render_template("reports/exports.html", lists=[one for one in LISTS.values() if one.may_take(current_person())])


@blueprint.get("/exports/<name>.xlsx")
@limiter.limit(OFTEN)
@requires()
def workbook(name: str) -> Response:
    listed = _allowed(name)
    file = new_file()
    counted = _Counted(listed.rows(current_person(), request.args, today()))
    write_workbook(file, [Table(str(listed.title), listed.columns, counted)], now())
    return send_noted(file, f"{listed.name}.xlsx", XLSX, counted.count)


@blueprint.get("/exports/<name>.csv")
@limiter.limit(OFTEN)
@requires()
def text_table(name: str) -> Response:
    listed = _allowed(name)
    counted = _Counted(listed.rows(current_person(), request.args, today()))
    return send_noted(spooled(csv_parts(listed.columns, counted)), f"{listed.name}.csv", CSV, counted.count)


@blueprint.get("/exports/visits.geojson")
@limiter.limit(OFTEN)
@requires()
def visit_points() -> Response:
    counted = _Counted(visit_rows(current_person(), request.args, today()))
    return send_noted(spooled(geojson_parts(counted)), "visits.geojson", GEOJSON, counted.count)


def _may_take(name: str) -> bool:
    return exported_list(name).may_take(current_person())


def _allowed(name: str) -> ExportedList:
    listed = exported_list(name)
    if not listed.may_take(current_person()):
        raise Problem("forbidden")
    return listed


class _Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[object]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self):  # type: ignore[no-untyped-def]
        for row in self.rows:
            self.count += 1
            yield row
