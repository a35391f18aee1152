"""The filter of the list of complaints: that of other work, who handles them 经办人, and how long ago they were reported."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from werkzeug.datastructures import MultiDict

from server.complaints.models import Complaint, ComplaintStep
from server.complaints.words import ASSIGNEE_WORDS, KINDS, REPORTED_WORDS, TAB_STATES, TABS
from server.db import db
from server.domain.months import SHANGHAI
from server.outlets.work_filter import WorkFilter, read_work_filter
from server.people.choices import Choice, is_person_in_reach
from server.people.models import Person, PersonRole, Role
from sync.problems import Problem

ME, NOBODY, ME_OR_NOBODY = ASSIGNEE_WORDS
(WEEK,) = REPORTED_WORDS
HANDLERS = (Role.REP, Role.SUPERVISOR, Role.OPS)


def read_complaint_filter(asked: MultiDict[str, str]) -> WorkFilter:
    """The filter in the address; its `assignee` is one of the three words above or a person's id. Raises `invalid` as that of other work."""
    reported = asked.get("reported", "")
    if reported and reported not in REPORTED_WORDS:
        raise Problem("invalid", f"reported {reported[:20]}")
    return replace(read_work_filter(asked, TABS, KINDS), assignee=asked.get("assignee", ""), reported=reported)


def is_in_complaint_tab(tab: str, reported: str, today: date) -> ColumnElement[bool]:
    """The condition on `Complaint`; `resolved_on` takes it out of the open states, as does voiding, and `reported` narrows that tab alone."""
    if tab == "open":
        return Complaint.resolved_on.is_(None) & Complaint.voided_at.is_(None)
    is_there = Complaint.state.in_(TAB_STATES[tab])
    if tab != "reported" or reported != WEEK:
        return is_there
    since = datetime.combine(today - timedelta(days=6), time(), SHANGHAI)
    steps = select(ComplaintStep.complaint_id).where(ComplaintStep.action == "reported", ComplaintStep.at >= since)
    return is_there & Complaint.id.in_(steps)


def reported_at() -> Any:
    """When the `Complaint` of a query went to the manager; None before."""
    steps = select(func.max(ComplaintStep.at)).where(ComplaintStep.complaint_id == Complaint.id, ComplaintStep.action == "reported")
    return steps.correlate(Complaint).scalar_subquery()


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
