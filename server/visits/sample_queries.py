"""The drawn visits within a person's reach: those that wait for an answer, those answered, and the months."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from werkzeug.datastructures import MultiDict

from server.console.filters import RegionAndRep, read_region_and_rep
from server.console.months import chosen_month
from server.console.paging import after_key, cut, one_page, one_page_down
from server.db import db
from server.domain.evidence import FULL_SCORE
from server.domain.months import Month
from server.outlets.models import Outlet
from server.outlets.work_lists import Tab, WorkTable, counted_tabs
from server.people.models import Person, Region
from server.visits.models import Visit, VisitReview
from server.visits.queries import is_reviewed_by, is_visible_visit
from server.visits.sample_models import AGREES, DOUBTS, VisitSample
from server.visits.sample_words import TAB_WORDS
from server.visits.views import VisitView, may_review
from sync.problems import Problem

OPEN, DONE, MONTHS = TAB_WORDS


@dataclass(frozen=True)
class SampleFilter:
    """`state` is a tab; the month is that of the drawing, and narrows what is answered, not what waits; the rep is the visiting one."""

    whose: RegionAndRep
    state: str
    month: Month


@dataclass(frozen=True)
class MonthRow:
    """One rep's drawn visits of a month in a region. `differ`: a doubt where the machine had found nothing, or none where it had."""

    region: str
    rep: str
    drawn: int
    answered: int
    doubted: int
    differ: int


def read_sample_filter(asked: MultiDict[str, str]) -> SampleFilter:
    """The filter in the address; raises `invalid` for a tab or month that cannot be."""
    state = asked.get("state") or OPEN
    if state not in TAB_WORDS:
        raise Problem("invalid", f"state {state[:20]}")
    return SampleFilter(read_region_and_rep(asked), state, chosen_month(asked.get("month", "")))


def waits_for_answer() -> ColumnElement[bool]:
    """Whether an answer is asked for: not of a visit that was replaced, merged away from its place or reviewed since.

    The condition on `VisitSample` joined with `Visit`.
    """
    return and_(VisitSample.answer.is_(None), Visit.counts, ~exists().where(VisitReview.visit_id == Visit.id))


def drawn_visits(reader: Person, today: date) -> Any:
    """A select of the drawn visits within reach, joined with `Visit`; nobody sees those of their own visits."""
    query = select(VisitSample.visit_id).join(Visit, Visit.id == VisitSample.visit_id)
    return query.where(is_visible_visit(reader, today), Visit.rep_id != reader.id)


def samples_within_reach(reader: Person, today: date) -> Any:
    """As `drawn_visits`, joined with `Outlet`, `Region` and the visiting `Person` too."""
    query = drawn_visits(reader, today).join(Outlet, Outlet.id == Visit.outlet_id).join(Region, Region.id == Outlet.region_id)
    return query.join(Person, Person.id == Visit.rep_id)


def listed_samples(reader: Person, chosen: SampleFilter, today: date) -> Any:
    """Those of the tab that the filter names."""
    query = _narrowed(samples_within_reach(reader, today), chosen.whose)
    if chosen.state == OPEN:
        return query.where(waits_for_answer())
    return query.where(VisitSample.answer.is_not(None), _drawn_in(chosen.month))


def sample_table(reader: Person, chosen: SampleFilter, after: str, today: date) -> WorkTable:
    """A page of a tab: what waits longest first, answers of the month newest drawing first."""
    columns = (
        VisitSample.visit_id,
        VisitSample.drawn_on,
        VisitSample.answer,
        VisitSample.answered_at,
        VisitSample.machine_score,
        differs().label("is_different"),
    )
    shown = (Visit.checked_in_at, Outlet.name.label("outlet"), Outlet.outlet_class, Region.name.label("region"), Person.name.label("rep"))
    query, order = listed_samples(reader, chosen, today).with_only_columns(*columns, *shown), (VisitSample.drawn_on, VisitSample.visit_id)
    turn = one_page if chosen.state == OPEN else one_page_down
    rows = list(db.session.execute(turn(query, order, after_key(after, date, str))))
    rows, next_key = cut(rows, lambda row: [row.drawn_on, row.visit_id])
    return WorkTable(rows, sample_tabs(reader, chosen, today), next_key)


def sample_tabs(reader: Person, chosen: SampleFilter, today: date) -> list[Tab]:
    """All tabs with the count of each; that of the months is how many were drawn in the chosen one."""
    query = _narrowed(samples_within_reach(reader, today), chosen.whose)
    drawn = query.where(_drawn_in(chosen.month))
    return counted_tabs(TAB_WORDS, [query.where(waits_for_answer()), drawn.where(VisitSample.answer.is_not(None)), drawn])


def month_rows(reader: Person, chosen: SampleFilter, today: date) -> list[MonthRow]:
    """By region and rep, how many were drawn, answered, doubted, and how often person and machine differ."""
    query = _narrowed(samples_within_reach(reader, today), chosen.whose).where(_drawn_in(chosen.month))
    counts = (func.count(VisitSample.answer), _count(VisitSample.answer == DOUBTS), _count(differs()))
    query = query.with_only_columns(Region.name, Person.name, func.count(), *counts)
    query = query.group_by(Region.id, Region.name, Person.id, Person.name, Person.login).order_by(Region.name, Person.login)
    return [MonthRow(*row) for row in db.session.execute(query)]


def differs() -> ColumnElement[bool]:
    """Person and machine say different things of a visit that counts: any flag is the machine's doubt."""
    is_doubt_alone = and_(VisitSample.answer == DOUBTS, VisitSample.machine_score == FULL_SCORE)
    return or_(is_doubt_alone, and_(VisitSample.answer == AGREES, VisitSample.machine_score < FULL_SCORE))


def next_open(reader: Person, today: date) -> str | None:
    """The one that waits longest among those that the reader may answer."""
    query = samples_within_reach(reader, today).where(waits_for_answer(), is_reviewed_by(reader))
    found: str | None = db.session.scalar(query.order_by(VisitSample.drawn_on, VisitSample.visit_id).limit(1))
    return found


def is_asked(reader: Person, visit_id: str, today: date) -> bool:
    """Whether a sample of the visit waits for an answer that the reader could give, so that the machine's word is kept from them."""
    return db.session.scalar(asked_samples(reader, [visit_id], today)) is not None


def is_blind(reader: Person, view: VisitView, today: date) -> bool:
    """Whether the reader is to see the visit without the machine's word."""
    return may_review(reader, view) and view.visit.counts and is_asked(reader, view.visit.id, today)


def asked_samples(reviewer: Person, visit_ids: list[str], today: date) -> Any:
    """A select of those of the visits that `is_asked` holds for."""
    asked = (VisitSample.visit_id.in_(visit_ids), waits_for_answer(), is_reviewed_by(reviewer))
    return samples_within_reach(reviewer, today).where(*asked)


def _narrowed(query: Any, whose: RegionAndRep) -> Any:
    if whose.region_id:
        query = query.where(Outlet.region_id == whose.region_id)
    return query.where(Visit.rep_id == whose.rep_id) if whose.rep_id else query


def _drawn_in(month: Month) -> ColumnElement[bool]:
    return VisitSample.drawn_on.between(month.first_day, month.last_day)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
