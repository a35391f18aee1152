"""What stands behind the counts of a monthly report: problems, open work, and the next plan, row by row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import literal, null, select, union_all

from server.churn.models import ChurnCase
from server.churn.views import WAITING
from server.complaints.models import Complaint
from server.complaints.words import KIND_WORDS as COMPLAINT_WORDS
from server.complaints.words import TAB_STATES
from server.db import db
from server.findings.models import Finding
from server.findings.views import READERS, is_visible_finding
from server.findings.words import STATE_WORDS, kind_words
from server.followups.models import FollowUp
from server.materials.models import MaterialRequest
from server.outlets.models import Assignment, Outlet
from server.outlets.queries import is_not_past_churn, is_visible
from server.outlets.responsible import with_rep
from server.people.models import Person, Region
from server.reports.monthly import ReportFilter
from server.training.counting import is_planned_for
from server.training.models import PlannedTraining
from server.visits.models import Visit
from server.visits.plan_models import PlannedVisit
from server.visits.words import first_reason

AT_OUTLET = (Region.name.label("region"), Person.name.label("rep"), Outlet.code, Outlet.name.label("outlet"))


@dataclass(frozen=True)
class Detail:
    """A row of the report. `day` is when it happened, is due or is planned; None for a plan without a day."""

    kind: str
    day: date | None
    region: str
    rep: str
    code: str
    outlet: str
    text: str
    href: str


def problems(reader: Person, chosen: ReportFilter, today: date, most: int) -> list[Detail]:
    """Visits with a complaint or that do not count (those under review may yet), then findings if the reader sees them; oldest first."""
    found = list(_visit_problems(reader, chosen, today, most))
    return found + (list(_findings(reader, chosen, today, most)) if reader.holds(*READERS) else [])


def _visit_problems(reader: Person, chosen: ReportFilter, today: date, most: int) -> Iterator[Detail]:
    columns = [Visit.id, Visit.visited_on, Visit.counts, Visit.reasons, Visit.distance_m, Visit.allowed_m]
    columns += [Visit.has_complaint, Visit.complaint_note, Visit.handling]
    query = _narrowed(select(*columns, *AT_OUTLET).join(Outlet, Outlet.id == Visit.outlet_id), reader, chosen, today)
    is_problem = Visit.has_complaint | (~Visit.counts & ~Visit.needs_review)
    query = query.join(Person, Person.id == Visit.rep_id).where(Visit.is_replaced.is_(False), is_problem)
    query = query.where(Visit.visited_on.between(chosen.month.first_day, chosen.month.last_day))
    query = query.where(Visit.rep_id == chosen.rep_id) if chosen.rep_id else query
    for row in db.session.execute(query.order_by(Visit.visited_on, Visit.id).limit(most)):
        kind = gettext("有投诉") if row.has_complaint else gettext("不计入的巡检")
        said = [row.complaint_note, row.handling] if row.has_complaint else [first_reason(row)]
        href = url_for("visits.visit_page", visit_id=row.id)
        yield Detail(kind, row.visited_on, row.region, row.rep, row.code, row.outlet, gettext("；").join(filter(None, said)), href)


def _findings(reader: Person, chosen: ReportFilter, today: date, most: int) -> Iterator[Detail]:
    query = select(Finding.id, Finding.kind, Finding.state, Finding.amount_yuan, *AT_OUTLET).join(Outlet, Outlet.id == Finding.outlet_id)
    query = _narrowed(query, reader, chosen, today).join(Person, Person.id == Finding.person_id)
    query = query.where(Finding.month == str(chosen.month), Finding.state != "dismissed", is_visible_finding(reader))
    query = query.where(Finding.person_id == chosen.rep_id) if chosen.rep_id else query
    for row in db.session.execute(query.order_by(Finding.created_at, Finding.id).limit(most)):
        text = gettext("%(state)s，%(amount)s 元", state=STATE_WORDS[row.state], amount=row.amount_yuan)
        href = url_for("findings.finding", finding_id=row.id)
        yield Detail(kind_words(row.kind), None, row.region, row.rep, row.code, row.outlet, text, href)


def open_work(reader: Person, chosen: ReportFilter, today: date, most: int) -> list[Detail]:
    """Complaints, follow-ups, deliveries and churn cases that wait today, first due first."""
    complaint = (Complaint, Complaint.kind, Complaint.state.in_(TAB_STATES["open"]))
    follow_up = (FollowUp, FollowUp.problem, FollowUp.solved_on.is_(None))
    material = (MaterialRequest, MaterialRequest.contents, MaterialRequest.delivered_on.is_(None))
    churn = (ChurnCase, ChurnCase.month, ChurnCase.state.in_(WAITING))
    selects = []
    for name, (table, text, which) in (("complaint", complaint), ("follow_up", follow_up), ("material", material), ("churn", churn)):
        columns: list[Any] = [literal(name).label("name"), table.id, table.due_on.label("day"), text.label("text"), *AT_OUTLET]
        selects.append(_held(select(*columns).select_from(table).join(Outlet, Outlet.id == table.outlet_id).where(which), reader, chosen, today))
    both = union_all(*selects).subquery()
    rows = db.session.execute(select(both).order_by(both.c.day, both.c.id).limit(most))
    return [_open_detail(row) for row in rows]


def _open_detail(row: Any) -> Detail:
    if row.name == "complaint":
        words, href = gettext("投诉单"), url_for("complaints.complaint", complaint_id=row.id)
        text = str(COMPLAINT_WORDS.get(row.text, row.text))
    elif row.name == "follow_up":
        words, href, text = gettext("备案问题"), url_for("followups.follow_up", follow_up_id=row.id), row.text
    elif row.name == "material":
        words, href, text = gettext("物料配送"), url_for("materials.material_request", request_id=row.id), row.text
    else:
        words, href, text = gettext("离网"), url_for("churn.case", case_id=row.id), row.text
    return Detail(words, row.day, row.region, row.rep or "", row.code, row.outlet, text, href)


def next_plan(reader: Person, chosen: ReportFilter, today: date, most: int) -> list[Detail]:
    """Visits and trainings planned for the month after, by day; those without a day come last."""
    following = chosen.month.next()
    visit = select(literal("visit").label("name"), Outlet.id, PlannedVisit.planned_on.label("day"), null().label("place"), *AT_OUTLET)
    visit = visit.select_from(PlannedVisit).join(Outlet, Outlet.id == PlannedVisit.outlet_id)
    visit = visit.where(PlannedVisit.planned_on.between(following.first_day, following.last_day), is_not_past_churn(following))
    columns = (literal("training").label("name"), Outlet.id, PlannedTraining.planned_on.label("day"), PlannedTraining.place.label("place"))
    training = select(*columns, *AT_OUTLET).select_from(PlannedTraining).join(Outlet, Outlet.id == PlannedTraining.outlet_id)
    training = training.where(is_planned_for(following))
    both = union_all(*(_held(query, reader, chosen, today) for query in (training, visit))).subquery()
    rows = db.session.execute(select(both).order_by(both.c.day.is_(None), both.c.day, both.c.code, both.c.name).limit(most))
    words = {"visit": gettext("巡检"), "training": gettext("培训")}
    hrefs: Iterable[tuple[Any, str]] = ((row, url_for("outlets.outlet", outlet_id=row.id)) for row in rows)
    return [Detail(words[row.name], row.day, row.region, row.rep or "", row.code, row.outlet, row.place or "", href) for row, href in hrefs]


def _held(query: Any, reader: Person, chosen: ReportFilter, today: date) -> Any:
    """With the rep who is responsible today."""
    query = with_rep(query, today)
    query = query.where(Assignment.person_id == chosen.rep_id) if chosen.rep_id else query
    return _narrowed(query, reader, chosen, today)


def _narrowed(query: Any, reader: Person, chosen: ReportFilter, today: date) -> Any:
    query = query.join(Region, Region.id == Outlet.region_id).where(is_visible(reader, today))
    return query.where(Outlet.region_id == chosen.region_id) if chosen.region_id else query
