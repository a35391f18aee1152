"""The visit record (form 附表四, `visit.v3`): its shape, and what makes a checklist complete."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from sync.checklist import ABOUT_COMPLAINT, Choice, Question, is_complete
from sync.photo_facts import Origin
from sync.schemas import Id, Line, Prose, Sha256

FORMS = Path(__file__).parent / "forms"
MOST_PHOTOS = 20

Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Metres = Annotated[float, Meta(ge=0, le=1_000_000)]


class Fix(Struct, frozen=True):
    lat: Latitude
    lon: Longitude
    taken_at: datetime
    accuracy_m: Metres | None = None
    source: Line = "gps"


class Answer(Struct, frozen=True):
    key: Annotated[str, Meta(max_length=48)]
    answer: Annotated[str, Meta(max_length=400)]
    note: Prose = ""


class Photo(Struct, frozen=True):
    """`source` is what `visit.v1` knew of where a photo came from; `origin` says it in full, and is missing in records of before."""

    slot: Literal["storefront", "counter", "other"]
    sha256: Sha256
    taken_at: datetime
    bytes: Annotated[int, Meta(ge=0)] = 0
    width: Annotated[int, Meta(ge=0)] = 0
    height: Annotated[int, Meta(ge=0)] = 0
    source: Literal["camera", "file"] = "camera"
    exif_taken_at: Annotated[str, Meta(max_length=40)] | None = None
    exif_lat: Latitude | None = None
    exif_lon: Longitude | None = None
    is_blurred: bool = False
    is_dark: bool = False
    origin: Origin | None = None


class Signature(Struct, frozen=True):
    """A PNG named by its hash, and the strokes as [x, y, ms] triples."""

    sha256: Sha256
    signer_name: Annotated[str, Meta(min_length=1, max_length=60)]
    signed_at: datetime
    signer_role: Literal["owner", "cashier", "other"] = "other"
    strokes: list[list[tuple[float, float, float]]] = []


class VisitRecord(Struct, frozen=True):
    """Instants are the phone's own clock, uncorrected: one that was set back during the visit may end it before it began.

    `previous_sha256` names the body of the visit record that this phone saved before this one: a chain in which a
    record that was slipped in or taken out shows. `checklist_version` names the company's own checklist (`sync/checklist.py`)
    that was asked; without one the questions are those of the form. `card` is the code of the outlet's card, scanned or typed.
    """

    visit_id: Id
    outlet_id: Id
    checked_in_at: datetime
    checked_out_at: datetime
    checklist: Annotated[list[Answer], Meta(max_length=200)]
    has_complaint: bool
    previous_sha256: Sha256 | None
    fix: Fix | None = None
    presence_reason: Literal["moved", "inaccurate", "elsewhere", "no_position", "other"] | None = None
    presence_note: Prose = ""
    complaint_note: Prose = ""
    condition: Prose = ""
    handling: Prose = ""
    photos: Annotated[list[Photo], Meta(max_length=MOST_PHOTOS)] = []
    signature: Signature | None = None
    signature_refusal: Prose | None = None
    corrects: Id | None = None
    checklist_version: Id | None = None
    card: Annotated[str, Meta(max_length=40)] | None = None


def visit_record(body: bytes) -> VisitRecord:
    """The record; raises ValueError with the place of the fault when the body is not a valid one."""
    record = msgspec.json.decode(body, type=VisitRecord)
    instants = [record.checked_in_at, record.checked_out_at, *(photo.taken_at for photo in record.photos)]
    instants += [part.taken_at for part in (record.fix,) if part] + [part.signed_at for part in (record.signature,) if part]
    if any(instant.tzinfo is None for instant in instants):
        raise ValueError("an instant needs a time zone")
    return record


@cache
def form(name: str) -> dict[str, Any]:
    """A released form by name, such as `visit.v1`."""
    document: dict[str, Any] = json.loads((FORMS / f"{name}.json").read_text("utf-8"))
    return document


@cache
def form_questions(name: str) -> list[Question]:
    """The questions that a released form asks by itself."""
    return [
        Question(one["key"], "choice", one["zh"], one["en"], one["required"], msgspec.convert(one["choices"], list[Choice]))
        for one in form(name)["checklist"]
    ]


def questions_asked(name: str, designed: list[Question] | None) -> list[Question]:
    """The company's own questions with the one about complaints behind them; those of the form where it has none."""
    if designed is None:
        return form_questions(name)
    return [*designed, *(question for question in form_questions(name) if question.key == ABOUT_COMPLAINT)]


def is_checklist_complete(record: VisitRecord, questions: list[Question]) -> bool:
    """Whether every required question has one of its answers."""
    given = {answer.key: answer.answer for answer in record.checklist}
    return is_complete(questions, given, [photo.sha256 for photo in record.photos])
