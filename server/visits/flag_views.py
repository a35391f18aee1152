"""Flags of a visit as its page shows them, and of the visits of a list."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from server.db import db
from server.domain.evidence import RULES
from server.people.models import Person
from server.visits.flag_words import flag_name, flag_reading, flag_words
from server.visits.models import Visit, VisitFlag
from server.visits.queries import is_visible_visit

ORDER = tuple(RULES)


@dataclass(frozen=True)
class ShownFlag:
    """`twin_id` is the other visit with that photo, empty when there is none or the reader may not see it."""

    points: int
    words: str
    reading: str
    twin_id: str


def shown_flags(visit_id: str, reader: Person, today: date) -> list[ShownFlag]:
    """In the order of the rules."""
    rows = sorted(db.session.scalars(select(VisitFlag).where(VisitFlag.visit_id == visit_id)), key=lambda row: ORDER.index(row.code))
    twins = {str(row.detail["visit_id"]) for row in rows if "visit_id" in row.detail}
    visible = set(db.session.scalars(select(Visit.id).where(Visit.id.in_(twins), is_visible_visit(reader, today)))) if twins else set()
    return [_shown(row, visible) for row in rows]


def _shown(row: VisitFlag, visible: set[str]) -> ShownFlag:
    twin_id = str(row.detail.get("visit_id", ""))
    return ShownFlag(row.points, flag_words(row.code, row.detail), flag_reading(row.code), twin_id if twin_id in visible else "")


def flag_names(visit_ids: list[str]) -> dict[str, list[str]]:
    """In a word or two, by visit, in the order of the rules."""
    codes: defaultdict[str, list[str]] = defaultdict(list)
    for visit_id, code in db.session.execute(select(VisitFlag.visit_id, VisitFlag.code).where(VisitFlag.visit_id.in_(visit_ids))):
        codes[visit_id].append(code)
    return {visit_id: [flag_name(code) for code in sorted(found, key=ORDER.index)] for visit_id, found in codes.items()}
