"""Follow-ups as their list and page show them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import func, select

from server.console.tiles import Tile
from server.db import db
from server.followups.models import FollowUp, FollowUpStep
from server.followups.queries import PASSERS, WORKERS, is_visible_follow_up, visible_follow_up
from server.followups.words import OWNER_WORDS, TAB_WORDS
from server.media.models import BlobRef
from server.media.pictures import ShownPictures, shown_pictures
from server.outlets.models import Outlet
from server.outlets.responsible import with_rep
from server.outlets.work_filter import WorkFilter, at_outlets
from server.outlets.work_lists import WorkTable, day_page, open_and_done_tabs
from server.people.access import OVERSEERS
from server.people.models import Person, Role

LIST = "followups.follow_up_list"
READERS = (*WORKERS, Role.ADMIN)
DEPARTMENTS = (Role.REP, Role.OPS, Role.SERVICE)  # whose role names the owner of what they see to


@dataclass(frozen=True)
class FollowUpView:
    """A follow-up with its history, and what the reader may do with it; `owners` are (role, words) of whom it may be passed to."""

    follow_up: FollowUp
    outlet: Outlet
    steps: list[Any]
    pictures: ShownPictures
    can_look: bool
    owners: list[tuple[str, Any]]


def follow_up_table(reader: Person, chosen: WorkFilter, after: str, today: date) -> WorkTable:
    """A page of one tab, first due first (solved ones newest first), with both counts."""
    columns = (FollowUp.id, FollowUp.problem, FollowUp.owner, FollowUp.registered_on, FollowUp.due_on, FollowUp.solved_on)
    query = listed_follow_ups(reader, chosen, today).with_only_columns(*columns, Outlet.name.label("outlet"), Person.name.label("rep"))
    query = with_rep(query, today)
    is_open = chosen.state == "open"
    query = query.where(FollowUp.solved_on.is_(None) if is_open else FollowUp.solved_on.is_not(None))
    rows, next_key = day_page(query, (FollowUp.due_on, FollowUp.id), after, is_newest_first=not is_open)
    tabs = open_and_done_tabs(listed_follow_ups(reader, chosen, today), FollowUp.solved_on, TAB_WORDS)
    return WorkTable(rows, tabs, next_key)


def listed_follow_ups(reader: Person, chosen: WorkFilter, today: date) -> Any:
    """A select of the follow-ups within reach that the filter names (its kind is the owner), solved or not, joined with `Outlet`."""
    query = select(FollowUp).join(Outlet, Outlet.id == FollowUp.outlet_id)
    query = at_outlets(query.where(is_visible_follow_up(reader, today)), chosen, today)
    return query.where(FollowUp.owner == chosen.kind) if chosen.kind else query


def follow_up_view(reader: Person, follow_up_id: str, today: date) -> FollowUpView:
    follow_up, outlet = visible_follow_up(reader, follow_up_id, today)
    columns = (FollowUpStep.kind, FollowUpStep.owner, FollowUpStep.note, FollowUpStep.at, Person.name)
    steps = select(*columns).outerjoin(Person, Person.id == FollowUpStep.by_id).where(FollowUpStep.follow_up_id == follow_up.id)
    rows = list(db.session.execute(steps.order_by(FollowUpStep.at, FollowUpStep.id)))
    is_open = follow_up.solved_on is None
    may_pass = is_open and reader.holds(*PASSERS)
    owners = [(owner, words) for owner, words in OWNER_WORDS.items() if may_pass and owner != follow_up.owner]
    return FollowUpView(follow_up, outlet, rows, _pictures(follow_up), reader.holds(*WORKERS), owners)


def _pictures(follow_up: FollowUp) -> ShownPictures:
    """All photos, of the registration and of the looks."""
    shown = (BlobRef.entity_type == "follow_up") & (BlobRef.entity_id == follow_up.id)
    return shown_pictures(db.session.scalars(select(BlobRef.sha256).where(shown).distinct().order_by(BlobRef.sha256)), None)


def follow_up_tiles(person: Person, today: date) -> list[Tile]:
    """What is not solved within reach: all of it for who answers for a region or the company, for others what their department sees to."""
    if not person.holds(*READERS):
        return []
    query = select(func.count(FollowUp.id)).where(FollowUp.solved_on.is_(None), is_visible_follow_up(person, today))
    owner = "" if person.holds(*OVERSEERS) else _department(person)
    if not owner:
        return [Tile(gettext("备案未解决"), query.scalar_subquery(), url_for(LIST), gettext("先到期的在前"), "warm", LIST)]
    note = gettext("由%(owner)s来办", owner=OWNER_WORDS[owner])
    query = query.where(FollowUp.owner == owner)
    return [Tile(gettext("备案未解决"), query.scalar_subquery(), url_for(LIST, kind=owner), note, "warm", LIST)]


def _department(person: Person) -> str:
    """The one that the person is of; empty for who is of several."""
    found = [role.value for role in DEPARTMENTS if person.holds(role)]
    return found[0] if len(found) == 1 else ""
