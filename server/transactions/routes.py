"""Tables that the office imports: choosing one, what the check found, importing it, taking it back. Each kind says for whom it is."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now
from server.console.form_answers import form_again
from server.console.formats import exact
from server.console.rendering import page
from server.people.access import current_person, requires
from server.people.models import Role
from server.transactions import words
from server.transactions.actions import ImportedAlready, check_upload, import_checked, undo_import
from server.transactions.fault_words import table_fault_words
from server.transactions.faults import TableFault
from server.transactions.forms import UploadForm
from server.transactions.kinds import DAYS, KINDS
from server.transactions.reading import MOST_BYTES
from server.transactions.views import CheckSheet, ImportSheet, check_sheet, import_page, import_sheet, is_imported, when_and_who
from server.transactions.workbooks import refused_rows_workbook, template_workbook
from sync.problems import Problem

blueprint = Blueprint("imports", __name__, url_prefix="/imports", template_folder="templates")

IMPORTERS = (Role.OPS, Role.ADMIN)
ENVELOPE_BYTES = 64 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.record_once
def read_late(state: BlueprintSetupState) -> None:
    """Leave the body of an upload unread until it is known who sends it; `check` then looks at the form's token itself."""
    state.app.extensions["csrf"].exempt(check)


@blueprint.get("")
@requires(*IMPORTERS)
def start() -> Response:
    kind = request.args.get("kind", DAYS)
    return page("imports/start.html", "imports/_imports.html", **_start_values(kind if kind in KINDS else DAYS, {}))


@blueprint.get("/templates/<kind>.xlsx")
@requires(*IMPORTERS)
def template(kind: str) -> Response:
    if kind not in KINDS:
        raise Problem("not_found", f"template {kind}")
    _admit(kind)
    return _workbook(template_workbook(kind), f"{kind}-template")


@blueprint.post("/checks")
@requires(*IMPORTERS)
def check() -> AnyResponse:
    """Check a table; it lies on disk while it comes and until the clerk decides."""
    request.max_content_length = MOST_BYTES + ENVELOPE_BYTES
    try:
        if current_app.config["WTF_CSRF_ENABLED"]:
            current_app.extensions["csrf"].protect()
        form = UploadForm.read(request.form, request.files)
        _admit(form.kind)
        kept = check_upload(form.kind, form.file_name, form.file.stream, current_person().id, now())
    except RequestEntityTooLarge:
        return _start_again(TableFault("too_large"), 413)
    except TableFault as fault:
        return _start_again(fault, 422)
    except Problem as problem:
        return form_again(problem, lambda faults: render_template("imports/start.html", **_start_values("", faults)))
    except ImportedAlready as known:
        return _known(known)
    return redirect(url_for("imports.checked", check_id=kept.id), 303)


def _admit(kind: str) -> None:
    """Raises `forbidden` for whoever may not import tables of this kind."""
    if not current_person().holds(*KINDS[kind].importers):
        raise Problem("forbidden")


def _own_check(check_id: str) -> CheckSheet:
    """The check, for whoever may import its kind; one of a personal table is there for whoever sent it only."""
    sheet = check_sheet(check_id)
    _admit(sheet.kept.kind)
    if KINDS[sheet.kept.kind].is_personal and sheet.kept.by_id != current_person().id:
        raise Problem("not_found", f"check {check_id}")
    return sheet


def _own_import(import_id: str) -> ImportSheet:
    sheet = import_sheet(import_id)
    _admit(sheet.row.kind)
    return sheet


def _start_again(fault: TableFault, status: int) -> Response:
    kind = request.form.get("kind", DAYS) if status != 413 else DAYS
    values = _start_values(kind, {}) | {"table_fault": table_fault_words(fault)}
    return make_response(render_template("imports/start.html", **values), status)


def _start_values(kind: str, faults: dict[str, str]) -> dict[str, Any]:
    kinds = words.kinds_of(current_person())
    found = import_page(request.args.get("after", ""), list(kinds))
    return {"found": found, "kinds": kinds, "kind": kind if kind in kinds else DAYS, "faults": faults, "table_fault": "", "words": words}


def _known(known: ImportedAlready) -> AnyResponse:
    at, by_name = when_and_who(known.import_id)
    flash(gettext("这个文件 %(by)s 在 %(at)s 已经导入过，这次什么也没有改变。", by=by_name, at=exact(at)))
    return redirect(url_for("imports.imported", import_id=known.import_id), 303)


@blueprint.get("/checks/<check_id>")
@requires(*IMPORTERS)
def checked(check_id: str) -> AnyResponse:
    if is_imported(check_id):
        return redirect(url_for("imports.imported", import_id=check_id))
    return make_response(_check_page(check_id, {}))


@blueprint.get("/checks/<check_id>/errors.xlsx")
@requires(*IMPORTERS)
def refused_rows(check_id: str) -> Response:
    return _workbook(refused_rows_workbook(_own_check(check_id).kept), "errors")


@blueprint.post("/checks/<check_id>/import")
@requires(*IMPORTERS)
def make_import(check_id: str) -> AnyResponse:
    if not is_imported(check_id):
        _own_check(check_id)
    try:
        row = import_checked(check_id, request.form.get("accept") == "good", current_person().id, now())
    except ImportedAlready as known:
        return _known(known)
    except Problem as problem:
        return form_again(problem, lambda faults: _check_page(check_id, faults))
    flash(gettext("已导入。"))
    return redirect(url_for("imports.imported", import_id=row.id), 303)


def _check_page(check_id: str, faults: dict[str, str]) -> str:
    return render_template("imports/check.html", sheet=_own_check(check_id), faults=faults, words=words)


@blueprint.get("/<import_id>")
@requires(*IMPORTERS)
def imported(import_id: str) -> str:
    return render_template("imports/import.html", sheet=_own_import(import_id), faults={}, words=words)


@blueprint.post("/<import_id>/undo")
@requires(*IMPORTERS)
def undo(import_id: str) -> AnyResponse:
    _own_import(import_id)
    try:
        undo_import(import_id, current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: render_template("imports/import.html", sheet=_own_import(import_id), faults=faults, words=words))
    flash(gettext("已撤销，原来的数据已恢复。"))
    return redirect(url_for("imports.imported", import_id=import_id), 303)


def _workbook(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"', "Cache-Control": "no-store"}
    return Response(content, mimetype=XLSX, headers=headers)
