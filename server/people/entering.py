"""The moment somebody is let in to the console, by whichever way they showed who they are."""

from flask import Response, redirect, request, url_for
from flask_login import login_user
from werkzeug.wrappers import Response as AnyResponse

from server.console.addresses import own_path
from server.language import COOKIE, LANGUAGES
from server.media.store import settings
from server.people.access import ConsoleUser
from server.people.models import Person
from server.people.sessions import begin_session

YEAR_S = 365 * 24 * 3600


def let_in(person: Person, next_path: str) -> AnyResponse:
    """A session that holds nothing from before, and on to the page that was asked for, in the person's language unless the browser has one."""
    begin_session()
    login_user(ConsoleUser(person))
    answer = redirect(own_path(next_path, url_for("people.home")))
    if request.cookies.get(COOKIE) not in LANGUAGES:
        remember_language(answer, person.language if person.language in LANGUAGES else LANGUAGES[0])
    return answer


def remember_language(answer: Response | AnyResponse, language: str) -> None:
    is_secure = settings().base_url.startswith("https://")
    answer.set_cookie(COOKIE, language, max_age=YEAR_S, expires=None, samesite="Lax", secure=is_secure, httponly=True)
