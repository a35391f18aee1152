"""Deeds on churn cases (RULEBOOK §9): words of three sources, ops' mark of normal churn. The manager's decision on the finding ends them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from server.audit.actions import record_audit
from server.churn.deciding import decide_case, finding_key
from server.churn.models import ChurnCase, ChurnWord
from server.db import db, held
from server.domain.churn import NORMAL_REASONS, Source
from server.domain.months import business_date
from server.findings.queries import is_decided
from server.outlets.queries import hold_outlets
from sync.ids import uuid7
from sync.problems import Problem


@dataclass(frozen=True)
class Said:
    """A confirmation (`is_gone`) or denial of a day; `visit_id` names the visit it was learnt on, if any."""

    source: Source
    is_gone: bool
    note: str
    on: date
    visit_id: str | None = None


def give_word(case_id: str, said: Said, by_id: str, now: datetime) -> ChurnCase:
    """Keep what somebody says, and decide anew. Commits.

    Raises `stale` once the manager decided, `invalid` for marketing's word after its time (RULEBOOK §11) or a day to come.
    """
    case = _held(case_id)
    if is_late_word(case, said):
        raise Problem("invalid", fields={"source": "too_late_to_count"})
    if said.on > business_date(now):
        raise Problem("invalid", fields={"on": "too_late_a_day"})
    if not said.note:
        raise Problem("invalid", fields={"note": "required"})
    keep_word(case, uuid7(), said, by_id, now)
    db.session.commit()
    return case


def is_late_word(case: ChurnCase, said: Said) -> bool:
    """Marketing's word counts up to the case's due day only (RULEBOOK §11)."""
    return said.source == Source.MARKETING and said.on > case.due_on


def keep_word(case: ChurnCase, word_id: str, said: Said, by_id: str, now: datetime) -> None:
    """Keep a word in time on a case that is held, and decide anew. The caller commits."""
    db.session.add(ChurnWord(id=word_id, case_id=case.id, by_id=by_id, at=now, **vars(said)))
    db.session.flush()
    decide_case(case, by_id, now)
    record_audit(now, by_id, "churn.word", ("churn_case", case.id), source=said.source, is_gone=said.is_gone)


def mark_reason(case_id: str, reason: str, by_id: str, now: datetime) -> ChurnCase:
    """Mark why the customer left, or take the mark away (empty): normal churn is charged to nobody. Commits."""
    case = _held(case_id)
    if reason not in ("", *NORMAL_REASONS):
        raise Problem("invalid", fields={"reason": "choose"})
    case.reason = reason
    decide_case(case, by_id, now)
    record_audit(now, by_id, "churn.reason", ("churn_case", case.id), reason=reason)
    db.session.commit()
    return case


def held_case(case_id: str) -> ChurnCase | None:
    """The case as it stands, kept from others until the commit, and its outlet first, as a push holds that: a word may mark it churned."""
    outlet_id = db.session.scalar(select(ChurnCase.outlet_id).where(ChurnCase.id == case_id))
    if outlet_id is None:
        return None
    hold_outlets({outlet_id})
    return held(ChurnCase, case_id)


def _held(case_id: str) -> ChurnCase:
    case = held_case(case_id)
    if case is None:
        raise Problem("not_found", f"churn case {case_id}")
    if is_decided(finding_key(case.id)):
        raise Problem("stale")
    return case
