"""Complaints as their list and page show them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, func, select

from server.complaints.filters import ME_OR_NOBODY, WEEK, is_assigned, is_in_complaint_tab, reported_at
from server.complaints.models import Complaint, ComplaintStep, Triage
from server.complaints.queries import (
    assignees,
    is_visible_complaint,
    may_assign,
    may_handle,
    may_report,
    may_void,
    proposed_assignee,
    visible_complaint,
)
from server.complaints.reporting import reporting
from server.complaints.words import NEWEST_FIRST, TAB_STATES, TAB_WORDS
from server.console.counting import counted_apart
from server.console.due import Due
from server.console.tiles import Tile
from server.db import db
from server.media.pictures import ShownPicture, shown_pictures
from server.outlets.models import Outlet
from server.outlets.work_filter import WorkFilter, at_outlets
from server.outlets.work_lists import Tab, WorkTable, counted_tabs, day_page
from server.people.access import OVERSEERS
from server.people.choices import Choice
from server.people.models import Person, Role

LIST = "complaints.complaint_list"
REPORTERS = (Role.OPS, Role.SUPERVISOR)
WORKERS = (Role.REP, Role.SUPERVISOR, Role.MANAGER, Role.OPS, Role.ADMIN)


@dataclass(frozen=True)
class ComplaintRow:
    """A complaint as the list shows it."""

    row: Any
    reporting: Due | None


@dataclass(frozen=True)
class ComplaintView:
    """A complaint with its history, and what the reader may do with it in its state."""

    complaint: Complaint
    outlet: Outlet
    assignee: str | None
    steps: list[Any]
    reporting: Due | None
    choices: list[Choice]
    proposed_id: str
    signature: ShownPicture | None
    can_investigate: bool
    can_resolve: bool
    can_give_feedback: bool
    can_reopen: bool
    can_report: bool
    can_void: bool


def complaint_table(reader: Person, chosen: WorkFilter, after: str, today: date) -> WorkTable:
    """A page of one tab as rows of `ComplaintRow`, first due first (closed and void ones newest first), with the counts of all tabs."""
    columns = (Complaint.id, Complaint.due_on, Complaint.resolved_on, Complaint.kind, Complaint.state, Complaint.is_about_rep, Complaint.account)
    names = (Outlet.name.label("outlet"), Person.name.label("assignee"), reported_at().label("reported_at"))
    query = listed_complaints(reader, chosen, today).with_only_columns(*columns, *names)
    query = query.where(is_in_complaint_tab(chosen.state, chosen.reported, today))
    rows, next_key = day_page(query, (Complaint.due_on, Complaint.id), after, is_newest_first=chosen.state in NEWEST_FIRST)
    shown = [ComplaintRow(row, reporting(row, row.reported_at, today)) for row in rows]
    return WorkTable(shown, _tabs(reader, chosen, today), next_key)


def listed_complaints(reader: Person, chosen: WorkFilter, today: date) -> Any:
    """A select of the complaints within reach that the filter names, in any state, joined with `Outlet` and the `Person` assigned."""
    query = select(Complaint).join(Outlet, Outlet.id == Complaint.outlet_id).outerjoin(Person, Person.id == Complaint.assigned_to_id)
    query = at_outlets(query.where(is_visible_complaint(reader, today)), chosen, today)
    query = query.where(Complaint.kind == chosen.kind) if chosen.kind else query
    return query.where(is_assigned(reader, chosen.assignee)) if chosen.assignee else query


def _tabs(reader: Person, chosen: WorkFilter, today: date) -> list[Tab]:
    query = listed_complaints(reader, chosen, today)
    queries = [query.where(is_in_complaint_tab(tab, chosen.reported, today)) for tab in TAB_STATES]
    return counted_tabs({tab: TAB_WORDS[tab] for tab in TAB_STATES}, queries)


def complaint_view(reader: Person, complaint_id: str, today: date, triage: Triage | None = None) -> ComplaintView:
    """With `triage`, who may handle it once it is of that kind."""
    complaint, outlet = visible_complaint(reader, complaint_id, today)
    steps = select(ComplaintStep.action, ComplaintStep.note, ComplaintStep.at, Person.name).outerjoin(Person, Person.id == ComplaintStep.by_id)
    steps = steps.where(ComplaintStep.complaint_id == complaint.id).order_by(ComplaintStep.at, ComplaintStep.id)
    done = list(db.session.execute(steps))
    assignee = db.session.scalar(select(Person.name).where(Person.id == complaint.assigned_to_id))
    is_open, handles = complaint.state in TAB_STATES["open"], may_handle(reader, complaint, outlet)
    is_assigned, is_resolved, reports = complaint.state == "assigned", complaint.state == "resolved", may_report(reader, outlet)
    choices = assignees(triage or complaint.triage, outlet) if is_open and may_assign(reader, outlet) else []
    is_new = complaint.assigned_to_id is None
    return ComplaintView(
        complaint=complaint,
        outlet=outlet,
        assignee=assignee,
        steps=done,
        reporting=reporting(complaint, next((step.at for step in reversed(done) if step.action == "reported"), None), today),
        choices=choices,
        proposed_id=proposed_assignee(complaint, choices, reader, today) if choices and is_new else "",
        signature=shown_pictures([], complaint.signature_sha256).signature,
        can_investigate=is_assigned and handles,
        can_resolve=is_assigned and handles and bool(complaint.verdict),
        can_give_feedback=is_resolved and not complaint.has_feedback and (handles or reports),
        can_reopen=is_resolved and reports,
        can_report=is_resolved and reports,
        can_void=complaint.voided_at is None and may_void(reader, complaint),
    )


def complaint_tiles(person: Person, today: date) -> list[Tile]:
    """What is open, for those who work on complaints."""
    if not person.holds(*WORKERS):
        return []
    tiles = [_open_tile(person, today)]
    if person.holds(*REPORTERS):
        tiles.append(_unreported_tile(person, today))
    return [*tiles, _reported_tile(person, today)] if person.holds(Role.MANAGER) else tiles


def _open_tile(person: Person, today: date) -> Tile:
    """All within reach for who answers for a region or the company, for others what is in their hands or in nobody's yet."""
    if person.holds(*OVERSEERS):
        return Tile(gettext("投诉未处理"), _count_of(person, "open", today), url_for(LIST), gettext("先到期的在前"), "warm", LIST)
    count, href = _count_of(person, "open", today, ME_OR_NOBODY), url_for(LIST, assignee=ME_OR_NOBODY)
    return Tile(gettext("投诉未处理"), count, href, gettext("交给我的，还有没人经办的"), "warm", LIST)


def _unreported_tile(person: Person, today: date) -> Tile:
    """What is resolved and not reported to the manager yet."""
    href, note = url_for(LIST, state="resolved"), gettext("处理完了，还没有上报经理")
    return Tile(gettext("投诉待上报"), _count_of(person, "resolved", today), href, note, "warm")


def _reported_tile(person: Person, today: date) -> Tile:
    """What the manager was told of lately."""
    query = select(func.count(Complaint.id)).where(is_in_complaint_tab("reported", WEEK, today))
    href = url_for(LIST, state="reported", reported=WEEK)
    return Tile(gettext("新上报的投诉"), counted_apart(query, is_visible_complaint(person, today)), href, gettext("近 7 天上报给经理的"))


def _count_of(person: Person, tab: str, today: date, assignee: str = "") -> ColumnElement[int]:
    query = select(func.count(Complaint.id)).where(is_in_complaint_tab(tab, "", today))
    query = query.where(is_assigned(person, assignee)) if assignee else query
    return counted_apart(query, is_visible_complaint(person, today))
