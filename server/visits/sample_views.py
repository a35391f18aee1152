"""One drawn visit as its page shows it: first the record alone, and what the machine found once somebody has answered."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased

from server.db import db
from server.people.models import Person
from server.visits.sample_models import VisitSample
from server.visits.sample_queries import differs, next_open, samples_within_reach, waits_for_answer
from server.visits.views import VisitView, may_review, visit_view
from sync.problems import Problem


@dataclass(frozen=True)
class SampleView:
    """`is_open`: nobody has answered, so nothing of the machine may be shown; `next_id` is whose turn it is then, or empty."""

    sample: VisitSample
    view: VisitView
    is_open: bool
    may_answer: bool
    is_different: bool
    answered_by: str
    next_id: str


def sample_view(reader: Person, visit_id: str, today: date) -> SampleView:
    """The drawn visit, or `not_found` for whoever may not know of it."""
    answerer = aliased(Person)
    name = select(answerer.name).where(answerer.id == VisitSample.by_id).scalar_subquery()
    query = samples_within_reach(reader, today).with_only_columns(VisitSample, waits_for_answer(), differs(), name)
    row = db.session.execute(query.where(VisitSample.visit_id == visit_id)).one_or_none()
    if row is None:
        raise Problem("not_found", f"sample {visit_id}")
    sample, waits, is_different, answered_by = row
    view = visit_view(reader, visit_id, today)
    next_id = "" if waits else next_open(reader, today)
    return SampleView(sample, view, waits, waits and may_review(reader, view), is_different, answered_by or "", next_id or "")
