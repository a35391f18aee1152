"""Exports: any list as XLSX or CSV, visits as GeoJSON; who took what is noted."""

from collections.abc import Iterable
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request, send_file

from server.audit.actions import record_audit
from server.clock import now, today
from server.console.addresses import export_address
from server.console.workbooks import XLSX
from server.db import db, expect_reads
from server.limits import limiter
from server.people.access import current_person, requires
from server.reports.csv_rows import CSV, csv_parts
from server.reports.geo_rows import GEOJSON, geojson_parts
from server.reports.listing import ExportedList
from server.reports.lists import LISTS, exported_list
from server.reports.lists_visits import visit_rows
from server.reports.sheet_rows import Table, write_workbook
from sync.problems import Problem

blueprint = Blueprint("exports", __name__, template_folder="templates")
OFTEN = "60 per minute"
blueprint.app_context_processor(lambda: {"export_address": export_address})


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
    file = _new_file()
    counted = _Counted(listed.rows(current_person(), request.args, today()))
    write_workbook(file, [Table(str(listed.title), listed.columns, counted)], now())
    return _answer(file, f"{listed.name}.xlsx", XLSX, counted.count)


@blueprint.get("/exports/<name>.csv")
@limiter.limit(OFTEN)
@requires()
def text_table(name: str) -> Response:
    listed = _allowed(name)
    counted = _Counted(listed.rows(current_person(), request.args, today()))
    return _answer(_spooled(csv_parts(listed.columns, counted)), f"{listed.name}.csv", CSV, counted.count)


@blueprint.get("/exports/visits.geojson")
@limiter.limit(OFTEN)
@requires()
def visit_points() -> Response:
    counted = _Counted(visit_rows(current_person(), request.args, today()))
    return _answer(_spooled(geojson_parts(counted)), "visits.geojson", GEOJSON, counted.count)


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


def _new_file() -> IO[bytes]:
    """On disk, without a name; it goes when the answer is sent."""
    return TemporaryFile()


def _spooled(parts: Iterable[bytes]) -> IO[bytes]:
    """On disk first: whoever is sent a file gets the whole of it, or a problem that says why not."""
    file = _new_file()
    file.writelines(parts)
    return file


def _answer(file: IO[bytes], name: str, mimetype: str, count: int) -> Response:
    """The file, once it is noted who took it, with which filter."""
    reader_id = current_person().id
    db.session.rollback()
    expect_reads(False)  # a GET only reads otherwise, and this one is noted
    kept = {key: value[:60] for key, value in request.args.items() if value and key != "after"}
    record_audit(now(), reader_id, "list.exported", ("list", name), rows=count, filter=kept)
    db.session.commit()
    file.seek(0)
    answer = send_file(file, mimetype=mimetype, download_name=quote(name), as_attachment=True, max_age=0)
    answer.headers["Cache-Control"] = "no-store"
    return answer
