"""People in the console: the list, one person's file, coming, leaving, returning, and the link by which a password is chosen."""

from typing import Any

import segno
from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from server.audit.actions import record_audit
from server.clock import now, today
from server.complaints.queries import open_complaints_of
from server.console.form_answers import form_again
from server.console.rendering import page
from server.db import db
from server.devices.tokens import CODE_LIFETIME, PASSWORD, make_sign_in_code
from server.language import LANGUAGE_WORDS
from server.media.store import settings
from server.outlets.holders import reps_for
from server.outlets.moves import regions_held
from server.outlets.queries import own_outlet_ids
from server.people.access import current_person, requires
from server.people.choices import regions_in_reach
from server.people.files import PersonFile, change_person, held_person, open_account
from server.people.models import Person, Role
from server.people.narrowing import LISTERS, read_people_filter
from server.people.words import ROLE_WORDS
from server.staff.forms import LeavingForm, PersonForm, day_of
from server.staff.leaving import end_employment, regions_to_hand_over, return_to_work
from server.staff.listing import people_page, region_names
from server.staff.person_page import person_page
from server.staff.sight import visible_person
from sync.problems import Problem

blueprint = Blueprint("staff", __name__, template_folder="templates")


@blueprint.get("/people")
@requires(*LISTERS)
def person_list() -> Response:
    chosen, reader = read_people_filter(request.args), current_person()
    values: dict[str, Any] = {
        "chosen": chosen,
        "people": people_page(reader, chosen, request.args.get("after", ""), today()),
        "regions": regions_in_reach(reader),
        "role_pairs": ROLE_WORDS.items(),
        "may_change": reader.holds(Role.ADMIN),
    }
    return page("staff/list.html", "staff/_table.html", **values)


@blueprint.get("/people/new")
@requires(Role.ADMIN)
def new_person() -> str:
    return _form(None, PersonForm("", "", (), (), "zh", today().isoformat()), {})


@blueprint.post("/people")
@requires(Role.ADMIN)
def add() -> AnyResponse:
    form = PersonForm.read(request.form)
    try:
        person = open_account(form.login, form.file(), current_person().id, now())
        db.session.commit()
    except Problem as problem:
        return form_again(problem, lambda faults: _form(None, form, faults))
    flash(gettext("已加上。给他一个设密码的链接，或者绑定手机，他才能登录。"))
    return redirect(url_for("staff.person", person_id=person.id), 303)


@blueprint.get("/people/<person_id>")
@requires()
def person(person_id: str) -> str:
    found = visible_person(current_person(), person_id)
    return render_template("staff/person.html", **person_page(current_person(), found, today()))


@blueprint.get("/people/<person_id>/edit")
@requires(Role.ADMIN)
def edit(person_id: str) -> str:
    found = visible_person(current_person(), person_id)
    return _form(found, PersonForm.of(found.login, PersonFile.of(found)), {})


@blueprint.post("/people/<person_id>")
@requires(Role.ADMIN)
def change(person_id: str) -> AnyResponse:
    form = PersonForm.read(request.form)
    try:
        file = form.file()
        _keep_a_rep(person_id, file)
        _keep_regions(person_id, file)
        change_person(person_id, file, current_person().id, now())
        db.session.commit()
    except Problem as problem:
        return form_again(problem, lambda faults: _form(visible_person(current_person(), person_id), form, faults))
    flash(gettext("已改。"))
    return redirect(url_for("staff.person", person_id=person_id), 303)


def _keep_a_rep(person_id: str, file: PersonFile) -> None:
    """Whoever is responsible for outlets stays a rep until others have them."""
    if Role.REP not in file.roles and db.session.scalar(own_outlet_ids(person_id, today()).limit(1)) is not None:
        raise Problem("invalid", fields={"roles": "holds_outlets"})


def _keep_regions(person_id: str, file: PersonFile) -> None:
    """A region stays with whoever is responsible for outlets there until others have them, or nobody's pages would show them."""
    gone = set(PersonFile.of(held_person(person_id)).region_ids) - set(file.region_ids)
    if regions_held(person_id, gone):
        raise Problem("invalid", fields={"regions": "holds_outlets_there"})


def _form(found: Person | None, form: PersonForm, faults: dict[str, str]) -> str:
    values = {"role_pairs": ROLE_WORDS.items(), "regions": region_names().items(), "language_pairs": LANGUAGE_WORDS.items()}
    return render_template("staff/form.html", person=found, form=form, faults=faults, **values)


@blueprint.post("/people/<person_id>/password-link")
@requires(Role.ADMIN)
def password_link(person_id: str) -> Response:
    """The link is in this answer only; the server keeps a hash of its code. The password that stands goes on until another is chosen."""
    at, found = now(), held_person(person_id)
    if not found.is_active:
        raise Problem("stale")
    code = make_sign_in_code(found.id, current_person().id, at, PASSWORD)
    record_audit(at, current_person().id, "person.password_link_made", ("person", found.id))
    name = found.name
    db.session.commit()
    link = (settings().base_url or request.host_url.rstrip("/")) + url_for("passwords.choose", code=code)
    drawing = Markup(segno.make(link, error="m").svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None, title=""))  # noqa: S704 segno's own
    values = {"name": name, "link": link, "drawing": drawing, "good_until": at + CODE_LIFETIME, "person_id": person_id}
    answer = make_response(render_template("staff/password_link.html", **values), 201)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/people/<person_id>/leaving")
@requires(Role.ADMIN)
def leaving(person_id: str) -> str:
    known = visible_person(current_person(), person_id).ends_on
    return _leaving(person_id, LeavingForm((known or today()).isoformat(), ""), {})


@blueprint.post("/people/<person_id>/leaving")
@requires(Role.ADMIN)
def leave(person_id: str) -> AnyResponse:
    form = LeavingForm.read(request.form)
    try:
        left = end_employment(person_id, day_of("last_day", form.last_day), form.successor_id or None, current_person().id, now())
        is_over = not left.is_active
        db.session.commit()
    except Problem as problem:
        return form_again(problem, lambda faults: _leaving(person_id, form, faults))
    flash(gettext("已离岗，手机已停用，不能再登录。") if is_over else gettext("已记下最后一天，过了那天夜里自动停用。"))
    return redirect(url_for("staff.person", person_id=person_id), 303)


def _leaving(person_id: str, form: LeavingForm, faults: dict[str, str]) -> str:
    reader = current_person()
    found = visible_person(reader, person_id)
    if not found.is_active:
        raise Problem("stale")
    reps = [rep for rep in reps_for(reader, regions_to_hand_over(found.id)) if rep.id != found.id]
    held = {"outlets": len(db.session.scalars(own_outlet_ids(found.id, today())).all()), "complaints": open_complaints_of(found.id)}
    return render_template("staff/leaving.html", person=found, form=form, faults=faults, reps=reps, **held)


@blueprint.post("/people/<person_id>/return")
@requires(Role.ADMIN)
def come_back(person_id: str) -> AnyResponse:
    text = request.form.get("first_day", "").strip()
    try:
        return_to_work(person_id, day_of("first_day", text), current_person().id, now())
        db.session.commit()
    except Problem as problem:
        return form_again(problem, lambda faults: _page_with(person_id, text, faults))
    flash(gettext("已恢复。手机和网点要重新给。"))
    return redirect(url_for("staff.person", person_id=person_id), 303)


def _page_with(person_id: str, first_day: str, faults: dict[str, str]) -> str:
    reader = current_person()
    values = person_page(reader, visible_person(reader, person_id), today())
    return render_template("staff/person.html", **values | {"faults": faults, "first_day": first_day})
