"""Tokens of the reporting API on the console: what there is, a new one, an end to one."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now
from server.console.form_answers import form_again
from server.console.form_checks import SHORT, text_of
from server.db import db
from server.media.store import settings
from server.people.access import current_person, requires
from server.people.choices import regions_in_reach
from server.people.models import Person, Role
from server.reports.models import ReportToken
from server.reports.parts import PART_WORDS, WAGE_SHEETS
from server.reports.tokens import make_token, revoke_token
from sync.problems import Problem

blueprint = Blueprint("report_tokens", __name__, url_prefix="/report-tokens", template_folder="templates")


@blueprint.get("")
@requires(Role.ADMIN)
def token_list() -> str:
    return _page("", [], [], {})


@blueprint.post("")
@requires(Role.ADMIN)
def add_token() -> Response:
    """The token is in this answer only; the server keeps a hash of it."""
    name, parts, region_ids = text_of(request.form, "name", SHORT), request.form.getlist("parts"), request.form.getlist("regions")
    try:
        secret = make_token(name, parts, region_ids, current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(name, parts, region_ids, faults))
    shown = render_template("reports/token.html", name=name, secret=secret, addresses=[(PART_WORDS[part], f"{_base()}/{part}.csv") for part in parts])
    answer = make_response(shown, 201)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/<token_id>/revocation")
@requires(Role.ADMIN)
def end_token(token_id: str) -> AnyResponse:
    revoke_token(token_id, current_person().id, now())
    flash(gettext("令牌已停用，用它的程序从现在起读不到。"))
    return redirect(url_for("report_tokens.token_list"))


def _page(name: str, parts: list[str], region_ids: list[str], faults: dict[str, str]) -> str:
    regions = regions_in_reach(current_person())
    query = select(ReportToken, Person.name).join(Person, Person.id == ReportToken.made_by_id)
    rows = db.session.execute(query.order_by(ReportToken.revoked_at.is_not(None), ReportToken.made_at.desc(), ReportToken.id)).all()
    values: dict[str, Any] = {"part_words": PART_WORDS, "wages": WAGE_SHEETS, "regions": regions, "region_names": dict(regions)}
    typed = {"name": name, "parts": parts, "region_ids": region_ids, "faults": faults}
    return render_template("reports/tokens.html", tokens=rows, base=_base(), **values, **typed)


def _base() -> str:
    return (settings().base_url.rstrip("/") or request.host_url.rstrip("/")) + "/api/v1"
