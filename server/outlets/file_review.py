"""An outlet file as its review shows it: every field, and what has changed since the last decision."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext, lazy_gettext
from sqlalchemy import select

from server.console.formats import NOTHING
from server.db import db
from server.media.pictures import ShownPicture, told_pictures
from server.outlets.agent_names import present_id
from server.outlets.field_words import FIELD_WORDS, value_words
from server.outlets.fields import PHOTOS
from server.outlets.file_steps import DECISIONS
from server.outlets.models import Agent, Outlet, OutletStep
from server.outlets.snapshots import FieldChange, file_changes, snapshot_of
from server.outlets.words import DOCUMENT_WORDS
from server.people.models import Person

MORE_WORDS = {
    "outlet_class": lazy_gettext("网点类型"),
    "agent_id": lazy_gettext("代理商"),
    "identity": lazy_gettext("证件"),
    "account_made_on": lazy_gettext("建工号的日子"),
}


@dataclass(frozen=True)
class ReviewRow:
    """A field in words, then and now; of a photo the hashes, empty where there is none."""

    words: str
    before: str
    now: str
    is_changed: bool
    is_photo: bool


@dataclass(frozen=True)
class Decision:
    """The last decision before this review, with what the file held then; files of older releases left no snapshot."""

    state: str
    at: datetime
    by_name: str
    snapshot: dict[str, Any] | None


@dataclass(frozen=True)
class FileReview:
    """`since` is None for a file that nobody decided on yet; `photos` are those of then and now, by hash."""

    rows: list[ReviewRow]
    since: Decision | None
    changed: int
    photos: dict[str, ShownPicture]


def file_review(outlet: Outlet) -> FileReview:
    since = _last_decision(outlet.id)
    changes = file_changes(_as_joined(since.snapshot) if since and since.snapshot else None, snapshot_of(outlet))
    agents = _agent_names(changes)
    photos = {sha256 for change in changes if change.name in PHOTOS for sha256 in (change.before, change.now) if sha256}
    rows = [_row(change, outlet, agents) for change in changes]
    return FileReview(rows, since, sum(row.is_changed for row in rows), told_pictures(photos))


def _last_decision(outlet_id: str) -> Decision | None:
    columns = (OutletStep.state, OutletStep.at, Person.name, OutletStep.snapshot)
    query = select(*columns).join(Person, Person.id == OutletStep.by_id).where(OutletStep.outlet_id == outlet_id, OutletStep.state.in_(DECISIONS))
    row = db.session.execute(query.order_by(OutletStep.at.desc(), OutletStep.id.desc()).limit(1)).one_or_none()
    return Decision(*row) if row else None


def _as_joined(snapshot: dict[str, Any]) -> dict[str, Any]:
    """An agent that was joined into another meanwhile is that one: the file is not changed by it."""
    return snapshot | ({"agent_id": present_id(snapshot["agent_id"])} if snapshot.get("agent_id") else {})


def _agent_names(changes: list[FieldChange]) -> dict[str, str]:
    ids = {agent_id for change in changes if change.name == "agent_id" for agent_id in (change.before, change.now) if agent_id}
    if not ids:
        return {}
    return {agent_id: name for agent_id, name in db.session.execute(select(Agent.id, Agent.name).where(Agent.id.in_(ids)))}


def _row(change: FieldChange, outlet: Outlet, agents: dict[str, str]) -> ReviewRow:
    words = str(MORE_WORDS.get(change.name) or FIELD_WORDS[change.name])
    if change.name in PHOTOS:
        return ReviewRow(words, change.before or "", change.now or "", change.is_changed, True)
    before, now = (_said(change.name, value, agents) for value in (change.before, change.now))
    if change.name == "identity" and change.now:
        now += f" {outlet.id_masked}"
    return ReviewRow(words, before, now, change.is_changed, False)


def _said(name: str, value: Any, agents: dict[str, str]) -> str:
    if name == "identity":
        return str(DOCUMENT_WORDS.get(value["kind"], value["kind"])) if value else NOTHING
    if name == "agent_id":
        return agents.get(value, NOTHING)
    if name == "cashiers" and value:
        return gettext("、").join(_cashier(cashier) for cashier in value)
    return value_words(name, value)


def _cashier(cashier: dict[str, Any]) -> str:
    """The name with the certificate 上岗资格证, so that a change of either is seen."""
    has = {True: gettext("有证"), False: gettext("无证")}.get(cashier["is_certified"], gettext("没填有没有证"))
    return gettext("%(name)s（%(certificate)s）", name=cashier["name"], certificate=has)
