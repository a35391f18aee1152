"""Spreadsheets of a month, for payroll and the manager."""

from collections.abc import Callable

from flask import Blueprint, Response

from server.audit.actions import record_audit
from server.clock import now
from server.console.months import month_in_path
from server.console.workbooks import XLSX
from server.db import db, expect_reads
from server.domain.months import Month
from server.payroll.models import WageMonth
from server.payroll.routes import EXPORTERS
from server.payroll.table_rows import paid_people
from server.payroll.tables import wage_strips, wage_table
from server.people.access import current_person, requires
from sync.problems import Problem

blueprint = Blueprint("wage_tables", __name__)


@blueprint.get("/payroll/<month>/table.xlsx")
@requires(*EXPORTERS)
def table(month: str) -> Response:
    """工资表: one row per person."""
    return _file(month_in_path(month), "gongzibiao", wage_table)


@blueprint.get("/payroll/<month>/strips.xlsx")
@requires(*EXPORTERS)
def strips(month: str) -> Response:
    """工资条: one strip per person."""
    return _file(month_in_path(month), "gongzitiao", wage_strips)


def _file(month: Month, name: str, make: Callable[..., bytes]) -> Response:
    """The file of a month that has sheets; who took it is noted."""
    db.session.rollback()
    expect_reads(False)  # a GET only reads otherwise, and this one is noted
    people = paid_people(month)
    if not people:
        raise Problem("not_found", f"wage sheets of {month}")
    row = db.session.get(WageMonth, str(month))
    content = make(month, people, row is not None, row.seal if row else "", now())
    record_audit(now(), current_person().id, "payroll.exported", ("wage_month", str(month)), file=name)
    db.session.commit()
    return Response(
        content, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}-{month}.xlsx"', "Cache-Control": "no-store"}
    )
