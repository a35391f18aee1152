"""The blind sample, as it is exported: what waits says nothing of the machine."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import aliased

from server.people.models import Person, Role
from server.reports.columns import ID, OUTLET, Column, Kind, day, instant, number, texts, worded
from server.reports.listing import Asked, ExportedList, streamed
from server.reports.lists_visits import AT_OUTLET
from server.visits.models import Visit
from server.visits.sample_models import VisitSample
from server.visits.sample_queries import DONE, MONTHS, listed_samples, read_sample_filter
from server.visits.sample_words import ANSWER_WORDS

ANSWERER = aliased(Person)


def sample_rows(reader: Person, asked: Asked, today: date) -> Iterable[Any]:
    """Those of the tab, first drawn first; the months are those answered in the chosen one."""
    chosen = read_sample_filter(asked)
    query = listed_samples(reader, replace(chosen, state=DONE) if chosen.state == MONTHS else chosen, today)
    names = ("drawn_on", "share", "answer", "reason", "answered_at", "machine_score")
    by = select(ANSWERER.name).where(ANSWERER.id == VisitSample.by_id).scalar_subquery().label("by")
    columns = (VisitSample.visit_id.label("id"), *(getattr(VisitSample, name) for name in names), by)
    query = query.with_only_columns(*columns, Visit.checked_in_at, *AT_OUTLET, Person.name.label("rep"))
    return streamed(query.order_by(VisitSample.drawn_on, VisitSample.visit_id))


SAMPLES = ExportedList(
    "visit-samples",
    lazy_gettext("盲审抽查"),
    [
        *[day(lazy_gettext("哪天抽到"), "drawn_on"), Column(lazy_gettext("抽查比例"), lambda row: Decimal(row.share), Kind.NUMBER)],
        *[instant(lazy_gettext("到店"), "checked_in_at"), *OUTLET, *texts((lazy_gettext("谁"), "rep"))],
        worded(lazy_gettext("人怎么说"), "answer", ANSWER_WORDS),
        *[*texts((lazy_gettext("哪里不对"), "reason")), Column(lazy_gettext("谁答的"), lambda row: row.by or "")],
        *[instant(lazy_gettext("哪天答的"), "answered_at"), number(lazy_gettext("当时的证据分"), "machine_score"), *ID],
    ],
    sample_rows,
    (Role.SUPERVISOR, Role.MANAGER),
)
