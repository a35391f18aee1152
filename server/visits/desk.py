"""The review desk: the visits that wait for this supervisor's word, one after the other in the order of the list."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select, tuple_

from server.console.counting import MOST_WAITING, rows_up_to
from server.db import db
from server.domain.evidence import FULL_SCORE
from server.people.models import Person
from server.visits.filters import VisitFilter
from server.visits.models import SCORE_ORDER, Visit
from server.visits.queries import is_reviewed_by
from server.visits.queries_list import listed_visits


@dataclass(frozen=True)
class Desk:
    """The neighbours of a visit among those that wait, empty at the ends; `left` counts them all, at the most one more than `MOST_WAITING`."""

    before_id: str
    after_id: str
    first_id: str
    left: int

    def next_id(self, visit_id: str) -> str:
        """Whose turn it is after this one: the next in order, else the first; empty when nothing else waits."""
        found = self.after_id or self.first_id
        return "" if found == visit_id else found


def desk_of(reader: Person, chosen: VisitFilter, outlet_id: str, visit: Visit, today: date) -> Desk:
    """Where this visit, which need not wait itself, stands among those that wait for the reader. One query."""
    waiting = _waiting(reader, chosen, outlet_id, today)
    by_score = chosen.order == "score"
    order: list[Any] = [SCORE_ORDER, Visit.id] if by_score else [Visit.visited_on, Visit.id]
    key = [FULL_SCORE + 1 if visit.score is None else visit.score, visit.id] if by_score else [visit.visited_on, visit.id]
    up, down = order, [column.desc() for column in order]
    above, below = tuple_(*order) > tuple_(*key), tuple_(*order) < tuple_(*key)
    there, back = ((up, above), (down, below)) if by_score else ((down, below), (up, above))
    columns = [
        waiting.where(back[1]).order_by(*back[0]).limit(1).scalar_subquery().label("before_id"),
        waiting.where(there[1]).order_by(*there[0]).limit(1).scalar_subquery().label("after_id"),
        waiting.order_by(*there[0]).limit(1).scalar_subquery().label("first_id"),
        rows_up_to(waiting, MOST_WAITING).label("remaining"),
    ]
    row = db.session.execute(select(*columns)).one()
    return Desk(row.before_id or "", row.after_id or "", row.first_id or "", row.remaining)


def first_waiting(reader: Person, chosen: VisitFilter, outlet_id: str, today: date) -> str | None:
    """The visit that the list of those that wait begins with."""
    order: list[Any] = [SCORE_ORDER, Visit.id] if chosen.order == "score" else [Visit.visited_on.desc(), Visit.id.desc()]
    found: str | None = db.session.scalar(_waiting(reader, chosen, outlet_id, today).order_by(*order).limit(1))
    return found


def _waiting(reader: Person, chosen: VisitFilter, outlet_id: str, today: date) -> Any:
    asked = replace(chosen, verdict="waiting")
    return listed_visits(reader, asked, outlet_id, today).where(is_reviewed_by(reader))
