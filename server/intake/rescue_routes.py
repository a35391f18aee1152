"""Rescue files in the console: choosing one, what came of it, and earlier imports. For administrators."""

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now
from server.console.rendering import page
from server.intake import rescue_words as words
from server.intake.rescue import import_rescue
from server.intake.rescue_file import mapped
from server.intake.rescue_views import import_page, rescue_import, unfinished_forms
from server.people.access import current_person, requires
from server.people.models import Role
from sync.problems import Problem

blueprint = Blueprint("rescue", __name__, url_prefix="/rescue", template_folder="templates")

ENVELOPE_BYTES = 64 * 1024


def read_late(app: Flask) -> None:
    """Leave the body of an upload unread until it is known who sends it; `import_file` then checks the form's token itself."""
    app.extensions["csrf"].exempt(import_file)


@blueprint.get("")
@requires(Role.ADMIN)
def start() -> Response:
    found = import_page(request.args.get("after", ""))
    return page("rescue/start.html", "rescue/_imports.html", found=found, fault="", words=words, most_megabytes=_most_megabytes())


@blueprint.post("")
@requires(Role.ADMIN)
def import_file() -> AnyResponse:
    """Bring in a rescue file; it is kept on disk while it comes, never whole in memory."""
    request.max_content_length = _most_megabytes() * 1024 * 1024 + ENVELOPE_BYTES
    try:
        _check_token()
        chosen = request.files.get("file")
        if chosen is None or not chosen.filename:
            raise Problem("invalid", fields={"file": "required"})
        report = import_rescue(mapped(chosen.stream), current_person().id, now())
    except RequestEntityTooLarge:
        return _again("too_large", 413)
    except Problem as problem:
        if "file" not in problem.extras.get("fields", {}):
            raise
        return _again(problem.extras["fields"]["file"], problem.refusal.status)
    return redirect(url_for("rescue.result", import_id=report.import_id), 303)


def _check_token() -> None:
    if current_app.config["WTF_CSRF_ENABLED"]:
        current_app.extensions["csrf"].protect()


def _again(fault: str, status: int) -> Response:
    found = import_page("")
    return make_response(render_template("rescue/start.html", found=found, fault=fault, words=words, most_megabytes=_most_megabytes()), status)


def _most_megabytes() -> int:
    """The built-in server takes less than one behind nginx (server/serving.py)."""
    most: int = current_app.config["MOST_RESCUE_MEGABYTES"]
    return most


@blueprint.get("/<import_id>")
@requires(Role.ADMIN)
def result(import_id: str) -> str:
    found = rescue_import(import_id)
    return render_template("rescue/result.html", found=found, report=found.report, unfinished=unfinished_forms(found.report), words=words)
