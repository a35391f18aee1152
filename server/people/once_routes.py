"""Signing in to the console by a one-use link from the command line: the way in when the provider is down or a password lost."""

from flask import Blueprint, Response, make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from server.audit.actions import record_audit
from server.clock import now
from server.db import db
from server.devices.tokens import CONSOLE
from server.limits import limiter
from server.people.entering import let_in
from server.people.links import opened_link

blueprint = Blueprint("once", __name__, url_prefix="/login/once", template_folder="templates")


@blueprint.get("/<code>")
@limiter.limit("30 per minute")
def ask(code: str) -> Response:
    """Asks first: whatever only looks at links, such as a chat's preview, uses none up."""
    answer = make_response(render_template("people/sign_in_once.html", person=opened_link(code, CONSOLE)[1]))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/<code>")
@limiter.limit("30 per minute")
def enter(code: str) -> AnyResponse:
    row, person = opened_link(code, CONSOLE)
    row.used_at = now()
    record_audit(now(), person.id, "person.signed_in", ("person", person.id), way="link")
    db.session.commit()
    return let_in(person, "")
