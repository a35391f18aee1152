"""What the paper forms 附表二 to 附表五 show, each for whoever may open the page of its record."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from server.complaints.models import Complaint
from server.complaints.views import complaint_view
from server.complaints.words import VERDICTS
from server.db import db
from server.domain.months import Month
from server.domain.outlet_class import CLASSES
from server.followups.models import FollowUp
from server.followups.queries import follow_ups_of_day
from server.media.pictures import ShownPicture, ShownPictures, shown_pictures
from server.outlets.file_steps import FileStep, steps_of
from server.outlets.models import Agent, Outlet
from server.outlets.queries import responsible_name
from server.outlets.views import class_history, outlet_with_region
from server.outlets.words import class_reason
from server.people.models import Person, Region
from server.policy.queries import policy_of
from server.training.models import PlannedTraining, Training
from server.training.queries import visible_training
from server.visits.models import Visit
from server.visits.sample_queries import is_blind
from server.visits.views import VisitView, visit_view

NUMBER_LETTERS = 6


@dataclass(frozen=True)
class Heading:
    """The form's number and title as the regulation prints them, both in the reader's language, and what tells this sheet from others."""

    form: str
    title: str
    form_words: str
    title_words: str
    number: str
    region: str


@dataclass(frozen=True)
class OutletSheet:
    """客户资料表. `steps` are the file's last ones by state."""

    heading: Heading
    outlet: Outlet
    agent: str
    rep: str
    class_reasons: list[str]
    storefront: ShownPicture | None
    counter: ShownPicture | None
    steps: dict[str, FileStep]


@dataclass(frozen=True)
class TrainingSheet:
    """客户培训计划表, of a training that was held; `planned_content` is what the month's plan says, empty without one."""

    heading: Heading
    training: Training
    outlet: Outlet
    agent: str
    trainer: str
    planned_content: str
    pictures: ShownPictures


@dataclass(frozen=True)
class VisitSheet:
    """客户巡检表. `rep` is responsible on that day; `owed` says by class how many visits a month it owes, `letter` which class held;
    `is_blind` keeps the machine's word from whoever has yet to answer a sample of the visit."""

    heading: Heading
    view: VisitView
    rep: str
    letter: str
    owed: list[tuple[str, int]]
    photos: list[tuple[str, datetime, ShownPicture]]
    signature: ShownPicture | None
    follow_ups: list[FollowUp]
    is_blind: bool


@dataclass(frozen=True)
class ComplaintSheet:
    """客户投诉处理表. `reported` is the step to the manager, None before it."""

    heading: Heading
    complaint: Complaint
    outlet: Outlet
    investigator: str
    resolver: str
    reported: Any
    signature: ShownPicture | None


def outlet_sheet(reader: Person, outlet_id: str, today: date) -> OutletSheet:
    """Raises `not_found` for whoever may not know of the outlet."""
    outlet, region, agent = outlet_with_region(reader, outlet_id, today)
    policy = policy_of(Month.of_date(today))
    shown = {picture.sha256: picture for picture in shown_pictures((outlet.storefront_photo, outlet.counter_photo), None).photos}
    return OutletSheet(
        heading=Heading("附表二", "客户资料表", gettext("附表二"), gettext("客户资料表"), outlet.code, region.name),
        outlet=outlet,
        agent=agent or "",
        rep=responsible_name(outlet.id, today),
        class_reasons=[class_reason(code, outlet, policy) for code in outlet.class_reasons],
        storefront=shown.get(outlet.storefront_photo or ""),
        counter=shown.get(outlet.counter_photo or ""),
        steps={step.state: step for step in reversed(steps_of(outlet.id))},
    )


def training_sheet(reader: Person, training_id: str, today: date) -> TrainingSheet:
    """Raises `not_found` for whoever may not know of the training."""
    training, outlet, trainer = visible_training(reader, training_id, today)
    region, agent = _region_and_agent(outlet)
    planned = db.session.get(PlannedTraining, (str(Month.of_date(training.trained_on)), outlet.id))
    number = _number("PX", training.trained_on, training.id)
    return TrainingSheet(
        heading=Heading("附表三", "客户培训计划表", gettext("附表三"), gettext("客户培训计划表"), number, region),
        training=training,
        outlet=outlet,
        agent=agent,
        trainer=trainer,
        planned_content=planned.content if planned else "",
        pictures=shown_pictures(training.photos, training.signature_sha256),
    )


def visit_sheet(reader: Person, visit_id: str, today: date) -> VisitSheet:
    """Raises `not_found` for whoever may not know of the visit."""
    view = visit_view(reader, visit_id, today)
    visit, outlet = view.visit, view.outlet
    month = Month.of_date(visit.visited_on)
    policy = policy_of(month)
    number = _number("XJ", visit.visited_on, visit.id)
    held = (letter for valid_from, letter in class_history(outlet.id) if valid_from <= month.first_day)
    return VisitSheet(
        heading=Heading("附表四", "客户巡检表", gettext("附表四"), gettext("客户巡检表"), number, view.region.name),
        view=view,
        rep=responsible_name(outlet.id, visit.visited_on),
        letter=next(held, outlet.outlet_class),
        owed=[(letter, policy.integer(f"visit.owed_{letter.lower()}")) for letter in CLASSES],
        photos=[(photo.slot, photo.taken_at, ShownPicture(photo.sha256, photo.sha256 in view.stored)) for photo in view.photos],
        signature=_signature(visit, view.stored),
        follow_ups=follow_ups_of_day(outlet.id, visit.visited_on, reader, today),
        is_blind=is_blind(reader, view, today),
    )


def _signature(visit: Visit, stored: set[str]) -> ShownPicture | None:
    return ShownPicture(visit.signature_sha256, visit.signature_sha256 in stored) if visit.signature_sha256 else None


def complaint_sheet(reader: Person, complaint_id: str, today: date) -> ComplaintSheet:
    """Raises `not_found` for whoever may not know of the complaint."""
    view = complaint_view(reader, complaint_id, today)
    complaint = view.complaint
    region, _ = _region_and_agent(view.outlet)
    number = _number("TS", complaint.received_on, complaint.id)
    return ComplaintSheet(
        heading=Heading("附表五", "客户投诉处理表", gettext("附表五"), gettext("客户投诉处理表"), number, region),
        complaint=complaint,
        outlet=view.outlet,
        investigator=_doer(view.steps, *VERDICTS),
        resolver=_doer(view.steps, "resolved") if complaint.resolved_on else "",
        reported=next((step for step in reversed(view.steps) if step.action == "reported"), None),
        signature=view.signature,
    )


def _doer(steps: list[Any], *actions: str) -> str:
    """Who took the last of these steps; empty when nobody has."""
    return next((step.name or "" for step in reversed(steps) if step.action in actions), "")


def _region_and_agent(outlet: Outlet) -> tuple[str, str]:
    """Names; the agent's is empty for an outlet without one."""
    query = select(Region.name, Agent.name).select_from(Outlet).join(Region, Region.id == Outlet.region_id)
    region, agent = db.session.execute(query.outerjoin(Agent, Agent.id == Outlet.agent_id).where(Outlet.id == outlet.id)).one()
    return region, agent or ""


def _number(kind: str, day: date, record_id: str) -> str:
    """XJ-20261106-3F09AB: what two sheets of a day differ by is the end of the record's id."""
    return f"{kind}-{day:%Y%m%d}-{record_id[-NUMBER_LETTERS:].upper()}"
