"""Designing checklists: making one, changing its draft, publishing a version, taking it out of use. Every step is an audit row; each commits."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from server.audit.actions import record_audit
from server.checklists.drafts import DraftQuestion, documents, draft_of, questions_from
from server.checklists.models import Checklist, ChecklistVersion
from server.db import db, held
from server.feed.clock import touch
from sync.checklist import MOST_QUESTIONS
from sync.ids import uuid7
from sync.problems import Problem

OUR_KEY = re.compile(r"q[0-9]{1,6}")


@dataclass(frozen=True)
class Use:
    """What a checklist is called and where it is asked; empty lists are all classes and all regions."""

    zh: str
    en: str
    classes: list[str]
    region_ids: list[str]


def make_checklist(use: Use, by_id: str, now: datetime, draft: list[DraftQuestion] | None = None) -> Checklist:
    keys = [one.key for one in draft or []]
    made = Checklist(id=uuid7(), made_at=now, changed_at=now, revision=1, draft=[one.document() for one in draft or []])
    made.next_key = 1 + max((int(key[1:]) for key in keys if OUR_KEY.fullmatch(key)), default=0)
    _take_use(made, use)
    db.session.add(made)
    record_audit(now, by_id, "checklist.made", ("checklist", made.id), name=use.zh)
    db.session.commit()
    return made


def save_draft(checklist_id: str, revision: int, use: Use, draft: list[DraftQuestion], by_id: str, now: datetime) -> Checklist:
    """Keep the draft as typed and the use; raises `stale` when somebody changed it meanwhile, `too_large` for too many questions."""
    found = _held(checklist_id, revision)
    if len(draft) > MOST_QUESTIONS:
        raise Problem("invalid", fields={"questions": "too_many_questions"})
    before = (found.zh, found.en, found.classes, found.region_ids)
    _take_use(found, use)
    if before != (found.zh, found.en, found.classes, found.region_ids):
        _tell_phones(found.id)
        record_audit(now, by_id, "checklist.use_changed", ("checklist", found.id), name=use.zh, classes=use.classes, region_ids=use.region_ids)
    found.draft = [one.settled().document() for one in draft]
    found.revision, found.changed_at = found.revision + 1, now
    db.session.commit()
    return found


def take_key(checklist_id: str) -> str:
    """A key that no question of this checklist ever had; the caller commits."""
    found = _found(checklist_id)
    versions = db.session.scalars(select(ChecklistVersion.questions).where(ChecklistVersion.checklist_id == found.id))
    taken = {one["key"] for questions in (found.draft, *versions) for one in questions}
    while f"q{found.next_key}" in taken:
        found.next_key += 1
    found.next_key += 1
    return f"q{found.next_key - 1}"


def publish(checklist_id: str, revision: int, by_id: str, now: datetime) -> ChecklistVersion:
    """Let phones ask the draft from their next sync on; raises `invalid` with the fields at fault, `stale`."""
    found = _held(checklist_id, revision)
    questions, faults = questions_from(draft_of(found.draft))
    if faults:
        raise Problem("invalid", fields=faults)
    number = (db.session.scalar(select(func.max(ChecklistVersion.number)).where(ChecklistVersion.checklist_id == found.id)) or 0) + 1
    version = ChecklistVersion(id=uuid7(), checklist_id=found.id, number=number, questions=documents(questions))
    version.published_at, version.published_by_id = now, by_id
    found.revision, found.changed_at = found.revision + 1, now
    _tell_phones(found.id)
    db.session.add(version)
    record_audit(now, by_id, "checklist.published", ("checklist", found.id), number=number, questions=len(questions))
    db.session.commit()
    return version


def retire(checklist_id: str, is_retired: bool, by_id: str, now: datetime) -> None:
    """Take it out of use, or into use again."""
    found = _found(checklist_id)
    if (found.retired_at is not None) == is_retired:
        raise Problem("stale")
    found.retired_at = now if is_retired else None
    _tell_phones(found.id)
    record_audit(now, by_id, "checklist.retired" if is_retired else "checklist.taken_back", ("checklist", found.id))
    db.session.commit()


def _held(checklist_id: str, revision: int) -> Checklist:
    found = _found(checklist_id)
    if found.revision != revision:
        raise Problem("stale")
    return found


def _found(checklist_id: str) -> Checklist:
    found = held(Checklist, checklist_id)
    if found is None:
        raise Problem("not_found")
    return found


def _take_use(found: Checklist, use: Use) -> None:
    found.zh, found.en, found.classes, found.region_ids = use.zh, use.en, use.classes, use.region_ids


def _tell_phones(checklist_id: str) -> None:
    """Every version says where it is asked and whether it still is, so all of them changed."""
    for version in db.session.scalars(select(ChecklistVersion).where(ChecklistVersion.checklist_id == checklist_id)):
        touch(db.session, *version.feed_entries())
