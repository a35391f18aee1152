"""The start page, signing in and out, and the language."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext, lazy_gettext
from flask_login import current_user, logout_user
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.addresses import own_path
from server.console.navigation import waiting_tiles
from server.console.tiles import by_urgency, home_readers
from server.db import db
from server.language import LANGUAGES
from server.limits import limiter
from server.media.store import settings
from server.people.access import current_person, requires
from server.people.entering import let_in, remember_language
from server.people.forms import SignInForm
from server.people.models import Person
from server.people.oidc_faults import FAULT_WORDS
from server.people.oidc_routes import AT_PROVIDER
from server.people.passwords import is_password
from server.people.sessions import end_session
from server.people.wrong_passwords import limit_wrong_passwords, note_wrong_password
from sync.problems import Problem

SESSION_ENDED = "session_ended"
_FAULT_WORDS: dict[Any, Any] = {**FAULT_WORDS, SESSION_ENDED: lazy_gettext("登录过期了，刚才那一步没有做成。登录以后再做一次。")}

blueprint = Blueprint("people", __name__, template_folder="templates")


@blueprint.get("/")
@requires()
def home() -> str:
    parts = [read(current_person(), today()) for read in home_readers]
    waiting, clear = by_urgency(waiting_tiles(current_person()))
    return render_template("people/home.html", waiting=waiting, clear=clear, parts=parts, today=today())


def _too_many_wrong() -> Response:
    return sign_in_page(SignInForm.read(request.form), 429)


@blueprint.route("/login", methods=["GET", "POST"])
@limiter.limit("30 per minute", methods=["POST"])
@limit_wrong_passwords(lambda: SignInForm.read(request.form).login, _too_many_wrong)
def sign_in() -> AnyResponse:
    if request.method == "GET":
        if current_user.is_authenticated:
            return redirect(own_path(request.args.get("next"), url_for("people.home")))
        return sign_in_page(SignInForm("", "", request.args.get("next", "")), 200)
    form = SignInForm.read(request.form)
    if (oidc := settings().oidc) is not None and oidc.is_only_way:
        return sign_in_page(form, 403)
    person = db.session.scalar(select(Person).where(Person.login == form.login, Person.is_active))
    if not is_password(person.password_hash if person else None, form.password) or person is None:
        note_wrong_password(person, "console")
        return sign_in_page(form, 401)
    return let_in(person, form.next)


def sign_in_page(form: SignInForm, status: int) -> Response:
    fault = _FAULT_WORDS.get(request.args.get("fault", ""))
    page = render_template("people/sign_in.html", form=form, status=status, fault=fault, oidc=settings().oidc)
    return make_response(page, status)


@blueprint.post("/logout")
@requires()
def sign_out() -> AnyResponse:
    """Ends the session here, for every copy of its cookie; the one at the provider is not ours to end, and whoever shares the machine should know."""
    stays_at_provider = AT_PROVIDER in session
    logout_user()
    end_session(now())
    db.session.commit()
    if stays_at_provider:
        flash(gettext("已退出巡店。统一登录那边还在登录状态，公用的电脑请到那边也退出。"))
    return redirect(url_for("people.sign_in"))


@blueprint.post("/language")
def set_language() -> AnyResponse:
    """Keep the language of this browser, and go back to the page."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise Problem("invalid", "language")
    answer = redirect(own_path(request.form.get("next"), url_for("people.home")))
    remember_language(answer, chosen)
    return answer
