"""Checklists as phones receive them: every published version, since past visits were answered by the older ones."""

from typing import Any

from sqlalchemy import Select, bindparam, func, literal, select

from server.checklists.models import Checklist, ChecklistVersion
from server.db import db
from sync.times import iso_instant

_NEWEST = select(func.max(ChecklistVersion.number)).where(ChecklistVersion.checklist_id == Checklist.id).correlate(Checklist).scalar_subquery()
_VERSIONS = (
    select(ChecklistVersion, Checklist, _NEWEST.label("newest"))
    .join(Checklist, Checklist.id == ChecklistVersion.checklist_id)
    .where(ChecklistVersion.id.in_(bindparam("ids", expanding=True)))
)


def checklist_documents(ids: list[str]) -> dict[str, dict[str, Any]]:
    """By id of the version, in the shape of `sync.checklist.ChecklistVersion`."""
    return {
        version.id: {
            "id": version.id,
            "checklist_id": version.checklist_id,
            "number": version.number,
            "zh": checklist.zh,
            "en": checklist.en,
            "classes": checklist.classes,
            "region_ids": checklist.region_ids,
            "is_current": checklist.retired_at is None and version.number == newest,
            "published_at": iso_instant(version.published_at),
            "questions": version.questions,
        }
        for version, checklist, newest in db.session.execute(_VERSIONS, {"ids": ids})
    }


def live_checklists() -> Select[str, str]:
    return select(ChecklistVersion.id, literal("global"))
