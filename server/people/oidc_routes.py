"""Signing in to the console at the company's provider (OpenID Connect): away and back. Open to everybody, as the login page is."""

import logging

from flask import Blueprint, redirect, request, session, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from server.audit.actions import record_audit
from server.clock import now
from server.console.addresses import own_path
from server.db import db, expect_reads
from server.limits import limiter
from server.media.store import settings
from server.oidc_settings import OidcSettings
from server.people.entering import let_in
from server.people.models import Person
from server.people.oidc_attempt import Attempt, address_at_provider, begin_attempt, check_attempt, take_attempt
from server.people.oidc_faults import OidcFault, OidcRefused
from server.people.oidc_provider import provider_of
from server.people.oidc_tokens import login_in, proven_claims, tokens_for_code
from sync.problems import Problem

blueprint = Blueprint("oidc", __name__, url_prefix="/login/oidc")
log = logging.getLogger(__name__)

AT_PROVIDER = "is_signed_in_at_provider"
LONGEST_CODE = 4096


@blueprint.get("")
@limiter.limit("30 per minute")
def away() -> Response:
    """To the provider, with what brings the browser back to the page that was asked for."""
    oidc = _oidc()
    target = own_path(request.args.get("next"), "")
    if current_user.is_authenticated:
        return redirect(target or url_for("people.home"))
    try:
        provider = provider_of(oidc)
    except OidcRefused as refused:
        return _to_login_page(refused, target)
    return redirect(address_at_provider(oidc, provider, begin_attempt(target, now()), _redirect_uri()))


@blueprint.get("/back")
@limiter.limit("30 per minute")
def back() -> Response:
    """From the provider: an attempt serves once, whatever comes of it."""
    expect_reads(False)  # a GET only reads otherwise, and this one is noted
    oidc, attempt = _oidc(), take_attempt()
    if attempt is None and current_user.is_authenticated:  # an answer that is opened again, by reloading or going back
        return redirect(url_for("people.home"))
    try:
        person, subject = _vouched_person(oidc, attempt)
    except OidcRefused as refused:
        return _to_login_page(refused, attempt.next if attempt else "")
    answer = let_in(person, attempt.next if attempt else "")
    session[AT_PROVIDER] = True
    record_audit(now(), person.id, "person.signed_in", ("person", person.id), way="oidc", issuer=oidc.issuer, provider_subject=subject[:255])
    db.session.commit()
    return answer


def _vouched_person(oidc: OidcSettings, attempt: Attempt | None) -> tuple[Person, str]:
    """Who comes back, and what the provider calls them; raises OidcRefused. The network is asked before the database."""
    attempt = check_attempt(attempt, request.args.get("state", ""), now())
    if "error" in request.args:
        raise OidcRefused(OidcFault.REFUSED, f"the provider said {request.args['error'][:80]!r}")
    provider = provider_of(oidc)
    issuer = request.args.get("iss")
    if issuer != oidc.issuer and (issuer is not None or provider.says_who):
        raise OidcRefused(OidcFault.UNTRUSTED, "the answer is of another provider")
    code = request.args.get("code", "")
    if not code or len(code) > LONGEST_CODE:
        raise OidcRefused(OidcFault.REFUSED, "the answer holds no code")
    id_token, access_token = tokens_for_code(oidc, provider, attempt, code, _redirect_uri())
    claims = proven_claims(oidc, provider, attempt, id_token, now())
    return _person_with(login_in(oidc, provider, claims, access_token)), claims["sub"]


def _person_with(login: str) -> Person:
    """Somebody who is here and works here; nobody is ever added by signing in. Raises OidcRefused."""
    # A database may compare without regard to case or to spaces at the end, and holds no NUL.
    person = None if "\0" in login else db.session.scalar(select(Person).where(Person.login == login))
    if person is None or person.login != login:
        raise OidcRefused(OidcFault.UNKNOWN_PERSON, f"nobody has the login {login[:40]!r}")
    if not person.is_active:
        raise OidcRefused(OidcFault.LEFT, f"{person.login} is not active")
    return person


def _oidc() -> OidcSettings:
    if (oidc := settings().oidc) is None:
        raise Problem("not_found")
    return oidc


def _redirect_uri() -> str:
    """As it is registered at the provider, whatever host the browser names."""
    return settings().base_url.rstrip("/") + url_for("oidc.back")


def _to_login_page(refused: OidcRefused, target: str) -> Response:
    log.warning("sign-in at the provider: %s", refused)
    return redirect(url_for("people.sign_in", fault=str(refused.fault), next=target or None), 303)
