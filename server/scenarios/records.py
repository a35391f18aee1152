"""The records of a scenario: visits, trainings, call-backs, complaints, materials, churn cases (server/scenarios/format.md)."""

from collections.abc import Callable
from typing import Any, TypeVar

from server.domain.callbacks import OUTCOMES
from server.domain.churn import NORMAL_REASONS, Source, Word
from server.domain.company_facts import (
    CallBackRecord,
    ChurnRecord,
    ComplaintRecord,
    MaterialRecord,
    PlannedTraining,
    PlannedVisits,
    TrainingRecord,
    VisitRecord,
)
from server.domain.visit_acceptance import VisitFacts, last_review
from server.scenarios.shapes import ScenarioFault, Section, count_of, one_of, yuan_of

REVIEWS = ("accepted", "rejected")
VERDICTS = ("founded", "unfounded")
Record = TypeVar("Record")


class Rows:
    """Reads lists of records about known outlets; `month` is the paid one."""

    def __init__(self, top: Section, outlet_ids: set[str], month: str) -> None:
        self.top, self.outlet_ids, self.month = top, outlet_ids, month

    def read(self, name: str, record: Callable[[Section, str, "Rows"], Record], letter: str = "") -> tuple[Record, ...]:
        """The records under a name, ids made from a letter and the place where none is given; none stands twice."""
        found, ids = [], set()
        for place, row in enumerate(self.top.sections(name), 1):
            record_id = row.text("id", f"{letter}{place}") if letter else f"{place}"
            if record_id in ids:
                raise ScenarioFault(f"{row.place}: {record_id} stands twice")
            ids.add(record_id)
            found.append(record(row, record_id, self))
            row.done()
        return tuple(found)

    def outlet_id(self, row: Section) -> str:
        outlet_id = str(row.need("outlet"))
        if outlet_id not in self.outlet_ids:
            raise ScenarioFault(f"{row.place}: there is no outlet {outlet_id}")
        return outlet_id


def records(rows: Rows) -> dict[str, Any]:
    """All records, by the field of CompanyFacts that holds them."""
    return {
        "visits": rows.read("visits", _visit, "v"),
        "planned_visits": rows.read("visit_plan", _planned_visits),
        "trainings": rows.read("trainings", _training, "t"),
        "planned_trainings": rows.read("training_plan", _planned_training),
        "callbacks": rows.read("callbacks", _callback, "c"),
        "complaints": rows.read("complaints", _complaint, "k"),
        "materials": rows.read("materials", _material, "m"),
        "churn": rows.read("churn", _churn, "x"),
    }


def _visit(row: Section, record_id: str, rows: Rows) -> VisitRecord:
    facts = VisitFacts(
        is_checklist_complete=row.flag("checklist", True),
        storefront_photos=count_of(row.take("storefront", 1), f"{row.place}.storefront"),
        has_signature=row.flag("signature", True),
        are_photos_stored=row.flag("photos_stored", True),
        distance_m=_metres(row, "distance_m", 20.0),
        accuracy_m=_metres(row, "accuracy_m", 10.0),
        has_fix=row.flag("fix", True),
        outlet_has_position=row.flag("outlet_position", True),
        review=_review(row),
    )
    return VisitRecord(record_id, rows.outlet_id(row), row.day("on"), facts)


def _review(row: Section) -> str | None:
    """One word, or several by day of which the last holds."""
    word = row.take("review")
    if word is not None:
        return one_of(word, REVIEWS, f"{row.place}.review")
    reviews = []
    for review in row.sections("reviews"):
        reviews.append((review.day("on"), review.one_of("word", REVIEWS)))
        review.done()
    return last_review(reviews)


def _metres(row: Section, name: str, default: float) -> float | None:
    value = row.take(name, default)
    return None if value == "unknown" else float(yuan_of(value, f"{row.place}.{name}"))


def _planned_visits(row: Section, _id: str, rows: Rows) -> PlannedVisits:
    return PlannedVisits(rows.outlet_id(row), row.month("month", rows.month), count_of(row.need("visits"), f"{row.place}.visits"))


def _training(row: Section, record_id: str, rows: Rows) -> TrainingRecord:
    return TrainingRecord(record_id, rows.outlet_id(row), row.day("on"), row.flag("new_customer", False))


def _planned_training(row: Section, _id: str, rows: Rows) -> PlannedTraining:
    return PlannedTraining(rows.outlet_id(row), row.month("month", rows.month))


def _callback(row: Section, record_id: str, rows: Rows) -> CallBackRecord:
    kind = row.one_of("kind", OUTCOMES)
    outcome = row.one_of("outcome", OUTCOMES[kind])
    return CallBackRecord(record_id, rows.outlet_id(row), kind, outcome, row.day("on"), row.month("about_month"), row.day_or_none("asked_on"))


def _complaint(row: Section, record_id: str, rows: Rows) -> ComplaintRecord:
    verdict = row.take("verdict")
    return ComplaintRecord(
        record_id,
        rows.outlet_id(row),
        row.day("received_on"),
        row.flag("about_rep", False),
        row.day_or_none("resolved_on"),
        None if verdict is None else one_of(verdict, VERDICTS, f"{row.place}.verdict"),
    )


def _material(row: Section, record_id: str, rows: Rows) -> MaterialRecord:
    return MaterialRecord(record_id, rows.outlet_id(row), row.day("requested_on"), row.day_or_none("delivered_on"))


def _churn(row: Section, record_id: str, rows: Rows) -> ChurnRecord:
    reason = row.text("reason")
    if reason:
        one_of(reason, NORMAL_REASONS, f"{row.place}.reason")
    words = tuple(_word(word) for word in row.sections("words"))
    return ChurnRecord(record_id, rows.outlet_id(row), row.day("listed_on"), row.day_or_none("decided_on"), words, reason)


def _word(row: Section) -> Word:
    word = Word(Source(row.one_of("by", [source.value for source in Source])), row.day("on"), row.flag("gone", True))
    row.done()
    return word
