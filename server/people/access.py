"""Who may do what (RULEBOOK §1): the signed-in person, role guards, and the reach of each role."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, redirect, request, session, url_for
from flask_login import UserMixin, current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from server.clock import now
from server.console.addresses import page_address
from server.db import db
from server.people.models import Person, Role
from server.people.sessions import is_ended
from sync.problems import Problem

COMPANY_WIDE = (Role.MANAGER, Role.OPS, Role.SERVICE, Role.PAYROLL, Role.ADMIN)
# Who has the lists of the work at outlets; a single record opens to payroll and service too, since wages and files rest on it.
AT_OUTLETS = (Role.REP, Role.SUPERVISOR, Role.MANAGER, Role.OPS, Role.ADMIN)
OVERSEERS = (Role.SUPERVISOR, Role.MANAGER, Role.ADMIN)  # who answers for what others do not get done

RENEWED_AT = "renewed_at"
RENEWED_AFTER_S = 3600  # at every request a slow answer would bring a session back that was signed out meanwhile


class ConsoleUser(UserMixin):
    """The signed-in person as Flask-Login wants it; the id changes with the password, which ends old sessions."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        return f"{self.person.id}.{self.person.password_hash[-12:]}"


def load_console_user(session_id: str) -> ConsoleUser | None:
    with_reach = (joinedload(Person.roles), joinedload(Person.regions))
    asked = select(Person, is_ended()).where(Person.id == session_id.partition(".")[0]).options(*with_reach)
    person, has_ended = db.session.execute(asked).unique().one_or_none() or (None, False)
    if has_ended:
        session.clear()  # else a cookie that is signed anew for another reason would name the person longer than the end is remembered
    if person is None or has_ended or not person.is_active:
        return None
    user = ConsoleUser(person)
    return user if user.get_id() == session_id else None


def current_person() -> Person:
    """The person signed in to the console; only behind `requires`."""
    person: Person = current_user.person
    return person


def requires(*roles: Role) -> Callable[..., Any]:
    """Let in people who hold one of the roles (any signed-in person when none is named)."""

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return to_sign_in()
            if roles and not current_person().holds(*roles):
                raise Problem("forbidden")
            _renew_session()
            return view(*args, **kwargs)

        guarded.is_guarded = True  # type: ignore[attr-defined]
        guarded.roles = roles  # type: ignore[attr-defined]
        return guarded

    return guard


def _renew_session() -> None:
    """Let the hours after which an idle session is over begin anew."""
    at = int(now().timestamp())
    if at - session.get(RENEWED_AT, 0) >= RENEWED_AFTER_S:
        session[RENEWED_AT] = at


def may_open(person: Person, endpoint: str) -> bool:
    """Whether the person holds a role that the page behind `requires` asks for; what it shows is judged record by record."""
    page: Any = current_app.view_functions[endpoint]
    return not page.roles or person.holds(*page.roles)


def to_sign_in(fault: str | None = None) -> Response:
    """Away to the sign-in page, which says the fault and leads back to this page."""
    target = url_for("people.sign_in", fault=fault, next=page_address())
    if request.headers.get("HX-Request"):
        answer: Response = current_app.response_class(status=401)
        answer.headers["HX-Redirect"] = target
        return answer
    return redirect(target)


def sees_whole_company(person: Person) -> bool:
    return person.holds(*COMPANY_WIDE)


def sees_region(person: Person, region_id: str) -> bool:
    """Whether the region is within the person's reach as office staff (a rep's outlets are judged one by one)."""
    return sees_whole_company(person) or (person.holds(Role.SUPERVISOR) and region_id in person.region_ids)
