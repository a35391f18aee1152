"""Erasing personal data in the console: of somebody who left, by an administrator; of an outlet's people, by manager or customer service.

DECISION (the regulation is silent): administrators keep people's accounts and so erase them, never their own; manager and customer service
keep outlet files and see whole ID numbers, so they copy and erase those of an outlet.
"""

import logging
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.audit.actions import record_audit
from server.clock import now, today
from server.console.form_answers import form_again
from server.console.form_checks import text_of
from server.db import db
from server.limits import limiter
from server.outlets.duplicates import merged_into
from server.outlets.models import Outlet
from server.people.access import current_person, requires
from server.people.models import Person, Role
from server.privacy.erasure_list import list_erasures
from server.privacy.keeping import outlet_kept_until, person_kept_until, wage_years
from server.privacy.obstacles import outlet_obstacles, person_obstacles
from server.privacy.outlet_copies import outlet_copy
from server.privacy.outlets import MOST_REASON, erase_outlet_people, is_erased
from server.privacy.people import erase_person
from server.privacy.routes import OFTEN, made_aside, sent
from server.staff.sight import visible_person
from sync.problems import Problem

blueprint = Blueprint("erasures", __name__, template_folder="templates")
OUTLET_KEEPERS = (Role.MANAGER, Role.SERVICE)
COPIED = "outlet.people_copied"
MOST_CODE = 60
log = logging.getLogger(__name__)


@blueprint.get("/people/<person_id>/erasure")
@requires(Role.ADMIN)
def person(person_id: str) -> str:
    return _person_page(person_id, "", {})


@blueprint.post("/people/<person_id>/erasure")
@requires(Role.ADMIN)
def erase_them(person_id: str) -> AnyResponse:
    reason = text_of(request.form, "reason", MOST_REASON)
    try:
        _expect_code(visible_person(current_person(), person_id).login)
        erase_person(person_id, reason, current_person().id, now())
        db.session.commit()
    except Problem as problem:
        return form_again(problem, lambda faults: _person_page(person_id, reason, faults))
    _list()
    flash(gettext("已删除。姓名随工资凭据留到期满，到期夜里自动删除。"))
    return redirect(url_for("staff.person", person_id=person_id), 303)


def _expect_code(code: str) -> None:
    """What goes does not come back, so whoever erases types whose it is."""
    if text_of(request.form, "code", MOST_CODE) != code:
        raise Problem("invalid", fields={"code": "not_the_same"})


def _list() -> None:
    """Write it on the list that outlives the database; a full disk leaves that to the night."""
    try:
        list_erasures(now())
    except OSError as fault:
        log.warning("the list of erasures could not be written: %s", fault)


def _person_page(person_id: str, reason: str, faults: dict[str, str]) -> str:
    found = visible_person(current_person(), person_id)
    if found.id == current_person().id:
        raise Problem("forbidden")
    values = {"person": found, "obstacles": person_obstacles(found, today()), "until": person_kept_until(found, today())}
    return render_template("privacy/person_erasure.html", **values, **_form(reason, faults, today()))


def _form(reason: str, faults: dict[str, str], day: date) -> dict[str, Any]:
    return {"reason": reason, "faults": faults, "years": wage_years(day), "most_reason": MOST_REASON}


@blueprint.get("/outlets/<outlet_id>/people-erasure")
@requires(*OUTLET_KEEPERS)
def outlet(outlet_id: str) -> str:
    return _outlet_page(outlet_id, "", {})


@blueprint.post("/outlets/<outlet_id>/people-erasure")
@requires(*OUTLET_KEEPERS)
def erase_its_people(outlet_id: str) -> AnyResponse:
    reason = text_of(request.form, "reason", MOST_REASON)
    try:
        _expect_code(_found(outlet_id).code)
        erase_outlet_people(outlet_id, reason, current_person().id, now())
        db.session.commit()
    except Problem as problem:
        return form_again(problem, lambda faults: _outlet_page(outlet_id, reason, faults))
    _list()
    flash(gettext("已删除，手机下次同步就没有了。"))
    return redirect(url_for("erasures.outlet", outlet_id=outlet_id), 303)


def _found(outlet_id: str) -> Outlet:
    """Removed ones too: their people's data is still here."""
    found = db.session.get(Outlet, outlet_id)
    if found is None:
        raise Problem("not_found", f"outlet {outlet_id}")
    return found


def _outlet_page(outlet_id: str, reason: str, faults: dict[str, str]) -> str:
    found = _found(outlet_id)
    done = {"is_done": is_erased(found), "merged": [gone for gone in merged_into(outlet_id) if not is_erased(gone)]}
    values = {"outlet": found, "obstacles": outlet_obstacles(found), "until": outlet_kept_until(found, today()), **done}
    return render_template("privacy/outlet_erasure.html", **values, **_form(reason, faults, today()))


@blueprint.post("/outlets/<outlet_id>/people-copies")
@limiter.limit(OFTEN)
@requires(*OUTLET_KEEPERS)
def copy_its_people(outlet_id: str) -> Response:
    """The ZIP holds the whole ID number, so that somebody took it is noted first."""
    reader_id, name = current_person().id, f"{_found(outlet_id).code}-{today():%Y%m%d}.zip"
    copy = made_aside(lambda: outlet_copy(db.session.get_one(Outlet, outlet_id), now()))
    record_audit(now(), reader_id, COPIED, ("outlet", outlet_id), rows=copy.all_rows, files=copy.files, missing_files=copy.missing)
    return sent(copy, name)


def keeps_outlets(reader: Person) -> bool:
    return reader.holds(*OUTLET_KEEPERS)
