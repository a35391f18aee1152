"""Choosing a password by the one-use link that an administrator gave: open to whoever holds the link."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now
from server.db import db
from server.devices.tokens import PASSWORD
from server.limits import limiter
from server.people.actions import LEAST_PASSWORD, set_password
from server.people.forms import MOST_LETTERS
from server.people.links import opened_link
from server.people.models import Person

blueprint = Blueprint("passwords", __name__, url_prefix="/password", template_folder="templates")


@blueprint.get("/<code>")
@limiter.limit("30 per minute")
def choose(code: str) -> Response:
    return _page(opened_link(code, PASSWORD)[1], {}, 200)


@blueprint.post("/<code>")
@limiter.limit("30 per minute")
def chosen(code: str) -> AnyResponse:
    """Sets the password, uses up this link and all others, and ends the person's sessions; somebody who has left gets none."""
    _, person = opened_link(code, PASSWORD)
    password, again = request.form.get("password", "")[:MOST_LETTERS], request.form.get("again", "")[:MOST_LETTERS]
    if len(password) < LEAST_PASSWORD or password != again:
        return _page(person, {"password": "too_short"} if len(password) < LEAST_PASSWORD else {"again": "differs"}, 422)
    set_password(person, password, now(), person.id)
    db.session.commit()
    flash(gettext("密码已设好，现在登录。"))
    return redirect(url_for("people.sign_in"), 303)


def _page(person: Person, faults: dict[str, str], status: int) -> Response:
    answer = make_response(render_template("people/choose_password.html", person=person, faults=faults, least=LEAST_PASSWORD), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
