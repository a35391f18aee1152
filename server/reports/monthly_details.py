"""What stands behind the counts of a monthly report: problems, open work, and the next plan, row by row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import literal, null, select, union_all

from server.churn.models import ChurnCase
from server.complaints.models import Complaint
from server.complaints.words import KIND_WORDS as COMPLAINT_WORDS
from server.console.formats import day as written_day
from server.db import db
from server.findings.models import Finding
from server.findings.views import READERS
from server.findings.words import STATE_WORDS, kind_words
from server.followups.models import FollowUp
from server.materials.models import MaterialRequest
from server.outlets.models import Assignment, Outlet
from server.outlets.queries import is_not_past_churn, is_visible
from server.outlets.responsible import with_rep
from server.people.models import Person, Region
from server.reports.month_work import last_known_day, moved_within, waiting_on
from server.reports.monthly import ReportFilter, month_findings
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
    """Visits with a complaint or that do not count (those under review may yet), complaints and follow-ups that came in or were settled,
    then findings if the reader sees them; each oldest first."""
    found = [*_visit_problems(reader, chosen, today, most), *_complaints(reader, chosen, today, most), *_follow_ups(reader, chosen, today, most)]
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
        yield Detail(kind, row.visited_on, row.region, row.rep, row.code, row.outlet, _joined(said), href)


def _joined(said: Iterable[str]) -> str:
    """One text of several; a sentence that another follows ends without its full stop."""
    *before, last = [text for text in said if text] or [""]
    return gettext("；").join([*(text.rstrip("。. ") for text in before), last])


def _complaints(reader: Person, chosen: ReportFilter, today: date, most: int) -> Iterator[Detail]:
    columns = (Complaint.id, Complaint.received_on.label("came_on"), Complaint.kind, Complaint.account, Complaint.resolved_on, Complaint.handling)
    names = ("complaints_received", "complaints_resolved")
    for row in _moved(columns, names, reader, chosen, today, most):
        done = gettext("%(day)s 处理完", day=written_day(row.resolved_on)) if row.resolved_on else gettext("还没有处理完。")
        said = [str(COMPLAINT_WORDS.get(row.kind, row.kind)), row.account, done, row.handling]
        href = url_for("complaints.complaint", complaint_id=row.id)
        yield Detail(gettext("投诉单"), row.came_on, row.region, row.rep or "", row.code, row.outlet, _joined(said), href)


def _follow_ups(reader: Person, chosen: ReportFilter, today: date, most: int) -> Iterator[Detail]:
    columns = (FollowUp.id, FollowUp.registered_on.label("came_on"), FollowUp.problem, FollowUp.solved_on)
    for row in _moved(columns, ("follow_ups_registered", "follow_ups_solved"), reader, chosen, today, most):
        done = gettext("%(day)s 解决", day=written_day(row.solved_on)) if row.solved_on else gettext("还没有解决。")
        href = url_for("followups.follow_up", follow_up_id=row.id)
        yield Detail(gettext("备案问题"), row.came_on, row.region, row.rep or "", row.code, row.outlet, _joined([row.problem, done]), href)


def _moved(columns: tuple[Any, ...], names: tuple[str, str], reader: Person, chosen: ReportFilter, today: date, most: int) -> Any:
    """Rows of what one of the two counts has, the first of them first."""
    (table, came_on, came), (_, _, done) = (moved_within(chosen.month, reader, today)[name] for name in names)
    query = select(*columns, *AT_OUTLET).select_from(table).join(Outlet, Outlet.id == table.outlet_id).where(came | done)
    return db.session.execute(_held(query, reader, chosen, today, came_on).order_by(came_on, table.id).limit(most))


def _findings(reader: Person, chosen: ReportFilter, today: date, most: int) -> Iterator[Detail]:
    query = month_findings(reader, chosen, today).join(Person, Person.id == Finding.person_id).where(Finding.state != "dismissed")
    query = query.with_only_columns(Finding.id, Finding.kind, Finding.state, Finding.amount_yuan, *AT_OUTLET)
    for row in db.session.execute(query.order_by(Finding.created_at, Finding.id).limit(most)):
        text = gettext("%(state)s，%(amount)s 元", state=STATE_WORDS[row.state], amount=row.amount_yuan)
        href = url_for("findings.finding", finding_id=row.id)
        yield Detail(kind_words(row.kind), None, row.region, row.rep, row.code or "", row.outlet or "", text, href)


def open_work(reader: Person, chosen: ReportFilter, today: date, most: int) -> list[Detail]:
    """Complaints, follow-ups, deliveries and churn cases that waited at the month's end (today while it runs), first due first."""
    until, selects = last_known_day(chosen.month, today), []
    texts = {"complaints": Complaint.kind, "follow_ups": FollowUp.problem, "materials": MaterialRequest.contents, "churn": ChurnCase.month}
    for name, (table, which) in waiting_on(until, reader, today).items():
        columns: list[Any] = [literal(name).label("name"), table.id, table.due_on.label("day"), texts[name].label("text"), *AT_OUTLET]
        query = select(*columns).select_from(table).join(Outlet, Outlet.id == table.outlet_id).where(which)
        selects.append(_held(query, reader, chosen, today, until))
    both = union_all(*selects).subquery()
    rows = db.session.execute(select(both).order_by(both.c.day, both.c.id).limit(most))
    return [_open_detail(row) for row in rows]


def _open_detail(row: Any) -> Detail:
    if row.name == "complaints":
        words, href = gettext("投诉单"), url_for("complaints.complaint", complaint_id=row.id)
        text = str(COMPLAINT_WORDS.get(row.text, row.text))
    elif row.name == "follow_ups":
        words, href, text = gettext("备案问题"), url_for("followups.follow_up", follow_up_id=row.id), row.text
    elif row.name == "materials":
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
    both = union_all(*(_held(query, reader, chosen, today, today) for query in (training, visit))).subquery()
    rows = db.session.execute(select(both).order_by(both.c.day.is_(None), both.c.day, both.c.code, both.c.name).limit(most))
    words = {"visit": gettext("巡检"), "training": gettext("培训")}
    hrefs: Iterable[tuple[Any, str]] = ((row, url_for("outlets.outlet", outlet_id=row.id)) for row in rows)
    return [Detail(words[row.name], row.day, row.region, row.rep or "", row.code, row.outlet, row.place or "", href) for row, href in hrefs]


def _held(query: Any, reader: Person, chosen: ReportFilter, today: date, day: Any) -> Any:
    """With the rep who is responsible on the day, which may be a column."""
    query = with_rep(query, day)
    query = query.where(Assignment.person_id == chosen.rep_id) if chosen.rep_id else query
    return _narrowed(query, reader, chosen, today)


def _narrowed(query: Any, reader: Person, chosen: ReportFilter, today: date) -> Any:
    query = query.join(Region, Region.id == Outlet.region_id).where(is_visible(reader, today))
    return query.where(Outlet.region_id == chosen.region_id) if chosen.region_id else query
