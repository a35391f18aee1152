"""Rows of a time line as pages show them: by month, each with its sentence, a note and the page that tells more."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import url_for

from server.console.formats import day, moment
from server.domain.months import Month, business_date
from server.histories.judged_sources import ENDED
from server.histories.queries import moment_of
from server.histories.words import Said, said
from server.people.access import may_open
from server.people.models import Person

PAGES = {
    "step": ("outlet_files.outlet_file", "outlet_id"),
    "visit": ("visits.visit_page", "visit_id"),
    "training": ("trainings.training", "training_id"),
    "training_voided": ("trainings.training", "training_id"),
    "material_wanted": ("materials.material_request", "request_id"),
    "material_given": ("materials.material_request", "request_id"),
    "material_voided": ("materials.material_request", "request_id"),
    "complaint": ("complaints.complaint", "complaint_id"),
    "follow_up": ("followups.follow_up", "follow_up_id"),
    "callback": ("callbacks.callback", "callback_id"),
    "callback_listed": ("callbacks.callback", "callback_id"),
    "churn_listed": ("churn.case", "case_id"),
    "churn_word": ("churn.case", "case_id"),
    ENDED: ("churn.case", "case_id"),
    "finding": ("findings.finding", "finding_id"),
    "objection": ("findings.finding", "finding_id"),
    "objection_answer": ("findings.finding", "finding_id"),
}
DEEDS = "deeds.deed_list"
IN_DEEDS = ("made", "deed", "moved")


@dataclass(frozen=True)
class Step:
    """`when` is day and time, or a day where no more is known; `href` is empty where there is no page for the reader."""

    when: str
    by_name: str
    said: Said
    note: str
    href: str


def steps_by_month(rows: Sequence[Any], reader: Person) -> list[tuple[Month, list[Step]]]:
    """The rows in their order, under the month they belong to."""
    grouped = groupby(rows, lambda row: Month.of_date(business_date(moment_of(row))))
    return [(month, [_step(row, reader) for row in part]) for month, part in grouped]


def _step(row: Any, reader: Person) -> Step:
    return Step(moment(row.at) if row.at else day(row.on), row.by_name or "", said(row), note_of(row), _address(row, reader))


def note_of(row: Any) -> str:
    """What the nightly check gives as a reason stands in its sentence already."""
    return "" if row.source == "finding" and row.by_name is None else row.note or ""


def _address(row: Any, reader: Person) -> str:
    """The record's own page; of what has none, its entries of that day in the audit."""
    if row.source in PAGES:
        endpoint, name = PAGES[row.source]
        values: dict[str, Any] = {name: row.record_id}
        return url_for(endpoint, **values)
    if row.source in IN_DEEDS and may_open(reader, DEEDS):
        on = business_date(moment_of(row)).isoformat()
        return url_for(DEEDS, **{"subject": "outlet", "id": row.record_id, "from": on, "to": on})
    return ""
