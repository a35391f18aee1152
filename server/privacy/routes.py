"""A person's copy, for that person and for administrators; each copy is noted before it is sent."""

from collections.abc import Callable
from urllib.parse import quote

from flask import Blueprint, Response, send_file

from server.audit.actions import record_audit
from server.clock import now, today
from server.db import db, expect_reads
from server.limits import limiter
from server.people.access import current_person, requires
from server.people.models import Person, Role
from server.privacy.copies import Copy, copy_of
from server.staff.sight import visible_person
from sync.problems import Problem

blueprint = Blueprint("privacy", __name__, template_folder="templates")
OFTEN = "10 per hour"
COPIED = "person.copied"


def may_copy(reader: Person, person_id: str) -> bool:
    """One's own copy is everybody's right (PIPL article 45); those of others are the administrators'."""
    return reader.id == person_id or reader.holds(Role.ADMIN)


@blueprint.post("/people/<person_id>/copies")
@limiter.limit(OFTEN)
@requires()
def make_copy(person_id: str) -> Response:
    """The ZIP is made while nobody has to wait for it, then noted, then sent."""
    reader = current_person()
    person = visible_person(reader, person_id)
    if not may_copy(reader, person_id):
        raise Problem("forbidden")
    reader_id, name = reader.id, f"{person.login}-{today():%Y%m%d}.zip"
    copy = made_aside(lambda: copy_of(db.session.get_one(Person, person_id), now()))
    record_audit(now(), reader_id, COPIED, ("person", person_id), rows=copy.all_rows, files=copy.files, missing_files=copy.missing)
    return sent(copy, name)


def made_aside(make: Callable[[], Copy]) -> Copy:
    """Make a copy in a transaction that only reads: a form writes otherwise, and SQLite's phones would wait for as long as the ZIP takes."""
    db.session.rollback()
    expect_reads(True)
    copy = make()
    db.session.rollback()
    expect_reads(False)
    return copy


def sent(copy: Copy, name: str) -> Response:
    """The ZIP under a name, once what was noted of it is committed; nobody keeps it on the way."""
    db.session.commit()
    copy.file.seek(0)
    answer = send_file(copy.file, mimetype="application/zip", download_name=quote(name), as_attachment=True, max_age=0)
    answer.headers["Cache-Control"] = "no-store"
    return answer
