"""Reading checklists."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from server.checklists.models import Checklist, ChecklistVersion
from server.db import db
from server.people.models import Person, Role
from sync.checklist import Question, questions_of
from sync.problems import Problem
from sync.visit_form import questions_asked

READERS = (Role.SUPERVISOR, Role.MANAGER, Role.OPS, Role.ADMIN)
DESIGNERS = (Role.MANAGER, Role.ADMIN)

# Asked for every visit that is taken in, so built once.
_QUESTIONS = select(ChecklistVersion.questions).where(ChecklistVersion.id == bindparam("version_id"))


def designed_questions(version_id: str | None) -> list[Question] | None:
    """The questions of a published version; None when there is no such version."""
    raw = None if version_id is None else db.session.scalar(_QUESTIONS, {"version_id": version_id})
    return None if raw is None else questions_of(raw)


def questions_by_key(form: str, version_id: str | None) -> dict[str, Question]:
    """What a visit was asked, the company's own questions included."""
    return {one.key: one for one in questions_asked(form, designed_questions(version_id))}


def checklist(checklist_id: str) -> Checklist:
    """Raises `not_found`."""
    found = db.session.get(Checklist, checklist_id)
    if found is None:
        raise Problem("not_found")
    return found


def all_checklists() -> list[Checklist]:
    """Those in use first, then by age."""
    return list(db.session.scalars(select(Checklist).order_by(Checklist.retired_at.is_not(None), Checklist.made_at, Checklist.id)))


def versions_of(checklist_ids: Iterable[str]) -> list[tuple[ChecklistVersion, str]]:
    """Versions with the names of those who published them, the newest first."""
    query = select(ChecklistVersion, Person.name).join(Person, Person.id == ChecklistVersion.published_by_id)
    query = query.where(ChecklistVersion.checklist_id.in_(list(checklist_ids))).order_by(ChecklistVersion.number.desc())
    return [(version, name) for version, name in db.session.execute(query)]
