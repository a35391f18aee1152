"""The start page, signing in and out, and the language."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from server.clock import today
from server.console.addresses import own_path
from server.console.navigation import waiting_tiles
from server.console.tiles import home_readers
from server.db import db
from server.language import COOKIE, LANGUAGES
from server.limits import limiter
from server.media.store import settings
from server.people.access import ConsoleUser, current_person, requires
from server.people.forms import SignInForm
from server.people.models import Person
from server.people.passwords import is_password
from sync.problems import Problem

blueprint = Blueprint("people", __name__, template_folder="templates")

YEAR_S = 365 * 24 * 3600


@blueprint.get("/")
@requires()
def home() -> str:
    parts = [read(current_person(), today()) for read in home_readers]
    return render_template("people/home.html", tiles=waiting_tiles(current_person()), parts=parts, today=today())


@blueprint.route("/login", methods=["GET", "POST"])
@limiter.limit("30 per minute", methods=["POST"])
def sign_in() -> AnyResponse:
    if request.method == "GET":
        if current_user.is_authenticated:
            return redirect(own_path(request.args.get("next"), url_for("people.home")))
        return make_response(render_template("people/sign_in.html", form=SignInForm("", "", request.args.get("next", "")), is_refused=False))
    form = SignInForm.read(request.form)
    person = db.session.scalar(select(Person).where(Person.login == form.login, Person.is_active))
    if not is_password(person.password_hash if person else None, form.password) or person is None:
        return make_response(render_template("people/sign_in.html", form=form, is_refused=True), 401)
    session.clear()
    login_user(ConsoleUser(person))
    answer = redirect(own_path(form.next, url_for("people.home")))
    if request.cookies.get(COOKIE) not in LANGUAGES:
        _remember_language(answer, person.language if person.language in LANGUAGES else LANGUAGES[0])
    return answer


@blueprint.post("/logout")
@requires()
def sign_out() -> AnyResponse:
    logout_user()
    session.clear()
    return redirect(url_for("people.sign_in"))


@blueprint.post("/language")
def set_language() -> AnyResponse:
    """Keep the language of this browser, and go back to the page."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise Problem("invalid", "language")
    answer = redirect(own_path(request.form.get("next"), url_for("people.home")))
    _remember_language(answer, chosen)
    return answer


def _remember_language(answer: Response | AnyResponse, language: str) -> None:
    is_secure = settings().base_url.startswith("https://")
    answer.set_cookie(COOKIE, language, max_age=YEAR_S, expires=None, samesite="Lax", secure=is_secure, httponly=True)
