"""Accepting many visits at once: each by the same action as a single one, so that only a position is healed (RULEBOOK §11)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from server.console.formats import moment
from server.db import db
from server.domain.months import business_date
from server.outlets.models import Outlet
from server.people.models import Person
from server.visits.models import Visit
from server.visits.queries import is_visible_visit, judged_among
from server.visits.verdicts import review_visit
from sync.problems import Problem


@dataclass(frozen=True)
class RefusedVisit:
    """A visit that was left alone; `name` is its id where the reader may not know of it."""

    visit_id: str
    name: str
    why: str
    is_known: bool


@dataclass(frozen=True)
class BulkResult:
    """`pending` of the accepted do not count yet, since files are still on the phone."""

    accepted: int
    pending: int
    refused: list[RefusedVisit]


def accept_visits(reader: Person, visit_ids: list[str], reason: str, now: datetime) -> BulkResult:
    """Accept those that wait for the reader's word, in the order given, and say of the others why not. Commits one by one."""
    known, mine = _known(reader, visit_ids, now), judged_among(reader, visit_ids)
    judged, refused = [], []
    for visit_id in visit_ids:
        row = known.get(visit_id)
        if row is None:
            refused.append(RefusedVisit(visit_id, visit_id[:36], gettext("没有找到，或者不归你管。"), False))
        elif row.rep_id == reader.id:
            refused.append(RefusedVisit(visit_id, _name(row), gettext("自己的巡检，由别的主管或经理审核。"), True))
        elif visit_id not in mine:
            refused.append(RefusedVisit(visit_id, _name(row), gettext("由那个区域的主管审核。"), True))
        else:
            try:
                judged.append(review_visit(visit_id, "accepted", reason, reader.id, now, only_waiting=True).counts)
            except Problem as problem:
                if problem.refusal.code != "stale":
                    raise
                db.session.rollback()
                refused.append(RefusedVisit(visit_id, _name(row), gettext("已经不在等审核：有人先看过，或记录变了。"), True))
    return BulkResult(len(judged), judged.count(False), refused)


def accepted_words(result: BulkResult) -> str:
    words = gettext("接受了 %(count)s 次。", count=result.accepted)
    return f"{words} {gettext('其中 %(count)s 次的照片还在传，到齐后计入。', count=result.pending)}" if result.pending else words


def _known(reader: Person, visit_ids: list[str], now: datetime) -> dict[str, Any]:
    query = select(Visit.id, Visit.checked_in_at, Visit.rep_id, Outlet.name).join(Outlet, Outlet.id == Visit.outlet_id)
    query = query.where(Visit.id.in_(visit_ids), is_visible_visit(reader, business_date(now)))
    return {row.id: row for row in db.session.execute(query)}


def _name(row: Any) -> str:
    return f"{row.name} {moment(row.checked_in_at)}"
