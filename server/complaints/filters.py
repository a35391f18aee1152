"""The filter of the list of complaints: that of other work, and who handles them 经办人."""

from dataclasses import replace

from sqlalchemy import ColumnElement, select
from werkzeug.datastructures import MultiDict

from server.complaints.models import Complaint
from server.complaints.words import ASSIGNEE_WORDS, KINDS, TABS
from server.db import db
from server.outlets.work_filter import WorkFilter, read_work_filter
from server.people.choices import Choice, is_person_in_reach
from server.people.models import Person, PersonRole, Role

ME, NOBODY, ME_OR_NOBODY = ASSIGNEE_WORDS
HANDLERS = (Role.REP, Role.SUPERVISOR, Role.OPS)


def read_complaint_filter(asked: MultiDict[str, str]) -> WorkFilter:
    """The filter in the address; its `assignee` is one of the three words above or a person's id."""
    return replace(read_work_filter(asked, TABS, KINDS), assignee=asked.get("assignee", ""))


def is_assigned(reader: Person, assignee: str) -> ColumnElement[bool]:
    """The condition on `Complaint` that it is in these hands."""
    is_mine, is_free = Complaint.assigned_to_id == reader.id, Complaint.assigned_to_id.is_(None)
    words = {ME: is_mine, NOBODY: is_free, ME_OR_NOBODY: is_mine | is_free}
    return words.get(assignee, Complaint.assigned_to_id == assignee)


def handlers_in_reach(reader: Person) -> list[Choice]:
    """Others who may have a complaint within reach in hand: people of one's own regions, and ops, which has them from everywhere; by login."""
    handlers = select(PersonRole.person_id).where(PersonRole.role.in_(HANDLERS))
    ops = select(PersonRole.person_id).where(PersonRole.role == Role.OPS)
    query = select(Person.id, Person.name).where(Person.is_active, Person.id != reader.id, Person.id.in_(handlers))
    query = query.where(is_person_in_reach(reader) | Person.id.in_(ops))
    return [Choice(*row) for row in db.session.execute(query.order_by(Person.login))]
