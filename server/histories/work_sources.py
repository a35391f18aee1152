"""What was done at and for an outlet: visits, trainings, materials, complaints, follow-ups, calls. Each as far as the reader may know of it."""

from typing import Any

from sqlalchemy import String, case, cast

from server.callbacks.models import CallBack
from server.callbacks.queries import is_visible_callback
from server.complaints.models import Complaint, ComplaintStep
from server.complaints.queries import is_visible_complaint
from server.followups.models import FollowUp, FollowUpStep, StepKind
from server.followups.queries import is_visible_follow_up
from server.histories.rows import Asked, rows_of
from server.materials.models import MaterialRequest
from server.materials.queries import is_visible_request
from server.people.models import Person
from server.training.models import Training
from server.training.queries import is_visible_training
from server.visits.models import Visit
from server.visits.queries import is_visible_visit

COUNTS, WAITS, FIRST, CORRECTED = "counts", "waits", "first", "corrected"


def visit_rows(asked: Asked) -> list[Any]:
    """How a visit stands now: it counts, waits for a review, or does not count."""
    standing = case((Visit.counts, COUNTS), (Visit.needs_review, WAITS), else_="")
    columns = {"at": Visit.checked_in_at, "by_name": Person.name, "code": standing, "facts": Visit.reasons}
    measured = {"distance_m": Visit.distance_m, "allowed_m": Visit.allowed_m}
    query = rows_of(asked, "visit", Visit.id, Visit.id, **columns, **measured).join(Person, Person.id == Visit.rep_id)
    return [query.where(Visit.outlet_id == asked.outlet.id, is_visible_visit(asked.reader, asked.today))]


def training_rows(asked: Asked) -> list[Any]:
    """Trainings at the outlet; the first one of a new customer is marked. Voiding one is a row of its own."""
    columns = {"on": Training.trained_on, "by_name": Person.name, "code": case((Training.is_new_customer, FIRST), else_=""), "note": Training.content}
    query = rows_of(asked, "training", Training.id, Training.id, **columns).join(Person, Person.id == Training.trainer_id)
    is_here = (Training.outlet_id == asked.outlet.id, is_visible_training(asked.reader, asked.today))
    void = rows_of(asked, "training_voided", Training.id, Training.id, at=Training.voided_at, by_name=Person.name, note=Training.void_reason)
    void = void.join(Person, Person.id == Training.voided_by_id)
    return [query.where(*is_here), void.where(*is_here, Training.voided_at.is_not(None))]


def material_rows(asked: Asked) -> list[Any]:
    """Asked for, delivered, and voided."""
    request = MaterialRequest
    is_here = (request.outlet_id == asked.outlet.id, is_visible_request(asked.reader, asked.today))
    columns = {"by_name": Person.name, "note": request.contents}
    wanted = rows_of(asked, "material_wanted", request.id, request.id, at=request.made_at, **columns)
    given = rows_of(asked, "material_given", request.id, request.id, on=request.delivered_on, **columns)
    void = rows_of(asked, "material_voided", request.id, request.id, at=request.voided_at, by_name=Person.name, note=request.void_reason)
    return [
        wanted.join(Person, Person.id == request.requested_by_id).where(*is_here),
        given.outerjoin(Person, Person.id == request.delivered_by_id).where(*is_here, request.delivered_on.is_not(None)),
        void.join(Person, Person.id == request.voided_by_id).where(*is_here, request.voided_at.is_not(None)),
    ]


def complaint_rows(asked: Asked) -> list[Any]:
    """Every step of a complaint, from its intake on."""
    columns = {"at": ComplaintStep.at, "by_name": Person.name, "code": ComplaintStep.action, "subject": Complaint.kind}
    query = rows_of(asked, "complaint", ComplaintStep.id, Complaint.id, **columns, note=ComplaintStep.note)
    query = query.join(Complaint, Complaint.id == ComplaintStep.complaint_id).outerjoin(Person, Person.id == ComplaintStep.by_id)
    return [query.where(Complaint.outlet_id == asked.outlet.id, is_visible_complaint(asked.reader, asked.today))]


def follow_up_rows(asked: Asked) -> list[Any]:
    """Every step of a follow-up; of the first one, the problem itself."""
    said = case((FollowUpStep.kind == StepKind.REGISTERED, FollowUp.problem), else_=FollowUpStep.note)
    columns = {"at": FollowUpStep.at, "by_name": Person.name, "code": FollowUpStep.kind, "subject": FollowUpStep.owner, "note": said}
    query = rows_of(asked, "follow_up", FollowUpStep.id, FollowUp.id, **columns).join(FollowUp, FollowUp.id == FollowUpStep.follow_up_id)
    query = query.outerjoin(Person, Person.id == FollowUpStep.by_id)
    return [query.where(FollowUp.outlet_id == asked.outlet.id, is_visible_follow_up(asked.reader, asked.today))]


def callback_rows(asked: Asked) -> list[Any]:
    """Calls to make, and those that were made."""
    is_here = (CallBack.outlet_id == asked.outlet.id, is_visible_callback(asked.reader, asked.today))
    columns = {"at": CallBack.at, "by_name": Person.name, "code": CallBack.outcome, "subject": CallBack.kind, "note": CallBack.note}
    corrected = case((CallBack.corrected_by_id.is_not(None), CORRECTED), else_="")
    made = rows_of(asked, "callback", CallBack.id, CallBack.id, **columns, other_name=cast(corrected, String))
    listed = rows_of(asked, "callback_listed", CallBack.id, CallBack.id, at=CallBack.at, subject=CallBack.kind)
    return [
        made.outerjoin(Person, Person.id == CallBack.by_id).where(*is_here, CallBack.called_on.is_not(None)),
        listed.where(*is_here, CallBack.called_on.is_(None)),
    ]
